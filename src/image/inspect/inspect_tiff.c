/* inspect_tiff.c - reads the first directory of a TIFF file. TIFF 6.0, section 8. */
#include "image/inspect/inspect.h"
#include "image/inspect/tiff.h"

/* The raster of libtiff's conversion to RGBA; a strip, which may be the whole image, comes to it.
 */
enum { RASTER_BYTES = 4 };

enum { INKS = 5, SAMPLES_MAX = 8, BITS_MAX = 16 }; /* INKS: value of TIFF_PHOTOMETRIC */

/* Returns the number in a tag, whose type is that of 16 or 32 bits; `otherwise` if there is none.
 */
static uint32_t value_of(const struct tiff *tiff, enum tiff_tag tag, uint32_t otherwise)
{
    enum { SHORT = 3 };
    size_t at = tiff_find(tiff, tiff_first_directory(tiff), tag);
    bool is_short = at && tiff_number(tiff, at - 6, 2) == SHORT;

    if (at && tiff_number(tiff, at - 4, 4) > 1 && tag == TIFF_BITS_PER_SAMPLE) {
        size_t list = tiff_number(tiff, at, 4); /* one number per sample; all are equal */

        return list <= tiff->size - 2 && tiff_number(tiff, at - 4, 4) > 2
                   ? tiff_number(tiff, list, 2)
                   : tiff_number(tiff, at, 2);
    }
    return at ? tiff_number(tiff, at, is_short ? 2 : 4) : otherwise;
}

bool inspect_tiff(const struct blob *file, struct image_facts *out, struct error *err)
{
    struct tiff tiff;
    uint32_t width, height, samples, bits, orientation;

    if (!tiff_open(file->data, file->size, &tiff)) {
        return error_set(err, ERROR_INPUT, "the TIFF is broken: it has no header");
    }
    width = value_of(&tiff, TIFF_WIDTH, 0);
    height = value_of(&tiff, TIFF_HEIGHT, 0);
    samples = value_of(&tiff, TIFF_SAMPLES_PER_PIXEL, 1);
    bits = value_of(&tiff, TIFF_BITS_PER_SAMPLE, 1);
    orientation = value_of(&tiff, TIFF_ORIENTATION, 1);
    if (width < 1 || height < 1 || width > 65535 || height > 65535 || samples < 1 ||
        samples > SAMPLES_MAX || bits < 1 || bits > BITS_MAX) {
        return error_set(err, ERROR_INPUT,
                         "the TIFF is of a kind that is not supported: %u x %u "
                         "pixels of %u samples of %u bits",
                         width, height, samples, bits);
    }
    out->width = (int)width;
    out->height = (int)height;
    out->orientation = orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
    out->cmyk = value_of(&tiff, TIFF_PHOTOMETRIC, 0) == INKS;
    out->alpha = !out->cmyk && (samples == 4 || samples == 2);
    out->profile = tiff_find(&tiff, tiff_first_directory(&tiff), TIFF_ICC_PROFILE) != 0;
    out->decoder_bytes = RASTER_BYTES + (int)(samples * bits + 7) / 8;
    out->min_bytes = (int64_t)width * height / SPARSE_PIXELS_PER_BYTE;
    return true;
}
