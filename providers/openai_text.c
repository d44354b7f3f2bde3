/* openai_text.c - text with structured output: POST /v1/responses, or /v1/chat/completions for
 * models whose wire is "chat". */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "providers/openai.h"

enum { RESPONSE_MAX = 4 << 20 };

static const struct chat_form chat_form = { "developer", "max_completion_tokens" };

static bool is_chat(const struct model_request *request)
{
    return strcmp(request->model->wire, "chat") == 0;
}

static cJSON *json_schema(const struct model_request *request)
{
    cJSON *format = cJSON_CreateObject();

    cJSON_AddStringToObject(format, "name", request->schema_name);
    cJSON_AddBoolToObject(format, "strict", true);
    cJSON_AddItemToObject(format, "schema", cJSON_Parse(request->schema));
    return format;
}

static void add_message(cJSON *list, const char *role, const char *content)
{
    cJSON *message = cJSON_CreateObject();

    cJSON_AddStringToObject(message, "role", role);
    cJSON_AddStringToObject(message, "content", content);
    cJSON_AddItemToArray(list, message);
}

void openai_chat_fill(const struct model_request *request, const struct chat_form *form,
                      cJSON *body)
{
    cJSON *messages = cJSON_AddArrayToObject(body, "messages");
    cJSON *format;

    if (request->instructions) {
        add_message(messages, form->system_role, request->instructions);
    }
    add_message(messages, "user", request->prompt);
    if (request->schema) {
        format = cJSON_AddObjectToObject(body, "response_format");
        cJSON_AddStringToObject(format, "type", "json_schema");
        cJSON_AddItemToObject(format, "json_schema", json_schema(request));
    }
    if (request->max_output_tokens > 0) {
        cJSON_AddNumberToObject(body, form->max_tokens, request->max_output_tokens);
    }
}

/* Adds a photo as a data URL, so that the server need not fetch it. */
static bool add_photo(const struct model_request *request, const struct request_photo *photo,
                      cJSON *content, struct error *err)
{
    cJSON *part = cJSON_CreateObject();
    struct blob base64;

    cJSON_AddItemToArray(content, part);
    if (!base64_encode(photo->bytes.data, photo->bytes.size, &base64, err)) {
        return false;
    }
    cJSON_AddStringToObject(part, "type", "input_image");
    cJSON_AddStringToObject(part, "image_url",
                            arena_printf(request->arena, "data:%s;base64,%.*s", photo->content_type,
                                         (int)base64.size, (const char *)base64.data));
    cJSON_AddStringToObject(part, "detail", "auto");
    blob_free(&base64);
    return true;
}

static bool fill_responses_body(const struct model_request *request, cJSON *body, struct error *err)
{
    cJSON *input = cJSON_AddArrayToObject(body, "input"), *message, *content, *part, *format;

    if (request->instructions) {
        cJSON_AddStringToObject(body, "instructions", request->instructions);
    }
    message = cJSON_CreateObject();
    cJSON_AddItemToArray(input, message);
    cJSON_AddStringToObject(message, "role", "user");
    content = cJSON_AddArrayToObject(message, "content");
    part = cJSON_CreateObject();
    cJSON_AddItemToArray(content, part);
    cJSON_AddStringToObject(part, "type", "input_text");
    cJSON_AddStringToObject(part, "text", request->prompt);
    for (int i = 0; i < request->photo_count; i++) {
        if (!add_photo(request, &request->photos[i], content, err)) {
            return false;
        }
    }
    if (request->schema) {
        format = json_schema(request);
        cJSON_AddStringToObject(format, "type", "json_schema");
        cJSON_AddItemToObject(cJSON_AddObjectToObject(body, "text"), "format", format);
    }
    if (request->max_output_tokens > 0) {
        cJSON_AddNumberToObject(body, "max_output_tokens", request->max_output_tokens);
    }
    cJSON_AddBoolToObject(body, "store", false);
    return true;
}

bool openai_text_request(const struct model_request *request, struct op *op, struct error *err)
{
    cJSON *body = cJSON_CreateObject();
    const char *text;
    bool good = true;

    cJSON_AddStringToObject(body, "model", request->model->id);
    if (is_chat(request)) {
        openai_chat_fill(request, &chat_form, body);
    } else {
        good = fill_responses_body(request, body, err);
    }
    text = json_print(body, request->arena);
    cJSON_Delete(body);
    if (!good) {
        return false;
    }
    openai_begin(request, op, is_chat(request) ? "/chat/completions" : "/responses");
    op_header(op, "content-type", "application/json");
    op->http.body = blob_text(text);
    op->http.max_response_bytes = RESPONSE_MAX;
    return true;
}
