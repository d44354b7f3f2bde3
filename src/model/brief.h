/* brief.h - the project data of a job, read from one JSON row, validated and limited in length.
 *
 * The SQL function darkroom.brief() builds the row. All text is valid UTF-8, trimmed, without
 * control characters, and cut to a maximum length; colours are "#rrggbb" or empty. */
#ifndef MODEL_BRIEF_H
#define MODEL_BRIEF_H
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/dimensions/dimensions.h"
#include "model/kind.h"

enum { BRIEF_FEATURES = 8, BRIEF_DIMENSIONS = 8, BRIEF_BULLETS = 8, BRIEF_PHOTOS = 16 };

struct feature { /* a product feature that a text model extracted from name, description, category
                  */
    const char *title;
    const char *description;
    int priority; /* 1..10 */
    const char *icon;
};

struct brief_photo { /* a photo of the seller */
    const char *url;
    const char *original_url; /* the file as it was uploaded; may be "" */
};

struct brand_kit {
    const char *name;
    const char *primary, *secondary, *accent; /* "#rrggbb", or "" */
    const char *font_family;
    const char *logo_url;
};

struct module_request {      /* an image for one slot of an A+ module */
    int module, slot;        /* position in the modules array, and within the module */
    const char *module_type; /* "standard-single-image-sidebar" */
    const char *description; /* what the image shows */
    const char *headline;
};

struct subject_request {     /* what a job's payload asks for; all fields may be "" or NULL */
    const char *scene;       /* key sceneDescription: the surroundings of the product */
    const char *feature;     /* key featureTitle: the feature that comes first */
    const char *comparison;  /* key comparisonType: the kind of comparison */
    const char *template_id; /* key templateId: the layout of the image */
};

struct plate_request {   /* the picture that a composed image is typeset on */
    bool cut_out;        /* the product alone */
    bool close;          /* a scene that shows the product from near */
    const char *subject; /* what a close scene shows: the title of a feature; else NULL */
    const char *scene;   /* the surroundings of the product; NULL: no plate is requested */
    double left, top, width, height; /* where the product is wanted, as fractions of the picture */
};

struct batch_options { /* options of a batch's item; "" leaves the worker's choice */
    const char *batch; /* id of the batch; "" if the job is not in one */
    const char *model;
    const char *quality;
    const char *prompt; /* replaces the template */
    int item, variant;
};

/* An image whose text is rendered again on its stored plate, without a call to an image model. */
struct text_only {
    bool wanted;
    const char *language;      /* BCP 47 code of the language to translate to; "": no translation */
    const char *layout;        /* name; "": the layout that the image has */
    struct size size;          /* of the new image; 0x0: as the rules say */
    const char *logo;          /* file in base64; "": that of the brand kit */
    const char *plate_url;     /* "" if the image has no plate */
    const char *layout_before; /* that the image has; "" if unknown */
    bool plate_cut_out;        /* the plate shows the product alone */
    int plate_photos;          /* that the model got when it made the plate */
    const char *content;       /* the texts of the image as JSON, see content.h */
    const char *made;          /* JSON object: the model, prompt and others of the plate */
    const char *texts;         /* JSON list of the texts to translate, for the prompt; set by the
                                  job */
};

struct brief {
    const char *job_id, *user_id, *project_id;
    const char *project_name;
    const char *product_name;
    const char *description; /* may be "" */
    const char *category;    /* may be "" */
    const char *photo_url;   /* "" if the project has no photo */
    int photo_count;         /* of the project; more than BRIEF_PHOTOS are not read */
    struct brief_photo photos[BRIEF_PHOTOS]; /* in the seller's order; the first is photo_url */
    int known_photos;                        /* number of `photos` */
    int other_photos;       /* photos that the model gets besides the main one; set by the job */
    struct brand_kit brand; /* all fields are "" if the project has no brand */
    struct feature features[BRIEF_FEATURES];
    int feature_count; /* 0 until features are extracted */
    struct dimension dimensions[BRIEF_DIMENSIONS];
    int dimension_count;
    enum image_kind kind;
    const char *style; /* free text, may be "" */
    struct module_request
        module_request; /* for A_PLUS_MODULE only; otherwise module_type is NULL */
    struct subject_request subject;
    struct plate_request plate; /* zeroed if the model makes the complete image */
    int64_t created_ms;         /* creation time of the job; part of the path of stored images */
    struct batch_options batch;
    struct text_only text_only; /* not wanted unless the batch says so */
};

/* Reads the row and finds the dimensions in its texts. Everything in *out is allocated in the
 * arena. Fails with ERROR_INPUT if the row has an "error" or no product name. */
bool brief_read(const char *json, struct arena *arena, struct brief *out,
                struct error *err) MUST_CHECK;

/* brief_text.c: cleans external text for prompts and drawings: replaces control characters and runs
 * of blanks with one blank, removes characters that are not visible, trims both ends, and cuts to
 * `max` bytes without splitting a character. */
const char *brief_text(const char *text, size_t max, struct arena *arena);

/* brief_text_only.c: reads the key "textOnly" of a batch's options; *out is zeroed without it. */
bool brief_read_text_only(const cJSON *options, struct arena *arena, struct text_only *out,
                          struct error *err) MUST_CHECK;

/* Returns the words that name the product, for dimensions_find. */
const char *brief_names(const struct brief *brief, struct arena *arena);

/* Puts the feature that the payload asks for first, with the highest priority; adds it if the
 * features do not name it. Does nothing without a requested feature. */
void brief_prefer_feature(struct brief *brief);

/* Replaces the dimensions by those of a payload, `json` as dimensions_read accepts it, which take
 * precedence over the project's texts. Keeps them if it names none. */
void brief_take_dimensions(struct brief *brief, const char *json, struct arena *arena);
#endif
