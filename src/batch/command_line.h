/* command_line.h - the flags of a command line, written so that a person can type them again. */
#ifndef BATCH_COMMAND_LINE_H
#define BATCH_COMMAND_LINE_H
#include "base/text.h"
#include "settings/settings.h"

/* Adds " --name value" for each of these settings that stood on the command line, quoted for a
 * shell where that is needed. names: NULL-ended. */
void command_line_flags(struct text *out, const struct settings *settings,
                        const char *const *names);
void command_line_word(struct text *out, const char *word);
#endif
