/* cmd_plan.c - darkroom plan: images, models, cost and duration of a pack. Calls no model; queries
 * the database only if a project is named. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/data_files.h"
#include "app/latency_profile.h"
#include "app/model_choice.h"
#include "base/clock.h"
#include "cli/command.h"
#include "compose/layout.h"
#include "model/estimate.h"
#include "term/table.h"
#include "term/term.h"

enum { DAYS = 14 };

struct pack_plan {
    const struct settings *settings;
    struct catalog *catalog;
    struct rules *rules;
    cJSON *rows;
    int64_t min_cost, max_cost; /* microdollars */
    bool unknown;               /* a price is missing in the catalog */
    struct profile *profile;    /* NULL if latency is unknown */
    double features[2];         /* seconds of feature extraction: median, p95 */
    double images[2], aplus[2]; /* seconds of the slowest image, and of A+ content */
    bool time_unknown;          /* the latency of a call is unknown */
};

struct pack_planned { /* one row */
    const char *what;
    const struct model *model;
    const struct size *requested, *stored; /* of an image; NULL for text */
    const char *quality;
    int64_t cost;  /* microdollars; -1 if unknown */
    bool optional; /* may be made without a call, depending on the photo or on saved features */
    bool local;    /* made without a call */
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
    cJSON_AddStringToObject(row, "usd", text);
    cJSON_AddItemToArray(plan->rows, row);
}

static bool add_images(struct pack_plan *plan, const struct model *model, struct error *err)
{
    const char *method = setting_text(plan->settings, "main-image");
    const char *marketplace = setting_text(plan->settings, "marketplace");
    const char *quality = setting_text(plan->settings, "quality");

    for (int kind = MAIN_IMAGE; kind < PACK_KINDS; kind++) {
        bool local = kind == MAIN_IMAGE && strcmp(method, "local") == 0;
        const struct image_rules *rules;
        const char *requested_quality;
        struct size requested;

        if (!rules_for(plan->rules, marketplace, (enum image_kind)kind, &rules, err) ||
            !catalog_size(model,
                          layout_plate_size(layout_for(rules, (enum image_kind)kind, "", 0),
                                            rules->keep),
                          &requested, err)) {
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
                          .optional = kind == MAIN_IMAGE && strcmp(method, "auto") == 0,
                          .local = local,
                          .time = plan->images });
    }
    return true;
}

static bool build_plan(struct pack_plan *plan, struct error *err)
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
    if (setting_flag(plan->settings, "with-aplus")) {
        add_row(plan, &(struct pack_planned){ .what = "A+ content",
                                              .model = aplus,
                                              .cost = catalog_cost(aplus, &usual_aplus, 0),
                                              .time = plan->aplus });
    }
    return true;
}

/* Prints the project and warns if it lacks what a pack needs. */
static bool print_project(struct pack_plan *plan, const char *id, struct error *err)
{
    const struct settings *settings = plan->settings;
    struct sql_session *session = database_open(settings, "plan", err);
    cJSON *project = NULL;
    bool good = session && database_query(session, "plan", 1, &id, &project, err);
    struct error ignored; /* without a migrated database there are no recorded calls */

    if (good && !setting_text(settings, "profile") &&
        !latency_profile_load(settings, session, DAYS, &plan->profile, &ignored)) {
        plan->profile = NULL;
    }
    sql_close(session);
    if (good && cJSON_IsNull(project)) {
        good = error_set(err, ERROR_INPUT, "no project has the id '%.60s'", id);
    } else if (good && setting_flag(settings, "json")) {
        table_json(stdout, project);
    } else if (good) {
        printf("%s: %s\n", term_text(json_peek_text(project, "project"), false),
               term_text(json_peek_text(project, "product"), false));
        if (json_peek_int(project, "photos", 0) == 0) {
            printf("The project has no photo: every image would fail.\n");
        }
        if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(project, "described"))) {
            printf("The project has no description: features and dimensions would be guessed.\n");
        }
        printf("\n");
    }
    cJSON_Delete(project);
    return good;
}

static void print_plan(const struct pack_plan *plan)
{
    static const struct column columns[] = {
        { "what", "ITEM", 0 },         { "model", "MODEL", 0 }, { "requestedSize", "REQUESTED", 0 },
        { "storedSize", "STORED", 0 }, { "usd", "USD", 0 },     { "time", "TIME", 0 },
    };
    /* A+ content is made while the images are made */
    double median = plan->features[0] + fmax(plan->images[0], plan->aplus[0]);
    double p95 = plan->features[1] + fmax(plan->images[1], plan->aplus[1]);
    bool timed = !plan->time_unknown && p95 > 0;

    if (setting_flag(plan->settings, "json")) {
        table_json(stdout, plan->rows);
        printf("{\"total\":true,\"usdMin\":%.6f,\"usdMax\":%.6f,\"complete\":%s",
               (double)plan->min_cost / 1e6, (double)plan->max_cost / 1e6,
               plan->unknown ? "false" : "true");
        if (timed) {
            printf(",\"secondsMedian\":%.3f,\"secondsP95\":%.3f", median, p95);
        }
        printf("}\n");
        return;
    }
    table_print(stdout, plan->rows, columns, (int)(sizeof columns / sizeof *columns) - (p95 <= 0));
    printf("\nestimate: %.2f to %.2f USD%s, without retries\n", (double)plan->min_cost / 1e6,
           (double)plan->max_cost / 1e6, plan->unknown ? " plus unknown prices" : "");
    if (timed) {
        printf("duration, from recorded calls: median %.0f s, p95 %.0f s, all images at once\n",
               median, p95);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct pack_plan plan = { .settings = settings, .rows = cJSON_CreateArray() };

    if ((argc == 0 || print_project(&plan, argv[0], err)) &&
        (!setting_text(settings, "profile") ||
         latency_profile_load(settings, NULL, DAYS, &plan.profile, err)) &&
        catalog_from_settings(settings, &plan.catalog, err) &&
        rules_from_settings(settings, &plan.rules, err) && build_plan(&plan, err)) {
        print_plan(&plan);
    }
    rules_free(plan.rules);
    catalog_free(plan.catalog);
    free(plan.profile);
    cJSON_Delete(plan.rows);
    return 0;
}

static const char *const settings_taken[] = {
    "with-aplus",     "provider", "text-provider", "image-model", "text-model",
    "features-model", "quality",  "marketplace",   "main-image",  "models",
    "rules",          "json",     "database-url",  "profile",     NULL,
};

const struct command command_plan = {
    .name = "plan",
    .arguments = "[PROJECT]",
    .summary = "show the images, models, cost and duration of a pack; calls no model",
    .examples = "  darkroom plan\n"
                "  darkroom plan PROJECT --with-aplus\n"
                "  darkroom plan --image-model gpt-image-2 --quality medium --json\n",
    .settings = settings_taken,
    .common = "with-aplus image-model quality json",
    .max_arguments = 1,
    .run = run,
};
