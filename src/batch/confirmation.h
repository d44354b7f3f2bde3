/* confirmation.h - asks before a command changes what cannot simply be made again. */
#ifndef BATCH_CONFIRMATION_H
#define BATCH_CONFIRMATION_H
#include "settings/settings.h"

/* The command with its arguments, so that a refusal can name the line to run instead. */
struct confirmation {
    const char *command;      /* its name */
    const char *const *flags; /* names of the settings that it takes; ends with NULL */
    const struct settings *settings;
    int argc;
    char **argv;
};

/* Returns true with --yes, or if the person at the terminal answers the question with yes. Without
 * a terminal, ERROR_INPUT with the exact command to run; after another answer, ERROR_INPUT that
 * says that nothing was changed. */
bool confirmation_ask(const struct confirmation *confirmation, const char *question,
                      struct error *err) MUST_CHECK;
#endif
