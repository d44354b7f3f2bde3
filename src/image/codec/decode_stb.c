/* decode_stb.c - rare formats of sellers' photos, GIF (first frame) and BMP, with stb_image. The
 * library checks little, so it receives nothing else. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/decode.h"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_GIF
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

bool decode_stb(const struct blob *file, const struct image_facts *facts,
                const struct decode_target *target, struct image *out, struct error *err)
{
    int width = 0, height = 0, channels = 0, want = facts->alpha ? 4 : 3;
    stbi_uc *pixels;

    if (file->size > INT_MAX) {
        return error_set(err, ERROR_INPUT, "the file is too large");
    }
    pixels = stbi_load_from_memory(file->data, (int)file->size, &width, &height, &channels, want);
    if (!pixels || width != facts->width || height != facts->height) {
        stbi_image_free(pixels);
        return error_set(err, ERROR_INPUT, "the %s is broken",
                         facts->format == FORMAT_GIF ? "GIF" : "BMP");
    }
    if (!target_image(target, width, height, want, 0, out, err)) {
        stbi_image_free(pixels);
        return false;
    }
    memcpy(out->pixels, pixels, (size_t)width * (size_t)height * (size_t)want);
    stbi_image_free(pixels);
    return true;
}
