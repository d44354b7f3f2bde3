/* pack_plan.h - images, models, cost and duration of a pack, as the settings say. Calls no model.
 */
#ifndef APP_PACK_PLAN_H
#define APP_PACK_PLAN_H
#include <cjson/cJSON.h>

#include "model/catalog.h"
#include "model/profile.h"
#include "model/rules.h"
#include "settings/settings.h"

/* The settings that pack_plan_build reads, for the list of a command. */
#define PLAN_SETTINGS                                                                              \
    "provider", "text-provider", "image-model", "text-model", "features-model", "quality",         \
        "marketplace", "main-image", "models", "rules"

struct pack_plan {
    const struct settings *settings;
    const char *marketplace; /* NULL: that of the settings */
    bool with_aplus;
    struct catalog *catalog;
    struct rules *rules;
    cJSON *rows; /* what, model, requestedSize, storedSize, usd, usdMin, usdMax, time */
    int64_t min_cost, max_cost; /* microdollars */
    bool unknown;               /* a price is missing in the catalog */
    bool refuses;               /* the image model takes no photos: an image will not be made */
    struct profile *profile;    /* NULL if latency is unknown */
    double features[2];         /* seconds of feature extraction: median, p95 */
    double images[2], aplus[2]; /* seconds of the slowest image, and of A+ content */
    bool time_unknown;          /* the latency of a call is unknown */
};

/* Fills rows, costs and times of a plan with settings, with_aplus and perhaps marketplace and
 * profile. Call
 * pack_plan_free also after a failure. */
bool pack_plan_build(struct pack_plan *plan, struct error *err) MUST_CHECK;
/* Prints the rows as JSON objects, without the texts for tables: usd and time. */
void pack_plan_json(const struct pack_plan *plan);
void pack_plan_free(struct pack_plan *plan);
#endif
