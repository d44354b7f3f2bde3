/* command_line.h - prints settings as command-line flags that can be pasted into a shell. */
#ifndef BATCH_COMMAND_LINE_H
#define BATCH_COMMAND_LINE_H
#include "base/text.h"
#include "settings/settings.h"

/* Appends " --name value" for each named setting that was given as a flag, quoted for a shell where
 * needed. Secrets and URLs are left out. `names` ends with NULL. */
void command_line_flags(struct text *out, const struct settings *settings,
                        const char *const *names);
/* Appends one word, quoted for a shell where needed. */
void command_line_word(struct text *out, const char *word);
#endif
