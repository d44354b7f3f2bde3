/* decode.c - decodes a file of any supported format, in this process or in another one. */
#include "image/codec/decode.h"

#include "image/codec/reduce.h"
#include "image/memory_budget.h"

static const decode_fn decoders[] = {
    [FORMAT_PNG] = decode_png, [FORMAT_JPEG] = decode_jpeg, [FORMAT_WEBP] = decode_webp,
    [FORMAT_GIF] = decode_stb, [FORMAT_BMP] = decode_stb,
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

    image_free(&whole);
    if (!good) {
        image_free(out);
    }
    return good;
}

bool decode_planned(const struct blob *file, const struct decode_plan *plan, uint8_t *buffer,
                    struct image *out, struct error *err)
{
    struct decode_target target = { .reduce = plan->reduce,
                                    .buffer = buffer,
                                    .capacity = plan->capacity };

    *out = (struct image){ 0 };
    if (plan->reduce > 1 && !plan->facts.by_rows) {
        return decode_then_reduce(file, plan, &target, out, err);
    }
    return decoders[plan->facts.format](file, &plan->facts, &target, out, err);
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
    bool good;

    *out = (struct image){ 0 };
    if (!decode_plan_make(file, bounds, memory_budget_state().limit, &plan, err)) {
        return false;
    }
    if (!memory_budget_reserve(plan.memory)) { /* the limit was lowered meanwhile */
        return error_set(err, ERROR_INTERNAL, "no memory to decode an image");
    }
    good = decode_elsewhere ? decode_elsewhere(file, &plan, out, err)
                            : decode_planned(file, &plan, NULL, out, err);
    if (!good) {
        image_free(out);
        memory_budget_return(plan.memory);
        return false;
    }
    keep_share(&plan, out);
    if (facts) {
        bool turned = out->width != plan.width; /* by the EXIF orientation */

        *facts = plan.facts;
        facts->width = turned ? plan.facts.height : plan.facts.width;
        facts->height = turned ? plan.facts.width : plan.facts.height;
    }
    return true;
}
