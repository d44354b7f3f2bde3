/* texts.c - /v1/responses and /v1/chat/completions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "standin/openai/schema_sample.h"
#include "standin/openai/translation_sample.h"
#include "standin/standin_internal.h"

static const char *const response_fields[] = { "model",
                                               "instructions",
                                               "input",
                                               "text",
                                               "reasoning",
                                               "max_output_tokens",
                                               "store",
                                               "background",
                                               "conversation",
                                               "include",
                                               "max_tool_calls",
                                               "metadata",
                                               "parallel_tool_calls",
                                               "previous_response_id",
                                               "prompt",
                                               "prompt_cache_key",
                                               "prompt_cache_options",
                                               "prompt_cache_retention",
                                               "safety_identifier",
                                               "service_tier",
                                               "stream",
                                               "stream_options",
                                               "temperature",
                                               "tool_choice",
                                               "tools",
                                               "top_logprobs",
                                               "top_p",
                                               "truncation",
                                               "user",
                                               NULL };
static const char *const chat_fields[] = { "model",
                                           "messages",
                                           "max_completion_tokens",
                                           "response_format",
                                           "reasoning_effort",
                                           "verbosity",
                                           "audio",
                                           "frequency_penalty",
                                           "function_call",
                                           "functions",
                                           "logit_bias",
                                           "logprobs",
                                           "metadata",
                                           "modalities",
                                           "moderation",
                                           "n",
                                           "parallel_tool_calls",
                                           "prediction",
                                           "presence_penalty",
                                           "prompt_cache_key",
                                           "prompt_cache_options",
                                           "prompt_cache_retention",
                                           "safety_identifier",
                                           "seed",
                                           "service_tier",
                                           "stop",
                                           "store",
                                           "stream",
                                           "stream_options",
                                           "temperature",
                                           "tool_choice",
                                           "tools",
                                           "top_logprobs",
                                           "top_p",
                                           "user",
                                           "web_search_options",
                                           NULL };

static bool is_chat(const struct standin_request *request)
{
    return strcmp(request->route, "chat") == 0;
}

/* Returns text.format of a response, or response_format.json_schema of a chat completion. */
static const cJSON *format_of(const struct standin_request *request)
{
    const cJSON *at = request->tree;

    at = cJSON_GetObjectItemCaseSensitive(at, is_chat(request) ? "response_format" : "text");
    return is_chat(request) ? cJSON_GetObjectItemCaseSensitive(at, "json_schema")
                            : cJSON_GetObjectItemCaseSensitive(at, "format");
}

static bool refuse(struct standin_request *request, const char *code, const char *param,
                   const char *why)
{
    return answer_refuse(&request->answer,
                         &(struct refusal){ .status = 400, .code = code, .param = param }, "%s",
                         why);
}

static bool check_fields(struct standin_request *request)
{
    const char *const *known = is_chat(request) ? chat_fields : response_fields;
    const char *input = is_chat(request) ? "messages" : "input";
    const cJSON *field;
    char why[200];

    cJSON_ArrayForEach(field, request->tree)
    {
        if (is_chat(request) && strcmp(field->string, "max_tokens") == 0) {
            return refuse(request, "unsupported_parameter", "max_tokens",
                          "Unsupported parameter: 'max_tokens' is not supported with this model. "
                          "Use 'max_completion_tokens' instead.");
        }
        if (word_index(known, field->string) < 0) {
            snprintf(why, sizeof why, "Unknown parameter: '%.100s'.", field->string);
            return refuse(request, "unknown_parameter", field->string, why);
        }
    }
    field = cJSON_GetObjectItemCaseSensitive(request->tree, input);
    if (!field || !(cJSON_IsArray(field) || (cJSON_IsString(field) && !is_chat(request))) ||
        (cJSON_IsArray(field) && !field->child)) {
        snprintf(why, sizeof why, "Missing required parameter: '%s'.", input);
        return refuse(request, "missing_required_parameter", input, why);
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->tree, "stream"))) {
        return refuse(request, "unsupported_value", "stream", "The stand-in does not stream text.");
    }
    return true;
}

/* Refuses content parts with a type of the other API. */
static bool check_parts(struct standin_request *request)
{
    static const char *const chat_parts[] = { "text", "image_url", "input_audio",
                                              "file", "refusal",   NULL };
    static const char *const parts[] = { "input_text",  "input_image", "input_file",
                                         "output_text", "refusal",     NULL };
    const char *name = is_chat(request) ? "messages" : "input", *type;
    const cJSON *message, *part;
    char why[200];

    cJSON_ArrayForEach(message, cJSON_GetObjectItemCaseSensitive(request->tree, name))
    {
        const cJSON *content = cJSON_GetObjectItemCaseSensitive(message, "content");

        cJSON_ArrayForEach(part, content)
        {
            type = json_peek_text(part, "type");
            if (!type || word_index(is_chat(request) ? chat_parts : parts, type) < 0) {
                snprintf(why, sizeof why, "Invalid value: '%.60s'.", type ? type : "");
                return refuse(request, "invalid_value", name, why);
            }
        }
    }
    return true;
}

