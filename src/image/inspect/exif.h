/* exif.h - the two facts in EXIF that concern pixels. */
#ifndef IMAGE_INSPECT_EXIF_H
#define IMAGE_INSPECT_EXIF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exif_facts {
    int orientation; /* 1 to 8; 1 = upright */
    bool adobe_rgb;  /* the camera stored Adobe RGB, which it marks only here (DCF option file) */
};

/* Reads a TIFF structure of any content, with or without "Exif\0\0" before it. What it does not
 * say, or says wrongly, keeps the default: upright and not Adobe RGB. */
struct exif_facts exif_read(const uint8_t *data, size_t size);
#endif
