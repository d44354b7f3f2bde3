/* dotenv.c - .env files, as the application's own framework reads them: export, quotes, comments,
 * \n in double quotes. References to other variables are left as they are. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/settings_internal.h"

enum { FILE_MAX = 256 * 1024 };

struct pair {
    struct pair *next;
    char *name, *value;
    const char *file;
};

struct dotenv {
    struct pair *first, *last;
};

struct dotenv *dotenv_new(void)
{
    struct dotenv *files = calloc(1, sizeof *files);

    if (!files) {
        abort();
    }
    return files;
}

static void add(struct dotenv *files, const char *file, const char *name, size_t size,
                const char *value)
{
    struct pair *pair = calloc(1, sizeof *pair);

    if (!pair) {
        abort();
    }
    *pair = (struct pair){ .name = strndup(name, size), .value = strdup(value), .file = file };
    if (files->last) {
        files->last->next = pair;
    } else {
        files->first = pair;
    }
    files->last = pair;
}

/* A value in quotes may span lines; returns what stands behind it. */
static const char *quoted(const char *at, char *out)
{
    char quote = *at++;

    while (*at && *at != quote) {
        if (quote == '"' && at[0] == '\\' && at[1] == 'n') {
            *out++ = '\n';
            at += 2;
        } else if (quote == '"' && at[0] == '\\' && at[1]) {
            *out++ = at[1];
            at += 2;
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return *at ? at + 1 : at;
}

static const char *bare(const char *at, char *out)
{
    char *start = out;

    while (*at && *at != '\n' && *at != '#') {
        *out++ = *at++;
    }
    while (out > start && isspace((unsigned char)out[-1])) {
        out--;
    }
    *out = '\0';
    return at;
}

void dotenv_parse(struct dotenv *files, const char *file, const char *text)
{
    char *value = malloc(strlen(text) + 1);

    while (value && *text) {
        const char *name, *end;

        while (isspace((unsigned char)*text)) {
            text++;
        }
        if (strncmp(text, "export ", 7) == 0) {
            text += 7;
        }
        name = text;
        while (isalnum((unsigned char)*text) || *text == '_' || *text == '.') {
            text++;
        }
        end = text;
        while (*text == ' ' || *text == '\t') {
            text++;
        }
        if (end > name && *text == '=') {
            for (text++; *text == ' ' || *text == '\t';) {
                text++;
            }
            text = *text == '"' || *text == '\'' || *text == '`' ? quoted(text, value)
                                                                 : bare(text, value);
            add(files, file, name, (size_t)(end - name), value);
        }
        while (*text && *text != '\n') {
            text++;
        }
    }
    free(value);
}

static void read_file(struct dotenv *files, const char *path)
{
    FILE *stream = fopen(path, "r");
    char *text = stream ? calloc(1, FILE_MAX + 1) : NULL;

    if (text && fread(text, 1, FILE_MAX, stream) > 0) {
        dotenv_parse(files, path, text);
    }
    if (text) {
        explicit_bzero(text, FILE_MAX);
    }
    free(text);
    if (stream) {
        fclose(stream);
    }
}

struct dotenv *dotenv_read(void)
{
    struct dotenv *files = dotenv_new();

    read_file(files, ".env.local");
    read_file(files, ".env");
    return files;
}

void dotenv_free(struct dotenv *files)
{
    for (struct pair *pair = files->first, *next; pair; pair = next) {
        next = pair->next;
        explicit_bzero(pair->value, strlen(pair->value));
        free(pair->value);
        free(pair->name);
        free(pair);
    }
    free(files);
}

const char *dotenv_find(const struct dotenv *files, const char *name, const char **file)
{
    for (const struct pair *pair = files->first; pair; pair = pair->next) {
        if (strcmp(pair->name, name) == 0) {
            *file = pair->file;
            return pair->value;
        }
    }
    return NULL;
}
