/* command.h - a command of the command line: one file, one row, one line in commands.inc. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
#include "cli/output/output_object.h"
#include "settings/settings.h"

struct command {
    const char *name;
    const char *arguments; /* "PROJECT...", or "" */
    const char *summary;   /* one line, lower case, without a full stop */
    /* Lines of a shell, each indented by two spaces. A backslash at the end continues a line. */
    const char *examples;
    const char *notes;           /* paragraphs for help, at most 80 columns wide, or NULL */
    const char *const *settings; /* names of the settings it takes; ends with NULL */
    /* The objects that it prints with --json, ends with NULL; or NULL if it has no --json. */
    const struct output_object *const *output;
    bool checks_settings; /* `run` checks their values itself */
    /* Names of the settings that help shows first, separated by spaces. NULL if the command has so
     * few that help shows them in one list. */
    const char *common;
    int min_arguments, max_arguments; /* max < 0: unlimited */
    bool for_developers;              /* not listed by `darkroom help` */
    /* Returns the exit status. If it sets *err, the dispatcher prints the error, and a returned 0
     * is replaced by the status of the error's kind. */
    int (*run)(const struct settings *settings, int argc, char **argv, struct error *err);
};

/* The commands in the order of `darkroom help`; ends with NULL. Empty until command_table_register
 * is called. */
extern const struct command *const *commands;
const struct command *command_find(const char *name); /* NULL if there is no such command */
/* Sets ERROR_INPUT for a word that is none of the subcommands, which are separated by spaces: the
 * hint names the one that was probably meant, and ends with `list`. Always returns false. */
bool command_refuse_subcommand(const char *word, const char *subcommands, const char *list,
                               struct error *err);
bool command_has_setting(const struct command *command, const char *setting);
#endif
