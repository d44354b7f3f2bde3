/* dotenv.h - .env files, read as Next.js reads them (@next/env 16.4), since that is what the
 * files of our users work with: quotes, export, comments, several lines, $NAME in any value. */
#ifndef SETTINGS_DOTENV_H
#define SETTINGS_DOTENV_H
#include <stddef.h>

#include "base/error.h"

enum { DOTENV_ENTRIES = 512, DOTENV_BYTES = 256 * 1024 };

struct dotenv {
    struct dotenv_entry {
        char *name, *value;
    } * entries;
    int count;
};

/* What stands in the environment already; it wins over the file. NULL: it is not there. */
typedef const char *(*dotenv_lookup_fn)(const char *name, void *context);

/* Reads and expands. Fails with ERROR_CONFIG where it is too large, has a zero byte, or where a
 * name stands for itself; no error shows a value. */
bool dotenv_read(const char *text, size_t size, dotenv_lookup_fn lookup, void *context,
                 struct dotenv *out, struct error *err) MUST_CHECK;
const char *dotenv_find(const struct dotenv *dotenv, const char *name); /* NULL: none */
void dotenv_free(struct dotenv *dotenv);                                /* wipes */
#endif
