/* help.h - the text of `darkroom help` and of `darkroom COMMAND --help`, from the tables of
 * commands and settings. No line is wider than 80 columns. */
#ifndef CLI_DOCUMENTS_HELP_H
#define CLI_DOCUMENTS_HELP_H
#include "base/text.h"
#include "cli/command.h"

enum { HELP_WIDTH = 80, HELP_BYTES = 256 * 1024 };

void help_overview(struct text *out);
void help_command(struct text *out, const struct command *command);
void help_exit_status(struct text *out);

/* Appends a flag and its value: "--grace SECONDS", "--json". For a secret, which has no flag: its
 * environment variable. `command` may be NULL. */
void help_flag(struct text *out, const struct setting *row, const char *command);
/* Appends what follows the help of a setting: its choices, default and unit. */
void help_flag_details(struct text *out, const struct setting *row, const char *command);

/* Calls `heading` for each group of a command's settings, the common ones first, and `flag` for
 * each setting in it. Shared by help and man pages. */
struct help_writer {
    void (*heading)(struct text *out, const char *title);
    void (*flag)(struct text *out, const struct setting *row, const char *command);
};
void help_each_flag(struct text *out, const struct command *command,
                    const struct help_writer *writer);
#endif
