/* openai.c - OpenAI, and servers that speak its wire format (OPENAI_BASE_URL). */
#include "providers/openai.h"

static bool request(const struct model_request *order, struct op *op, struct error *err)
{
    return order->task == TASK_TEXT ? openai_text_ask(order, op, err)
                                    : openai_image_ask(order, op, err);
}

static enum read_result read_response(const struct model_request *order, struct op *op,
                                      struct model_result *out, struct error *err)
{
    if (op->http_response.status != 200) {
        openai_error(&op->http_response, order->model, err);
        return READ_FAILED;
    }
    return order->task == TASK_TEXT ? openai_text_read(order, op, out, err)
                                    : openai_image_read(order, op, out, err);
}

const struct provider provider_openai = {
    .name = "openai",
    .base_url = "https://api.openai.com/v1",
    .key_setting = "OPENAI_API_KEY",
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .request = request,
    .read_response = read_response,
    .preflight = openai_preflight,
    .read_preflight = openai_read_preflight,
    .batch = &openai_batch,
};
