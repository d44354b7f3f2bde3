/* design.h - a composition in progress, shared by the files that draw its parts. */
#ifndef COMPOSE_DESIGN_H
#define COMPOSE_DESIGN_H
#include "compose/brand_colours.h"
#include "compose/composition.h"

struct design {
    struct canvas canvas;
    const struct brief *brief;
    const struct image_layout *layout;
    const struct layout_form *form;
    struct brand_colours colours;
    struct composition *record;
    bool mirrored; /* the text is written from right to left */
    double unit;   /* a hundredth of the shorter side, in pixels */
};

/* Converts fractions of `within` to pixels, mirrored if the design is. */
struct box design_box(const struct design *design, struct box fractions, struct box within);
/* Returns the alignment on the page: left and right change places in a mirrored design. */
enum align design_align(const struct design *design, enum align align);

/* Returns the line height for this factor of the font's own: Arabic type has its own space above
 * and below the letters. */
double type_leading(const struct design *design, double factor);

/* How a text is typeset: lettering with sizes in pixels, and the colour behind it. */
struct type_style {
    struct lettering lettering;
    struct colour ground;
};

/* Draws the text and adds it to the record. The caller has measured that it fits. Returns its
 * bounding box. */
struct box design_text(struct design *design, const char *text, const char *source, struct box box,
                       const struct type_style *style);

/* stack.c: draws the items of a stack. */
void design_stack(struct design *design, const struct layout_stack *stack);

/* feature_list.c: features as a list with icons. */
struct composed_list {
    const struct feature *features[BRIEF_FEATURES];
    int count, columns;
    bool describe;
    double size;                 /* of titles, in pixels */
    double width, height;        /* of the list */
    double rows[BRIEF_FEATURES]; /* heights */
    double gap;                  /* between rows */
};
/* Chooses sizes, columns and features so that the list fits; count is 0 if no feature does. */
void feature_list_plan(struct design *design, const struct layout_item *item, double width,
                       double height, struct composed_list *out);
void feature_list_draw(struct design *design, const struct layout_item *item,
                       const struct composed_list *list, struct box box, enum tint ground);

/* shorten.c */

/* Removes the last part of a text: what follows the last separator between phrases, or else its
 * last word. Writes at most COMPOSED_TEXT_BYTES. Returns false if only one word is left. */
bool shorten_text(char *text);
#endif
