/* gallery.h - keeps the images of a test for a person to look at. */
#ifndef TESTS_GALLERY_H
#define TESTS_GALLERY_H
#include <stdio.h>
#include <stdlib.h>

#include "image/image.h"

/* Writes NAME.png into the folder that DARKROOM_GALLERY names, if it is set. */
static inline void write_gallery(const struct image *image, const char *name)
{
    const char *folder = getenv("DARKROOM_GALLERY");
    char path[300];
    struct blob file;
    struct error err;
    FILE *out;

    if (!folder) {
        return;
    }
    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    assert_true(image_encode_png(image, false, &file, &err));
    out = fopen(path, "wb");
    assert_non_null(out);
    fwrite(file.data, 1, file.size, out);
    fclose(out);
    blob_free(&file);
}
#endif
