/* openai.c - the OpenAI API, and servers that implement it completely (OPENAI_BASE_URL). */
#include "providers/openai.h"

static bool request(const struct model_request *request, struct op *op, struct error *err)
{
    return request->task == TASK_TEXT ? openai_text_request(request, op, err)
                                      : openai_image_request(request, op, err);
}

static enum read_result read_response(const struct model_request *request, struct op *op,
                                      struct model_result *out, struct error *err)
{
    if (op->http_response.status != 200) {
        openai_error(request->at, request->model, &op->http_response, err);
        return READ_FAILED;
    }
    return request->task == TASK_TEXT ? openai_text_read(request, op, out, err)
                                      : openai_image_read(request, op, out, err);
}

const struct provider provider_openai = {
    .name = "openai",
    .title = "OpenAI",
    .base_url = "https://api.openai.com/v1",
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .settings = openai_settings,
    .request = request,
    .read_response = read_response,
    .preflight = openai_preflight,
    .read_preflight = openai_read_preflight,
    .list_models = openai_list_models,
    .read_models = openai_read_models,
    .batch = &openai_batch,
};
