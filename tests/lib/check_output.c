/* check_output.c - compares recorded outputs of --json with their schemas: check_output PROGRAM
 * FOLDER
 *
 * FOLDER has a file per process, written by json_recorder. Each line after the first must be one
 * object, and valid for exactly one alternative of `PROGRAM COMMAND --json-schema`. Prints each
 * line that is not, and exits with 1. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "io/file.h"
#include "lib/schema.h"

enum { OUTPUT_BYTES = 256 << 20, COMMANDS = 64, NAME_BYTES = 64, FAULTS_SHOWN = 10 };

struct checker {
    const char *program;
    char names[COMMANDS][NAME_BYTES];
    cJSON *schemas[COMMANDS];
    int count, faults;
};

/* Runs a command and parses what it prints. Returns NULL if it fails. */
static cJSON *read_schema(const char *program, const char *command)
{
    char line[4200], *text = NULL;
    size_t size = 0;
    FILE *from, *to = open_memstream(&text, &size);
    cJSON *schema = NULL;
    int c;

    snprintf(line, sizeof line, "'%s' '%s' --json-schema 2>/dev/null", program, command);
    from = popen(line, "r");
    while ((c = getc(from)) != EOF) {
        putc(c, to);
    }
    fclose(to);
    if (pclose(from) == 0) {
        schema = cJSON_Parse(text);
    }
    free(text);
    return schema;
}

/* The schema of a command. One that does not exist or prints no objects has the error object, like
 * every other. */
static const cJSON *schema_of(struct checker *checker, const char *command)
{
    int i = 0;

    while (i < checker->count && strcmp(checker->names[i], command) != 0) {
        i++;
    }
    if (i == checker->count && i < COMMANDS) {
        checker->count++;
        snprintf(checker->names[i], NAME_BYTES, "%s", command);
        checker->schemas[i] =
            strpbrk(command, "'\\") ? NULL : read_schema(checker->program, command);
        if (!checker->schemas[i]) {
            checker->schemas[i] = read_schema(checker->program, "doctor");
        }
    }
    return i < COMMANDS ? checker->schemas[i] : NULL;
}

static void report(struct checker *checker, const char *command, const char *why, const char *line)
{
    if (checker->faults++ < FAULTS_SHOWN) {
        fprintf(stderr, "darkroom %s --json: %s\n  %.600s\n", command, why, line);
    }
}

static void check_line(struct checker *checker, const char *command, const char *line)
{
    const cJSON *schema = schema_of(checker, command), *alternative;
    cJSON *value = cJSON_Parse(line);
    char why[4000] = "not valid:";
    size_t used = strlen(why);
    int valid = 0;

    if (!cJSON_IsObject(value)) {
        report(checker, command, "not an object", line);
        cJSON_Delete(value);
        return;
    }
    cJSON_ArrayForEach(alternative, cJSON_GetObjectItemCaseSensitive(schema, "oneOf"))
    {
        const char *name = strrchr(json_peek_text(alternative, "$ref"), '/') + 1;
        struct error err;

        if (schema_holds(schema, name, value, &err)) {
            valid++;
        } else if (used < sizeof why) {
            used += (size_t)snprintf(why + used, sizeof why - used, "\n    %s", err.text);
        }
    }
    if (valid != 1) {
        report(checker, command, valid ? "valid for several kinds of objects" : why, line);
    }
    cJSON_Delete(value);
}

static void check_record(struct checker *checker, char *text)
{
    char *command = text, *line = strchr(text, '\n');

    *line++ = '\0';
    if (command[0] == '-') {
        return; /* --version */
    }
    if (!*line) {
        return; /* nothing was printed */
    }
    if (text[strlen(line) > 0 ? (size_t)(line - text) + strlen(line) - 1 : 0] != '\n') {
        report(checker, command, "the last line is not complete", line);
    }
    for (char *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end) {
            *end++ = '\0';
        }
        check_line(checker, command, line);
    }
}

static bool check_file(struct checker *checker, const char *folder, const char *name)
{
    struct blob file;
    struct error err;
    char path[4200], *text;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!file_read(path, OUTPUT_BYTES, &file, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    text = strndup((const char *)file.data, file.size);
    if (strchr(text, '\n')) {
        check_record(checker, text);
    }
    free(text);
    blob_free(&file);
    return true;
}

int main(int argc, char **argv)
{
    struct checker checker = { .program = argc > 1 ? argv[1] : NULL };
    const struct dirent *entry;
    DIR *folder;
    bool good = true;

    if (argc != 3 || !(folder = opendir(argv[2]))) {
        fprintf(stderr, "usage: check_output PROGRAM FOLDER\n");
        return 2;
    }
    while (good && (entry = readdir(folder))) {
        good = entry->d_name[0] == '.' || check_file(&checker, argv[2], entry->d_name);
    }
    closedir(folder);
    for (int i = 0; i < checker.count; i++) {
        cJSON_Delete(checker.schemas[i]);
    }
    if (checker.faults > FAULTS_SHOWN) {
        fprintf(stderr, "%d lines in all\n", checker.faults);
    }
    return good && checker.faults == 0 ? 0 : 1;
}
