/* cmd_models.c - darkroom models: the model catalog. */
#include <stdio.h>
#include <string.h>

#include "app/data_files.h"
#include "base/clock.h"
#include "base/edit_distance.h"
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
    char price[160] = "unknown";

    add_usd(object, "usdPerImage", micro < 0 ? -1 : (double)micro / 1e6);
    add_usd(object, "usdPerMillionIn", model->prices.text_in);
    add_usd(object, "usdPerMillionOut", images ? model->prices.image_out : model->prices.text_out);
    if (micro >= 0 && model->quality_count > 0) {
        size_t used = 0;

        for (int i = 0; i < model->quality_count && used < sizeof price; i++) {
            int64_t each =
                catalog_estimate(model, (struct size){ 1024, 1024 }, model->qualities[i]);

            used += (size_t)snprintf(price + used, sizeof price - used, "%s%s %.3f", i ? ", " : "",
                                     model->qualities[i], (double)each / 1e6);
        }
    } else if (micro >= 0) {
        snprintf(price, sizeof price, "%.3f", (double)micro / 1e6);
    } else if (model->prices.text_in >= 0 && model->prices.text_out >= 0) {
        snprintf(price, sizeof price, "%.2f in, %.2f out", model->prices.text_in,
                 model->prices.text_out);
    }
    cJSON_AddStringToObject(object, "price", price);
}

enum { PRICED_SIZES = 4 };

/* Adds the price of an image of each size and quality; sizes that are requested as the same one
 * count once. */
static void add_image_prices(cJSON *object, const struct model *model)
{
    static const struct size wanted[PRICED_SIZES] = {
        { 1024, 1024 }, { 1024, 1536 }, { 1536, 1024 }, { 2048, 2048 }
    };
    cJSON *prices = cJSON_AddArrayToObject(object, "prices");
    struct size sizes[PRICED_SIZES];
    int count = 0;

    for (int i = 0; i < PRICED_SIZES; i++) {
        struct error ignored;
        bool seen = !catalog_size(model, wanted[i], &sizes[count], &ignored);

        for (int j = 0; j < count; j++) {
            seen = seen ||
                   (sizes[j].width == sizes[count].width && sizes[j].height == sizes[count].height);
        }
        for (int q = 0; !seen && q < (model->quality_count ? model->quality_count : 1); q++) {
            const char *quality = model->quality_count ? model->qualities[q] : NULL;
            int64_t micro = catalog_estimate(model, sizes[count], quality);
            cJSON *price = cJSON_CreateObject();
            char size[32], usd[32] = "unknown";

            snprintf(size, sizeof size, "%dx%d", sizes[count].width, sizes[count].height);
            if (micro >= 0) {
                snprintf(usd, sizeof usd, "%.4f", (double)micro / 1e6);
            }
            cJSON_AddStringToObject(price, "size", size);
            json_add_text(price, "quality", quality);
            add_usd(price, "usd", micro < 0 ? -1 : (double)micro / 1e6);
            cJSON_AddStringToObject(price, "shown", usd);
            cJSON_AddItemToArray(prices, price);
        }
        count += !seen;
    }
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
    if (model->tasks & (TASK_IMAGE | TASK_EDIT)) {
        add_image_prices(object, model);
    }
    cJSON_AddStringToObject(object, "state", state);
    return object;
}

/* Prints the price of an image of each size and quality. */
static void print_image_prices(const cJSON *row)
{
    static const struct column columns[] = { { "size", "SIZE", 0 },
                                             { "quality", "QUALITY", 0 },
                                             { "shown", "USD per image", 0 } };
    const cJSON *prices = cJSON_GetObjectItemCaseSensitive(row, "prices");

    if (cJSON_GetArraySize(prices) > 0) {
        printf("\n");
        table_print(stdout, prices, columns, 3);
        printf("\nOutput only: prompt and photos cost a little more; `darkroom plan` adds them.\n");
    }
}

/* Removes the prices as the tables show them: programs read the numbers. */
static void remove_table_texts(cJSON *rows)
{
    cJSON *row, *price;

    cJSON_ArrayForEach(row, rows)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(row, "price");
        cJSON_ArrayForEach(price, cJSON_GetObjectItemCaseSensitive(row, "prices"))
        {
            cJSON_DeleteItemFromObjectCaseSensitive(price, "shown");
        }
    }
}

/* Returns the models to show: all, or the one that was named. */
static cJSON *rows_of(struct catalog *catalog, const char *id, struct error *err)
{
    struct closest_match closest = { .to = id ? id : "" };
    cJSON *rows = cJSON_CreateArray();
    const struct model *model;

    for (int i = 0; (model = catalog_at(catalog, i)) != NULL; i++) {
        if (!id || strcmp(model->id, id) == 0) {
            cJSON_AddItemToArray(rows, row_of(catalog, model));
        }
        closest_match_try(&closest, model->id);
    }
    if (id && !rows->child) {
        error_set(err, ERROR_INPUT, "No model '%.60s' exists in the catalog.", id);
        if (closest.word) {
            error_hint(err, "Did you mean %s?", closest.word);
        } else {
            error_hint(err, "`darkroom models` lists the models.");
        }
    }
    return rows;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    static const struct column columns[] = {
        { "id", "MODEL", 0 },
        { "provider", "PROVIDER", 0 },
        { "makes", "MAKES", 0 },
        { "price", "USD (per image of 1024x1024; text: per million tokens)", 0 },
        { "state", "", 0 },
    };
    struct catalog *catalog;
    cJSON *rows;

    if (!catalog_from_settings(settings, &catalog, err)) {
        return 0;
    }
    rows = rows_of(catalog, argc > 0 ? argv[0] : NULL, err);
    if (setting_flag(settings, "json")) {
        remove_table_texts(rows);
        table_json(stdout, rows, "model");
    } else if (rows->child) {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
        if (argc > 0) {
            print_image_prices(rows->child);
        }
    }
    cJSON_Delete(rows);
    catalog_free(catalog);
    return 0;
}

static const char *const settings_taken[] = { "models", "json", NULL };

const struct command command_models = {
    .name = "models",
    .arguments = "[MODEL]",
    .summary = "list models with price per quality and size, and retirement date",
    .examples = "  darkroom models\n"
                "  darkroom models gpt-image-2            # its price by size and quality\n"
                "  darkroom models --json | grep '\"available\":false'\n",
    .settings = settings_taken,
    .output = output_models,
    .max_arguments = 1,
    .run = run,
};
