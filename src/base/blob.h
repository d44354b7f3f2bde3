/* blob.h - bytes, their size, and their owner.
 *
 * Large data (response bodies, pixels, files) is kept in blobs, which are freed as soon as the next
 * step is done. Small data is allocated in an arena. A zeroed blob is empty and need not be freed.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct blob {
    uint8_t *data;
    size_t size;
    void (*release)(void *data, size_t size); /* NULL = borrowed: not freed here */
};

/* Borrowed: the bytes must outlive the blob. */
struct blob blob_view(const void *data, size_t size);
struct blob blob_text(const char *text); /* without the terminating zero */

/* Owns `data`, which was allocated by malloc. */
struct blob blob_from_malloc(void *data, size_t size);

/* Allocates `size` bytes, uninitialised. On failure returns ERROR_INTERNAL and an empty blob. */
bool blob_new(struct blob *out, size_t size, struct error *err) MUST_CHECK;
bool blob_copy(struct blob *out, const void *data, size_t size, struct error *err) MUST_CHECK;

/* Frees owned bytes, and leaves the blob empty. */
void blob_free(struct blob *blob);

/* Moves the bytes and their ownership: *from becomes empty. */
struct blob blob_move(struct blob *from);
#endif
