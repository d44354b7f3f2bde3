/* lettering.h - text in boxes: wrapped, balanced, reduced in size until it fits, and cut with an
 * ellipsis if even the smallest size does not. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H
#include "draw/canvas.h"

enum weight { WEIGHT_REGULAR = 400, WEIGHT_SEMIBOLD = 600, WEIGHT_EXTRABOLD = 800 };
enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT }; /* of any script: the page's left */
enum valign { VALIGN_TOP, VALIGN_MIDDLE, VALIGN_BOTTOM };

struct lettering {
    enum weight weight;
    double size;     /* largest size, in pixels */
    double min_size; /* smallest size; 0: only `size` */
    int lines;       /* maximum number of lines; 0: as many as fit */
    struct colour colour;
    double alpha; /* 0 means 1 */
    enum align align;
    enum valign valign;
    double leading;     /* line height; 0: the font's default */
    double spacing;     /* letter spacing as a fraction of the size */
    double word_space;  /* added to each blank, as a fraction of the size */
    bool balanced;      /* makes the lines almost equally long */
    const char *family; /* NULL or "": the embedded font */
};

/* Returns the bounding box of the text. Draws nothing for invalid UTF-8. */
struct box lettering_draw(struct canvas *canvas, const char *text, struct box box,
                          const struct lettering *how);
struct lettering_fit {
    bool whole;           /* the text fits without being cut */
    double size;          /* of the type, in pixels */
    double width, height; /* of the text */
};
/* Finds the largest size at which the text fits a box of this width and height. Draws nothing. */
struct lettering_fit lettering_measure(struct canvas *canvas, const char *text, double width,
                                       double height, const struct lettering *how);
/* Returns true if the text is written from right to left. */
bool lettering_is_rtl(const char *text);

/* Returns whether each letter of the text has a glyph: in the family, the embedded fonts, or any
 * other font of the operator or the system. */
bool lettering_has_glyphs(struct canvas *canvas, const char *text, const char *family);
/* Returns the number of bytes of the first letter of valid UTF-8: of what a reader sees as one,
 * such as a letter with its marks, or an emoji of several characters. Returns 0 for an empty text.
 */
size_t lettering_first_letter(const char *text);
#endif
