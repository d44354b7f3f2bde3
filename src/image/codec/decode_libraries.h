/* decode_libraries.h - libraries of decoders that are loaded at run time. */
#ifndef IMAGE_CODEC_DECODE_LIBRARIES_H
#define IMAGE_CODEC_DECODE_LIBRARIES_H
#include <stdbool.h>

/* Loads libtiff with the first call. Returns false if it is not installed. */
bool tiff_library_load(void);
#endif
