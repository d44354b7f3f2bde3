/* settings.h - every setting: flag, environment, file, default, in one table (settings.inc).
 *
 * Flags beat environment beats files (.env.local, .env in the folder where darkroom is started)
 * beats defaults. Secrets have no flag: command lines are public; NAME_FILE and
 * $CREDENTIALS_DIRECTORY/NAME are read too. Empty means unset. */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct provider;

enum setting_type {
    SETTING_TEXT,
    SETTING_INT,
    SETTING_NUMBER,
    SETTING_FLAG,   /* --name alone says yes */
    SETTING_CHOICE, /* one word of `choices` */
    SETTING_LIST,   /* may be given again: a line each */
    SETTING_URL,    /* of the database: text that is never shown as it is */
    SETTING_SECRET
};

struct setting { /* one row of settings.inc */
    const char *name;
    enum setting_type type;
    /* Environment variables, best first, blanks between; NULL: DARKROOM_<NAME>; "": none. */
    const char *variables;
    const char *argument;            /* in help: "DIR"; NULL: after the type */
    const char *choices;             /* "auto|text|json" */
    int64_t min, max;                /* of a number */
    const char *default_value;       /* NULL: unset, 0 or no */
    const char *unit;                /* "seconds" */
    const char *help;                /* one line, lower case, no full stop */
    const struct provider *provider; /* the provider that the setting belongs to, or NULL */
};

/* settings.inc and the settings of all providers, ended by a row whose name is NULL. Built before
 * main runs. */
extern const struct setting *const setting_table;
const struct setting *setting_row(const char *name); /* NULL: there is none */
/* The i-th environment variable of a row; false past the last. */
bool setting_variable(const struct setting *row, int i, char *out, size_t size);

/* In the list of settings that a command takes, this name stands for those of all providers. */
#define PROVIDER_SETTINGS "provider-settings"

/* Iterates over such a list, ended by NULL. Returns NULL after the last row:
 *   for (struct setting_list list = { names }; (row = setting_list_next(&list));) */
struct setting_list {
    const char *const *names;
    const struct setting *row; /* the provider's row that came last; NULL: none */
};
const struct setting *setting_list_next(struct setting_list *list);
bool setting_list_has(const char *const *names, const char *name);

struct settings;

struct settings_sources {           /* where settings come from */
    const char *const *environment; /* "NAME=value", NULL-ended */
    const char *folder;             /* of .env.local and .env; NULL: no files */
};
/* Reads environment and files. Values that do not fit are noted, not refused: see
 * settings_check. Freed with settings_free. */
bool settings_load(const struct settings_sources *from, struct settings **out,
                   struct error *err) MUST_CHECK;
void settings_free(struct settings *settings);

/* A flag of the command line: ERROR_INPUT where it does not fit. */
bool settings_set(struct settings *settings, const struct setting *row, const char *value,
                  struct error *err) MUST_CHECK;
/* The first of these that does not fit, told as ERROR_CONFIG with where it stands. */
bool settings_check(const struct settings *settings, const char *const *names,
                    struct error *err) MUST_CHECK;
/* NULL where the value fits; else what is wrong with it. */
const struct error *setting_error(const struct settings *settings, const char *name);

const char *setting_text(const struct settings *settings, const char *name); /* NULL: unset */
int64_t setting_int(const struct settings *settings, const char *name);
double setting_number(const struct settings *settings, const char *name);
bool setting_flag(const struct settings *settings, const char *name);
const struct secret *setting_secret(const struct settings *settings, const char *name);
/* "flag", "environment DATABASE_URL", "file .env", "default": where the value came from. */
const char *setting_source(const struct settings *settings, const char *name);
#endif
