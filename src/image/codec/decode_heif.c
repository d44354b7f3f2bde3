/* decode_heif.c - HEIC, HEIF and AVIF with libheif: the primary picture, turned, mirrored and
 * cropped as the file says. EXIF's orientation does not count in these formats. */
#include <string.h>

#include "image/codec/decode.h"
#include "image/codec/decode_libraries.h"
#include "image/codec/heif_library.h"
#include "image/colour/colour_source.h"
#include "image/colour/srgb_profile.h"

struct heif_reading {
    const struct heif_library *library;
    struct heif_context *context;
    struct heif_image_handle *handle;
    struct heif_image *image;
    struct heif_decoding_options *options;
};

static bool broken(const struct heif_error *failure, struct error *err)
{
    if (failure->code == heif_error_Unsupported_filetype ||
        failure->code == heif_error_Unsupported_feature) {
        return error_set(err, ERROR_INPUT,
                         "the HEIF file needs a decoder that is not installed: %.150s",
                         failure->message);
    }
    return error_set(err, ERROR_INPUT, "the HEIF file is broken: %.200s", failure->message);
}

/* The ICC profile counts if there are both. */
static void find_colours(const struct heif_reading *reading, struct colour_source *out)
{
    const struct heif_library *library = reading->library;
    enum { PROFILE_BYTES_MAX = 16 << 20 };
    size_t size = library->heif_image_handle_get_raw_color_profile_size(reading->handle);
    struct heif_color_profile_nclx *codes = NULL;
    struct error ignored;

    *out = (struct colour_source){ .kind = COLOUR_SOURCE_NONE };
    if (size > 0) {
        out->kind = COLOUR_SOURCE_BROKEN;
        if (size <= PROFILE_BYTES_MAX && blob_new(&out->profile, size, &ignored) &&
            library->heif_image_handle_get_raw_color_profile(reading->handle, out->profile.data)
                    .code == heif_error_Ok) {
            out->kind = COLOUR_SOURCE_PROFILE;
        }
    } else if (library->heif_image_handle_get_nclx_color_profile(reading->handle, &codes).code ==
                   heif_error_Ok &&
               codes) {
        *out = colour_source_of_codes(codes->color_primaries, codes->transfer_characteristics);
        library->heif_nclx_color_profile_free(codes);
    }
}

static bool read_file(struct heif_reading *reading, const struct blob *file, int channels,
                      struct error *err)
{
    const struct heif_library *library = reading->library;
    struct heif_error failure;

    library->heif_context_set_max_decoding_threads(reading->context, 0);
    failure = library->heif_context_read_from_memory_without_copy(reading->context, file->data,
                                                                  file->size, NULL);
    if (failure.code == heif_error_Ok) {
        failure =
            library->heif_context_get_primary_image_handle(reading->context, &reading->handle);
    }
    if (failure.code == heif_error_Ok) {
        reading->options->convert_hdr_to_8bit = 1;
        reading->options->strict_decoding = 1;
        failure = library->heif_decode_image(reading->handle, &reading->image, heif_colorspace_RGB,
                                             channels == 4 ? heif_chroma_interleaved_RGBA
                                                           : heif_chroma_interleaved_RGB,
                                             reading->options);
    }
    return failure.code == heif_error_Ok || broken(&failure, err);
}

static bool copy_pixels(const struct heif_reading *reading, const struct image_facts *facts,
                        const struct decode_target *target, struct image *out, struct error *err)
{
    const struct heif_library *library = reading->library;
    int channels = facts->alpha ? 4 : 3, stride = 0;
    size_t row = (size_t)facts->width * (size_t)channels;
    const uint8_t *from =
        library->heif_image_get_plane_readonly(reading->image, heif_channel_interleaved, &stride);

    if (!from || stride < 0 || (size_t)stride < row ||
        library->heif_image_get_width(reading->image, heif_channel_interleaved) != facts->width ||
        library->heif_image_get_height(reading->image, heif_channel_interleaved) != facts->height) {
        return error_set(err, ERROR_INPUT,
                         "the HEIF file is broken: its picture has another size than it declares");
    }
    if (!target_image(target, facts->width, facts->height, channels, 0, out, err)) {
        return false;
    }
    for (int y = 0; y < facts->height; y++) {
        memcpy(out->pixels + (size_t)y * row, from + (size_t)y * (size_t)stride, row);
    }
    return true;
}

static void free_reading(struct heif_reading *reading)
{
    const struct heif_library *library = reading->library;

    if (reading->image) {
        library->heif_image_release(reading->image);
    }
    if (reading->handle) {
        library->heif_image_handle_release(reading->handle);
    }
    if (reading->options) {
        library->heif_decoding_options_free(reading->options);
    }
    if (reading->context) {
        library->heif_context_free(reading->context);
    }
}

void decode_prepare(void)
{
    const struct blob *profile;
    struct error ignored;

    (void)heif_library();
    (void)tiff_library_load();
    (void)!srgb_profile(&profile, &ignored); /* once here, instead of once in each child */
}

const char *decode_missing_formats(void)
{
    const struct heif_library *library = heif_library();
    bool heic = library && library->heif_have_decoder_for_format(heif_compression_HEVC);
    bool avif = library && library->heif_have_decoder_for_format(heif_compression_AV1);

    return heic && avif ? NULL : avif ? "HEIC" : heic ? "AVIF" : "HEIC and AVIF";
}

/* libde265 has one thread besides the caller's, which libheif cannot switch off. */
bool decode_needs_threads(enum image_format format)
{
    return format == FORMAT_HEIC || format == FORMAT_AVIF;
}

bool decode_heif(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out, struct error *err)
{
    struct heif_reading reading = { .library = heif_library() };
    struct colour_source colours;
    bool good;

    *out = (struct image){ 0 };
    if (!reading.library) {
        return error_set(err, ERROR_INPUT,
                         "the HEIF file cannot be read: libheif is not installed");
    }
    reading.context = reading.library->heif_context_alloc();
    reading.options = reading.library->heif_decoding_options_alloc();
    if (!reading.context || !reading.options) {
        free_reading(&reading);
        return error_set(err, ERROR_INTERNAL, "no memory to decode a HEIF file");
    }
    good = read_file(&reading, file, facts->alpha ? 4 : 3, err) &&
           copy_pixels(&reading, facts, target, out, err);
    if (good) {
        find_colours(&reading, &colours);
        free_reading(&reading);
        colour_source_apply(&colours, out);
        colour_source_free(&colours);
        return true;
    }
    free_reading(&reading);
    image_free(out);
    return false;
}
