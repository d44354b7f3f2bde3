/* openai.c - OpenAI, and servers that speak its wire format (OPENAI_BASE_URL). */
#include "providers/openai.h"

static bool ask(const struct order *order, struct op *op, struct error *err)
{
    return order->task == TASK_TEXT ? openai_text_ask(order, op, err)
                                    : openai_image_ask(order, op, err);
}

static enum reading read(const struct order *order, struct op *op, struct result *out,
                         struct error *err)
{
    if (op->http_response.status != 200) {
        openai_error(&op->http_response, order->model, err);
        return READING_FAILED;
    }
    return order->task == TASK_TEXT ? openai_text_read(order, op, out, err)
                                    : openai_image_read(order, op, out, err);
}

const struct provider provider_openai = {
    .name = "openai",
    .base_url = "https://api.openai.com/v1",
    .key_setting = "OPENAI_API_KEY",
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .ask = ask,
    .read = read,
    .look = openai_look,
    .looked = openai_looked,
    .batch = &openai_batch,
};
