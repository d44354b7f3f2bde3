/* pack_plan.c - adds up what a pack costs and how long it takes. */
#include "app/pack_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/data_files.h"
#include "app/model_choice.h"
#include "base/clock.h"
#include "compose/layout.h"
#include "model/estimate.h"
#include "term/table.h"

struct pack_planned { /* one row */
    const char *what;
    const struct model *model;
    const struct size *requested, *stored; /* of an image; NULL for text */
    const char *quality;
    int64_t cost;  /* microdollars; -1 if unknown */
    bool optional; /* may be made without a call, depending on the photo or on saved features */
    bool local;    /* made without a call */
    bool refused;  /* not made: the model takes no photos, and a cut-out is not enough */
    double *time;  /* the total of the plan that it counts for */
};

static const struct model *model_of(const struct pack_plan *plan, const char *setting,
                                    const char *use, struct error *err)
{
    const char *provider = setting_text(plan->settings, "provider");
    const char *text = setting_text(plan->settings, "text-provider");
    const struct model *model;

    provider = text && strcmp(use, "edit") != 0 ? text : provider;
    if (!model_choose(plan->settings, plan->catalog, provider, setting, use, &model, err)) {
        return NULL;
    }
    return catalog_is_available(model, clock_wall_ms(), err) ? model : NULL;
}

/* Returns the latency of such calls, or NULL if it is unknown. Workers record edits; bench may have
 * measured generation without a photo. */
static const struct profile_call *find_latency(const struct pack_plan *plan,
                                               const struct pack_planned *planned)
{
    const struct size none = { 0, 0 };
    const struct profile_call *call;

    if (!planned->requested) {
        return profile_find(plan->profile, planned->model->id, TASK_TEXT, none, NULL);
    }
    call = profile_find(plan->profile, planned->model->id, TASK_EDIT, *planned->requested,
                        planned->quality);
    return call ? call
                : profile_find(plan->profile, planned->model->id, TASK_IMAGE, *planned->requested,
                               planned->quality);
}

/* Six images are made at once, and the slowest one counts. Its median is about the p90 of one call
 * (0.5^(1/6) = 0.89), and its p95 about the p99 (0.95^(1/6) = 0.991). */
static void add_time(struct pack_plan *plan, cJSON *row, const struct pack_planned *planned)
{
    const struct profile_call *call = find_latency(plan, planned);
    bool is_single = planned->time != plan->images;
    double median, p95;
    char text[48];

    if (planned->local) {
        return;
    }
    if (!call || !isfinite(call->p50) || !isfinite(call->p90) || !isfinite(call->p95) ||
        !isfinite(call->p99)) {
        plan->time_unknown = true;
        return;
    }
    snprintf(text, sizeof text, "%.0f to %.0f s", call->p50, call->p95);
    cJSON_AddStringToObject(row, "time", text);
    cJSON_AddNumberToObject(row, "secondsMedian", call->p50);
    cJSON_AddNumberToObject(row, "secondsP95", call->p95);
    median = is_single ? call->p50 : call->p90;
    p95 = is_single ? call->p95 : call->p99;
    planned->time[0] = fmax(planned->time[0], median);
    planned->time[1] = fmax(planned->time[1], p95);
}

static void add_row(struct pack_plan *plan, const struct pack_planned *planned)
{
    cJSON *row = cJSON_CreateObject();
    const struct size *requested = planned->requested, *stored = planned->stored;
    int64_t cost = planned->cost;
    bool optional = planned->optional;
    char text[48];

    cJSON_AddStringToObject(row, "what", planned->what);
    cJSON_AddStringToObject(row, "model", planned->model->id);
    if (requested) {
        snprintf(text, sizeof text, "%dx%d", requested->width, requested->height);
        cJSON_AddStringToObject(row, "requestedSize", text);
        snprintf(text, sizeof text, "%dx%d", stored->width, stored->height);
        cJSON_AddStringToObject(row, "storedSize", text);
    }
    add_time(plan, row, planned);
    if (cost >= 0) {
        snprintf(text, sizeof text, "%s%.4f", optional ? "0 or " : "", (double)cost / 1e6);
        cJSON_AddNumberToObject(row, "usdMax", (double)cost / 1e6);
        cJSON_AddNumberToObject(row, "usdMin", optional ? 0 : (double)cost / 1e6);
        plan->max_cost += cost;
        plan->min_cost += optional ? 0 : cost;
    } else {
        snprintf(text, sizeof text, "unknown");
        plan->unknown = true;
    }
    if (planned->refused) {
        snprintf(text, sizeof text, "not made");
        cJSON_AddTrueToObject(row, "refused");
        plan->refuses = true;
    }
    cJSON_AddStringToObject(row, "usd", text);
    cJSON_AddItemToArray(plan->rows, row);
}

