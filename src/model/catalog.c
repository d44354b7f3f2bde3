/* catalog.c - reads assets/models.json. */
#include "model/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"

enum { MODELS_MAX = 200, DEFAULTS_MAX = 40, PRICE_MAX = 1000000 };

struct default_model { /* the default of one provider for one use */
    const char *provider, *use;
    const struct model *model;
};

struct catalog {
    struct arena *arena;
    struct model models[MODELS_MAX];
    int count;
    struct default_model defaults[DEFAULTS_MAX];
    int default_count;
};

static bool entry_error(const char *id, struct error *err)
{
    char text[sizeof err->text];

    memcpy(text, err->text, sizeof text);
    return error_set(err, ERROR_CONFIG, "models.json, '%.60s': %.220s", id, text);
}

static bool read_tasks(const cJSON *entry, struct model *out, struct error *err)
{
    static const struct {
        const char *name;
        enum task task;
    } names[] = { { "image", TASK_IMAGE }, { "edit", TASK_EDIT }, { "text", TASK_TEXT } };
    const cJSON *list, *item;

    if (!json_array(entry, "tasks", &list, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, list)
    {
        size_t i = 0;

        while (i < 3 && (!cJSON_IsString(item) || strcmp(item->valuestring, names[i].name) != 0)) {
            i++;
        }
        if (i == 3) {
            return error_set(err, ERROR_CONFIG, "'tasks' must contain only image, edit and text");
        }
        out->tasks |= names[i].task;
    }
    return true;
}

static bool read_grid(const cJSON *grid, struct model *out, struct error *err)
{
    int64_t multiple, edge;
    bool good = json_int(grid, "multiple", 1, 4096, &multiple, err) &&
                json_int(grid, "maxEdge", 1, 65536, &edge, err) &&
                json_int(grid, "minPixels", 0, INT64_MAX, &out->grid_min_pixels, err) &&
                json_int(grid, "maxPixels", 1, INT64_MAX, &out->grid_max_pixels, err) &&
                json_number_or(grid, "maxRatio", 1000, &out->grid_max_ratio, err);

    if (good && (multiple > edge || out->grid_min_pixels > out->grid_max_pixels ||
                 out->grid_max_pixels < multiple * multiple || out->grid_min_pixels > edge * edge ||
                 out->grid_max_ratio < 1)) {
        return error_set(err, ERROR_CONFIG, "'sizes' has limits that allow no size");
    }
    if (good) {
        out->grid_multiple = (int)multiple;
        out->grid_max_edge = (int)edge;
    }
    return good;
}

static bool read_sizes(const cJSON *entry, struct model *out, struct error *err)
{
    const cJSON *sizes = cJSON_GetObjectItemCaseSensitive(entry, "sizes"), *item;

    if (cJSON_IsObject(sizes)) {
        return read_grid(sizes, out, err);
    }
    if (sizes && !cJSON_IsArray(sizes)) {
        return error_set(err, ERROR_CONFIG, "'sizes' must be a list like [\"1024x1024\"]");
    }
    cJSON_ArrayForEach(item, sizes)
    {
        struct size *size = &out->sizes[out->size_count];
        int used = 0;

        if (out->size_count == MODEL_SIZES || !cJSON_IsString(item) ||
            sscanf(item->valuestring, "%5dx%5d%n", &size->width, &size->height, &used) != 2 ||
            item->valuestring[used] != '\0' || size->width < 1 || size->height < 1) {
            return error_set(err, ERROR_CONFIG, "'sizes' must be a list like [\"1024x1024\"]");
        }
        out->size_count++;
    }
    return true;
}

static bool read_qualities(const cJSON *entry, struct arena *arena, struct model *out,
                           struct error *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, "qualities"), *item;
    const cJSON *tokens = cJSON_GetObjectItemCaseSensitive(entry, "imageTokens");

    if (list && !cJSON_IsArray(list)) {
        return error_set(err, ERROR_CONFIG, "'qualities' must be a list of strings");
    }
    cJSON_ArrayForEach(item, list)
    {
        if (out->quality_count == MODEL_QUALITIES || !cJSON_IsString(item)) {
            return error_set(err, ERROR_CONFIG, "'qualities' must be a list of at most %d strings",
                             MODEL_QUALITIES);
        }
        out->image_tokens[out->quality_count] = json_peek_int(tokens, item->valuestring, 0);
        out->qualities[out->quality_count++] = arena_text(arena, item->valuestring);
    }
    return true;
}

static bool read_price(const cJSON *prices, const char *key, double *out, struct error *err)
{
    if (!json_number_or(prices, key, -1, out, err)) {
        return false;
    }
    return *out <= PRICE_MAX ||
           error_set(err, ERROR_CONFIG, "'%s' is above %d dollars", key, PRICE_MAX);
}

