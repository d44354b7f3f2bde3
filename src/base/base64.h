/* base64.h - base64 of RFC 4648 section 4, with padding. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H
#include "base/blob.h"

size_t base64_decoded_max(size_t encoded_size); /* bytes that base64_decode needs at `out` */

/* Decodes into `out`, which must have base64_decoded_max bytes. Returns false on a byte outside the
 * alphabet, white space included, wrong padding, or unused bits that are not zero. */
bool base64_decode(const char *in, size_t in_size, uint8_t *out, size_t *out_size) MUST_CHECK;

/* As base64_decode, but also accepts the other forms in use: white space, the alphabet of URLs
 * (RFC 4648 section 5), and missing padding. */
bool base64_decode_lenient(const char *in, size_t in_size, uint8_t *out,
                           size_t *out_size) MUST_CHECK;

/* Encodes; the caller frees the blob. */
bool base64_encode(const void *in, size_t in_size, struct blob *out, struct error *err) MUST_CHECK;
#endif
