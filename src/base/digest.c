/* digest.c - SHA-256 by libcrypto. */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdio.h>

void digest_hex(const void *data, size_t size, char out[DIGEST_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    out[0] = '\0';
    EVP_Digest(data, size, digest, &length, EVP_sha256(), NULL);
    for (unsigned i = 0; i < length && i < 32; i++) {
        snprintf(out + (size_t)i * 2, 3, "%02x", digest[i]);
    }
}
