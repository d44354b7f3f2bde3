/* dotenv_expand.h - replaces $NAME, ${NAME} and ${NAME:-default} in values of a .env file. */
#ifndef SETTINGS_DOTENV_EXPAND_H
#define SETTINGS_DOTENV_EXPAND_H
#include "base/error.h"
#include "settings/dotenv_entries.h"

/* Returns the value of an environment variable, or NULL if it is not set. */
typedef const char *(*dotenv_lookup_fn)(const char *name, void *context);

/* Expands the value of one entry. The environment wins over the file. Entries must be expanded in
 * the order of the file. ERROR_CONFIG if a name refers to itself. */
bool dotenv_expand(const struct dotenv *dotenv, struct dotenv_entry *entry, dotenv_lookup_fn lookup,
                   void *context, struct error *err) MUST_CHECK;
#endif
