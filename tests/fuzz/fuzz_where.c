/* fuzz_where.c - arbitrary text as a filter: rejected with a message, or translated to a predicate
 * in which only our own words occur outside quotes. */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "batch/where/where.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns the end of the literal that begins at `at`, as PostgreSQL's parser finds it. */
static const char *literal_end(const char *at)
{
    for (at++; *at != '"'; at++) {
        at += *at == '\\';
        if (!*at) {
            abort(); /* unterminated */
        }
    }
    return at + 1;
}

static const char *word_end(const char *at)
{
    static const char *const words[] = { "exists", "null", "true" };
    size_t size = 0;

    while (isalnum((unsigned char)at[size]) || at[size] == '_') {
        size++;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == size && strncmp(words[i], at, size) == 0) {
            return at + size;
        }
    }
    abort();
}

static void look_at(const char *path)
{
    int depth = 0;

    if (strcmp(path, "true") == 0) {
        return;
    }
    while (*path) {
        if (*path == '"') {
            path = literal_end(path);
        } else if (isalpha((unsigned char)*path)) {
            path = word_end(path);
        } else if (*path == '$' && path[1] == 'v') {
            path += 2 + strspn(path + 2, "0123456789");
        } else if (*path == '[' && isdigit((unsigned char)path[1])) {
            path += 1 + strspn(path + 1, "0123456789");
        } else if (strchr("()$.[*]=!<>&| ", *path)) {
            depth += (*path == '(') - (*path == ')');
            path++;
        } else {
            abort();
        }
        if (depth < 0) {
            abort();
        }
    }
    if (depth != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const checks[] = { "white", "fill", NULL };
    static const char *const names[] = { "id", "type", "created", "failed", NULL };
    struct arena *arena = arena_new();
    char *text = arena_bytes(arena, data, size);
    struct error err;

    for (int i = -1; i < 0 || names[i]; i++) {
        struct where_expression *filter = where_new(1795435267113, checks);
        cJSON *vars;

        err = (struct error){ 0 };
        if (i < 0    ? where_add(filter, text, &err)
            : i % 2  ? where_add_one_of(filter, names[i], text, &err)
            : i == 2 ? where_add_compare(filter, names[i], "<", text, &err)
                     : where_add_compare(filter, names[i], "~", text, &err)) {
            look_at(where_path(filter));
            vars = cJSON_Parse(where_variables(filter));
            if (!cJSON_IsObject(vars)) {
                abort();
            }
            cJSON_Delete(vars);
        } else if (err.kind != ERROR_INPUT || !err.text[0] || utf8_length(err.text) == SIZE_MAX) {
            abort();
        }
        where_free(filter);
    }
    arena_free(arena);
    return 0;
}
