/* blob.c - bytes with an owner. */
#include "base/blob.h"

#include <stdlib.h>
#include <string.h>

static void release_malloc(void *data, size_t size)
{
    (void)size;
    free(data);
}

struct blob blob_view(const void *data, size_t size)
{
    return (struct blob){ .data = (uint8_t *)data, .size = size };
}

struct blob blob_text(const char *text)
{
    return blob_view(text, text ? strlen(text) : 0);
}

struct blob blob_from_malloc(void *data, size_t size)
{
    return (struct blob){ .data = data, .size = size, .release = release_malloc };
}

bool blob_new(struct blob *out, size_t size, struct error *err)
{
    void *data = malloc(size ? size : 1);

    *out = (struct blob){ 0 }; /* so that the caller can free it in any case */
    if (!data) {
        return error_set(err, ERROR_INTERNAL, "no memory for %zu bytes", size);
    }
    *out = blob_from_malloc(data, size);
    return true;
}

bool blob_copy(struct blob *out, const void *data, size_t size, struct error *err)
{
    if (!blob_new(out, size, err)) {
        return false;
    }
    if (size > 0) {
        memcpy(out->data, data, size);
    }
    return true;
}

void blob_free(struct blob *blob)
{
    if (blob->release && blob->data) {
        blob->release(blob->data, blob->size);
    }
    *blob = (struct blob){ 0 };
}

struct blob blob_move(struct blob *from)
{
    struct blob moved = *from;

    *from = (struct blob){ 0 };
    return moved;
}
