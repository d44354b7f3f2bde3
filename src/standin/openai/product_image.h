/* product_image.h - real pictures of the size asked: a product on a scene, or cut out.
 *
 * A picture is kept as base64 text, made once for a size, photo and variant, and shared by every
 * answer. What makes each answer's file different is a small text chunk put in near its front. Used
 * by one thread at a time; references may be dropped by any. */
#ifndef STANDIN_OPENAI_PRODUCT_IMAGE_H
#define STANDIN_OPENAI_PRODUCT_IMAGE_H
#include <stdatomic.h>

#include "base/blob.h"
#include "standin/faults/fault.h"

enum { PRODUCT_IMAGE_HEAD = 64 };

struct product_image {
    uint8_t head[PRODUCT_IMAGE_HEAD]; /* the file's first bytes; size divides by 3 with the chunk */
    size_t head_size;
    char *tail; /* base64 of all the rest */
    size_t tail_size;
    bool jpeg;
    atomic_int references;
};

void product_image_retain(struct product_image *picture);
void product_image_release(struct product_image *picture); /* NULL is harmless */

struct product_image_spec {
    int width, height;
    const char *format;       /* "png", "jpeg", "webp" */
    int compression;          /* 0..100, of jpeg and webp */
    bool transparent, white;  /* the backdrop; neither: a scene */
    uint64_t seed;            /* of the prompt: the same prompt gives the same pixels */
    const struct blob *photo; /* of the product; NULL: one is invented */
    enum fault_kind flaw;
    int64_t bytes; /* the file is padded to this size */
};

struct product_images;
struct product_images *product_images_new(void);
void product_images_free(struct product_images *pictures);

/* Gives a reference of its own. ERROR_INPUT where the photo does not decode. */
bool product_images_get(struct product_images *pictures, const struct product_image_spec *wish,
                        struct product_image **out, struct error *err) MUST_CHECK;

/* Base64 of the head with `label` in it (malloc); the picture's tail follows. */
bool product_image_head(const struct product_image *picture, const char *label, char **out,
                        size_t *size, struct error *err) MUST_CHECK;
uint64_t hash_bytes(const void *data, size_t size); /* FNV-1a, 64 bit */
#endif
