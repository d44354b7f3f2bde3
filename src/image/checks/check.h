/* check.h - checks that an image must pass before it is stored: a table, with one file per check.
 *
 * To add one: write check_<name>.c, add CHECK(<name>) to checks.inc, and name it in
 * assets/rules.json. */
#ifndef IMAGE_CHECKS_CHECK_H
#define IMAGE_CHECKS_CHECK_H
#include "image/ground.h"
#include "image/pixel_blocks.h"
#include "image/product/scene_product.h"

enum { CHECK_LIMITS = 6, CHECKS_MAX = 32 };

struct check_product;
struct check_texts;
struct known_text;

struct check_typeset { /* the typeset texts, measured on the stored pixels: compose/text_ink.h */
    double contrast, whole; /* lowest of all texts */
    bool fault;             /* a text cannot be read; it is at `place` */
    struct pixel_box place;
    const char *message; /* what is wrong with it, or that all can be read */
};

struct check_subject { /* input of a check; pointers are borrowed */
    const struct image *image;
    struct image_facts facts;
    size_t file_bytes;
    int target_width, target_height; /* size of the stored image, in pixels */
    const struct ground
        *ground; /* NULL until checks_run computes it for the first check that needs it */
    const uint8_t *coverage; /* alpha of the product at each pixel, if darkroom placed it on white;
                                else NULL */
    bool lossy;              /* `image` was decoded from a JPEG file */
    bool of_photo;           /* the image was cut out of the seller's photo, by darkroom */
    const struct image *photo;    /* the seller's; NULL if of_photo, or if it cannot be decoded */
    double enlarged;              /* scale of the product from the model's answer; 0: unknown */
    struct pixel_blocks received; /* of the model's answer, before it was scaled; or zeros */
    const struct known_text *seller; /* what the model was asked to paint comes from here; NULL if
                                         it was not asked for text */
    const char *languages; /* Tesseract's data files for the words that may be seen: "eng+deu";
                              NULL: English */
    const struct check_typeset *typeset; /* NULL: darkroom typeset no text on it */
    struct check_texts *texts; /* words that were read for earlier checks; set by checks_run */
    const struct check_product *product; /* NULL until checks_run prepares it */
};

/* What checks_run prepares for checks with needs_product. */
struct check_product {
    struct product_reference reference; /* what the photo shows */
    bool has_view;                      /* of the image's product: it has a coverage */
    bool has_match;                     /* of both */
    bool has_scene;                     /* `scene` is set */
    struct product_view view;
    struct product_match match;
    struct scene_product scene; /* set for checks with needs_scene */
};

/* Start of the message of a check that passes because it could not be performed. */
#define CHECK_NOT_PERFORMED "not performed: "

struct check_place {               /* what a failed check found: a word, a part, the product */
    bool in_image, in_photo;       /* the boxes are set */
    struct pixel_box image, photo; /* in pixels of subject->image and of subject->photo */
};

struct check_finding {
    const char *check; /* name of the check */
    double measured;
    double limit;
    bool passed;
    char message[120]; /* what was measured, or how it failed: "2.1 % of the background is not
                          white" */
    struct check_place place; /* where it failed; empty if that is not known, or if it passed */
};

struct check {
    const char *name;
    const char *source; /* source of the rule */
    const char *limits; /* meaning of its limits, for people who edit rules.json */
    int limit_count;
    bool of_picture;    /* judges the picture that a model made, not the text typeset on it */
    bool needs_whole;   /* compares the complete product: not for pictures from near */
    bool needs_ground;  /* needs subject->ground, which is NULL if memory ran out */
    bool needs_photo;   /* compares with subject->photo */
    bool needs_product; /* compares with subject->product; needs_photo too */
    bool needs_scene;   /* needs subject->product->scene; needs_photo and needs_product too */
    bool slow;          /* takes more than 50 ms: runs last, and only if all others passed */
    void (*run)(const struct check_subject *subject, const double *limits,
                struct check_finding *out);
};

extern const struct check *const checks[]; /* ends with NULL */
const struct check *check_find(const char *name);

struct check_limits { /* a row of rules.json: a check to run, with its limits */
    const char *check;
    double limits[CHECK_LIMITS];
};

/* Runs the checks in order, slow ones last, and writes all findings, in the order of `limits`.
 * Returns false if one fails; *err then holds ERROR_OUTPUT with the message of the first failed
 * check. The place of a failed check that compares products, and names none, is the product. */
bool checks_run(const struct check_subject *subject, const struct check_limits *limits, int count,
                struct check_finding *findings, struct error *err) MUST_CHECK;
#endif
