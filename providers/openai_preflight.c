/* openai_preflight.c - how a model stands with the account, before anything is paid. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "providers/openai.h"

enum { ANSWER_BYTES = 1 << 20, TIMEOUT_MS = 20 * 1000 };

void openai_preflight(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op)
{
    openai_sign(at, op, arena_printf(arena, "/models/%s", model->id), arena);
    op->http.max_response_bytes = ANSWER_BYTES;
    op->timeout_ms = TIMEOUT_MS;
}

/* A server that speaks the API in part has no such route, and says 404 to that in its own way. */
static bool knows_no_such_model(const struct http_response *got)
{
    struct error ignored;
    const char *code;
    cJSON *top;
    bool knows;

    if (!json_parse(got->body.data, got->body.size, "the answer", &top, &ignored)) {
        return false;
    }
    code = json_peek_text(cJSON_GetObjectItemCaseSensitive(top, "error"), "code");
    knows = code && strcmp(code, "model_not_found") == 0;
    cJSON_Delete(top);
    return knows;
}

static bool is_over(const struct http_response *got, const struct model *model, int64_t now_ms,
                    struct error *err)
{
    struct error ignored;
    const char *date;
    int64_t end = -1;
    cJSON *top;
    bool over;

    if (!json_parse(got->body.data, got->body.size, "the answer", &top, &ignored)) {
        return false; /* whatever this is, the real request will tell */
    }
    date = json_peek_text(top, "shutdown_date");
    if (date) {
        end = clock_parse_date(date);
    }
    over = end > 0 && end <= now_ms;
    if (over) {
        error_set(err, ERROR_CONFIG, "by its provider's word, model '%s' was shut down on %.10s",
                  model->id, date);
        error_hint(err, "Change to '%.60s'.",
                   model->replacement ? model->replacement : "another: `darkroom models`");
    }
    cJSON_Delete(top);
    return over;
}

bool openai_read_preflight(const struct endpoint *at, const struct model *model,
                           const struct op *op, int64_t now_ms, struct model_status *out,
                           struct error *err)
{
    const struct http_response *got = &op->http_response;

    *out = (struct model_status){ .requests_a_minute = -1 };
    if (op->error.kind != ERROR_NONE) {
        *err = op->error;
        return false;
    }
    if (got->status == 200) {
        out->known = true;
        out->requests_a_minute = got->limit_requests;
        return !is_over(got, model, now_ms, err);
    }
    if (got->status == 401 || got->status == 403 ||
        (got->status == 404 && knows_no_such_model(got))) {
        openai_error(at, model, got, err);
        return false;
    }
    return true; /* busy, or without this route: nothing is known, and nothing is wrong */
}
