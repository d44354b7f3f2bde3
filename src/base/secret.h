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
/* True if both are set and equal. The time it takes depends on their lengths only. */
bool secret_equal(const struct secret *one, const struct secret *other);

/* Overwrites every registered secret in text that is about to be shown with '*': plain,
 * percent-encoded, base64, hexadecimal, or escaped for JSON or HTML, also if only 12 or more of its
 * bytes are left. Secrets shorter than 8 bytes are ignored. Scrub before text is cut, since shorter
 * parts are not recognised. */
void secret_scrub(char *text);
void secret_scrub_bytes(void *data, size_t size); /* the same, without a zero byte at the end */
/* Copies at most size - 1 bytes of a text, scrubbed before it is cut. */
void secret_copy(char *out, size_t size, const char *text);
/* For data that must stay as it is: only secrets of 16 bytes or more, and parts of 20 or more, are
 * overwritten, so that a password like "postgres" does not change it. Returns a copy that the
 * caller frees, or NULL if nothing has to be overwritten. */
char *secret_scrubbed_data(const char *text);
#endif
