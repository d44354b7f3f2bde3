/* text_cover.h - fits the texts of an image to the fonts that exist, before the image is bought. */
#ifndef COMPOSE_TEXT_COVER_H
#define COMPOSE_TEXT_COVER_H
#include "base/arena.h"
#include "compose/layout.h"
#include "model/brief.h"

struct missing_letters {
    char text[80];       /* the first text with letters that no font has, perhaps cut */
    char letters[80];    /* these letters, separated by blanks */
    uint32_t first;      /* code point of the first one */
    const char *package; /* Debian package with a font for it; NULL: none is known */
};

/* Changes the texts that the layout may draw so that fonts exist for all of their letters: other
 * forms of the same letters replace full-width and decorated ones, flags become country codes, and
 * emoji are removed. With a logo, a brand's name that cannot be drawn is left out. Returns false if
 * letters remain, or if nothing remains of a text that the image needs. Takes milliseconds: call it
 * on the pool. */
bool text_cover(const struct image_layout *layout, struct size size, bool has_logo,
                struct arena *arena, struct brief *brief, struct missing_letters *missing);

/* Returns the Debian package with a font for the first character of a text; NULL if none is known.
 */
const char *text_cover_package(const char *text);
#endif
