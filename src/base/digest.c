/* digest.c - SHA-256 by libcrypto. */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

void digest_bytes(const void *data, size_t size, uint8_t out[DIGEST_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
    unsigned length = 0;

    EVP_Digest(data, size, digest, &length, EVP_sha256(), NULL);
    memcpy(out, digest, DIGEST_BYTES);
}

void digest_hex(const void *data, size_t size, char out[DIGEST_TEXT])
{
    uint8_t digest[DIGEST_BYTES];

    digest_bytes(data, size, digest);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        snprintf(out + i * 2, 3, "%02x", digest[i]);
    }
}
