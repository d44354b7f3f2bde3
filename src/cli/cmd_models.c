/* cmd_models.c - darkroom models: the model catalog. */
#include <stdio.h>
#include <string.h>

#include "app/data_files.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/command.h"
#include "term/table.h"

/* An unknown price is null, not 0. */
static void add_usd(cJSON *object, const char *key, double usd)
{
    if (usd >= 0) {
        cJSON_AddNumberToObject(object, key, usd);
    } else {
        cJSON_AddNullToObject(object, key);
    }
}

static void add_prices(cJSON *object, const struct model *model)
{
    bool images = model->tasks & (TASK_IMAGE | TASK_EDIT);
    int64_t micro = images ? catalog_estimate(model, (struct size){ 1024, 1024 }, NULL) : -1;
    char price[64] = "unknown";

    add_usd(object, "usdPerImage", micro < 0 ? -1 : (double)micro / 1e6);
    add_usd(object, "usdPerMillionIn", model->prices.text_in);
    add_usd(object, "usdPerMillionOut", images ? model->prices.image_out : model->prices.text_out);
    if (micro >= 0) {
        snprintf(price, sizeof price, "about %.3f per image", (double)micro / 1e6);
    } else if (model->prices.text_in >= 0 && model->prices.text_out >= 0) {
        snprintf(price, sizeof price, "%.2f in, %.2f out", model->prices.text_in,
                 model->prices.text_out);
    }
    cJSON_AddStringToObject(object, "price", price);
}

static cJSON *row_of(const struct catalog *catalog, const struct model *model)
{
    static const char *const uses[] = { "image", "edit", "features", "aplus" };
    cJSON *object = cJSON_CreateObject();
    struct error ignored;
    bool available = catalog_is_available(model, clock_wall_ms(), &ignored), is_default = false;
    char state[120] = "";

    for (int i = 0; i < 4; i++) {
        is_default = is_default || catalog_default(catalog, model->provider, uses[i]) == model;
    }
    if (model->shutdown) {
        snprintf(state, sizeof state, "%s %s, replaced by %.60s", available ? "retires" : "retired",
                 model->shutdown, model->replacement ? model->replacement : "nothing");
    } else if (is_default) {
        snprintf(state, sizeof state, "default");
    }
    cJSON_AddStringToObject(object, "id", model->id);
    cJSON_AddStringToObject(object, "provider", model->provider);
    cJSON_AddStringToObject(object, "makes",
                            !(model->tasks & TASK_TEXT) ? "images"
                            : model->tasks & ~TASK_TEXT ? "images, text"
                                                        : "text");
    cJSON_AddBoolToObject(object, "takesPhotos", (model->tasks & TASK_EDIT) != 0);
    cJSON_AddNumberToObject(object, "partialImages", model->partial_max);
    cJSON_AddBoolToObject(object, "default", is_default);
    cJSON_AddBoolToObject(object, "available", available);
    json_add_text(object, "shutdown", model->shutdown);
    json_add_text(object, "replacement", model->replacement);
    add_prices(object, model);
    cJSON_AddStringToObject(object, "state", state);
    return object;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    static const struct column columns[] = {
        { "id", "MODEL", 0 },    { "provider", "PROVIDER", 0 },
        { "makes", "MAKES", 0 }, { "price", "USD (text: per million tokens)", 0 },
        { "state", "", 0 },
    };
    struct catalog *catalog;
    const struct model *model;
    cJSON *rows;

    (void)argc;
    (void)argv;
    if (!catalog_from_settings(settings, &catalog, err)) {
        return 0;
    }
    rows = cJSON_CreateArray();
    for (int i = 0; (model = catalog_at(catalog, i)) != NULL; i++) {
        cJSON_AddItemToArray(rows, row_of(catalog, model));
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows);
    } else {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    }
    cJSON_Delete(rows);
    catalog_free(catalog);
    return 0;
}

static const char *const settings_taken[] = { "models", "json", NULL };

const struct command command_models = {
    .name = "models",
    .arguments = "",
    .summary = "list models with price and retirement date",
    .examples = "  darkroom models\n"
                "  darkroom models --json | grep '\"available\":false'\n",
    .settings = settings_taken,
    .run = run,
};
