/* openai_request.c - URL, method and headers that all requests to OpenAI share. */
#include "providers/openai.h"

void openai_sign(const struct endpoint *at, struct op *op, const char *path, struct arena *arena)
{
    const struct provider *openai = provider_find("openai");

    op->kind = OP_HTTP;
    op->http.method = "GET";
    op->http.url = provider_url(openai, at, path, arena);
    if (secret_is_set(at->key)) {
        op_secret_header(op, "authorization", "Bearer ", at->key);
    }
    provider_headers(openai, at, op);
}

void openai_begin(const struct model_request *request, struct op *op, const char *path)
{
    openai_sign(request->at, op, path, request->arena);
    op->http.method = "POST";
}
