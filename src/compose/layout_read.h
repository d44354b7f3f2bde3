/* layout_read.h - the list of layouts in memory, shared by the two files that implement layout.h.
 */
#ifndef COMPOSE_LAYOUT_READ_H
#define COMPOSE_LAYOUT_READ_H
#include "base/arena.h"
#include "compose/layout.h"

enum { LAYOUTS_MAX = 48 };

struct layouts {
    struct arena *arena;
    struct image_layout list[LAYOUTS_MAX];
    int count;
};
#endif
