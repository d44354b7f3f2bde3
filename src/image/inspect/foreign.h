/* foreign.h - recognizes files that are not one of the image formats of this program. */
#ifndef IMAGE_INSPECT_FOREIGN_H
#define IMAGE_INSPECT_FOREIGN_H
#include "base/blob.h"

enum foreign_format {
    FOREIGN_UNKNOWN,
#define FOREIGN(id, what, advice) FOREIGN_##id,
#include "image/inspect/foreign_formats.inc"
#undef FOREIGN
    FOREIGN_FORMATS
};

/* Reads the first bytes of any file; FOREIGN_UNKNOWN if nothing is recognized. */
enum foreign_format foreign_find(const struct blob *file);
/* Returns "a PDF document", for example; static. `format` is not FOREIGN_UNKNOWN. */
const char *foreign_name(enum foreign_format format);
#endif
