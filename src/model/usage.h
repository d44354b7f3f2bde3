/* usage.h - token counts that a provider reports for a response. */
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H
#include <stdint.h>

struct usage { /* tokens; -1 if unknown. text_in and image_in exclude cached tokens. */
    int64_t text_in, text_cached, image_in, image_cached, text_out, image_out;
};
#endif
