/* digest.h - SHA-256 (FIPS 180-4), to compare data. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 65, DIGEST_BYTES = 32 };

/* As 64 lower-case hexadecimal digits, and a zero byte. */
void digest_hex(const void *data, size_t size, char out[DIGEST_TEXT]);
/* As bytes. */
void digest_bytes(const void *data, size_t size, uint8_t out[DIGEST_BYTES]);
#endif
