/* secret.h - a string that is not printed by accident.
 *
 * It is never logged. secret_reveal is only called in src/io, which tests/lint checks.
 * secret_scrub removes all known secrets from text that is about to be shown. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H
#include <stdbool.h>
#include <stddef.h>

struct secret;

struct secret *secret_new(const char *value); /* copies; registers for scrubbing */
void secret_free(struct secret *secret);      /* overwrites the memory first */
const char *secret_reveal(const struct secret *secret);
bool secret_starts_with(const struct secret *secret,
                        const char *prefix);     /* to recognise kinds of keys */
bool secret_is_set(const struct secret *secret); /* not NULL and not empty */

/* Overwrites every registered secret in `text` with '*': plain, percent-encoded or base64, also if
 * only its first 12 or more bytes are left. Secrets shorter than 8 bytes are ignored. error_set,
 * error_hint and log_event call it. */
void secret_scrub(char *text);
#endif
