/* brief.h - what a job knows of its project: read from one JSON row, checked, bounded.
 *
 * The row is made by darkroom.brief() (sql/). All text is valid UTF-8, trimmed, without control
 * characters, and cut to a bound; colours are "#rrggbb" or empty. */
#ifndef MODEL_BRIEF_H
#define MODEL_BRIEF_H
#include "base/arena.h"
#include "base/error.h"
#include "model/kind.h"

enum { BRIEF_FEATURES = 8, BRIEF_DIMENSIONS = 8, BRIEF_BULLETS = 8 };

struct feature { /* learnt by a text model from name, description, category */
    const char *title;
    const char *description;
    int priority; /* 1..10 */
    const char *icon;
};

struct dimension {     /* found in the project's own text, never invented */
    const char *label; /* "width", "height", "depth", "length", "diameter", "thickness", "" */
    double value;
    const char *unit; /* "cm", "mm", "m", "in", "ft" */
    const char *text; /* as it is to be printed: "12 cm" */
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
    const char *description; /* what the picture is to show */
    const char *headline;
};

struct batch_options {   /* of a job that belongs to a batch: what its item says */
    const char *batch;   /* "" where the job belongs to none */
    const char *model;   /* "": the worker's own */
    const char *quality; /* "": as the worker would */
    const char *prompt;  /* "": the template's */
    int item, variant;
};

struct brief {
    const char *job_id, *user_id, *project_id;
    const char *project_name;
    const char *product_name;
    const char *description; /* may be "" */
    const char *category;    /* may be "" */
    const char *photo_url;   /* "" where the project has no photo */
    int photo_count;
    struct brand_kit brand; /* all "" where there is none */
    struct feature features[BRIEF_FEATURES];
    int feature_count; /* 0: not learnt yet */
    struct dimension dimensions[BRIEF_DIMENSIONS];
    int dimension_count;
    enum image_kind kind;
    const char *style;                    /* free text, may be "" */
    struct module_request module_request; /* A_PLUS_MODULE only; module_type NULL otherwise */
    int64_t created_ms;                   /* of the job: part of the stored path */
    struct batch_options batch;
};

/* `json` is the row; everything in *out lives in the arena. Fills dimensions from the texts.
 * ERROR_INPUT where the row says what is wrong with the job ("error" in it) or lacks a thing. */
bool brief_read(const char *json, struct arena *arena, struct brief *out,
                struct error *err) MUST_CHECK;

/* Text of others made fit for prompts and drawings: control characters and runs of blanks become
 * one blank, ends are trimmed, and what is over `max` bytes is cut at a whole character. */
const char *brief_text(const char *text, size_t max, struct arena *arena);

/* Finds dimensions in free text ("24 x 7 cm", "Height: 12 in", "10 inches tall", "Ø 8 cm",
 * "12\" x 8\""); returns how many were found, at most `room`. */
int dimensions_find(const char *text, struct arena *arena, struct dimension *out, int room);
#endif
