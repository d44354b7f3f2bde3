/* openai_preflight.c - asks at no cost whether the account may use a model: GET /models/{model}. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "providers/openai.h"
#include "providers/response/response.h"

enum { RESPONSE_BYTES = 1 << 20, TIMEOUT_MS = 20 * 1000 };

void openai_preflight(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op)
{
    openai_sign(at, op, arena_printf(arena, "/models/%s", model->id), arena);
    op->http.max_response_bytes = RESPONSE_BYTES;
    op->timeout_ms = TIMEOUT_MS;
}

/* True if the response contains a shutdown date that has passed; sets err. */
static bool is_shut_down(const struct http_response *response, const struct model *model,
                         int64_t now_ms, struct error *err)
{
    struct error ignored;
    const char *date;
    int64_t end = -1;
    cJSON *top;
    bool passed;

    if (!json_parse(response->body.data, response->body.size, "the response", &top, &ignored)) {
        return false; /* not an error here: the paid request reports what is wrong */
    }
    date = json_peek_text(top, "shutdown_date");
    if (date) {
        end = clock_parse_date(date);
    }
    passed = end > 0 && end <= now_ms;
    if (passed) {
        error_set(err, ERROR_CONFIG, "the provider has shut down model '%s' on %.10s", model->id,
                  date);
        error_hint(err, "Change to '%.60s'.",
                   model->replacement ? model->replacement : "another: `darkroom models`");
        err->cause = ERROR_CAUSE_MODEL_GONE;
    }
    cJSON_Delete(top);
    return passed;
}

bool openai_read_preflight(const struct endpoint *at, const struct model *model,
                           const struct op *op, int64_t now_ms, struct model_status *out,
                           struct error *err)
{
    const struct http_response *response = &op->http_response;
    struct error answer;

    *out = (struct model_status){ .requests_a_minute = -1 };
    if (op->error.kind != ERROR_NONE) {
        *err = op->error;
        return false;
    }
    if (response->status == 200) {
        out->known = true;
        out->requests_a_minute = response->limit_requests;
        return !is_shut_down(response, model, now_ms, err);
    }
    response_error(at, model, response, &answer);
    if (response->status == 401 || response->status == 403 ||
        answer.cause == ERROR_CAUSE_MODEL_GONE) {
        *err = answer;
        return false;
    }
    return true; /* busy, or a server without this route: unknown, but not an error */
}

void openai_list_models(const struct endpoint *at, struct arena *arena, struct op *op)
{
    openai_sign(at, op, "/models", arena);
    op->http.max_response_bytes = RESPONSE_BYTES;
    op->timeout_ms = TIMEOUT_MS;
}

bool openai_read_models(const struct endpoint *at, const struct op *op, struct listed_model *out,
                        int capacity, int *count, struct error *err)
{
    const struct http_response *response = &op->http_response;
    const cJSON *data, *item;
    cJSON *top;

    *count = 0;
    if (response->status != 200) {
        return error_set(err, ERROR_REMOTE, "%s does not list its models (HTTP %d)",
                         at->provider->title, response->status);
    }
    if (!json_parse(response->body.data, response->body.size, "the list of models", &top, err)) {
        return false;
    }
    data = cJSON_GetObjectItemCaseSensitive(top, "data");
    cJSON_ArrayForEach(item, data)
    {
        const char *id = json_peek_text(item, "id"), *date = json_peek_text(item, "shutdown_date");

        if (id && strlen(id) < sizeof out->id && *count < capacity) {
            struct listed_model *row = &out[(*count)++];

            snprintf(row->id, sizeof row->id, "%s", id);
            snprintf(row->shutdown, sizeof row->shutdown, "%.10s", date ? date : "");
        }
    }
    cJSON_Delete(top);
    return true;
}
