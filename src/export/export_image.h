/* export_image.h - turns a stored image into the file that a marketplace takes. It is neither
 * enlarged nor cut: what lacks to a shape is added in the colours of the image's edges. */
#ifndef EXPORT_EXPORT_IMAGE_H
#define EXPORT_EXPORT_IMAGE_H
#include "image/image.h"
#include "model/kind.h"

struct export_target {
    bool square;      /* extend the shorter side, in the colours of the image's edges */
    int longest;      /* pixels of the longer side; larger images are scaled down. 0: any */
    struct size slot; /* of an A+ image: cut to its ratio, at least of its size; else 0 x 0 */
    int sharp;        /* of an A+ image: at most this many times the slot, each way */
    size_t max_bytes; /* of the file */
    bool on_white;    /* what is pure white stays pure white */
    bool ai_made;     /* the file must say so */
};

struct export_image {
    struct blob file; /* freed with blob_free */
    struct size stored_size;
    char change[100]; /* "scaled down, converted to JPEG"; "as stored" */
};

/* Returns the stored bytes if they fit already, else encodes a JPEG. ERROR_OUTPUT if the image is
 * too small for its slot; ERROR_INPUT if it cannot be read. */
bool export_image_make(struct blob *stored, const struct export_target *target,
                       struct export_image *out, struct error *err) MUST_CHECK;
#endif
