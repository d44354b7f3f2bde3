/* openai_request.c - settings of OpenAI, and URL, method and headers of all requests to it. */
#include "providers/openai.h"

const struct provider_setting openai_settings[] = {
    { .name = "openai-key",
      .use = PROVIDER_KEY,
      .variables = "OPENAI_API_KEY",
      .help = "the API key of OpenAI" },
    { .name = "openai-base-url",
      .use = PROVIDER_BASE_URL,
      .variables = "OPENAI_BASE_URL",
      .argument = "URL",
      .help = "another server that implements the OpenAI API" },
    { .name = "openai-org",
      .use = PROVIDER_HEADER,
      .header = "openai-organization",
      .variables = "OPENAI_ORG_ID OPENAI_ORGANIZATION",
      .argument = "ID",
      .help = "the OpenAI organization that is billed" },
    { .name = "openai-project",
      .use = PROVIDER_HEADER,
      .header = "openai-project",
      .variables = "OPENAI_PROJECT_ID OPENAI_PROJECT",
      .argument = "ID",
      .help = "the OpenAI project that is billed" },
    { .name = NULL },
};

void openai_sign(const struct endpoint *at, struct op *op, const char *path, struct arena *arena)
{
    op->kind = OP_HTTP;
    op->http.method = "GET";
    op->http.url = provider_url(at, path, arena);
    if (secret_is_set(at->key)) {
        op_secret_header(op, "authorization", "Bearer ", at->key);
    }
    provider_headers(at, op);
}

void openai_begin(const struct model_request *request, struct op *op, const char *path)
{
    openai_sign(request->at, op, path, request->arena);
    op->http.method = "POST";
}
