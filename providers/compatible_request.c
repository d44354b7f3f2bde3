/* compatible_request.c - preset, URL, method and headers of all requests to a compatible server. */
#include "providers/compatible.h"

bool compatible_preset_of(const struct endpoint *at, struct compatible_preset *out,
                          struct error *err)
{
    return compatible_preset_load(at->values[COMPATIBLE_PRESET], out, err);
}

void compatible_begin(const struct compatible_preset *preset, const struct endpoint *at,
                      const char *method, const char *path, struct arena *arena, struct op *op)
{
    struct endpoint here = *at;

    here.base_url = preset->base_url;
    if (at->base_url) {
        here.base_url =
            provider_base_url(at->base_url, preset->base_url ? preset->base_url : "https://host/v1",
                              arena);
    }
    op->kind = OP_HTTP;
    op->http.method = method;
    op->http.url = provider_url(&here, path, arena);
    if (preset->key_header && secret_is_set(at->key)) {
        op_secret_header(op, arena_text(arena, preset->key_header),
                         arena_text(arena, preset->key_prefix), at->key);
    }
}
