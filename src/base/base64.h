/* base64.h - RFC 4648 section 4, with padding; strict: no white space, no other alphabet. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H
#include "base/blob.h"

size_t base64_decoded_max(size_t encoded_size); /* room that base64_decode needs at `out` */

/* Decodes into out (room: base64_decoded_max). Returns false on any byte outside the alphabet,
 * wrong padding, or bits left over. Uses AVX2 where the processor has it. */
bool base64_decode(const char *in, size_t in_size, uint8_t *out, size_t *out_size) MUST_CHECK;

/* Encodes; the caller frees the blob. */
bool base64_encode(const void *in, size_t in_size, struct blob *out, struct error *err) MUST_CHECK;
#endif
