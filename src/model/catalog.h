/* catalog.h - the models, with sizes, qualities, prices and shutdown dates, from
 * assets/models.json. Model ids occur only in that file, not in code. */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H
#include <stdint.h>

#include "base/error.h"
#include "model/kind.h"
#include "model/usage.h"

enum { MODEL_SIZES = 8, MODEL_QUALITIES = 8, MODEL_PARTIALS = 3 };

struct model_prices { /* USD per million tokens; negative if unknown */
    double text_in, text_cached, image_in, image_cached, text_out, image_out;
};

struct model {
    const char *id;
    const char *api_id;             /* name in requests; NULL means id (see model_api_id) */
    const char *provider;           /* name of a row of providers.inc */
    unsigned tasks;                 /* enum task bits */
    const char *wire;               /* "gpt-image", "dall-e", "responses", "chat", "offline" */
    const char *shutdown;           /* "2026-12-01", or NULL */
    const char *replacement;        /* id of its successor, or NULL */
    struct size sizes[MODEL_SIZES]; /* sizes of its images; if empty, any size on the grid below */
    int size_count;
    int grid_multiple, grid_max_edge; /* such as 16 and 3840; 0 if sizes are listed */
    int64_t grid_min_pixels, grid_max_pixels;
    double grid_max_ratio;
    const char *qualities[MODEL_QUALITIES]; /* lowest first */
    int quality_count;
    bool transparent; /* supports transparent backgrounds */
    int prompt_max;   /* characters; 0 if unknown */
    int photo_max;    /* input images of an edit */
    int partial_max;  /* partial images that a response may stream; 0: it does not stream */
    struct model_prices prices;
    double usd_per_image; /* flat price; negative if priced by tokens */
    double batch_share; /* share of the price that the Batch API charges; 0: not available there */
    /* Output tokens of an image of 1024x1024, by quality, to estimate costs; 0 if unknown. */
    int64_t image_tokens[MODEL_QUALITIES];
};

struct catalog;

/* Reads the text of models.json. Fails with ERROR_CONFIG, naming the entry. Freed with
 * catalog_free. */
bool catalog_load(const char *json, struct catalog **out, struct error *err) MUST_CHECK;
void catalog_free(struct catalog *catalog);

/* Both return NULL if there is no such model. */
const struct model *catalog_find(const struct catalog *catalog, const char *id);
const struct model *catalog_at(const struct catalog *catalog, int index);

/* Adds a model that differs from `like` in its id, and whose prices are unknown. `api_id` is its
 * name in requests. Fails with ERROR_CONFIG if the catalog is full or has that id. */
bool catalog_add_like(struct catalog *catalog, const struct model *like, const char *id,
                      const char *api_id, const struct model **out, struct error *err) MUST_CHECK;
/* Adds "<id of a model>-2026-09-08", a version of a model that the catalog has: the same model with
 * another id. Returns it, or the model with this id if there is one; NULL if the id is not of that
 * form, or the catalog is full. */
const struct model *catalog_add_dated(struct catalog *catalog, const char *id);
/* Takes a shutdown date from the provider; NULL: none. Returns true if it differs from the known
 * one. Ignores what is not a date. */
bool catalog_set_shutdown(struct catalog *catalog, const struct model *model, const char *date);
/* The name of the model in requests to its provider. */
const char *model_api_id(const struct model *model);

/* Returns the provider's default model for "image", "edit", "features" or "aplus" ("defaults" in
 * models.json). Returns NULL if it has none. */
const struct model *catalog_default(const struct catalog *catalog, const char *provider,
                                    const char *use);

/* Returns true before the model's shutdown date. Afterwards fails with ERROR_CONFIG, naming the
 * model, the date and its successor. today_ms: wall clock. */
bool catalog_is_available(const struct model *model, int64_t today_ms,
                          struct error *err) MUST_CHECK;

/* Chooses the size to request: the smallest size of the model that covers `need`, with the closest
 * aspect ratio, so that cropping and scaling down give `need`. If none is large enough, returns
 * the largest with the closest ratio; the caller must handle a size smaller than `need`. Fails
 * if the model makes no images. */
bool catalog_size(const struct model *model, struct size need, struct size *ask,
                  struct error *err) MUST_CHECK;

/* Translates a quality into the model's own name for it: "hd" and "high" are the same, as are
 * "standard" and "medium". Returns NULL if the model has no such quality. */
const char *catalog_quality(const struct model *model, const char *wanted);

/* The following functions return micro-USD, rounded up, or -1 if the price is unknown. */

/* Cost of a finished call; the second one through the Batch API. */
int64_t catalog_cost(const struct model *model, const struct usage *usage, int images);
int64_t catalog_cost_in_batch(const struct model *model, const struct usage *usage, int images);

/* Estimates the output cost of one image. quality NULL: the middle one. */
int64_t catalog_estimate(const struct model *model, struct size size, const char *quality);

/* Returns an upper bound of the cost of one call. size: of the image; NULL for text. quality
 * NULL: the most expensive one. text_in: input tokens of text. text_out: maximum output tokens;
 * 0 means the most that darkroom requests. partials: number of partial images. */
int64_t catalog_max_cost(const struct model *model, const struct size *size, const char *quality,
                         int64_t text_in, int photos, int partials, int64_t text_out);
#endif
