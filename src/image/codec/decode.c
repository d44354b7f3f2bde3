/* decode.c - decodes a file of any supported format, in this process or in another one. */
#include "image/codec/decode.h"

#include "image/codec/reduce.h"
#include "image/codec/upright.h"
#include "image/colour/colour_source.h"
#include "image/memory_budget.h"

static const decode_fn decoders[] = {
    [FORMAT_PNG] = decode_png,   [FORMAT_JPEG] = decode_jpeg, [FORMAT_WEBP] = decode_webp,
    [FORMAT_GIF] = decode_stb,   [FORMAT_BMP] = decode_stb,   [FORMAT_HEIC] = decode_heif,
    [FORMAT_AVIF] = decode_heif, [FORMAT_TIFF] = decode_tiff,
};

/* For decoders that cannot reduce while they read. */
static bool decode_then_reduce(const struct blob *file, const struct decode_plan *plan,
                               const struct decode_target *target, struct image *out,
                               struct error *err)
{
    struct image whole = { 0 };
    bool good = decoders[plan->facts.format](file, &plan->facts, NULL, &whole, err) &&
                target_image(target, plan->width, plan->height, whole.channels, 0, out, err) &&
                image_reduce(&whole, plan->reduce, out, err);

    out->colours = whole.colours;
    image_free(&whole);
    if (!good) {
        image_free(out);
    }
    return good;
}

/* Returns true if the decoder has converted the colours: it alone knows what they are. */
static bool has_own_colours(const struct image_facts *facts)
{
    return facts->cmyk || facts->format == FORMAT_HEIC || facts->format == FORMAT_AVIF;
}

static bool decode_as_stored(const struct blob *file, const struct decode_plan *plan,
                             const struct decode_target *target, struct image *out,
                             struct error *err)
{
    struct colour_source source;

    if (!(plan->reduce > 1 && !plan->facts.by_rows
              ? decode_then_reduce(file, plan, target, out, err)
              : decoders[plan->facts.format](file, &plan->facts, target, out, err))) {
        return false;
    }
    if (!has_own_colours(&plan->facts)) {
        colour_source_find(file, &plan->facts, &source);
        colour_source_apply(&source, out);
        colour_source_free(&source);
    }
    return true;
}

static bool turn(const struct image *stored, int orientation, const struct decode_target *target,
                 struct image *out, struct error *err)
{
    bool swapped = swaps_sides(orientation);

    if (!target_image(target, swapped ? stored->height : stored->width,
                      swapped ? stored->width : stored->height, stored->channels, 0, out, err)) {
        return false;
    }
    turn_upright(stored, orientation, out);
    out->colours = stored->colours;
    return true;
}

bool decode_planned(const struct blob *file, const struct decode_plan *plan, uint8_t *buffer,
                    struct image *out, struct error *err)
{
    int orientation = plan->facts.orientation;
    struct decode_target target = { .reduce = plan->reduce,
                                    .buffer = buffer,
                                    .capacity = plan->capacity };
    struct decode_target own = { .reduce = plan->reduce };
    struct image stored = { 0 };
    bool good;

    *out = (struct image){ 0 };
    if (orientation <= 1) {
        return decode_as_stored(file, plan, &target, out, err);
    }
    good = decode_as_stored(file, plan, &own, &stored, err) &&
           turn(&stored, orientation, &target, out, err);
    image_free(&stored);
    return good;
}

static image_decoder_fn decode_elsewhere;

void image_decoder_set(image_decoder_fn decoder)
{
    decode_elsewhere = decoder;
}

/* The decoder has returned what only it needed; the caller keeps the rest until image_free. */
static void keep_share(const struct decode_plan *plan, struct image *out)
{
    memory_budget_return(plan->memory - plan->kept);
    out->storage.reserved = plan->kept;
}

bool image_decode(const struct blob *file, const struct image_bounds *bounds, struct image *out,
                  struct image_facts *facts, struct error *err)
{
    struct decode_plan plan;
    struct blob used;
    bool good;

    *out = (struct image){ 0 };
    if (!decode_plan_make(file, bounds, memory_budget_state().limit, &plan, err)) {
        return false;
    }
    if (!memory_budget_reserve(plan.memory)) { /* the limit was lowered meanwhile */
        return error_set(err, ERROR_INTERNAL, "no memory to decode an image");
    }
    used = blob_view(file->data, plan.facts.used_bytes);
    good = decode_elsewhere ? decode_elsewhere(&used, &plan, out, err)
                            : decode_planned(&used, &plan, NULL, out, err);
    if (!good) {
        image_free(out);
        memory_budget_return(plan.memory);
        return false;
    }
    keep_share(&plan, out);
    if (facts) {
        bool swapped = swaps_sides(plan.facts.orientation);

        *facts = plan.facts;
        facts->width = swapped ? plan.facts.height : plan.facts.width;
        facts->height = swapped ? plan.facts.width : plan.facts.height;
        facts->colours = out->colours;
    }
    return true;
}
