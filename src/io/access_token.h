/* access_token.h - the secret that admits to the dashboard, kept as its digest. */
#ifndef IO_ACCESS_TOKEN_H
#define IO_ACCESS_TOKEN_H
#include "base/digest.h"
#include "base/error.h"
#include "base/secret.h"

enum {
    ACCESS_TOKEN_TEXT = 44,  /* a random token: 43 characters of base64url, 256 bits, and a zero */
    ACCESS_TOKEN_LEAST = 16, /* characters of a token that an operator chooses */
    ACCESS_TOKEN_LONGEST = 512
};

struct access_token {
    uint8_t digest[DIGEST_BYTES];
    char cookie[DIGEST_TEXT]; /* value of the cookie that replaces the token; derived from it */
};

/* Writes a random token. */
bool access_token_random(char out[ACCESS_TOKEN_TEXT], struct error *err) MUST_CHECK;
/* ERROR_CONFIG if the secret is too short or too long. */
bool access_token_of(const struct secret *secret, struct access_token *out,
                     struct error *err) MUST_CHECK;
/* The time that these take says nothing about the token or the cookie. `candidate` may be NULL. */
bool access_token_matches(const struct access_token *token, const char *candidate);
bool access_token_cookie_matches(const struct access_token *token, const char *candidate,
                                 size_t size);
#endif
