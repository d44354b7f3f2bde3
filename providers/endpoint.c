/* endpoint.c - URL and headers of a request, from the settings of its provider. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "providers/provider.h"

static const struct provider_setting *key_setting(const struct provider *provider)
{
    const struct provider_setting *setting = provider->settings;

    while (setting && setting->name && setting->use != PROVIDER_KEY) {
        setting++;
    }
    return setting && setting->name ? setting : NULL;
}

const char *provider_key_variable(const struct provider *provider)
{
    static _Thread_local char out[64];
    const struct provider_setting *setting = key_setting(provider);

    if (!setting) {
        return NULL;
    }
    if (setting->variables) {
        snprintf(out, sizeof out, "%.*s", (int)strcspn(setting->variables, " "),
                 setting->variables);
        return out;
    }
    snprintf(out, sizeof out, "DARKROOM_%s", setting->name);
    for (char *c = out; *c; c++) {
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    }
    return out;
}

bool provider_check(const struct provider *provider, const struct endpoint *at, struct error *err)
{
    if (provider->check) {
        return provider->check(at, err);
    }
    if (!key_setting(provider) || secret_is_set(at->key)) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "provider '%s' has no key", provider->name);
    return error_hint(err, "Set %s, or use --provider offline to try without a key.",
                      provider_key_variable(provider));
}

void provider_headers(const struct endpoint *at, struct op *op)
{
    const struct provider_setting *settings = at->provider->settings;

    for (int i = 0; settings && settings[i].name; i++) {
        if (settings[i].use == PROVIDER_HEADER && at->values[i]) {
            op_header(op, settings[i].header, at->values[i]);
        }
    }
}

/* The path of a URL ("/v1"), up to its query, without slashes at its end. */
static const char *path_of(const char *url, size_t *size)
{
    const char *host = strstr(url, "://");
    const char *start = host ? host + 3 : url, *path = start + strcspn(start, "/?");

    *size = strcspn(path, "?");
    while (*size > 0 && path[*size - 1] == '/') {
        --*size;
    }
    return path;
}

const char *provider_base_url(const char *url, const char *model, struct arena *arena)
{
    size_t size, model_size = 0;
    const char *path = path_of(url, &size);
    const char *model_path = model ? path_of(model, &model_size) : "";

    if (size > 0 || model_size == 0) {
        return url;
    }
    return arena_printf(arena, "%.*s%.*s%s", (int)(path - url), url, (int)model_size, model_path,
                        path + strcspn(path, "?"));
}

const char *provider_url(const struct endpoint *at, const char *path, struct arena *arena)
{
    const char *base = at->base_url ? at->base_url : at->provider->base_url;
    const char *query;
    size_t size;

    if (!base) {
        return path;
    }
    base = provider_base_url(base, at->provider->base_url, arena);
    size = strcspn(base, "?");
    query = base + size;
    while (size > 0 && base[size - 1] == '/') {
        size--;
    }
    if (query[0] && strchr(path, '?')) {
        return arena_printf(arena, "%.*s%s&%s", (int)size, base, path, query + 1);
    }
    return arena_printf(arena, "%.*s%s%s", (int)size, base, path, query);
}
