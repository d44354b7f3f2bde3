/* design.h - a composition in progress, shared by the files that draw its parts. */
#ifndef COMPOSE_DESIGN_H
#define COMPOSE_DESIGN_H
#include "compose/brand_colours.h"
#include "compose/composition.h"
#include "compose/logo.h"
#include "draw/product.h"

struct design {
    struct canvas canvas;
    const struct brief *brief;
    const struct image_layout *layout;
    const struct layout_form *form;
    struct brand_colours colours;
    struct composition *record;
    double max_enlarge; /* of a scene, see composition_request */
    struct logo logo;
    struct product product;              /* a cut-out */
    struct box product_at;               /* in pixels */
    const struct feature *subject;       /* the most important feature; NULL if there are none */
    const struct dimension *tall, *wide; /* drawn beside and below the product; NULL: none */
    struct feature measures[BRIEF_DIMENSIONS]; /* other dimensions, as entries of a list */
    char measure_texts[BRIEF_DIMENSIONS][COMPOSED_TEXT_BYTES];
    int measure_count;
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

struct icon_colours {
    struct colour disc, line;
};
/* Returns the colours of icons on this tint. */
struct icon_colours icon_colours_on(const struct design *design, enum tint ground);

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
bool design_stack(struct design *design, const struct layout_stack *stack,
                  struct error *err) MUST_CHECK;

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
/* Writes at most BRIEF_FEATURES of the entries to `out`, most important first. Returns their
 * number.
 */
int features_by_priority(const struct feature *entries, int count, const struct feature **out);
/* Chooses sizes, columns and features so that the list fits; count is 0 if no feature does. */
void feature_list_plan(struct design *design, const struct layout_item *item, double width,
                       double height, struct composed_list *out);
void feature_list_draw(struct design *design, const struct layout_item *item,
                       const struct composed_list *list, struct box box, enum tint ground);

/* feature_table.c: features as a table, marked for the product and not for its silhouette. */
struct composed_table {
    const struct feature *rows[BRIEF_FEATURES];
    double heights[BRIEF_FEATURES];
    int count;
    int columns;              /* of marks: the product, and others if the seller compares them */
    double size;              /* of titles, in pixels */
    double width, mark, head; /* of the table, of a column of marks, height of the head */
    double height;
};
/* Chooses size and features so that the table fits; count is 0 if no feature does. */
void feature_table_plan(struct design *design, const struct layout_item *item, double width,
                        double height, struct composed_table *out);
void feature_table_draw(struct design *design, const struct layout_item *item,
                        const struct composed_table *table, struct box box, enum tint ground);

/* measure_lines.c */

/* Chooses the dimensions that are drawn at the product, and lists the others. Fails with
 * ERROR_INPUT and COMPOSE_UNCLEAR_DIMENSIONS if a series of numbers fits the product in no way or
 * in several. */
bool measures_choose(struct design *design, struct error *err) MUST_CHECK;
/* Draws their lines, labels and arrow heads. */
void measures_draw(struct design *design);

/* shorten.c */

/* Removes the last part of a text: what follows the last separator between phrases, or else its
 * last word. Writes at most COMPOSED_TEXT_BYTES. Returns false if only one word is left. */
bool shorten_text(char *text);
#endif
