/* lettering.h - words in boxes: wrapped, balanced, made smaller until they fit, and cut with an
 * ellipsis where even the smallest does not. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H
#include "draw/canvas.h"

enum weight { WEIGHT_REGULAR = 400, WEIGHT_SEMIBOLD = 600, WEIGHT_EXTRABOLD = 800 };
enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };
enum stand { STAND_TOP, STAND_MIDDLE, STAND_BOTTOM };

struct lettering {
    enum weight weight;
    double size;  /* pixels: the largest */
    double least; /* the smallest; 0: as large as `size` or cut */
    int lines;    /* at most; 0: as many as the box has room for */
    struct colour colour;
    double alpha; /* 0 stands for 1 */
    enum align align;
    enum stand stand;
    double leading;     /* line height; 0: the font's own */
    double spacing;     /* between letters, in parts of the size */
    bool balanced;      /* lines of nearly the same length */
    const char *family; /* NULL or "": our own */
};

/* Returns where the words are. Invalid UTF-8 draws nothing. */
struct box lettering_draw(struct canvas *canvas, const char *text, struct box box,
                          const struct lettering *how);
/* The same without drawing. */
struct box lettering_measure(struct canvas *canvas, const char *text, struct box box,
                             const struct lettering *how);
/* The largest size at which all of these texts fit such a box: so that neighbours look alike. */
double lettering_common(struct canvas *canvas, const char *const *texts, int count, struct box box,
                        const struct lettering *how);
#endif
