/* arguments.c - parses the flags and arguments of a command. */
#include "cli/arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"

static bool refuse_flag(const struct command *command, const char *name, struct error *err)
{
    struct closest_match closest_match = { .to = name };

    for (const struct setting *row = setting_table; row->name; row++) {
        if (row->type != SETTING_SECRET && command_has_setting(command, row->name)) {
            closest_match_try(&closest_match, row->name);
        }
    }
    if (strcmp(name, "json") == 0 || strcmp(name, "json-schema") == 0) {
        error_set(err, ERROR_INPUT, "'darkroom %s' prints a document, so it has no --%s",
                  command->name, name);
        return error_hint(err, "Leave it out.");
    }
    error_set(err, ERROR_INPUT, "'darkroom %s' has no flag '--%.40s'", command->name, name);
    if (closest_match.word) {
        return error_hint(err, "Did you mean --%s?", closest_match.word);
    }
    return error_hint(err, "`darkroom %s --help` lists its flags.", command->name);
}

static bool refuse_secret(const struct setting *row, struct error *err)
{
    char variable[64] = "";

    (void)setting_variable(row, NULL, 0, variable, sizeof variable);
    error_set(err, ERROR_INPUT, "'--%s' is not a flag, because other users can read a command line",
              row->name);
    return error_hint(err, "Set %s, or %s_FILE to the path of a file that contains it.", variable,
                      variable);
}

/* True if the value contains a key, or an address with a password. */
static bool is_private(const struct setting *row, const char *value)
{
    const char *address = strstr(value, "://");

    return row->type == SETTING_URL || row->type == SETTING_SECRET || row->is_private ||
           (address && strchr(address, '@'));
}

/* `ps` shows the arguments of a process to all users. */
static void overwrite_argument(const struct setting *row, char *value)
{
    if (value && is_private(row, value)) {
        memset(value, '*', strlen(value));
    }
}

/* Parses the flag argv[*at]. Advances *at if its value is the next argument. */
static bool read_flag(const struct command *command, struct settings *settings, int argc,
                      char **argv, int *at, struct error *err)
{
    char *word = argv[*at] + 2, *equals = strchr(word, '='), *given = NULL;
    const char *value;
    char name[64];
    const struct setting *row;
    bool no, good;

    snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - word) : 63, word);
    if (strcmp(name, "no-color") == 0 && !equals) {
        return settings_set(settings, setting_row("color"), "never", err);
    }
    row = setting_row(name);
    no = !row && strncmp(name, "no-", 3) == 0 && !equals;
    if (no) {
        row = setting_row(name + 3);
    }
    if (!row || !command_has_setting(command, row->name) || (no && row->type != SETTING_FLAG)) {
        return refuse_flag(command, name, err);
    }
    if (row->type == SETTING_SECRET) {
        overwrite_argument(row, equals ? equals + 1 : argv[*at + (*at + 1 < argc)]);
        return refuse_secret(row, err);
    }
    if (equals) {
        value = given = equals + 1;
    } else if (row->type == SETTING_FLAG) {
        value = no ? "no" : "yes";
    } else if (*at + 1 < argc) {
        value = given = argv[++*at];
    } else {
        error_set(err, ERROR_INPUT, "'--%s' needs a value", name);
        return error_hint(err, "It sets: %s.", setting_help(row, command->name));
    }
    good = settings_set(settings, row, value, err);
    overwrite_argument(row, given);
    return good;
}

bool arguments_read(const struct command *command, struct settings *settings, int argc, char **argv,
                    struct arguments *out, struct error *err)
{
    bool flags = true;

    *out = (struct arguments){ .words = argv };
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];

        if (flags && strcmp(word, "--") == 0) {
            flags = false;
        } else if (flags && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            out->help = true;
            return true;
        } else if (flags && strcmp(word, "--json-schema") == 0 && command->output) {
            out->json_schema = true;
            return true;
        } else if (flags && strncmp(word, "--", 2) == 0) {
            if (!read_flag(command, settings, argc, argv, &i, err)) {
                return false;
            }
        } else if (flags && word[0] == '-' && word[1]) {
            error_set(err, ERROR_INPUT, "unknown flag '%.20s'", word);
            return error_hint(err, "Flags begin with two dashes; `darkroom %s --help` lists them.",
                              command->name);
        } else {
            argv[out->count++] = argv[i];
        }
    }
    if (out->count < command->min_arguments) {
        error_set(err, ERROR_INPUT, "'darkroom %s' needs %.*s", command->name,
                  (int)strcspn(command->arguments, " "), command->arguments);
    } else if (command->max_arguments >= 0 && out->count > command->max_arguments) {
        error_set(err, ERROR_INPUT, "'darkroom %s' does not take the argument '%.60s'",
                  command->name, argv[command->max_arguments]);
    } else {
        return true;
    }
    return error_hint(err, "Usage: darkroom %s [flags]%s%s", command->name,
                      command->arguments[0] ? " " : "", command->arguments);
}
