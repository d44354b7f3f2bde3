/* answer_cases.h - labelled answers of a model, for a product that is drawn or decoded at test
 * time: right ones, and ones with the faults that models make. */
#ifndef TESTS_LIB_ANSWER_CASES_H
#define TESTS_LIB_ANSWER_CASES_H
#include "draw/canvas.h"
#include "image/image.h"
#include "model/kind.h"

enum { ANSWER_SIDE = 560, ANSWER_PRODUCTS = 3 };

struct photo_studio { /* the product that the seller's photo shows, and another one */
    const char *name;
    cairo_surface_t *product, *other;
    int width, height, other_width, other_height;
    bool symmetric;    /* mirrored, it looks the same */
    struct blob photo; /* JPEG of the product on a grey backdrop */
};

/* The products are a bottle, cut out of assets/demo/product.jpg, a tin with a label, and a bag. */
void studio_open(int product, struct photo_studio *out);
void studio_close(struct photo_studio *studio);

struct placing {          /* of the product in the answer */
    double fill;          /* share of the frame; 0: 0.85 */
    double right, down;   /* from the middle, as shares of the frame */
    double turn;          /* degrees */
    double across, along; /* scale; 0: 1; -1 mirrors */
};

struct answer_case {
    const char *name;
    enum image_kind kind;
    const char *check; /* that must reject it; NULL: the answer is right */
    int ground;        /* grey level of the background; 0: transparent */
    struct placing placing;
    void (*draw)(struct canvas *canvas,
                 const struct photo_studio *studio); /* instead; or after it */
    bool instead; /* `draw` draws all; else it adds to the product */
    void (*change)(struct image *image, double amount);
    double amount;
    bool asymmetric; /* only for products that are not symmetric */
    bool only_tin;   /* only for the tin, which has a label */
    bool words;      /* text is read, though no check of text must reject it */
    bool close;      /* it is the plate of a layout that shows the product from near */
};

extern const struct answer_case answer_cases[]; /* ends with a row without a name */

/* Makes a square image with this side; a scene is wider. */
struct image answer_make(const struct answer_case *row, const struct photo_studio *studio,
                         int side);

void answer_put(struct canvas *canvas, cairo_surface_t *surface, int width, int height,
                const struct placing *placing);
/* Puts the studio's product at a place, see struct placing. */
void answer_put_product(struct canvas *canvas, const struct photo_studio *studio, double fill,
                        double right, double down);
/* Writes a watermark over everything that is there. */
void answer_tiles(struct canvas *canvas, const struct photo_studio *studio);

/* answer_scenes.c */
void scene_empty(struct canvas *canvas, const struct photo_studio *studio);
void scene_plain(struct canvas *canvas, const struct photo_studio *studio);
void scene_mirrored(struct canvas *canvas, const struct photo_studio *studio);
void scene_upside_down(struct canvas *canvas, const struct photo_studio *studio);
void scene_lying(struct canvas *canvas, const struct photo_studio *studio);
void scene_half(struct canvas *canvas, const struct photo_studio *studio);
void scene_two(struct canvas *canvas, const struct photo_studio *studio);
void scene_with_prop(struct canvas *canvas, const struct photo_studio *studio);
void scene_blurred_product(struct canvas *canvas, const struct photo_studio *studio);
void scene_marked(struct canvas *canvas, const struct photo_studio *studio);
void scene_small(struct canvas *canvas, const struct photo_studio *studio);
void scene_close_up(struct canvas *canvas, const struct photo_studio *studio);
void scene_other(struct canvas *canvas, const struct photo_studio *studio);
void scene_offer(struct canvas *canvas, const struct photo_studio *studio);
void scene_headline(struct canvas *canvas, const struct photo_studio *studio);

/* studio.c */
cairo_surface_t *studio_tin(const char *name); /* the tin with another name on its label */

/* answer_faults.c: changes of pixels, by an amount */
void fault_brightness(struct image *image, double factor);
void fault_contrast(struct image *image, double factor);
void fault_hue(struct image *image, double unused); /* swaps the channels */
void fault_grey(struct image *image, double unused);
void fault_noise(struct image *image, double deviation);
void fault_blur(struct image *image, double factor);    /* reduces and enlarges, twice */
void fault_enlarge(struct image *image, double factor); /* from fewer pixels, smoothly */
void fault_repeat(struct image *image, double factor);  /* from fewer pixels, by repetition */
void fault_compress(struct image *image, double quality);
void fault_erase_left(struct image *image, double share); /* of the product, made transparent */
void fault_erase_right(struct image *image, double share);
void fault_erase_top(struct image *image, double share);
void fault_erase_bottom(struct image *image, double share);
void fault_hole(struct image *image, double share);
void fault_grey_bottom(struct image *image, double share); /* one colour below */
void fault_grey_right(struct image *image, double share);
void fault_letterbox(struct image *image, double share);
#endif
