/* fuzz_image.c - any bytes as an image file: inspected, decoded, marked. What one of them promises
 * the next relies on, and PNG's two ways must agree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/decode.h"

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

    if (facts->format == FORMAT_PNG && png_is_plain(file)) {
        must(decode_png_any(file, facts, &other, &err));
        must(other.channels == image->channels);
        must(memcmp(other.pixels, image->pixels,
                    (size_t)other.width * (size_t)other.height * (size_t)other.channels) == 0);
        image_free(&other);
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
        must(again.provenance && again.width == facts->width && again.height == facts->height);
        image_free(&image);
        blob_free(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct image_bounds bounds = { .max_bytes = 1 << 20, .max_pixels = 1 << 18 };
    struct blob file = blob_view(data, size);
    struct image_facts facts, decoded;
    struct image image;
    struct error err;

    if (!image_inspect(&file, &bounds, &facts, &err)) {
        must(err.kind == ERROR_INPUT && err.text[0] != '\0');
        return 0;
    }
    must((int64_t)facts.width * facts.height <= bounds.max_pixels);
    if (!image_decode(&file, &bounds, &image, &decoded, &err)) {
        must(err.kind == ERROR_INPUT && !image.pixels);
        return 0;
    }
    must(image.channels == 3 || image.channels == 4);
    both_ways(&file, &facts, &image);
    marked(&file, &facts);
    image_free(&image);
    return 0;
}
