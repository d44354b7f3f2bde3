/* product_image.h - real images of the requested size: a product in a scene, or cut out.
 *
 * An image is generated once for each size, photo and variant, cached as base64 text, and shared by
 * all answers. A small text chunk near its start makes each file different. Use the cache from one
 * thread at a time; any thread may release references. */
#ifndef STANDIN_OPENAI_PRODUCT_IMAGE_H
#define STANDIN_OPENAI_PRODUCT_IMAGE_H
#include <stdatomic.h>

#include "base/blob.h"
#include "standin/faults/fault.h"

enum { PRODUCT_IMAGE_HEAD = 64 };

struct product_image {
    uint8_t head[PRODUCT_IMAGE_HEAD]; /* the file's first bytes, before the chunk */
    size_t head_size;
    char *tail; /* base64 of the rest of the file */
    size_t tail_size;
    bool jpeg;
    atomic_int references;
};

void product_image_retain(struct product_image *picture);
void product_image_release(struct product_image *picture); /* accepts NULL */

struct product_image_spec {
    int width, height;
    const char *format;       /* "png", "jpeg", "webp" */
    int compression;          /* 0 to 100, for jpeg and webp */
    bool transparent, white;  /* background; neither: a scene */
    uint64_t seed;            /* hash of the prompt: equal prompts give equal pixels */
    const struct blob *photo; /* of the product; NULL: a drawn one */
    enum fault_kind flaw;
    int64_t bytes; /* the file is padded to this size; 0: no padding */
};

struct product_images;
struct product_images *product_images_new(void);
void product_images_free(struct product_images *pictures);

/* The caller releases *out. Fails with ERROR_INPUT if the photo does not decode. */
bool product_images_get(struct product_images *pictures, const struct product_image_spec *spec,
                        struct product_image **out, struct error *err) MUST_CHECK;

/* Returns base64 of the head and a chunk with `label`, allocated with malloc. The image's tail
 * follows it in the file. */
bool product_image_head(const struct product_image *picture, const char *label, char **out,
                        size_t *size, struct error *err) MUST_CHECK;
uint64_t hash_bytes(const void *data, size_t size); /* FNV-1a, 64 bit */
#endif
