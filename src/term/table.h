/* table.h - prints JSON objects as rows of a table, or one object per line. */
#ifndef TERM_TABLE_H
#define TERM_TABLE_H
#include <cjson/cJSON.h>
#include <stdio.h>

struct column {
    const char *key;   /* of the object */
    const char *title; /* "PROJECT" */
    int max_width;     /* 0: no limit */
};

/* Width of the whole table, in columns. */
int table_width(const cJSON *rows, const struct column *columns, int count);
void table_print(FILE *to, const cJSON *rows, const struct column *columns, int count);
/* Prints one line: a title padded to `width` columns, and a value, as JSON unless it is text.
 * Prints nothing for null, a missing value (NULL) and "". */
void table_fact(FILE *to, const char *title, int width, const cJSON *value);
void table_json(FILE *to, const cJSON *rows); /* one line per element of an array */
#endif
