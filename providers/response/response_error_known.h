/* response_error_known.h - the errors of model APIs whose cause is known, by name or by message. */
#ifndef PROVIDERS_RESPONSE_RESPONSE_ERROR_KNOWN_H
#define PROVIDERS_RESPONSE_RESPONSE_ERROR_KNOWN_H
#include <stdbool.h>

#include "base/error.h"

enum hint { HINT_NONE, HINT_KEY, HINT_MONEY, HINT_MODEL, HINT_ACCOUNT };

struct known_error {
    const char *name; /* of error.code, error.type or error.status; NULL in those by message */
    enum error_kind kind;
    bool by_title;    /* the title of the provider precedes the text */
    const char *text; /* precedes the provider's own message */
    enum hint hint;
};

/* Returns the error with this name; NULL if it is unknown, or name is NULL. */
const struct known_error *known_error_by_name(const char *name);
/* Returns the error that the words of the message describe; NULL if they describe none, or the
 * status says more than they do. */
const struct known_error *known_error_by_message(const char *message, int status);
#endif