static bool read_share(const cJSON *entry, double *out, struct error *err)
{
    return json_number_or(entry, "batchShare", 0, out, err) &&
           ((*out >= 0 && *out <= 1) ||
            error_set(err, ERROR_CONFIG, "'batchShare' must be a share of the price, such as 0.5"));
}

static bool read_prices(const cJSON *entry, struct model *out, struct error *err)
{
    const cJSON *prices = cJSON_GetObjectItemCaseSensitive(entry, "usdPerMillion");
    struct model_prices *p = &out->prices;

    if (prices && !cJSON_IsObject(prices)) {
        return error_set(err, ERROR_CONFIG, "'usdPerMillion' must be an object of prices");
    }
    return read_price(prices, "textIn", &p->text_in, err) &&
           read_price(prices, "textCached", &p->text_cached, err) &&
           read_price(prices, "imageIn", &p->image_in, err) &&
           read_price(prices, "imageCached", &p->image_cached, err) &&
           read_price(prices, "textOut", &p->text_out, err) &&
           read_price(prices, "imageOut", &p->image_out, err) &&
           read_price(entry, "usdPerImage", &out->usd_per_image, err) &&
           read_share(entry, &out->batch_share, err);
}

static bool read_texts(const cJSON *entry, struct arena *arena, struct model *out,
                       struct error *err)
{
    const char *provider, *wire, *shutdown, *replacement, *api_id;

    if (!json_text(entry, "provider", &provider, err) || !json_text(entry, "wire", &wire, err) ||
        !json_text_or(entry, "shutdown", NULL, &shutdown, err) ||
        !json_text_or(entry, "replacement", NULL, &replacement, err) ||
        !json_text_or(entry, "apiModel", NULL, &api_id, err)) {
        return false;
    }
    if (shutdown && clock_parse_date(shutdown) < 0) {
        return error_set(err, ERROR_CONFIG, "'shutdown' must be a date like 2026-12-01");
    }
    out->provider = arena_text(arena, provider);
    out->wire = arena_text(arena, wire);
    out->api_id = arena_text(arena, api_id);
    out->shutdown = arena_text(arena, shutdown);
    out->replacement = arena_text(arena, replacement);
    return true;
}

static bool read_entry(const cJSON *entry, struct arena *arena, struct model *out,
                       struct error *err)
{
    int64_t prompt_max, photo_max, partial_max;

    *out = (struct model){ .id = arena_text(arena, entry->string) };
    if (!cJSON_IsObject(entry)) {
        return error_set(err, ERROR_CONFIG, "expected an object");
    }
    if (!read_texts(entry, arena, out, err) || !read_tasks(entry, out, err) ||
        !read_sizes(entry, out, err) || !read_qualities(entry, arena, out, err) ||
        !read_prices(entry, out, err) ||
        !json_bool_or(entry, "transparent", false, &out->transparent, err) ||
        !json_int_or(entry, "promptMax", 0, 10000000, 0, &prompt_max, err) ||
        !json_int_or(entry, "photoMax", 0, 64, 0, &photo_max, err) ||
        !json_int_or(entry, "partialImages", 0, MODEL_PARTIALS, 0, &partial_max, err)) {
        return false;
    }
    if (partial_max > 0 && !(out->tasks & (TASK_IMAGE | TASK_EDIT))) {
        return error_set(err, ERROR_CONFIG,
                         "'partialImages' is allowed only for models that make images");
    }
    out->prompt_max = (int)prompt_max;
    out->photo_max = (int)photo_max;
    out->partial_max = (int)partial_max;
    return true;
}

static bool read_models(const cJSON *models, struct catalog *out, struct error *err)
{
    const cJSON *entry;

    cJSON_ArrayForEach(entry, models)
    {
        if (out->count == MODELS_MAX) {
            return error_set(err, ERROR_CONFIG, "models.json has more than %d models", MODELS_MAX);
        }
        if (!read_entry(entry, out->arena, &out->models[out->count], err)) {
            return entry_error(entry->string, err);
        }
        out->count++;
    }
    for (int i = 0; i < out->count; i++) {
        const struct model *model = &out->models[i];

        if (catalog_find(out, model->id) != model) {
            error_set(err, ERROR_CONFIG, "the model occurs twice");
            return entry_error(model->id, err);
        }
        if (model->replacement && !catalog_find(out, model->replacement)) {
            error_set(err, ERROR_CONFIG, "the replacement is not in the file");
            return entry_error(model->id, err);
        }
    }
    return true;
}

