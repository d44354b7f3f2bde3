/* fuzz_image.c - arbitrary bytes as an image file: inspected, decoded at full and at smaller sizes,
 * marked. A later stage relies on what an earlier one guarantees, and the two PNG decoders must
 * agree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "image/codec/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
    if (!good) {
        abort();
    }
}

static void both_ways(const struct blob *file, const struct image_facts *facts,
                      const struct image *image)
{
    struct image other;
    struct error err;

    if (facts->format == FORMAT_PNG && facts->colours == COLOURS_SRGB && facts->orientation == 1 &&
        png_is_plain(file)) {
        must(decode_png_any(file, facts, NULL, &other, &err));
        must(other.channels == image->channels);
        must(memcmp(other.pixels, image->pixels,
                    (size_t)other.width * (size_t)other.height * (size_t)other.channels) == 0);
        image_free(&other);
    }
}

/* Decodes at a smaller size, as a decoder process does: into a buffer of exactly the planned
 * capacity. The full size was decoded before, so this cannot fail, except that libwebp refuses some
 * sizes. */
static void reduced(const struct blob *file, const struct image *whole)
{
    int edge = whole->width > whole->height ? whole->width : whole->height;

    for (int by = 2; by <= REDUCE_MAX && edge / by > 0; by *= 2) {
        struct image_bounds bounds = { .enough_edge = edge / by };
        struct decode_plan plan;
        struct image image;
        struct error err;
        uint8_t *buffer;

        must(decode_plan_make(file, &bounds, SIZE_MAX, &plan, &err));
        must(plan.reduce >= by && plan.kept <= plan.memory && plan.capacity <= plan.memory);
        buffer = malloc(plan.capacity);
        must(buffer != NULL);
        if (decode_planned(file, &plan, buffer, &image, &err)) {
            must(image.pixels == buffer && image.channels == whole->channels);
            must((image.width == plan.width && image.height == plan.height) ||
                 (image.width == plan.height && image.height == plan.width));
            image_free(&image);
        } else {
            must(plan.facts.format == FORMAT_WEBP);
        }
        free(buffer);
    }
}

static void marked(const struct blob *file, const struct image_facts *facts)
{
    struct image_facts again;
    struct image image;
    struct blob out;
    struct error err;

    if (image_mark(file, facts, &out, &err)) {
        must(image_decode(&out, NULL, &image, &again, &err));
        must(again.ai_mark && again.width == facts->width && again.height == facts->height);
        image_free(&image);
        blob_free(&out);
    }
}

static void look(const uint8_t *data, size_t size)
{
    static const struct image_bounds bounds = { .max_bytes = 1 << 20, .max_pixels = 1 << 18 };
    struct blob file = blob_view(data, size);
    struct image_facts facts, decoded;
    struct image image;
    struct error err;

    if (!image_inspect(&file, &bounds, &facts, &err)) {
        must(err.kind == ERROR_INPUT && err.text[0] != '\0');
        return;
    }
    must((int64_t)facts.width * facts.height <= bounds.max_pixels);
    if (!image_decode(&file, &bounds, &image, &decoded, &err)) {
        must(err.kind == ERROR_INPUT && !image.pixels);
        return;
    }
    must(image.channels == 3 || image.channels == 4);
    both_ways(&file, &decoded, &image);
    reduced(&file, &image);
    marked(&file, &facts);
    image_free(&image);
}

/* Corrects the checksums of mutated chunks, so that they pass further into the decoder. */
static void mend_checksums(uint8_t *data, size_t size)
{
    for (size_t at = 8; size - at >= 12;) {
        size_t length = (size_t)data[at] << 24 | (size_t)data[at + 1] << 16 |
                        (size_t)data[at + 2] << 8 | data[at + 3];
        uint32_t crc;

        if (length > size - at - 12) {
            return;
        }
        crc = libdeflate_crc32(0, data + at + 4, length + 4);
        for (size_t i = 0; i < 4; i++) {
            data[at + 8 + length + i] = (uint8_t)(crc >> (24 - 8 * i));
        }
        at += 12 + length;
    }
}

/* The same as a seller's photo, which may have faults and an end. What a model's answer may be, a
 * photo may be too. */
static void look_as_photo(const uint8_t *data, size_t size)
{
    static const struct image_bounds answer = { .max_bytes = 1 << 20, .max_pixels = 1 << 18 };
    struct image_bounds photo = answer;
    struct blob file = blob_view(data, size);
    struct image image, same;
    struct image_facts facts;
    struct error err;

    photo.from_seller = true;
    if (!image_inspect(&file, &photo, &facts, &err) || facts.format == FORMAT_HEIC ||
        facts.format == FORMAT_AVIF) {
        return; /* libheif has fuzzers of its own */
    }
    if (image_decode(&file, &photo, &image, &facts, &err)) {
        must(facts.used_bytes <= size && image.width == facts.width);
        image_free(&image);
        return;
    }
    must(err.kind == ERROR_INPUT && !image.pixels);
    must(!image_decode(&file, &answer, &same, NULL, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    look(data, size);
    look_as_photo(data, size);
    if (size > 20 && memcmp(data, "\x89PNG", 4) == 0) {
        uint8_t *repaired = malloc(size);

        must(repaired != NULL);
        memcpy(repaired, data, size);
        mend_checksums(repaired, size);
        look(repaired, size);
        free(repaired);
    }
    return 0;
}
