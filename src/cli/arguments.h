/* arguments.h - the words after a command: flags into settings, the rest in order.
 *
 * --flag=value, --flag value, --flag (yes) and --no-flag; "--" ends the flags; no abbreviations,
 * for they break when a flag is added. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H
#include "cli/command.h"

struct arguments {
    char **words; /* borrowed from argv, which is put in order */
    int count;
    bool help; /* -h or --help was among them */
};

/* ERROR_INPUT, with a hint where a flag was probably misspelt. */
bool arguments_read(const struct command *command, struct settings *settings, int argc, char **argv,
                    struct arguments *out, struct error *err) MUST_CHECK;
#endif
