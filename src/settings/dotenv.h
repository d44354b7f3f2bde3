/* dotenv.h - reads .env files as Next.js does (@next/env 16.4), because users share the file with
 * their application: quotes, export, comments, values of several lines, $NAME in any value. */
#ifndef SETTINGS_DOTENV_H
#define SETTINGS_DOTENV_H
#include "settings/dotenv_expand.h"

enum { DOTENV_BYTES = 256 * 1024 };

/* Parses and expands a file. `lookup` returns the variables that the environment already sets; they
 * win over the file. ERROR_CONFIG if the file is too large, contains a zero byte, or a name refers
 * to itself. Error texts contain no values. Freed with dotenv_free. */
bool dotenv_read(const char *text, size_t size, dotenv_lookup_fn lookup, void *context,
                 struct dotenv *out, struct error *err) MUST_CHECK;
#endif
