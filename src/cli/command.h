/* command.h - a command of the command line: one file, one row, one line in commands.inc. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
#include "settings/settings.h"

struct command {
    const char *name;
    const char *arguments;            /* "PROJECT...", or "" */
    const char *summary;              /* one line, lower case */
    const char *examples;             /* lines that a person can type */
    const char *notes;                /* what else help says: whole lines; NULL: nothing */
    const char *const *settings;      /* names of rows of settings.inc that it takes; NULL-ended */
    int min_arguments, max_arguments; /* max < 0: no bound */
    bool for_developers;              /* not listed in the overview of commands */
    /* Returns the exit status. Where *err is set, main prints it and, if 0 came back, uses the
     * status of its kind. */
    int (*run)(const struct settings *settings, int argc, char **argv, struct error *err);
};

extern const struct command *const commands[]; /* in the order of `darkroom help`; ends with NULL */
bool command_has_setting(const struct command *command, const char *setting);
#endif
