/* decode_plan.h - how a file is decoded: at which size, with how much memory, in which process. */
#ifndef IMAGE_DECODE_PLAN_H
#define IMAGE_DECODE_PLAN_H
#include "image/image.h"

enum { REDUCE_MAX = 8 };

struct decode_plan {
    struct image_facts facts;
    int reduce;        /* both sides are divided by this: 1, 2, 4 or 8 */
    int width, height; /* of the decoded image, before the orientation is applied */
    size_t capacity;   /* bytes that the decoder writes to the buffer of the pixels, at most */
    size_t memory;     /* bytes needed at the peak, by the decoder or by the caller afterwards */
    size_t kept;       /* the part of `memory` that is in use until image_free */
};

/* Inspects the file and plans within a budget of `limit` bytes. Fails with ERROR_INPUT, as
 * image_decode does. */
bool decode_plan_make(const struct blob *file, const struct image_bounds *bounds, size_t limit,
                      struct decode_plan *out, struct error *err) MUST_CHECK;

/* Decodes in this process. `buffer` has plan->capacity bytes and receives the pixels; NULL = memory
 * from malloc. The file may differ from the one that the plan was made for. */
bool decode_planned(const struct blob *file, const struct decode_plan *plan, uint8_t *buffer,
                    struct image *out, struct error *err) MUST_CHECK;

/* Loads what decoders load at run time, for a process that cannot do so later, and makes what each
 * image needs. */
void decode_prepare(void);
/* Returns the formats whose decoders are not installed on this machine, "HEIC and AVIF" for
 * example; NULL if none is missing. */
const char *decode_missing_formats(void);
/* Returns true if the decoder of the format starts threads. */
bool decode_needs_threads(enum image_format format);

/* Sets the function that image_decode calls instead of decode_planned; NULL restores it. Call it
 * while no image is decoded. */
typedef bool (*image_decoder_fn)(const struct blob *file, const struct decode_plan *plan,
                                 struct image *out, struct error *err);
void image_decoder_set(image_decoder_fn decoder);
#endif
