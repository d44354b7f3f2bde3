/* table.h - prints JSON objects as rows of a table, or one object per line. */
#ifndef TERM_TABLE_H
#define TERM_TABLE_H
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include "term/term.h"

struct column {
    const char *key;   /* of the object */
    const char *title; /* "PROJECT" */
    int max_width;     /* 0: no limit */
};

struct table_column { /* a column with a layout */
    const char *key, *title;
    int max_width;
    int min_width; /* narrower than this only after all others; 0: the width of its content */
    bool optional; /* left out before others become unreadable */
    bool right;    /* aligned to the right */
    enum term_style (*style)(const char *value); /* NULL: none */
    const char *link_key;                        /* of the URL that the cell leads to; NULL: none */
};

/* Width of the whole table, in columns. */
int table_width(const cJSON *rows, const struct column *columns, int count);
/* A terminal gets rows that fit its width: the last column becomes narrower first, then those with
 * a min_width, then optional ones are left out. Other streams get all columns, unless the variable
 * COLUMNS gives a width. */
void table_print_columns(FILE *to, const cJSON *rows, const struct table_column *columns,
                         int count);
/* The same with columns that show states in colours, and may become as narrow as 8 characters if
 * they have a max_width. */
void table_print(FILE *to, const cJSON *rows, const struct column *columns, int count);
/* The same at full width: a terminal that is narrower wraps the lines. */
void table_print_whole(FILE *to, const cJSON *rows, const struct column *columns, int count);
/* Prints one line: a title padded to `width` columns, and a value, as JSON unless it is text.
 * Prints nothing for null, a missing value (NULL) and "". */
void table_fact(FILE *to, const char *title, int width, const cJSON *value);
/* Prints one line per element of an array. `event` names the kind of the objects, as their first
 * field; NULL if they have it already. */
void table_json(FILE *to, const cJSON *rows, const char *event);
#endif
