/* catalog.h - the models: ids, sizes, qualities, prices, shutdown dates. Data: assets/models.json.
 *
 * No model id stands in code. */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H
#include <stdint.h>

#include "base/error.h"
#include "model/kind.h"
#include "model/usage.h"

enum { MODEL_SIZES = 8, MODEL_QUALITIES = 8, MODEL_PARTIALS = 3 };

struct model_prices { /* USD per million tokens; negative: not told */
    double text_in, text_cached, image_in, image_cached, text_out, image_out;
};

struct model {
    const char *id;
    const char *api_id;             /* name in requests; NULL means id (see model_api_id) */
    const char *provider;           /* name of a row of providers.inc */
    unsigned tasks;                 /* enum task bits */
    const char *wire;               /* "gpt-image", "dall-e", "responses", "chat", "offline" */
    const char *shutdown;           /* "2026-12-01", or NULL */
    const char *replacement;        /* a living model, where there is a shutdown date */
    struct size sizes[MODEL_SIZES]; /* what it makes; none: any size on the grid below */
    int size_count;
    int grid_multiple, grid_max_edge; /* 16, 3840; 0 where sizes are listed */
    int64_t grid_min_pixels, grid_max_pixels;
    double grid_max_ratio;
    const char *qualities[MODEL_QUALITIES]; /* weakest first */
    int quality_count;
    bool transparent; /* can make images without a background */
    int prompt_max;   /* characters; 0: not told */
    int photo_max;    /* input images of an edit */
    int partial_max;  /* images in their making that an answer may stream; 0: it does not stream */
    struct model_prices prices;
    double usd_per_image; /* flat price; negative: by tokens */
    double batch_share;   /* of the price, through the provider's batches; 0: not in batches */
    /* Image tokens at 1024x1024 by quality, to estimate before there is a usage; 0: not told. */
    int64_t image_tokens[MODEL_QUALITIES];
};

struct catalog;

/* Reads models.json; fails with ERROR_CONFIG that names the entry. Freed with catalog_free. */
bool catalog_load(const char *json, struct catalog **out, struct error *err) MUST_CHECK;
void catalog_free(struct catalog *catalog);

const struct model *catalog_find(const struct catalog *catalog, const char *id); /* NULL: none */
/* Adds a model that differs from `like` in its id, and whose prices are unknown. `api_id` is its
 * name in requests. Fails with ERROR_CONFIG if the catalog is full or has that id. */
bool catalog_add_like(struct catalog *catalog, const struct model *like, const char *id,
                      const char *api_id, const struct model **out, struct error *err) MUST_CHECK;
/* The name of the model in requests to its provider. */
const char *model_api_id(const struct model *model);
const struct model *catalog_at(const struct catalog *catalog, int index); /* NULL: past the end */

/* The default model for a task of a provider ("defaults" in models.json); NULL: none. `use` is
 * "image", "edit", "features", "aplus". */
const struct model *catalog_default(const struct catalog *catalog, const char *provider,
                                    const char *use);

/* A model past its shutdown date fails with ERROR_CONFIG that names it, the date, and a living one.
 * today_ms: wall clock. */
bool catalog_is_available(const struct model *model, int64_t today_ms,
                          struct error *err) MUST_CHECK;

/* The smallest size that the model makes with both sides at least `need` and closest_match in
 * ratio, so that crop and scale down give `need`; where nothing is large enough, the largest of
 * closest_match ratio (the caller sees that it is smaller). Fails only where the model makes no
 * images. */
bool catalog_size(const struct model *model, struct size need, struct size *ask,
                  struct error *err) MUST_CHECK;

/* The named quality where the model has it; "hd" and "standard" are understood on every model. */
const char *catalog_quality(const struct model *model, const char *wanted);

/* Cost in millionths of a dollar, rounded up; -1 where the catalog knows no price. */
int64_t catalog_cost(const struct model *model, const struct usage *usage, int images);
/* The same through the provider's batches. */
int64_t catalog_cost_in_batch(const struct model *model, const struct usage *usage, int images);
int64_t catalog_estimate(const struct model *model, struct size size, const char *quality);

/* The most that one call can cost; -1 where the catalog knows no price. `size`: of the image, NULL
 * for text; `quality` NULL: the dearest that the model may choose; `text_in`: tokens that go in as
 * text, `text_out` the most that may come (0: as many as we ever ask for); `partials`: images in
 * their making. */
int64_t catalog_max_cost(const struct model *model, const struct size *size, const char *quality,
                         int64_t text_in, int photos, int partials, int64_t text_out);
#endif
