/* dimension_phrase.h - what a number in a text measures: the words before and after it. */
#ifndef MODEL_DIMENSIONS_DIMENSION_PHRASE_H
#define MODEL_DIMENSIONS_DIMENSION_PHRASE_H
#include "model/dimensions/dimensions.h"

struct phrase_place {           /* a number, or a series of numbers, in a text */
    const char *text, *taken;   /* the words before `taken` belong to the previous number */
    const char *number, *after; /* `after`: past the unit */
    const char *names;          /* names of the product; "" if unknown */
};

struct phrase {
    bool describes_product; /* false for "range 10 m", "fits 30 cm pans", "box: 30 cm" */
    enum dimension_axis axis;
    bool axis_is_before; /* "Ø 8 x 10 cm": of the first number */
    const char *part;    /* "handle", within the text; size 0 for the product as a whole */
    size_t part_size;
    const char *used; /* the words before it belong to this number */
};

void phrase_read(const struct phrase_place *place, struct phrase *out);

/* Returns the start of the clause of the number: after the last of ",;.(" or a line break. */
const char *phrase_start(const char *taken, const char *number);
#endif
