/* completion.h - completion scripts for shells: commands, flags and choices. */
#ifndef CLI_DOCUMENTS_COMPLETION_H
#define CLI_DOCUMENTS_COMPLETION_H
#include <stdbool.h>

#include "base/text.h"

/* Appends the script for "bash", "zsh" or "fish". False if the shell has another name. */
bool completion_script(struct text *out, const char *shell);
#endif
