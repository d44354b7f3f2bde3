/* usage.h - token counts that a provider reports for a response. */
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H
#include <stdint.h>

struct usage { /* tokens; -1 if unknown. text_in and image_in exclude cached tokens. */
    int64_t text_in, text_cached, image_in, image_cached, text_out, image_out;
    int64_t cost_microusd; /* the price that the provider reports; 0 if it reports none */
};

#define USAGE_UNKNOWN                                                                              \
    {                                                                                              \
        -1, -1, -1, -1, -1, -1, 0                                                                  \
    }
#endif
