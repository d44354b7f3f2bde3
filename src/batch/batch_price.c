/* batch_price.c - chooses the models of a batch and estimates its cost. */
#include "batch/batch_price.h"

#include <stdio.h>
#include <string.h>

#include "app/model_choice.h"
#include "base/clock.h"
#include "base/edit_distance.h"
#include "batch/select_like.h"
#include "compose/layout.h"
#include "providers/provider.h"

enum { RECORDED_DAYS = 30, RECORDED_MOST = 512, TRANSLATION_CALLS = 3 };

/* -- models ----------------------------------------------------------------------------------- */

int batch_price_candidates(const struct regenerate *regenerate)
{
    return (int)setting_int(regenerate->settings, "variants") * regenerate->model_count;
}

static bool add_model(struct regenerate *regenerate, const char *id, struct error *err)
{
    const struct model *model = catalog_add_dated(regenerate->catalog, id), *at;
    struct closest_match closest_match = { .to = id };

    for (int i = 0; !model && (at = catalog_at(regenerate->catalog, i)); i++) {
        closest_match_try(&closest_match, at->id);
    }
    if (!model) {
        error_set(err, ERROR_INPUT, "No model '%.60s' exists in the catalog.", id);
        return closest_match.word ? error_hint(err, "Did you mean %s?", closest_match.word)
                                  : error_hint(err, "`darkroom models` lists the models.");
    }
    if (!catalog_is_available(model, clock_wall_ms(), err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (!(model->tasks & TASK_EDIT)) {
        error_set(err, ERROR_INPUT, "Model '%s' cannot make images from a photo.", model->id);
        return error_hint(err, "`darkroom models` lists the tasks of each model.");
    }
    for (int i = 0; i < regenerate->model_count; i++) {
        if (regenerate->models[i] == model) {
            error_set(err, ERROR_INPUT, "Model '%s' is given twice.", model->id);
            return error_hint(err, "Use --variants to make several candidates with one model.");
        }
    }
    if (regenerate->model_count == REGENERATE_MODELS) {
        return error_set(err, ERROR_INPUT, "--model can be given at most %d times.",
                         REGENERATE_MODELS);
    }
    regenerate->models[regenerate->model_count++] = model;
    return model_check_quality(regenerate->catalog, model, select_like_quality(regenerate), err);
}

static const struct model *features_model(const struct regenerate *regenerate)
{
    const struct settings *settings = regenerate->settings;
    const char *named = setting_text(settings, "features-model");
    const char *provider = setting_text(settings, "text-provider");

    provider = provider ? provider : setting_text(settings, "provider");
    return named ? catalog_find(regenerate->catalog, named)
                 : model_default(settings, regenerate->catalog, provider, "features");
}

/* For rows of images that are rendered again without a call to any model. */
static const struct model no_model = { .id = "darkroom", .provider = "darkroom" };

/* The text model that translates; no_model if nothing is translated. */
static bool add_translator(struct regenerate *regenerate, struct error *err)
{
    const struct model *model =
        regenerate->text_only.language ? features_model(regenerate) : &no_model;

    const struct provider *provider;

    if (!model) {
        error_set(err, ERROR_INPUT, "No text model is known that could translate.");
        return error_hint(err, "Set --features-model.");
    }
    provider = provider_find(model->provider);
    if (provider && provider->local) {
        error_set(err, ERROR_INPUT, "%s cannot translate.", provider->title);
        return error_hint(err, "Set --text-provider to one with text models.");
    }
    regenerate->models[regenerate->model_count++] = model;
    return true;
}

bool batch_price_models(struct regenerate *regenerate, struct error *err)
{
    const struct settings *settings = regenerate->settings;
    const char *named = setting_text(settings, "model"),
               *own = setting_text(settings, "image-model");
    const struct model *fallback =
        model_default(settings, regenerate->catalog, setting_text(settings, "provider"), "edit");
    char *list = arena_text(regenerate->arena, named), *saved = NULL;

    if (regenerate->text_only.wanted) {
        return add_translator(regenerate, err);
    }
    if (!named && regenerate->from_model) {
        return add_model(regenerate, regenerate->from_model, err);
    }
    if (!named) {
        return add_model(regenerate, own ? own : fallback ? fallback->id : "", err);
    }
    for (char *id = strtok_r(list, "\n", &saved); id; id = strtok_r(NULL, "\n", &saved)) {
        if (!add_model(regenerate, id, err)) {
            return false;
        }
    }
    return true;
}

/* -- recorded calls -------------------------------------------------------------------------- */

static const char *text_or_empty(const cJSON *object, const char *key)
{
    const char *text = json_peek_text(object, key);

    return text ? text : "";
}

static int read_recorded(const cJSON *list, struct recorded_calls *out)
{
    const cJSON *row;
    int count = 0;

    cJSON_ArrayForEach(row, list)
    {
        if (count == RECORDED_MOST) {
            break;
        }
        out[count++] = (struct recorded_calls){
            .provider = text_or_empty(row, "provider"),
            .model = text_or_empty(row, "model"),
            .step = text_or_empty(row, "step"),
            .quality = text_or_empty(row, "quality"),
            .size = { (int)json_peek_int(row, "width", 0), (int)json_peek_int(row, "height", 0) },
            .count = json_peek_int(row, "count", 0),
            .good = json_peek_int(row, "good", 0),
            .usd = json_peek_number(row, "costUsd", -1),
            .p50_ms = json_peek_number(row, "p50Ms", 0),
            .p95_ms = json_peek_number(row, "p95Ms", 0),
        };
    }
    return count;
}

/* -- rows ------------------------------------------------------------------------------------- */

/* Estimates how many main images are cut out locally, from how the present ones were made. */
static void count_local_images(const struct regenerate *regenerate, const cJSON *group,
                               struct estimate_row *row)
{
    const char *mode = setting_text(regenerate->settings, "main-image");
    int64_t local = json_peek_int(group, "madeLocally", 0),
            model = json_peek_int(group, "madeByModel", 0);

    if (strcmp(mode, "local") == 0) {
        row->made_locally = row->images;
    } else if (strcmp(mode, "auto") == 0) {
        row->made_locally = local;
        row->undecided = row->images - local - model;
    }
}

/* Images whose text is rendered again: at most one translation each. */
static bool fill_text_row(const struct regenerate *regenerate, const cJSON *group,
                          struct size target, struct estimate_row *row)
{
    const struct text_only_options *options = &regenerate->text_only;

    row->translation = options->language != NULL;
    row->quality = NULL;
    row->max_calls = TRANSLATION_CALLS;
    row->images = json_peek_int(group, "count", 0);
    row->made_locally = row->translation ? 0 : row->images;
    row->size = options->size.width > 0 ? options->size : target;
    return true;
}

static bool fill_row(const struct regenerate *regenerate, const cJSON *group,
                     const struct model *model, struct estimate_row *row, struct error *err)
{
    const struct settings *settings = regenerate->settings;
    enum image_kind kind = kind_find(text_or_empty(group, "type"));
    const char *module = json_peek_text(group, "moduleType");
    const char *quality = select_like_quality(regenerate);
    int64_t variants = setting_int(settings, "variants");
    const struct image_rules *rules;
    struct size target;

    if (!rules_for(regenerate->rules, setting_text(settings, "marketplace"), kind, &rules, err)) {
        return false;
    }
    target = kind == A_PLUS_MODULE && module && module[0]
                 ? rules_module_size(regenerate->rules, module)
                 : rules->keep;
    *row = (struct estimate_row){ .model = model,
                                  .provider = model->provider,
                                  .quality =
                                      catalog_quality(model, quality ? quality : rules->quality),
                                  .max_calls = rules->max_calls,
                                  .images = json_peek_int(group, "count", 0) };
    if (regenerate->text_only.wanted) {
        return fill_text_row(regenerate, group, target, row);
    }
    if (rules->on_white) {
        count_local_images(regenerate, group, row);
    }
    row->images *= variants;
    row->made_locally *= variants;
    row->undecided *= variants;
    row->without_features =
        rules->needs_features ? json_peek_int(group, "withoutFeatures", 0) * variants : 0;
    return catalog_size(model, layout_plate_size(layout_for(rules, kind, "", 0), target),
                        &row->size, err);
}

static bool fill_rows(struct regenerate *regenerate, struct error *err)
{
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(regenerate->selection, "groups"), *group;
    int count = cJSON_GetArraySize(groups) * regenerate->model_count;

    regenerate->rows =
        arena_alloc(regenerate->arena, (size_t)(count + 1) * sizeof(struct estimate_row));
    cJSON_ArrayForEach(group, groups)
    {
        for (int i = 0; i < regenerate->model_count; i++) {
            if (!fill_row(regenerate, group, regenerate->models[i],
                          &regenerate->rows[regenerate->row_count++], err)) {
                return false;
            }
        }
    }
    return true;
}

/* The share of main images that were cut out locally, or -1 if fewer than five are known. */
static double local_share(const struct regenerate *regenerate)
{
    int64_t local = 0, known = 0;

    for (int i = 0; i < regenerate->row_count; i++) {
        const struct estimate_row *row = &regenerate->rows[i];

        if (row->made_locally > 0 || row->undecided > 0) {
            local += row->made_locally;
            known += row->images - row->undecided;
        }
    }
    return known >= 5 ? (double)local / (double)known : -1;
}

bool batch_price_estimate(struct regenerate *regenerate, struct error *err)
{
    const struct settings *settings = regenerate->settings;
    int64_t jobs = setting_int(settings, "jobs"), calls = setting_int(settings, "concurrency");
    struct recorded_calls *recorded =
        arena_alloc(regenerate->arena, RECORDED_MOST * sizeof *recorded);
    struct estimate_options options = { .features = features_model(regenerate),
                                        .recorded = recorded,
                                        .concurrency = (int)(jobs < calls ? jobs : calls),
                                        .rate = setting_number(settings, "rate"),
                                        .batch_api = setting_flag(settings, "batch-api") };
    char days[12];
    const char *params[] = { days };
    cJSON *list = NULL;

    snprintf(days, sizeof days, "%d", RECORDED_DAYS);
    if (!fill_rows(regenerate, err) ||
        !database_query(regenerate->session, "recorded_calls", 1, params, &list, err)) {
        return false;
    }
    options.recorded_count = read_recorded(list, recorded);
    options.local_share = local_share(regenerate);
    estimate_make(&options, regenerate->rows, regenerate->row_count, &regenerate->estimate);
    cJSON_Delete(list); /* the rows do not refer to it */
    return true;
}