/* Strict schemas require every property and allow no additional ones. */
static bool check_schema(struct standin_request *request, const cJSON *schema, int depth)
{
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties"), *child;
    const cJSON *more = cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties");
    const cJSON *required = cJSON_GetObjectItemCaseSensitive(schema, "required");
    const char *param = is_chat(request) ? "response_format" : "text.format.schema";

    if (depth > 20) {
        return refuse(request, "invalid_json_schema", param, "The schema nests too deep.");
    }
    if (properties &&
        (!cJSON_IsFalse(more) || cJSON_GetArraySize(required) != cJSON_GetArraySize(properties))) {
        return refuse(request, "invalid_json_schema", param,
                      "Invalid schema for response_format: 'required' is required to be supplied "
                      "and to be an array including every key in properties, and "
                      "'additionalProperties' is required to be false.");
    }
    cJSON_ArrayForEach(child, schema)
    {
        if ((cJSON_IsObject(child) || cJSON_IsArray(child)) &&
            !check_schema(request, child, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool check_format(struct standin_request *request)
{
    const cJSON *format = format_of(request);
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(format, "schema");
    const char *name = json_peek_text(format, "name"), *type;
    const char *param = is_chat(request) ? "response_format" : "text.format";
    size_t good;

    if (!schema) {
        return true;
    }
    good =
        name ? strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") : 0;
    if (!name || good != strlen(name) || good == 0 || good > 64) {
        return refuse(request, "invalid_value", param, "Invalid name of the schema.");
    }
    type = json_peek_text(schema, "type");
    if (!type || strcmp(type, "object") != 0) {
        return refuse(request, "invalid_json_schema", param,
                      "Invalid schema: schema must be a JSON Schema of 'type: \"object\"'.");
    }
    return !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(format, "strict")) ||
           check_schema(request, schema, 0);
}

static char *make_text(struct standin_request *request)
{
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(format_of(request), "schema");
    char *printed = cJSON_PrintUnformatted(request->tree), *out;
    uint64_t seed = printed ? hash_bytes(printed, strlen(printed)) : 0;
    const char *name;
    cJSON *made;

    cJSON_free(printed);
    if (!schema) {
        return xstrdup("A calm, steady product for everyday use at home and on the way.");
    }
    name = json_peek_text(format_of(request), "name");
    made = name && strcmp(name, "translation") == 0 ? translation_sample_make(request->tree)
                                                    : schema_sample_make(schema, seed);
    out = cJSON_PrintUnformatted(made);
    cJSON_Delete(made);
    return out ? out : xstrdup("{}");
}

struct text_reply {
    char *text;
    bool refusal, cut;
    int64_t in, out; /* tokens */
};

static cJSON *response_json(const struct standin_request *request, const struct text_reply *reply)
{
    cJSON *object = cJSON_CreateObject(), *output, *item, *part, *usage;

    cJSON_AddStringToObject(object, "id", request->record.request_id);
    cJSON_AddStringToObject(object, "object", "response");
    cJSON_AddNumberToObject(object, "created_at", (double)time(NULL));
    cJSON_AddStringToObject(object, "status", reply->cut ? "incomplete" : "completed");
    cJSON_AddNullToObject(object, "error");
    if (reply->cut) {
        item = cJSON_AddObjectToObject(object, "incomplete_details");
        cJSON_AddStringToObject(item, "reason", "max_output_tokens");
    } else {
        cJSON_AddNullToObject(object, "incomplete_details");
    }
    cJSON_AddStringToObject(object, "model", request->record.model);
    output = cJSON_AddArrayToObject(object, "output");
    cJSON_AddItemToArray(output, item = cJSON_CreateObject()); /* the reasoning item is first */
    cJSON_AddStringToObject(item, "type", "reasoning");
    cJSON_AddStringToObject(item, "id", "rs_1");
    cJSON_AddArrayToObject(item, "summary");
    if (request->fault.kind != FAULT_EMPTY) {
        cJSON_AddItemToArray(output, item = cJSON_CreateObject());
        cJSON_AddStringToObject(item, "type", "message");
        cJSON_AddStringToObject(item, "id", "msg_1");
        cJSON_AddStringToObject(item, "role", "assistant");
        cJSON_AddStringToObject(item, "status", reply->cut ? "incomplete" : "completed");
        cJSON_AddItemToArray(cJSON_AddArrayToObject(item, "content"), part = cJSON_CreateObject());
        cJSON_AddStringToObject(part, "type", reply->refusal ? "refusal" : "output_text");
        cJSON_AddStringToObject(part, reply->refusal ? "refusal" : "text", reply->text);
        if (!reply->refusal) {
            cJSON_AddArrayToObject(part, "annotations");
        }
    }
    usage = cJSON_AddObjectToObject(object, "usage");
    cJSON_AddNumberToObject(usage, "input_tokens", (double)reply->in);
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(usage, "input_tokens_details"), "cached_tokens",
                            0);
    cJSON_AddNumberToObject(usage, "output_tokens", (double)reply->out);
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(usage, "output_tokens_details"),
                            "reasoning_tokens", 0);
    cJSON_AddNumberToObject(usage, "total_tokens", (double)(reply->in + reply->out));
    return object;
}

static cJSON *chat_json(const struct standin_request *request, const struct text_reply *reply)
{
    cJSON *object = cJSON_CreateObject(), *choices, *choice, *message, *usage;

    cJSON_AddStringToObject(object, "id", request->record.request_id);
    cJSON_AddStringToObject(object, "object", "chat.completion");
    cJSON_AddNumberToObject(object, "created", (double)time(NULL));
    cJSON_AddStringToObject(object, "model", request->record.model);
    choices = cJSON_AddArrayToObject(object, "choices");
    if (request->fault.kind != FAULT_EMPTY) {
        cJSON_AddItemToArray(choices, choice = cJSON_CreateObject());
        cJSON_AddNumberToObject(choice, "index", 0);
        message = cJSON_AddObjectToObject(choice, "message");
        cJSON_AddStringToObject(message, "role", "assistant");
        cJSON_AddItemToObject(message, reply->refusal ? "refusal" : "content",
                              cJSON_CreateString(reply->text));
        cJSON_AddNullToObject(message, reply->refusal ? "content" : "refusal");
        cJSON_AddNullToObject(choice, "logprobs");
        cJSON_AddStringToObject(choice, "finish_reason", reply->cut ? "length" : "stop");
    }
    usage = cJSON_AddObjectToObject(object, "usage");
    cJSON_AddNumberToObject(usage, "prompt_tokens", (double)reply->in);
    cJSON_AddNumberToObject(usage, "completion_tokens", (double)reply->out);
    cJSON_AddNumberToObject(usage, "total_tokens", (double)(reply->in + reply->out));
    return object;
}

static void texts_answer(struct standin_request *request)
{
    const struct offered_model *offer =
        model_list_find(request->standin->models, request->record.model);
    struct text_reply reply = { .refusal = request->fault.kind == FAULT_REFUSE,
                                .cut = request->fault.kind == FAULT_INCOMPLETE,
                                .in = (int64_t)request->record.bytes_in / 4 + 1 };

    reply.text = reply.refusal ? xstrdup("I'm sorry, but I can't help with that request.")
                               : make_text(request);
    if (reply.cut) {
        reply.text[strlen(reply.text) / 2] = '\0';
    }
    reply.out = (int64_t)strlen(reply.text) / 4 + 1;
    answer_json(&request->answer, 200,
                is_chat(request) ? chat_json(request, &reply) : response_json(request, &reply));
    request->record.usd =
        ((double)reply.in * offer->usd[0] + (double)reply.out * offer->usd[2]) / 1e6;
    free(reply.text);
    apply_fault(request);
}

void texts_handle(struct standin_request *request)
{
    struct journal_record *record = &request->record;
    const struct offered_model *offer;
    const char *model;
    struct error err;

    if (!json_parse(request->body.data, request->body.size, "body", &request->tree, &err) ||
        !cJSON_IsObject(request->tree)) {
        refuse(request, NULL, NULL, "We could not parse the JSON body of your request.");
        return;
    }
    model = json_peek_text(request->tree, "model");
    if (!model) {
        refuse(request, "missing_required_parameter", "model",
               "Missing required parameter: 'model'.");
        return;
    }
    if (!image_request_find_model(request->standin->models, model, false, &offer,
                                  &request->answer) ||
        !check_fields(request) || !check_parts(request) || !check_format(request)) {
        return;
    }
    snprintf(record->model, sizeof record->model, "%s", offer->id);
    model = json_peek_text(format_of(request), "name");
    snprintf(record->prompt, sizeof record->prompt, "%s", model ? model : "");
    blob_free(&request->body);
    request->handler = texts_answer;
}
