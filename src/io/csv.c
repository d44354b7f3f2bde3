/* csv.c - reads comma-separated values. */
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct csv_reader {
    struct csv *csv;
    char *at; /* next character; fields are written in place, before it */
    int line;
    size_t field_count, field_capacity; /* of csv->fields */
    int record_capacity;
};

/* -- separator ------------------------------------------------------------------------------- */

/* Counts the character in the first record, outside quotation marks. */
static int count_in_record(const char *text, char c)
{
    bool quoted = false;
    int count = 0;

    for (; *text && (quoted || (*text != '\n' && *text != '\r')); text++) {
        quoted = *text == '"' ? !quoted : quoted;
        count += !quoted && *text == c;
    }
    return count;
}

/* Reads the line "sep=;", with which spreadsheets name the separator. */
static void read_separator(struct csv_reader *reader)
{
    static const char known[] = { ',', ';', '\t' };
    const char *at = reader->at;
    int most = -1;

    if (strncmp(at, "sep=", 4) == 0 && !strchr("\r\n\"", at[4]) && strchr("\r\n", at[5])) {
        reader->csv->separator = at[4];
        reader->at += 5;
        reader->at += strncmp(reader->at, "\r\n", 2) == 0 ? 2 : *reader->at ? 1 : 0;
        reader->line++;
        return;
    }
    for (size_t i = 0; i < sizeof known; i++) {
        int count = count_in_record(at, known[i]);

        if (count > most) {
            most = count;
            reader->csv->separator = known[i];
        }
    }
}

/* -- fields ---------------------------------------------------------------------------------- */

static bool ends_field(const struct csv_reader *reader, char c)
{
    return c == '\0' || c == '\r' || c == '\n' || c == reader->csv->separator;
}

/* Reads a field whose opening quotation mark has been passed. Returns the end of its text. */
static char *read_quoted(struct csv_reader *reader, const char **fault)
{
    char *to = reader->at;

    for (;; reader->at++) {
        if (!*reader->at) {
            *fault = "a quotation mark is not closed";
            return to;
        }
        if (*reader->at == '"') {
            if (reader->at[1] != '"') {
                break;
            }
            reader->at++;
        } else if (*reader->at == '\n' || (*reader->at == '\r' && reader->at[1] != '\n')) {
            reader->line++;
        }
        *to++ = *reader->at;
    }
    reader->at++;
    if (!ends_field(reader, *reader->at)) {
        *fault = "text follows a closing quotation mark";
        while (!ends_field(reader, *reader->at)) {
            *to++ = *reader->at++;
        }
    }
    return to;
}

/* Reads one field up to its separator or the end of the line. *end is where its zero byte belongs:
 * the caller reads the character there first. */
static char *read_field(struct csv_reader *reader, char **end, const char **fault)
{
    char *begin = reader->at;

    if (*reader->at == '"') {
        begin = ++reader->at;
        *end = read_quoted(reader, fault);
        return begin;
    }
    while (!ends_field(reader, *reader->at)) {
        reader->at++;
    }
    *end = reader->at;
    return begin;
}

static void add_field(struct csv_reader *reader, char *field)
{
    if (reader->field_count == reader->field_capacity) {
        reader->field_capacity = reader->field_capacity ? 2 * reader->field_capacity : 64;
        reader->csv->fields =
            xrealloc(reader->csv->fields, reader->field_capacity * sizeof *reader->csv->fields);
    }
    reader->csv->fields[reader->field_count++] = field;
}

/* -- records --------------------------------------------------------------------------------- */

/* Passes the end of a line. */
static void end_line(struct csv_reader *reader)
{
    if (reader->at[0] == '\r' && reader->at[1] == '\n') {
        reader->at++;
    }
    if (*reader->at) {
        reader->at++;
        reader->line++;
    }
}

/* Reads one record; returns whether a field of it has text. */
static bool read_record(struct csv_reader *reader, struct csv_record *record)
{
    bool has_text = false, more = true;

    *record = (struct csv_record){ .line = reader->line };
    while (more) {
        char *end, *field = read_field(reader, &end, &record->fault);

        more = *reader->at && *reader->at == reader->csv->separator;
        if (more) {
            reader->at++;
        } else {
            end_line(reader);
        }
        *end = '\0';
        has_text = has_text || *field || record->fault;
        if (record->field_count < CSV_FIELDS) {
            add_field(reader, field);
            record->field_count++;
        } else if (*field) {
            record->fault = "it has more than 64 fields";
        }
    }
    return has_text;
}

static bool add_record(struct csv_reader *reader, const struct csv_record *record,
                       struct error *err)
{
    struct csv *csv = reader->csv;

    if (csv->count == CSV_RECORDS) {
        return error_set(err, ERROR_INPUT, "it has more than %d rows", CSV_RECORDS);
    }
    if (csv->count == reader->record_capacity) {
        reader->record_capacity = reader->record_capacity ? 2 * reader->record_capacity : 64;
        csv->records =
            xrealloc(csv->records, (size_t)reader->record_capacity * sizeof *csv->records);
    }
    csv->records[csv->count++] = *record;
    return true;
}

bool csv_read(const char *text, struct csv *out, struct error *err)
{
    struct csv_reader reader = { .csv = out, .line = 1 };
    size_t first = 0;

    *out = (struct csv){ .text = xstrdup(text) };
    reader.at = out->text;
    read_separator(&reader);
    while (*reader.at) {
        size_t before = reader.field_count;
        struct csv_record record;

        if (!read_record(&reader, &record)) {
            reader.field_count = before;
        } else if (!add_record(&reader, &record, err)) {
            return false;
        }
    }
    for (int i = 0; i < out->count; i++) { /* only now `fields` stays where it is */
        out->records[i].fields = out->fields + first;
        first += (size_t)out->records[i].field_count;
    }
    return true;
}

void csv_free(struct csv *csv)
{
    free(csv->records);
    free(csv->fields);
    free(csv->text);
    *csv = (struct csv){ 0 };
}
