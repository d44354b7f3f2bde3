/* hmac.h - signs data with a secret. */
#ifndef IO_HMAC_H
#define IO_HMAC_H
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

enum { HMAC_TEXT = 45 };

/* Writes the base64 of the HMAC-SHA256 (RFC 2104) of the data. The key is what follows "whsec_" in
 * the secret, decoded from base64; a secret of another form is the key itself. Fails with
 * ERROR_CONFIG if that part is not base64, or the key has fewer than 16 bytes. */
bool hmac_sign(const struct secret *secret, const void *data, size_t size, char out[HMAC_TEXT],
               struct error *err) MUST_CHECK;
#endif
