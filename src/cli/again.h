/* again.h - the flags of a command line, written so that a person can type them again. */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H
#include "base/text.h"
#include "cli/settings.h"

/* Adds " --name value" for each of these settings that stood on the command line, quoted for a
 * shell where that is needed. names: NULL-ended. */
void again_flags(struct text *out, const struct settings *settings, const char *const *names);
void again_word(struct text *out, const char *word);
#endif
