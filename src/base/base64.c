/* base64.c - base64 of RFC 4648 by libcrypto, which is lenient: this file adds the strict checks.
 */
#include "base/base64.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

/* libcrypto takes sizes as int, and encoding adds a third. */
enum { ENCODE_MAX = INT_MAX / 2 };

size_t base64_decoded_max(size_t encoded_size)
{
    return encoded_size / 4 * 3 + 3;
}

/* Number of '=' at the end. Returns -1 if one is elsewhere, where libcrypto reads it as zero bits.
 */
static int padding(const char *in, size_t size)
{
    int count = in[size - 1] != '=' ? 0 : in[size - 2] != '=' ? 1 : 2;

    return memchr(in, '=', size - (size_t)count) ? -1 : count;
}

bool base64_decode(const char *in, size_t in_size, uint8_t *out, size_t *out_size)
{
    int pad, size;

    *out_size = 0;
    if (in_size == 0) {
        return true;
    }
    if (in_size % 4 != 0 || in_size > INT_MAX || (pad = padding(in, in_size)) < 0) {
        return false;
    }
    size = EVP_DecodeBlock(out, (const unsigned char *)in, (int)in_size);
    /* a shorter result means that libcrypto skipped white space */
    if (size != (int)(in_size / 4 * 3)) {
        return false;
    }
    if (pad > 0 && out[size - pad] != 0) { /* unused bits */
        return false;
    }
    *out_size = (size_t)(size - pad);
    return true;
}

bool base64_encode(const void *in, size_t in_size, struct blob *out, struct error *err)
{
    size_t size = (in_size + 2) / 3 * 4;

    if (in_size > ENCODE_MAX) {
        *out = (struct blob){ 0 };
        return error_set(err, ERROR_INTERNAL, "%zu bytes are too many to encode", in_size);
    }
    if (!blob_new(out, size + 1, err)) { /* libcrypto adds a zero byte */
        return false;
    }
    EVP_EncodeBlock(out->data, in, (int)in_size);
    out->size = size;
    return true;
}
