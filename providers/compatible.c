/* compatible.c - servers with an API like OpenAI's that differ in key header, size, parameters,
 * form of the result, or errors. A preset (assets/provider-presets.json) describes each. */
#include <string.h>

#include "providers/compatible.h"
#include "providers/openai.h"
#include "providers/response/response.h"

enum { RESPONSE_BYTES = 4 << 20, TIMEOUT_MS = 20 * 1000 };

static bool check(const struct endpoint *at, struct error *err)
{
    struct compatible_preset preset;
    bool good = true;

    if (!compatible_preset_of(at, &preset, err)) {
        return false;
    }
    if (!at->base_url && !preset.base_url) {
        error_set(err, ERROR_CONFIG, "preset '%s' needs the address of the server",
                  at->values[COMPATIBLE_PRESET]);
        good = error_hint(err, "Set --compatible-base-url, for example https://HOST/v1.");
    } else if (preset.key_header && !secret_is_set(at->key)) {
        error_set(err, ERROR_CONFIG, "provider '%s' has no key", at->provider->name);
        good = error_hint(err, "Set %s.", provider_key_variable(at->provider));
    }
    compatible_preset_free(&preset);
    return good;
}

static bool check_task(const struct endpoint *at, enum task task, struct error *err)
{
    struct compatible_preset preset;
    bool good;

    if (!compatible_preset_of(at, &preset, err)) {
        return false;
    }
    good = task == TASK_TEXT ? preset.system_role != NULL
                             : task != TASK_EDIT || preset.edits != EDIT_NONE;
    compatible_preset_free(&preset);
    return good || provider_cannot("preset", at->values[COMPATIBLE_PRESET], task, err);
}

/* The text of a chat request; models of this provider have the wire "chat". */
static void text_request(const struct compatible_preset *preset,
                         const struct model_request *request, struct op *op)
{
    struct chat_form form = { preset->system_role, preset->max_tokens };
    cJSON *body = cJSON_CreateObject();

    if (preset->sends_model) {
        cJSON_AddStringToObject(body, "model", model_api_id(request->model));
    }
    openai_chat_fill(request, &form, body);
    compatible_begin(preset, request->at, "POST", "/chat/completions", request->arena, op);
    op_header(op, "content-type", "application/json");
    op->http.body = blob_text(json_print(body, request->arena));
    op->http.max_response_bytes = RESPONSE_BYTES;
    cJSON_Delete(body);
}

static bool request(const struct model_request *request, struct op *op, struct error *err)
{
    struct compatible_preset preset;
    bool good = true;

    if (!compatible_preset_of(request->at, &preset, err)) {
        return false;
    }
    if (request->task == TASK_TEXT) {
        text_request(&preset, request, op);
    } else {
        good = compatible_image_request(&preset, request, op, err);
    }
    compatible_preset_free(&preset);
    return good;
}

static void preflight(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op)
{
    struct compatible_preset preset;
    struct error ignored; /* provider_check has accepted the preset */

    (void)model;
    if (compatible_preset_of(at, &preset, &ignored)) {
        compatible_begin(&preset, at, "GET", "/models", arena, op);
        compatible_preset_free(&preset);
    }
    op->http.max_response_bytes = RESPONSE_BYTES;
    op->timeout_ms = TIMEOUT_MS;
}

/* Servers differ in what they list, so the list is not searched for the model. */
static bool read_preflight(const struct endpoint *at, const struct model *model,
                           const struct op *op, int64_t now_ms, struct model_status *out,
                           struct error *err)
{
    const struct http_response *response = &op->http_response;

    (void)now_ms;
    *out = (struct model_status){ .requests_a_minute = -1 };
    if (op->error.kind != ERROR_NONE) {
        *err = op->error;
        return false;
    }
    if (response->status == 401 || response->status == 403) {
        response_error(at, model, response, err);
        return false;
    }
    out->known = response->status == 200;
    out->requests_a_minute = out->known ? response->limit_requests : -1;
    return true;
}

static const struct provider_setting settings[] = {
    [COMPATIBLE_PRESET] = { .name = "compatible-preset",
                            .use = PROVIDER_PRESET,
                            .argument = "NAME",
                            .help =
                                "form of the server: azure-v1, recraft, xai, sd-server, together, "
                                "dalle2-compatible or dalle3-compatible" },
    [COMPATIBLE_KEY] = { .name = "compatible-key",
                         .use = PROVIDER_KEY,
                         .help = "the API key of the OpenAI-compatible server" },
    [COMPATIBLE_BASE_URL] = { .name = "compatible-base-url",
                              .use = PROVIDER_BASE_URL,
                              .argument = "URL",
                              .help = "address of the OpenAI-compatible server, up to /v1" },
    { .name = NULL },
};

const struct provider provider_compatible = {
    .name = "openai-compatible",
    .title = "the compatible server",
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .settings = settings,
    .check = check,
    .check_task = check_task,
    .request = request,
    .read_response = response_read,
    .preflight = preflight,
    .read_preflight = read_preflight,
};
