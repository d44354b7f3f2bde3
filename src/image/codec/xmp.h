/* xmp.h - the mark of images made by a trained model: IPTC's digital source type in XMP, as
 * Google Merchant requires. The packet is constant. */
#ifndef IMAGE_CODEC_XMP_H
#define IMAGE_CODEC_XMP_H
#include <stddef.h>
#include <stdint.h>

enum { XMP_ROOM = 1024 }; /* at least the packet and the framing of each format */

extern const char xmp_ai_made[];
extern const char
    xmp_jpeg_name[29]; /* name of the APP1 segment that holds a packet, with its terminating zero */

/* Writes the complete packet with its framing. Returns its size. */
size_t xmp_png_chunk(uint8_t to[XMP_ROOM]);
size_t xmp_jpeg_segment(uint8_t to[XMP_ROOM]);
#endif
