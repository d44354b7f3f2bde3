/* model_choice.c - the model that a setting names, or the default of the provider. */
#include "app/model_choice.h"

#include <stdio.h>
#include <string.h>

#include "app/provider_endpoint.h"
#include "base/edit_distance.h"
#include "providers/provider.h"

enum { ID_BYTES = 160 };

/* The value of the provider's preset, or NULL. */
static const char *preset_of(const struct settings *settings, const char *name)
{
    const struct provider *provider = provider_find(name);
    const struct provider_setting *setting = provider ? provider->settings : NULL;

    for (; setting && setting->name; setting++) {
        if (setting->use == PROVIDER_PRESET) {
            return setting_text(settings, setting->name);
        }
    }
    return NULL;
}

const struct model *model_default(const struct settings *settings, const struct catalog *catalog,
                                  const char *provider, const char *use)
{
    const char *preset = preset_of(settings, provider);
    char key[ID_BYTES];

    if (!preset) {
        return catalog_default(catalog, provider, use);
    }
    snprintf(key, sizeof key, "%s/%s", provider, preset);
    return catalog_default(catalog, key, use);
}

/* `use` is a key of the defaults in models.json: image and edit need a model that makes images,
 * features and aplus one that writes text. */
static bool is_image_use(const char *use)
{
    return strcmp(use, "image") == 0 || strcmp(use, "edit") == 0;
}

/* Fails if the model cannot do what `use` needs, or the provider's settings exclude it. */
static bool check_use(const struct settings *settings, const struct model *model, const char *name,
                      const char *use, struct error *err)
{
    const struct provider *provider = provider_find(model->provider);
    enum task task = !is_image_use(use)         ? TASK_TEXT
                     : model->tasks & TASK_EDIT ? TASK_EDIT
                                                : TASK_IMAGE;
    struct endpoint at;

    if (!(model->tasks & task)) {
        error_set(err, ERROR_CONFIG, "model '%s' cannot %s", model->id,
                  is_image_use(use) ? "make images" : "write text");
        return error_hint(err, "Set --%s to a model that can: `darkroom models` lists them.", name);
    }
    provider_endpoint(settings, provider, &at);
    return provider_check_task(provider, &at, model, task, err);
}

bool model_choose(const struct settings *settings, struct catalog *catalog, const char *provider,
                  const char *name, const char *use, const struct model **out, struct error *err)
{
    const char *id = setting_text(settings, name), *preset = preset_of(settings, provider);
    const struct model *default_model = model_default(settings, catalog, provider, use);
    char long_id[ID_BYTES];

    *out = id ? catalog_find(catalog, id) : default_model;
    if (id && preset && default_model && (!*out || strcmp((*out)->provider, provider) != 0)) {
        snprintf(long_id, sizeof long_id, "%s/%s", preset, id);
        *out = catalog_find(catalog, long_id);
        if (!*out && !catalog_add_like(catalog, default_model, long_id, id, out, err)) {
            return false;
        }
    }
    if (id && !*out) {
        *out = catalog_add_dated(catalog, id);
    }
    if (!*out && preset && !default_model) {
        error_set(err, ERROR_CONFIG, "preset '%s' has no default model for %s", preset,
                  is_image_use(use) ? "images" : "text");
        return error_hint(err, is_image_use(use) ? "Set --%s." : "Set --text-provider.", name);
    }
    if (!*out) {
        error_set(err, ERROR_CONFIG, "model '%.60s' is not in the catalog", id ? id : use);
        return error_hint(err, "`darkroom models` lists those that are.");
    }
    if (strcmp((*out)->provider, provider) != 0) {
        return error_set(err, ERROR_CONFIG, "model '%s' belongs to provider '%s', not '%s'",
                         (*out)->id, (*out)->provider, provider);
    }
    return check_use(settings, *out, name, use, err);
}

/* Appends the qualities of a model that the list does not have yet. */
static void add_qualities(const struct model *model, struct closest_match *closest, char *out,
                          size_t size)
{
    for (int i = 0; i < model->quality_count; i++) {
        size_t used = strlen(out);
        char padded[40];

        closest_match_try(closest, model->qualities[i]);
        snprintf(padded, sizeof padded, "%s%.30s", used ? ", " : "", model->qualities[i]);
        if (used + strlen(padded) < size && !strstr(out, model->qualities[i])) {
            memcpy(out + used, padded, strlen(padded) + 1);
        }
    }
}

bool model_check_quality(const struct catalog *catalog, const struct model *model,
                         const char *quality, struct error *err)
{
    struct closest_match closest = { .to = quality };
    const struct model *at;
    char all[160] = "";

    if (!quality || catalog_quality(model, quality)) {
        return true;
    }
    add_qualities(model, &closest, all, sizeof all);
    for (int i = 0; model->quality_count < 2 && (at = catalog_at(catalog, i)); i++) {
        if (catalog_quality(at, quality)) {
            return true;
        }
        add_qualities(at, &closest, all, sizeof all);
    }
    if (model->quality_count == 0 && !all[0]) {
        return true; /* no model of the catalog has qualities */
    }
    error_set(err, ERROR_INPUT, "Invalid --quality '%.40s' for model '%s'.", quality, model->id);
    return closest.word
               ? error_hint(err, "The model takes: %s. Did you mean '%s'?", all, closest.word)
               : error_hint(err, "The model takes: %s.", all);
}
