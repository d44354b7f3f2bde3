/* export_text.h - puts the text of an A+ module into blocks of limited size, without cutting a
 * sentence. */
#ifndef EXPORT_EXPORT_TEXT_H
#define EXPORT_EXPORT_TEXT_H
#include <stdbool.h>

#include "base/arena.h"

enum { TEXT_BLOCKS = 4 };

struct text_blocks {
    const char *text[TEXT_BLOCKS]; /* "" if the block is empty */
    int count;
    bool shortened; /* sentences are missing: they did not fit */
};

/* Fills one block after the other with whole sentences, each up to `max` characters. */
void text_blocks_fill(const char *text, int blocks, int max, struct arena *arena,
                      struct text_blocks *out);
/* Spreads the sentences evenly over the blocks, in their order. */
void text_blocks_spread(const char *text, int blocks, int max, struct arena *arena,
                        struct text_blocks *out);
/* Returns the text, cut at the last space so that it has at most `max` characters. */
const char *text_cut(const char *text, int max, struct arena *arena);
#endif
