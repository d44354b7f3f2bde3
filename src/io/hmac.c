/* hmac.c - HMAC-SHA256 with OpenSSL. */
#include "io/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/base64.h"

enum { KEY_BYTES = 256, SHORTEST_KEY = 16, DIGEST_SIZE = 32 };

static const char prefix[] = "whsec_";

static bool read_key(const struct secret *secret, uint8_t key[KEY_BYTES], size_t *size,
                     struct error *err)
{
    const char *text = secret_reveal(secret);
    size_t length = strlen(text);

    if (secret_starts_with(secret, prefix)) {
        text += sizeof prefix - 1;
        length -= sizeof prefix - 1;
        if (base64_decoded_max(length) > KEY_BYTES ||
            !base64_decode_lenient(text, length, key, size)) {
            return error_set(err, ERROR_CONFIG, "what follows '%s' in the secret is not base64",
                             prefix);
        }
    } else if (length <= KEY_BYTES) {
        memcpy(key, text, length);
        *size = length;
    } else {
        return error_set(err, ERROR_CONFIG, "the secret is longer than %d bytes", KEY_BYTES);
    }
    return *size >= SHORTEST_KEY ||
           error_set(err, ERROR_CONFIG, "the secret has only %zu bytes; %d are needed", *size,
                     SHORTEST_KEY);
}

bool hmac_sign(const struct secret *secret, const void *data, size_t size, char out[HMAC_TEXT],
               struct error *err)
{
    uint8_t key[KEY_BYTES], digest[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0;
    size_t key_size = 0;
    bool good = read_key(secret, key, &key_size, err);

    if (good && (!HMAC(EVP_sha256(), key, (int)key_size, data, size, digest, &digest_size) ||
                 digest_size != DIGEST_SIZE)) {
        good = error_set(err, ERROR_INTERNAL, "cannot compute an HMAC");
    }
    explicit_bzero(key, sizeof key);
    if (good) {
        (void)EVP_EncodeBlock((unsigned char *)out, digest, DIGEST_SIZE);
    }
    return good;
}
