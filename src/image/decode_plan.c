/* decode_plan.c - estimates the memory of a decode from the file's header, and picks the size. */
#include "image/decode_plan.h"

#include "image/codec/png_unfilter.h"

enum {
    ROW_BYTES = 256,         /* per pixel of a row: a JPEG's rows of blocks, in all components */
    FIXED_BYTES = 2 << 20,   /* tables of the decoder, its stack, its heap */
    THREAD_BYTES = 24 << 20, /* the stack and tables of a decoder with threads */
    COLOUR_BYTES = 12 << 20, /* an ICC profile, and the tables that are made of it */
    WORK_BYTES = 4
};

static int longer_edge(const struct image_facts *facts, int reduce)
{
    int edge = facts->width > facts->height ? facts->width : facts->height;

    return edge / reduce;
}

static void set_size(struct decode_plan *plan, int reduce)
{
    const struct image_facts *facts = &plan->facts;

    plan->reduce = reduce;
    plan->width = (facts->width + reduce - 1) / reduce;
    plan->height = (facts->height + reduce - 1) / reduce;
}

static void set_memory(struct decode_plan *plan, size_t file_bytes, int work_bytes)
{
    const struct image_facts *facts = &plan->facts;
    size_t channels = facts->alpha ? 4 : 3;
    size_t all = (size_t)facts->width * (size_t)facts->height;
    size_t decoded = (size_t)plan->width * (size_t)plan->height;
    /* An image that is not upright is decoded to a copy. */
    size_t copies = facts->orientation > 1 ? 2 : 1;
    size_t decoder = all * (size_t)facts->decoder_bytes + decoded * channels * copies;
    size_t caller = decoded * (channels + (size_t)work_bytes);

    if (plan->reduce > 1 && !facts->by_rows) {
        decoder += all * channels;
    }
    /* A PNG's rows are inflated together with the number of each row's filter. */
    plan->capacity =
        decoded * channels + (size_t)plan->height + (plan->reduce == 1 ? UNFILTER_SLACK : 0);
    /* The decoder gets a copy of the file, and may join its parts in another one. */
    decoder += 2 * file_bytes + (size_t)facts->width * ROW_BYTES + FIXED_BYTES +
               (facts->profile ? COLOUR_BYTES : 0) +
               (decode_needs_threads(facts->format) ? THREAD_BYTES : 0);
    plan->memory = decoder > caller ? decoder : caller;
    plan->kept = caller;
}

static bool too_large(const struct image_facts *facts, struct error *err)
{
    error_set(err, ERROR_INPUT, "the image of %d x %d pixels needs more memory than is allowed",
              facts->width, facts->height);
    err->cause = IMAGE_TOO_LARGE;
    return false;
}

bool decode_plan_make(const struct blob *file, const struct image_bounds *bounds, size_t limit,
                      struct decode_plan *out, struct error *err)
{
    static const struct image_bounds none = { 0 };
    const struct image_bounds *accepted = bounds ? bounds : &none;
    int enough = accepted->enough_edge,
        least = accepted->least_edge ? accepted->least_edge : enough;
    int work_bytes = accepted->work_bytes ? accepted->work_bytes : WORK_BYTES;
    int reduce = 1;

    *out = (struct decode_plan){ 0 };
    if (!image_inspect(file, bounds, &out->facts, err)) {
        return false;
    }
    while (enough > 0 && reduce < REDUCE_MAX && longer_edge(&out->facts, reduce * 2) >= enough) {
        reduce *= 2;
    }
    for (;; reduce *= 2) {
        set_size(out, reduce);
        set_memory(out, out->facts.used_bytes, work_bytes);
        if (out->memory <= limit) {
            return true;
        }
        if (least == 0 || reduce == REDUCE_MAX || longer_edge(&out->facts, reduce * 2) < least) {
            return too_large(&out->facts, err);
        }
    }
}
