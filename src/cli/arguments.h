/* arguments.h - parses what follows a command: flags set settings, the rest are arguments.
 *
 * Accepts --flag=value, --flag value, --flag and --no-flag. "--" ends the flags. Flags cannot be
 * abbreviated, because an abbreviation breaks when a flag is added. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H
#include "cli/command.h"

struct arguments {
    char **words; /* point into argv, which is reordered */
    int count;
    bool help;        /* -h or --help was given */
    bool json_schema; /* --json-schema was given */
};

/* ERROR_INPUT, with a suggestion if a flag is probably misspelled. */
bool arguments_read(const struct command *command, struct settings *settings, int argc, char **argv,
                    struct arguments *out, struct error *err) MUST_CHECK;
#endif
