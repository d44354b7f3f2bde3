/* openai_request.c - where a request goes, and in whose name. */
#include "providers/openai.h"

void openai_sign(const struct endpoint *at, struct op *op, const char *path, struct arena *arena)
{
    op->kind = OP_HTTP;
    op->http.method = "GET";
    op->http.url =
        arena_printf(arena, "%s%s", at->base_url ? at->base_url : provider_find("openai")->base_url,
                     path);
    if (secret_is_set(at->key)) {
        op_secret_header(op, "authorization", "Bearer ", at->key);
    }
    if (at->organization) {
        op_header(op, "openai-organization", at->organization);
    }
    if (at->project) {
        op_header(op, "openai-project", at->project);
    }
}

void openai_begin(const struct model_request *order, struct op *op, const char *path)
{
    openai_sign(order->at, op, path, order->arena);
    op->http.method = "POST";
}
