/* digest.h - SHA-256, to say that bytes are the same. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 65, DIGEST_BYTES = 32 };

/* SHA-256 (FIPS 180-4) in 64 small hexadecimal digits, and a zero byte. */
void digest_hex(const void *data, size_t size, char out[DIGEST_TEXT]);
/* The 32 bytes themselves. */
void digest_bytes(const void *data, size_t size, uint8_t out[DIGEST_BYTES]);
#endif
