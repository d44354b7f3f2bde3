/* openai_text.c - text with structured output: POST /v1/responses, or /v1/chat/completions for
 * models whose wire is "chat". */
#include <stdio.h>
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

static void read_usage(const cJSON *usage, const char *in, const char *in_details, const char *out,
                       struct usage *to)
{
    const cJSON *details = cJSON_GetObjectItemCaseSensitive(usage, in_details);

    if (!cJSON_IsObject(usage)) {
        return;
    }
    to->text_cached = json_peek_int(details, "cached_tokens", 0);
    to->text_in = json_peek_int(usage, in, 0);
    to->text_in -= to->text_cached < to->text_in ? to->text_cached : 0;
    to->text_out = json_peek_int(usage, out, 0);
    to->image_in = to->image_cached = to->image_out = 0;
}

static bool set_refused(const char *reason, struct error *err)
{
    return error_set(err, ERROR_REFUSED, "the text model declined this: %.240s", reason);
}

/* Finds the first text of the first message. Items of type reasoning precede it and have no text.
 */
static bool find_text(const cJSON *top, const char **out, struct error *err)
{
    const cJSON *output, *item, *content, *part;

    if (!json_array(top, "output", &output, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, output)
    {
        content = cJSON_GetObjectItemCaseSensitive(item, "content");
        cJSON_ArrayForEach(part, content)
        {
            const char *refusal = json_peek_text(part, "refusal");
            const char *text = json_peek_text(part, "text");

            if (refusal) {
                return set_refused(refusal, err);
            }
            if (text) {
                *out = text;
                return true;
            }
        }
    }
    return error_set(err, ERROR_REMOTE, "the response contains no text");
}

static bool read_responses(const cJSON *top, const struct model_request *request, const char **out,
                           struct error *err)
{
    const char *status = json_peek_text(top, "status");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");
    const cJSON *incomplete = cJSON_GetObjectItemCaseSensitive(top, "incomplete_details");
    const char *reason = json_peek_text(incomplete, "reason");

    if (cJSON_IsObject(error)) {
        openai_error_object(request->at, request->model, error, 500, err);
        return false;
    }
    if (status && strcmp(status, "incomplete") == 0) {
        if (reason && strcmp(reason, "content_filter") == 0) {
            return set_refused("its content filter stopped the answer", err);
        }
        return error_set(err, ERROR_OUTPUT, "the text model did not finish (%.60s)",
                         reason ? reason : "no reason given");
    }
    if (!status || strcmp(status, "completed") != 0) {
        return error_set(err, ERROR_REMOTE, "the response has status '%.40s', not completed",
                         status ? status : "none");
    }
    return find_text(top, out, err);
}

static bool read_chat(const cJSON *top, const char **out, struct error *err)
{
    const cJSON *choices, *choice, *message;
    const char *refusal, *reason;

    if (!json_array(top, "choices", &choices, err)) {
        return false;
    }
    choice = cJSON_GetArrayItem(choices, 0);
    message = cJSON_GetObjectItemCaseSensitive(choice, "message");
    refusal = json_peek_text(message, "refusal");
    reason = json_peek_text(choice, "finish_reason");
    if (refusal || (reason && strcmp(reason, "content_filter") == 0)) {
        return set_refused(refusal ? refusal : "its content filter stopped the answer", err);
    }
    if (reason && strcmp(reason, "length") == 0) {
        return error_set(err, ERROR_OUTPUT, "the text model did not finish (length)");
    }
    *out = json_peek_text(message, "content");
    return *out || error_set(err, ERROR_REMOTE, "the response contains no text");
}

enum read_result openai_text_read(const struct model_request *request, struct op *op,
                                  struct model_result *out, struct error *err)
{
    struct http_response *response = &op->http_response;
    const char *text = NULL;
    const cJSON *usage;
    cJSON *top;
    bool good;

    if (!json_parse(response->body.data, response->body.size, "the response", &top, err)) {
        return READ_FAILED;
    }
    usage = cJSON_GetObjectItemCaseSensitive(top, "usage");
    if (is_chat(request)) {
        read_usage(usage, "prompt_tokens", "prompt_tokens_details", "completion_tokens",
                   &out->usage);
        good = read_chat(top, &text, err);
    } else {
        read_usage(usage, "input_tokens", "input_tokens_details", "output_tokens", &out->usage);
        good = read_responses(top, request, &text, err);
    }
    good = good && (text[0] || error_set(err, ERROR_REMOTE, "the response contains no text")) &&
           blob_copy(&out->content, text, strlen(text), err);
    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    snprintf(out->content_type, sizeof out->content_type, "application/json");
    cJSON_Delete(top);
    return good ? READ_DONE : READ_FAILED;
}
