/* csv.h - reads comma-separated values (RFC 4180), also with semicolons or tabs, as spreadsheets of
 * many countries write them. */
#ifndef IO_CSV_H
#define IO_CSV_H
#include "base/error.h"

enum { CSV_FIELDS = 64, CSV_RECORDS = 20000 };

struct csv_record {
    int line;          /* number of its first line in the file, from 1 */
    int field_count;   /* at most CSV_FIELDS */
    char **fields;     /* without quotation marks */
    const char *fault; /* what is wrong with its form, or NULL */
};

struct csv {
    char separator;
    struct csv_record *records; /* without those whose fields are all empty */
    int count;
    char *text; /* what the fields point to */
    char **fields;
};

/* Reads text that ends with a zero byte. The separator is that of a first line "sep=;", else of
 * comma, semicolon and tab the one that occurs most in the first record. A record that is not well
 * formed has a `fault`. ERROR_INPUT if there are more than CSV_RECORDS records. The caller calls
 * csv_free, also after a failure. */
bool csv_read(const char *text, struct csv *out, struct error *err) MUST_CHECK;
void csv_free(struct csv *csv);
#endif
