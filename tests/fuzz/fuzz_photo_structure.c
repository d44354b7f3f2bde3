/* fuzz_photo_structure.c - arbitrary bytes as a seller's photo, without decoding pixels: the walk
 * over the boxes of HEIF, directories of TIFF and EXIF, and the names of other files. */
#include <stdint.h>
#include <stdlib.h>

#include "image/image.h"
#include "image/inspect/exif.h"
#include "image/inspect/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct image_bounds seller = { .from_seller = true, .max_pixels = 1 << 20 };
    struct blob file = blob_view(data, size);
    struct exif_facts exif = exif_read(data, size);
    struct image_facts facts;
    struct error err;

    if (exif.orientation < 1 || exif.orientation > 8) {
        abort();
    }
    if (foreign_find(&file) >= FOREIGN_FORMATS) {
        abort();
    }
    if (image_inspect(&file, &seller, &facts, &err)) {
        if (facts.width < 1 || facts.height < 1 || facts.used_bytes > size ||
            (int64_t)facts.width * facts.height > seller.max_pixels || facts.orientation < 1 ||
            facts.orientation > 8) {
            abort();
        }
    } else if (err.kind != ERROR_INPUT || err.text[0] == '\0') {
        abort();
    }
    return 0;
}
