/* usage.h - what a provider says that an answer took. */
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H
#include <stdint.h>

struct usage { /* tokens; -1: not told. text_in and image_in do not contain their cached part */
    int64_t text_in, text_cached, image_in, image_cached, text_out, image_out;
};
#endif
