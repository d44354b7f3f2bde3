/* check_schema.c - validates JSON against a schema: check_schema SCHEMA NAME < FILE
 *
 * NAME is one of its $defs. With NAME "lines" each line is a value. Its definition is "sweep" if it
 * has the member "levels", "summary" if it has "results", "run" if it has "schema", else "sample".
 * Prints the number of values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "io/file.h"
#include "lib/schema.h"

enum { SCHEMA_BYTES = 1 << 20 };

static bool check(const cJSON *schema, const char *name, const char *text, size_t size,
                  struct error *err)
{
    cJSON *value;
    bool good = json_parse(text, size, "the input", &value, err);

    if (good && !name) {
        name = cJSON_GetObjectItemCaseSensitive(value, "levels")    ? "sweep"
               : cJSON_GetObjectItemCaseSensitive(value, "results") ? "summary"
               : cJSON_GetObjectItemCaseSensitive(value, "schema")  ? "run"
                                                                    : "sample";
    }
    good = good && schema_holds(schema, name, value, err);
    cJSON_Delete(value);
    return good;
}

static char *read_all(FILE *from, size_t *size)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, size);
    int c;

    while ((c = getc(from)) != EOF) {
        putc(c, to);
    }
    fclose(to);
    return text;
}

static bool check_lines(const cJSON *schema, char *text, int *count, struct error *err)
{
    char *saved = NULL;

    for (char *line = strtok_r(text, "\n", &saved); line; line = strtok_r(NULL, "\n", &saved)) {
        if (!check(schema, NULL, line, strlen(line), err)) {
            return false;
        }
        (*count)++;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct blob file = { 0 };
    struct error err;
    cJSON *schema = NULL;
    size_t size = 0;
    int count = 1;
    char *text;
    bool good;

    if (argc != 3) {
        fprintf(stderr, "usage: check_schema SCHEMA NAME < FILE\n");
        return 2;
    }
    text = read_all(stdin, &size);
    good = file_read(argv[1], SCHEMA_BYTES, &file, NULL, &err) &&
           json_parse(file.data, file.size, "the schema", &schema, &err);
    if (good && strcmp(argv[2], "lines") == 0) {
        count = 0;
        good = check_lines(schema, text, &count, &err);
    } else if (good) {
        good = check(schema, argv[2], text, size, &err);
    }
    if (good) {
        printf("%d\n", count);
    } else {
        fprintf(stderr, "%s\n", err.text);
    }
    cJSON_Delete(schema);
    blob_free(&file);
    free(text);
    return good ? 0 : 1;
}
