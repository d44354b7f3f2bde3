/* settings.h - every setting in one table (settings.inc): flag, environment, file, default.
 *
 * A flag wins over the environment, the environment over the files .env.local and .env of the
 * current folder, and files over the default. Secrets have no flag, because other users can read a
 * command line; they are also read from the file named by NAME_FILE and from
 * $CREDENTIALS_DIRECTORY/NAME. An empty value counts as unset. */
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
    SETTING_FLAG,    /* --json sets it, --no-json clears it */
    SETTING_CHOICE,  /* one of `choices` */
    SETTING_LIST,    /* repeatable; one value per line */
    SETTING_URL,     /* a database URL, never printed with its password */
    SETTING_ADDRESS, /* an http or https URL */
    SETTING_SECRET
};

/* How a setting differs in one command. NULL fields are as in the row. */
struct setting_override {
    const char *command;
    const char *default_value;
    const char *variables; /* "": the command ignores environment and files */
    const char *argument, *help;
};

struct setting { /* one row of settings.inc */
    const char *name;
    /* Environment variables, separated by spaces, the first one wins. NULL: DARKROOM_<NAME>. "":
     * only a flag sets it. */
    const char *variables;
    const char *aliases;  /* old names of the flag, separated by spaces: accepted, not shown */
    const char *argument; /* name of the value in help; NULL: derived from the type */
    const char *choices;  /* "auto|text|json" */
    const char *choice_aliases; /* "old=new" pairs, separated by '|': accepted, not shown */
    int64_t min, max;           /* of SETTING_INT and SETTING_NUMBER */
    const char *default_value;  /* NULL: unset, 0 or no */
    const char *unit;           /* "seconds" */
    const char *help;           /* lower case, without a full stop */
    const struct setting_override *overrides; /* ends with a row without a command; may be NULL */
    const struct provider *provider;          /* whose setting this is, or NULL */
    const char *key;   /* the secret that is sent to the address which this setting decides */
    const char *group; /* heading in help; set when the table is built */
    enum setting_type type;
    bool is_private;   /* its value is removed from the command line of the process */
    bool not_in_files; /* decides what this process trusts: .env files must not set it */
};

/* The rows of settings.inc and the settings of all providers. Ends with a row whose name is NULL.
 * Built before main runs. */
extern const struct setting *const setting_table;
/* Finds a row by its name or an alias. Returns NULL if there is no such setting. */
const struct setting *setting_row(const char *name);

/* Return a property of the setting for a command, which may override it. If `command` is NULL,
 * return the row's own value. */
const char *setting_default(const struct setting *row, const char *command);
const char *setting_help(const struct setting *row, const char *command);
const char *setting_argument(const struct setting *row, const char *command);
/* Copies the name of the i-th environment variable. False if there are no more. */
bool setting_variable(const struct setting *row, const char *command, int i, char *out,
                      size_t size);

/* In a list of setting names, this name stands for the settings of all providers. */
#define PROVIDER_SETTINGS "provider-settings"

/* The settings that requests over the network use, besides addresses and keys, for the list of a
 * command. */
#define NETWORK_SETTINGS "ca-file", "ca-dir", "extra-ca-file", "trust-dotenv", "public-supabase-url"

/* Iterates over a list of setting names, which ends with NULL. Returns NULL after the last row:
 *   for (struct setting_list list = { names }; (row = setting_list_next(&list));) */
struct setting_list {
    const char *const *names;
    const struct setting *row; /* the provider's row returned last, or NULL */
};
const struct setting *setting_list_next(struct setting_list *list);
bool setting_list_has(const char *const *names, const char *name);

struct settings;

struct settings_sources {
    const char *const *environment; /* "NAME=value" strings; ends with NULL */
    const char *folder;             /* of .env.local and .env; NULL: read no files */
    const char *command;            /* whose overrides apply; NULL: none */
};
/* Reads environment and files. An invalid value is not an error here, because the command may not
 * use it: settings_check reports it. Freed with settings_free. */
bool settings_load(const struct settings_sources *from, struct settings **out,
                   struct error *err) MUST_CHECK;
void settings_free(struct settings *settings);

/* Sets a value from a flag. ERROR_INPUT if it is invalid. Values of SETTING_LIST accumulate. */
bool settings_set(struct settings *settings, const struct setting *row, const char *value,
                  struct error *err) MUST_CHECK;
/* ERROR_CONFIG for the first of these settings whose value is invalid, or a secret that is
 * redirected; the text names its source. */
bool settings_check(const struct settings *settings, const char *const *names,
                    struct error *err) MUST_CHECK;
/* Why the value is invalid, or NULL if it is valid. */
const struct error *setting_error(const struct settings *settings, const char *name);

const char *setting_text(const struct settings *settings, const char *name); /* or NULL */
int64_t setting_int(const struct settings *settings, const char *name);
double setting_number(const struct settings *settings, const char *name);
bool setting_flag(const struct settings *settings, const char *name);
/* NULL if it is not set, or setting_redirected. */
const struct secret *setting_secret(const struct settings *settings, const char *name);
/* True if a file of the current folder sets the address to which this secret is sent, while the
 * secret comes from the environment, and --trust-dotenv is not set. */
bool setting_redirected(const struct settings *settings, const struct setting *secret);
/* Where the value comes from: "flag", "environment DATABASE_URL", "file .env (NAME)", "default". */
const char *setting_source(const struct settings *settings, const char *name);
/* True if a .env file of the current folder sets it. */
bool setting_is_from_folder(const struct settings *settings, const char *name);
#endif
