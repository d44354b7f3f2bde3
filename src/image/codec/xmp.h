/* xmp.h - the mark that says: made by a trained model. IPTC's digital source type, in XMP, as
 * Google Merchant wants it; the packet is constant. */
#ifndef IMAGE_CODEC_XMP_H
#define IMAGE_CODEC_XMP_H
#include <stddef.h>
#include <stdint.h>

enum { XMP_ROOM = 1024 }; /* more than the packet, and what a format puts around it */

extern const char xmp_ai_made[];
extern const char xmp_jpeg_name[29]; /* of the APP1 segment that holds a packet, with its zero */

/* The packet as a part of a file, whole; returns its size. */
size_t xmp_png_chunk(uint8_t to[XMP_ROOM]);
size_t xmp_jpeg_segment(uint8_t to[XMP_ROOM]);
#endif
