/* layout.h - the layouts of composed images: where the picture, the type, the icons and the lines
 * of an image are. Read from assets/layouts.json.
 *
 * A layout has up to three forms, for tall, square and wide images. Positions are fractions of the
 * image's width and height, type sizes are fractions of its height, gaps are fractions of its
 * shorter side. The text of a language that is written from right to left mirrors the form. */
#ifndef COMPOSE_LAYOUT_H
#define COMPOSE_LAYOUT_H
#include "base/error.h"
#include "draw/canvas.h"
#include "draw/lettering.h"
#include "model/rules.h"

enum { LAYOUT_ITEMS = 6, LAYOUT_STACKS = 3, LAYOUT_SHAPES = 6 };

enum layout_form_kind { FORM_TALL, FORM_SQUARE, FORM_WIDE, LAYOUT_FORMS };

enum plate_kind {
    PLATE_SCENE,  /* a picture of the product in a scene: it fills the form's picture box */
    PLATE_CUT_OUT /* the product alone: it is placed in the form's product box */
};

enum tint { /* colours of the brand, see brand_colours.h */
            TINT_WHITE,
            TINT_GROUND,
            TINT_DEEP,
            TINT_PRIMARY,
            TINT_SHADE,
            TINT_ACCENT
};

enum layout_item_kind {
    ITEM_BRAND,    /* the brand's logo, or its name */
    ITEM_LOGO,     /* the brand's logo, or nothing */
    ITEM_HEADLINE, /* the product's name */
    ITEM_RULE,     /* a short line in the accent colour */
    ITEM_FEATURES, /* titles of features, each with an icon */
    ITEM_ICON,     /* of the most important feature */
    ITEM_TITLE,    /* its title */
    ITEM_TEXT,     /* its description */
    ITEM_TABLE,    /* features: with the product, and without it */
    ITEM_MEASURES, /* the dimensions that are not drawn at the product */
    ITEM_MODULE    /* headline of an A+ module */
};

struct layout_item {
    enum layout_item_kind kind;
    double size,
        min_size;       /* of the type: largest and smallest, as fractions of the image's height */
    double gap;         /* before it, if it is not the first of its stack */
    int lines;          /* maximum number of lines of each text */
    int columns, count; /* of a list: maximum numbers of columns and of entries */
    bool describe;      /* of a list: adds the descriptions if all of them fit */
};

struct layout_stack { /* items from top to bottom */
    struct box box;
    enum tint ground; /* the colour behind it */
    enum align align;
    enum valign valign;
    struct layout_item items[LAYOUT_ITEMS];
    int item_count;
};

enum layout_shape_kind { SHAPE_PANEL, SHAPE_DISC, SHAPE_GRID };

struct layout_shape { /* decoration behind picture and text */
    enum layout_shape_kind kind;
    struct box box;
    enum tint tint;
    double radius; /* of corners, as a fraction of the image's shorter side */
};

struct layout_form {
    bool given;
    enum tint ground;
    struct box picture; /* of a scene */
    double radius;      /* of the picture's corners, as a fraction of the image's shorter side */
    bool measured;      /* dimension lines are drawn at the product */
    enum valign valign; /* of a cut-out in its box */
    struct box product; /* of a scene: fractions of the picture, where the product is asked for. Of
                           a cut-out: fractions of the image, where it is placed */
    struct layout_shape shapes[LAYOUT_SHAPES];
    int shape_count;
    struct layout_stack stacks[LAYOUT_STACKS];
    int stack_count;
};

struct image_layout {
    const char *name;
    enum image_kind kind;
    const char *styles; /* words of a seller's style that select it, separated by spaces */
    enum plate_kind plate;
    bool close;        /* a scene shows the product from near */
    const char *scene; /* for the prompt: the surroundings of the product in a scene */
    struct layout_form forms[LAYOUT_FORMS];
};

struct layouts;
/* Returns the layouts of assets/layouts.json, read at the first call from any thread and constant
 * afterwards. */
const struct layouts *layouts_builtin(void);
/* Fails with ERROR_CONFIG, naming layout and key, if the file cannot be used. */
bool layouts_load(const char *json, struct layouts **out, struct error *err) MUST_CHECK;
void layouts_free(struct layouts *layouts);

/* Returns layout number `at` of an image type, from 0; NULL after the last one. */
const struct image_layout *layout_at(const struct layouts *layouts, enum image_kind kind, int at);
/* Returns the layout of an image type with this name; NULL if there is none. */
const struct image_layout *layout_named(const struct layouts *layouts, enum image_kind kind,
                                        const char *name);
/* Returns the layout for a stored plate of this kind: the one with this name; else the first one
 * with a word of the style; else the first one. NULL if images of this type have none for such a
 * plate. */
const struct image_layout *layout_for_plate(enum image_kind kind, enum plate_kind plate,
                                            const char *name, const char *style);
/* Returns the form for an image of this size: the one that is given and nearest in shape. */
const struct layout_form *layout_form(const struct image_layout *layout, struct size size);
/* Returns the layout of an image that the rules want typeset by darkroom: the one that they name;
 * else the first one with a word of the style; else number `variant` of the image type, modulo
 * their number. Returns NULL if the model paints the text, or if images of this type have none. */
const struct image_layout *layout_for(const struct image_rules *rules, enum image_kind kind,
                                      const char *style, int variant);
/* Returns the layout that a payload asks for: `template_id` is the name of one, or the number of
 * one after the last hyphen, from 1, as in "infographic-2". Returns NULL as layout_for does, and if
 * the image type has no such layout. */
const struct image_layout *layout_of_template(const struct image_rules *rules, enum image_kind kind,
                                              const char *template_id);
/* Returns the size of the plate that an image of this size needs; the size itself if `layout` is
 * NULL. */
struct size layout_plate_size(const struct image_layout *layout, struct size size);
#endif
