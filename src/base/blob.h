/* blob.h - bytes, their length, and who owns them.
 *
 * Large things (answers, pixels, files) are blobs: they are freed the moment that the next step
 * has what it needs. Small things live in an arena. A zeroed blob is empty and needs no free. */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct blob {
    uint8_t *data;
    size_t size;
    void (*release)(void *data, size_t size); /* NULL: borrowed; somebody else frees */
};

/* A borrowed view of bytes that outlive it. */
struct blob blob_view(const void *data, size_t size);
struct blob blob_text(const char *text); /* without the terminating zero */

/* Owns `data`, which came from malloc. */
struct blob blob_from_malloc(void *data, size_t size);

/* An owned buffer of `size` bytes, contents undefined; fails with ERROR_INTERNAL and leaves *out
 * empty. */
bool blob_new(struct blob *out, size_t size, struct error *err) MUST_CHECK;
bool blob_copy(struct blob *out, const void *data, size_t size, struct error *err) MUST_CHECK;

/* Frees what it owns; leaves it empty. Harmless on an empty blob. */
void blob_free(struct blob *blob);

/* Hands the bytes over: returns *from, which is left empty. */
struct blob blob_move(struct blob *from);
#endif