static bool add_images(struct pack_plan *plan, const struct model *model, struct error *err)
{
    const char *method = setting_text(plan->settings, "main-image");
    const char *marketplace =
        plan->marketplace ? plan->marketplace : setting_text(plan->settings, "marketplace");
    const char *quality = setting_text(plan->settings, "quality");

    if (!model_check_quality(plan->catalog, model, quality, err)) {
        return false;
    }
    for (int kind = MAIN_IMAGE; kind < PACK_KINDS; kind++) {
        bool local =
            (kind == MAIN_IMAGE && strcmp(method, "local") == 0) || !(model->tasks & TASK_EDIT);
        const struct image_layout *layout;
        const struct image_rules *rules;
        const char *requested_quality;
        struct size requested;

        if (!rules_for(plan->rules, marketplace, (enum image_kind)kind, &rules, err)) {
            return false;
        }
        layout = layout_for(rules, (enum image_kind)kind, "", 0);
        if (!catalog_size(model, layout_plate_size(layout, rules->keep), &requested, err)) {
            return false;
        }
        requested_quality = quality ? quality : rules->quality;
        add_row(plan, &(struct pack_planned){
                          .what = kind_title((enum image_kind)kind),
                          .model = model,
                          .requested = &requested,
                          .stored = &rules->keep,
                          .quality = requested_quality,
                          .cost = local ? 0 : catalog_estimate(model, requested, requested_quality),
                          .optional = !local && kind == MAIN_IMAGE && strcmp(method, "auto") == 0,
                          .local = local,
                          .refused = !(model->tasks & TASK_EDIT) && !layout && !rules->on_white,
                          .time = plan->images });
    }
    return true;
}

static bool add_rows(struct pack_plan *plan, struct error *err)
{
    const struct model *image = model_of(plan, "image-model", "edit", err);
    const struct model *features = image ? model_of(plan, "features-model", "features", err) : NULL;
    const struct model *aplus = features ? model_of(plan, "text-model", "aplus", err) : NULL;

    if (!aplus || !add_images(plan, image, err)) {
        return false;
    }
    add_row(plan, &(struct pack_planned){ .what = "features, once",
                                          .model = features,
                                          .cost = catalog_cost(features, &usual_features, 0),
                                          .optional = true,
                                          .time = plan->features });
    if (plan->with_aplus) {
        add_row(plan, &(struct pack_planned){ .what = "A+ content",
                                              .model = aplus,
                                              .cost = catalog_cost(aplus, &usual_aplus, 0),
                                              .time = plan->aplus });
    }
    return true;
}

bool pack_plan_build(struct pack_plan *plan, struct error *err)
{
    plan->rows = cJSON_CreateArray();
    return catalog_from_settings(plan->settings, &plan->catalog, err) &&
           rules_from_settings(plan->settings, &plan->rules, err) && add_rows(plan, err);
}

void pack_plan_json(const struct pack_plan *plan)
{
    cJSON *rows = cJSON_Duplicate(plan->rows, true), *row;

    cJSON_ArrayForEach(row, rows)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(row, "usd");
        cJSON_DeleteItemFromObjectCaseSensitive(row, "time");
    }
    table_json(stdout, rows, "plan-row");
    cJSON_Delete(rows);
}

void pack_plan_free(struct pack_plan *plan)
{
    rules_free(plan->rules);
    catalog_free(plan->catalog);
    free(plan->profile);
    cJSON_Delete(plan->rows);
}
