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
void table_json(FILE *to, const cJSON *rows); /* one line per element of an array */
#endif
