/* cmd_models.c - darkroom models: the catalog. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "cli/command.h"
#include "model/catalog.h"

static const char *state_of(const struct model *model)
{
    struct error ignored;

    if (!model->shutdown) {
        return "alive";
    }
    return catalog_alive(model, clock_wall_ms(), &ignored) ? "until" : "dead since";
}

static void tell_json(const struct model *model)
{
    printf("{\"id\":\"%s\",\"provider\":\"%s\",\"wire\":\"%s\",\"text\":%s,\"images\":%s,"
           "\"shutdown\":%s%s%s,\"replacement\":%s%s%s}\n",
           model->id, model->provider, model->wire, model->tasks & TASK_TEXT ? "true" : "false",
           model->tasks & (TASK_IMAGE | TASK_EDIT) ? "true" : "false", model->shutdown ? "\"" : "",
           model->shutdown ? model->shutdown : "null", model->shutdown ? "\"" : "",
           model->replacement ? "\"" : "", model->replacement ? model->replacement : "null",
           model->replacement ? "\"" : "");
}

static void tell_line(const struct model *model)
{
    int64_t cost = catalog_estimate(model, (struct size){ 1024, 1024 }, NULL);
    char price[48] = "-";

    if (cost >= 0) {
        snprintf(price, sizeof price, "%.4f an image", (double)cost / 1e6);
    } else if (model->prices.text_in >= 0) {
        snprintf(price, sizeof price, "%.2f in, %.2f out per 1M", model->prices.text_in,
                 model->prices.text_out >= 0 ? model->prices.text_out : model->prices.image_out);
    }
    printf("%-26s %-8s %-10s %-26s %s %s%s%s\n", model->id, model->provider,
           model->tasks & TASK_TEXT ? "text" : "images", price, state_of(model),
           model->shutdown ? model->shutdown : "", model->replacement ? ", use " : "",
           model->replacement ? model->replacement : "");
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct embedded *file = embed_find("assets/models.json");
    struct catalog *catalog;
    const struct model *model;

    (void)argc;
    (void)argv;
    if (!catalog_load((const char *)file->data, &catalog, err)) {
        return 0;
    }
    if (!setting_flag(settings, "json")) {
        printf("%-26s %-8s %-10s %-26s %s\n", "MODEL", "PROVIDER", "MAKES", "USD", "STATE");
    }
    for (int i = 0; (model = catalog_at(catalog, i)) != NULL; i++) {
        if (setting_flag(settings, "json")) {
            tell_json(model);
        } else {
            tell_line(model);
        }
    }
    catalog_free(catalog);
    return 0;
}

static const char *const settings_taken[] = { "json", NULL };

const struct command command_models = {
    .name = "models",
    .arguments = "",
    .summary = "list the models: what they make, cost, and until when they live",
    .examples = "  darkroom models\n  darkroom models --json | grep '\"shutdown\":\"'\n",
    .settings = settings_taken,
    .run = run,
};
