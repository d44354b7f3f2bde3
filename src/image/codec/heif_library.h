/* heif_library.h - libheif, loaded at run time: it brings encoders that only a process that decodes
 * such photos should have in its memory. */
#ifndef IMAGE_CODEC_HEIF_LIBRARY_H
#define IMAGE_CODEC_HEIF_LIBRARY_H
#include <libheif/heif.h>

struct heif_library {
#define HEIF_FUNCTION(name) __typeof__ (&(name))(name);
#include "image/codec/heif_functions.inc"
#undef HEIF_FUNCTION
};

/* Loads the library and its plugins with the first call, which therefore must come before files are
 * out of reach. Returns NULL if it is not installed. */
const struct heif_library *heif_library(void);
#endif
