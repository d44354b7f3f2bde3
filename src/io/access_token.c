/* access_token.c - makes and compares the token of the dashboard. */
#include "io/access_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

bool access_token_random(char out[ACCESS_TOKEN_TEXT], struct error *err)
{
    uint8_t bytes[33] = { 0 }; /* 32, and one of padding */
    unsigned char text[45];

    if (getrandom(bytes, 32, 0) != 32) {
        return error_set(err, ERROR_INTERNAL, "the system gives no random bytes");
    }
    EVP_EncodeBlock(text, bytes, sizeof bytes);
    for (int i = 0; i < ACCESS_TOKEN_TEXT - 1; i++) {
        out[i] = (char)(text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i]);
    }
    out[ACCESS_TOKEN_TEXT - 1] = '\0';
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(text, sizeof text);
    return true;
}

bool access_token_of(const struct secret *secret, struct access_token *out, struct error *err)
{
    const char *text = secret_reveal(secret);
    size_t size = strlen(text);
    char derived[2 * DIGEST_TEXT] = "darkroom dashboard cookie ";

    if (size < ACCESS_TOKEN_LEAST || size > ACCESS_TOKEN_LONGEST) {
        error_set(err, ERROR_CONFIG, "the token of the dashboard has %zu characters", size);
        return error_hint(err,
                          "Use %d to %d characters, such as the output of `openssl rand -hex "
                          "24`.",
                          ACCESS_TOKEN_LEAST, ACCESS_TOKEN_LONGEST);
    }
    digest_bytes(text, size, out->digest);
    digest_hex(text, size, derived + strlen(derived));
    digest_hex(derived, strlen(derived), out->cookie);
    return true;
}

bool access_token_matches(const struct access_token *token, const char *candidate)
{
    uint8_t digest[DIGEST_BYTES];

    if (!candidate || strnlen(candidate, ACCESS_TOKEN_LONGEST + 1) > ACCESS_TOKEN_LONGEST) {
        return false;
    }
    digest_bytes(candidate, strlen(candidate), digest);
    return CRYPTO_memcmp(digest, token->digest, sizeof digest) == 0;
}

bool access_token_cookie_matches(const struct access_token *token, const char *candidate,
                                 size_t size)
{
    return size == DIGEST_TEXT - 1 && CRYPTO_memcmp(candidate, token->cookie, size) == 0;
}
