/* secret.h - a string that cannot be printed by accident.
 *
 * Lives on its own; has no text form in logs. secret_reveal() is called in src/io alone
 * (tests/lint checks). secret_scrub() removes every known secret from text that came from outside
 * and is about to be shown. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H
#include <stdbool.h>
#include <stddef.h>

struct secret;

struct secret *secret_new(const char *value); /* copies; registers for scrubbing */
void secret_free(struct secret *secret);      /* wipes */
const char *secret_reveal(const struct secret *secret);
bool secret_starts_with(const struct secret *secret, const char *prefix); /* which kind it is */
bool secret_is_set(const struct secret *secret); /* not NULL and not empty */

/* Overwrites in place every occurrence of a registered secret (8 bytes or longer; as it is,
 * percent-encoded, or in base64) with '*'. */
void secret_scrub(char *text);
#endif
