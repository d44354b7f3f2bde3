/* dotenv_expand.h - what $NAME, ${NAME} and ${NAME:-default} stand for in a .env file. */
#ifndef SETTINGS_DOTENV_EXPAND_H
#define SETTINGS_DOTENV_EXPAND_H
#include "settings/dotenv.h"

/* Expands one entry's value; those before it are expanded already. */
bool dotenv_expand(const struct dotenv *dotenv, struct dotenv_entry *entry, dotenv_lookup_fn lookup,
                   void *context, struct error *err) MUST_CHECK;
#endif
