/* openai.c - the OpenAI API, and servers that implement it completely (OPENAI_BASE_URL). */
#include "providers/openai.h"
#include "providers/response/response.h"

static bool request(const struct model_request *request, struct op *op, struct error *err)
{
    return request->task == TASK_TEXT ? openai_text_request(request, op, err)
                                      : openai_image_request(request, op, err);
}

const struct provider provider_openai = {
    .name = "openai",
    .title = "OpenAI",
    .base_url = "https://api.openai.com/v1",
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .settings = openai_settings,
    .request = request,
    .read_response = response_read,
    .preflight = openai_preflight,
    .read_preflight = openai_read_preflight,
    .list_models = openai_list_models,
    .read_models = openai_read_models,
    .batch = &openai_batch,
};
