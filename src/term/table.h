/* table.h - rows of JSON objects as aligned columns for people, or one object a line. */
#ifndef TERM_TABLE_H
#define TERM_TABLE_H
#include <cjson/cJSON.h>
#include <stdio.h>

struct column {
    const char *key;   /* of the object */
    const char *title; /* "PROJECT" */
    int most;          /* columns; 0: as wide as its widest value */
};

/* Columns of the terminal that it would take. */
int table_width(const cJSON *rows, const struct column *columns, int count);
void table_print(FILE *to, const cJSON *rows, const struct column *columns, int count);
void table_json(FILE *to, const cJSON *rows); /* an array: a line an element; else one line */
#endif