static bool read_defaults(const cJSON *defaults, struct catalog *out, struct error *err)
{
    const cJSON *provider, *use;

    cJSON_ArrayForEach(provider, defaults)
    {
        if (!cJSON_IsObject(provider)) {
            error_set(err, ERROR_CONFIG, "defaults must be an object like {\"image\": \"MODEL\"}");
            return entry_error(provider->string, err);
        }
        cJSON_ArrayForEach(use, provider)
        {
            struct default_model *entry = &out->defaults[out->default_count];

            if (out->default_count == DEFAULTS_MAX) {
                return error_set(err, ERROR_CONFIG, "models.json has too many defaults");
            }
            entry->provider = arena_text(out->arena, provider->string);
            entry->use = arena_text(out->arena, use->string);
            entry->model = cJSON_IsString(use) ? catalog_find(out, use->valuestring) : NULL;
            if (!entry->model) {
                error_set(err, ERROR_CONFIG, "the default for '%.40s' is not in the file",
                          use->string);
                return entry_error(provider->string, err);
            }
            out->default_count++;
        }
    }
    return true;
}

bool catalog_load(const char *json, struct catalog **out, struct error *err)
{
    struct catalog *catalog = xcalloc(1, sizeof *catalog);
    const cJSON *models, *defaults;
    cJSON *top = NULL;
    bool good;

    *out = NULL;
    catalog->arena = arena_new();
    good = json_parse(json, strlen(json), "models.json", &top, err) &&
           json_object(top, "models", &models, err) &&
           json_object(top, "defaults", &defaults, err) && read_models(models, catalog, err) &&
           read_defaults(defaults, catalog, err);
    cJSON_Delete(top);
    if (!good) {
        err->kind = ERROR_CONFIG;
        catalog_free(catalog);
        return false;
    }
    *out = catalog;
    return true;
}

void catalog_free(struct catalog *catalog)
{
    if (catalog) {
        arena_free(catalog->arena);
        free(catalog);
    }
}

const struct model *catalog_find(const struct catalog *catalog, const char *id)
{
    for (int i = 0; i < catalog->count; i++) {
        if (strcmp(catalog->models[i].id, id) == 0) {
            return &catalog->models[i];
        }
    }
    return NULL;
}

const struct model *catalog_at(const struct catalog *catalog, int index)
{
    return index >= 0 && index < catalog->count ? &catalog->models[index] : NULL;
}

const struct model *catalog_default(const struct catalog *catalog, const char *provider,
                                    const char *use)
{
    for (int i = 0; i < catalog->default_count; i++) {
        const struct default_model *entry = &catalog->defaults[i];

        if (strcmp(entry->provider, provider) == 0 && strcmp(entry->use, use) == 0) {
            return entry->model;
        }
    }
    return NULL;
}

bool catalog_is_available(const struct model *model, int64_t today_ms, struct error *err)
{
    if (!model->shutdown || clock_parse_date(model->shutdown) > today_ms) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "model '%s' was shut down on %s", model->id, model->shutdown);
    if (model->replacement) {
        error_hint(err, "Use '%s' instead.", model->replacement);
    }
    return false;
}

const char *model_api_id(const struct model *model)
{
    return model->api_id ? model->api_id : model->id;
}

const struct model *catalog_add_dated(struct catalog *catalog, const char *id)
{
    enum { SUFFIX = 11 }; /* "-2026-09-08" */
    const struct model *known = catalog_find(catalog, id), *added;
    size_t size = strlen(id);
    struct error ignored;
    char alias[80];

    if (known || size <= SUFFIX || size >= sizeof alias || id[size - SUFFIX] != '-' ||
        clock_parse_date(id + size - SUFFIX + 1) < 0) {
        return known;
    }
    snprintf(alias, sizeof alias, "%.*s", (int)(size - SUFFIX), id);
    known = catalog_find(catalog, alias);
    if (!known || known->api_id || !catalog_add_like(catalog, known, id, NULL, &added, &ignored)) {
        return NULL;
    }
    catalog->models[catalog->count - 1].prices = known->prices;
    catalog->models[catalog->count - 1].usd_per_image = known->usd_per_image;
    return added;
}

bool catalog_set_shutdown(struct catalog *catalog, const struct model *model, const char *date)
{
    struct model *row = &catalog->models[model - catalog->models];

    if ((date && clock_parse_date(date) < 0) ||
        (date && row->shutdown ? strcmp(row->shutdown, date) == 0 : date == row->shutdown)) {
        return false;
    }
    row->shutdown = arena_text(catalog->arena, date);
    return true;
}

bool catalog_add_like(struct catalog *catalog, const struct model *like, const char *id,
                      const char *api_id, const struct model **out, struct error *err)
{
    struct model *model = &catalog->models[catalog->count];

    if (catalog->count == MODELS_MAX || catalog_find(catalog, id)) {
        return error_set(err, ERROR_CONFIG, "model '%.60s' cannot be added to the catalog", id);
    }
    *model = *like;
    model->id = arena_text(catalog->arena, id);
    model->api_id = api_id ? arena_text(catalog->arena, api_id) : NULL;
    model->prices = (struct model_prices){ -1, -1, -1, -1, -1, -1 };
    model->usd_per_image = -1;
    catalog->count++;
    *out = model;
    return true;
}
