/* change_form.c - the same answer in the form of another server: where the image or text is, how
 * the image is encoded, and what errors and token counts look like. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/standin_internal.h"

enum { LINE = 76 /* characters of base64 in a line, as in MIME */ };

/* -- images ------------------------------------------------------------------------------------ */

/* Keeps the decoded image and returns its id; 0 if it cannot be decoded. */
static uint64_t keep_file(struct standin *standin, const char *base64, uint64_t id)
{
    struct blob file = { 0 };
    struct error ignored;
    size_t size = strlen(base64);

    if (!blob_new(&file, base64_decoded_max(size), &ignored) ||
        !base64_decode(base64, size, file.data, &file.size)) {
        blob_free(&file);
        return 0;
    }
    pthread_mutex_lock(&standin->lock);
    blob_free(&standin->generated[id % GENERATED_FILES].content);
    standin->generated[id % GENERATED_FILES] = (struct generated_file){ .id = id, .content = file };
    pthread_mutex_unlock(&standin->lock);
    return id;
}

static cJSON *data_url(const char *base64)
{
    static const char head[] = "data:image/png;base64,";
    char *text = xrealloc(NULL, sizeof head + strlen(base64));
    cJSON *item;

    memcpy(text, head, sizeof head - 1);
    memcpy(text + sizeof head - 1, base64, strlen(base64) + 1);
    item = cJSON_CreateString(text);
    free(text);
    return item;
}

static cJSON *wrapped(const char *base64)
{
    size_t size = strlen(base64), used = 0;
    char *text = xrealloc(NULL, size + size / LINE + 2);
    cJSON *item;

    for (size_t at = 0; at < size; at += LINE) {
        size_t length = size - at < LINE ? size - at : LINE;

        memcpy(text + used, base64 + at, length);
        used += length;
        text[used++] = '\n';
    }
    text[used] = '\0';
    item = cJSON_CreateString(text);
    free(text);
    return item;
}

static void change_alphabet(char *text)
{
    for (; *text; text++) {
        *text = *text == '+' ? '-' : *text == '/' ? '_' : *text;
    }
}

/* Replaces the member b64_json of the entry. */
static void replace_image(struct standin_request *request, cJSON *entry)
{
    cJSON *value = cJSON_DetachItemFromObjectCaseSensitive(entry, "b64_json");
    char *text = value->valuestring, url[80];
    cJSON *holder;

    switch (request->fault.form) {
    case FORM_URL:
        snprintf(url, sizeof url, "http://127.0.0.1:%d/generated/%" PRIu64, request->standin->port,
                 keep_file(request->standin, text, request->record.seq));
        cJSON_AddStringToObject(entry, "url", url);
        break;
    case FORM_DATA_URL:
        cJSON_AddItemToObject(entry, "url", data_url(text));
        break;
    case FORM_IMAGE_URL:
        cJSON_AddStringToObject(entry, "type", "image_url");
        holder = cJSON_AddObjectToObject(entry, "image_url");
        cJSON_AddItemToObject(holder, "url", data_url(text));
        break;
    case FORM_WRAPPED:
        cJSON_AddItemToObject(entry, "b64_json", wrapped(text));
        break;
    case FORM_URL_ALPHABET:
        change_alphabet(text);
        cJSON_AddStringToObject(entry, "b64_json", text);
        break;
    case FORM_UNPADDED:
        text[strcspn(text, "=")] = '\0';
        cJSON_AddStringToObject(entry, "b64_json", text);
        break;
    default:
        cJSON_AddStringToObject(entry, "pixels", text);
        break;
    }
    cJSON_Delete(value);
}

static void change_image(struct standin_request *request, cJSON *top)
{
    cJSON *data = cJSON_GetObjectItemCaseSensitive(top, "data");
    cJSON *entry = cJSON_GetArrayItem(data, 0);
    const char *base64 = json_peek_text(entry, "b64_json");

    if (!base64) {
        return;
    }
    if (request->fault.form == FORM_STRING) {
        cJSON_ReplaceItemInArray(data, 0, cJSON_CreateString(base64));
    } else {
        replace_image(request, entry);
    }
}

/* -- texts ------------------------------------------------------------------------------------- */

static cJSON *add_part(cJSON *content, const char *type, const char *text, size_t size)
{
    cJSON *part = cJSON_CreateObject();
    char *copy = xstrndup(text, size);

    cJSON_AddStringToObject(part, "type", type);
    cJSON_AddStringToObject(part, "text", copy);
    cJSON_AddItemToArray(content, part);
    free(copy);
    return part;
}

static cJSON *message_with(const char *type, const char *part_type, const char *text)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "type", type);
    cJSON_AddStringToObject(item, "role", "assistant");
    add_part(cJSON_AddArrayToObject(item, "content"), part_type, text, strlen(text));
    return item;
}

/* The text in two parts. */
static cJSON *parts_of(const char *text, const char *type)
{
    size_t half = strlen(text) / 2;
    cJSON *content = cJSON_CreateArray();

    add_part(content, type, text, half);
    add_part(content, type, text + half, strlen(text) - half);
    return content;
}

static void change_response(enum answer_form form, cJSON *output)
{
    static const char thought[] = "The user wants {\"a\": list}. I look at the product first.";
    cJSON *item = cJSON_GetArrayItem(output, cJSON_GetArraySize(output) - 1), *first;
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(item, "content");
    const char *text = json_peek_text(cJSON_GetArrayItem(content, 0), "text");

    if (!text) {
        return;
    }
    if (form == FORM_COMMENTARY) {
        cJSON_AddStringToObject(item, "phase", "final_answer");
        first = message_with("message", "output_text", thought);
        cJSON_AddStringToObject(first, "phase", "commentary");
        cJSON_InsertItemInArray(output, 0, first);
    } else if (form == FORM_REASONING) {
        cJSON_InsertItemInArray(output, 0, message_with("reasoning", "reasoning_text", thought));
    } else {
        cJSON_ReplaceItemInObjectCaseSensitive(item, "content", parts_of(text, "output_text"));
    }
}

static void change_chat(enum answer_form form, cJSON *choices)
{
    cJSON *message = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(choices, 0), "message");
    const char *text = json_peek_text(message, "content");

    if (text && form == FORM_PARTS) {
        cJSON_ReplaceItemInObjectCaseSensitive(message, "content", parts_of(text, "text"));
    } else if (text) {
        cJSON_AddStringToObject(message, "reasoning_content", "The user wants {a list}.");
    }
}

/* -- token counts ------------------------------------------------------------------------------ */

static void change_usage(enum usage_form form, cJSON *top)
{
    cJSON *usage = cJSON_DetachItemFromObjectCaseSensitive(top, "usage");
    double in =
        json_peek_number(usage, "input_tokens", json_peek_number(usage, "prompt_tokens", 0));
    double out =
        json_peek_number(usage, "output_tokens", json_peek_number(usage, "completion_tokens", 0));
    cJSON *other;

    cJSON_Delete(usage);
    if (form == USAGE_NONE) {
        return;
    }
    other = cJSON_AddObjectToObject(top, "usage");
    if (form == USAGE_ABSURD) {
        cJSON_AddNumberToObject(other, "input_tokens", -in - 0.5);
        cJSON_AddNumberToObject(other, "output_tokens", 1e30);
        cJSON_AddStringToObject(other, "total_tokens", "many");
        return;
    }
    in = form == USAGE_ZERO ? 0 : in;
    out = form == USAGE_ZERO ? 0 : out;
    cJSON_AddNumberToObject(other, "promptTokens", in);
    cJSON_AddNumberToObject(other, "completionTokens", out);
    cJSON_AddNumberToObject(other, "totalTokens", in + out);
}

/* -- errors ------------------------------------------------------------------------------------ */

static cJSON *changed_error(enum answer_form form, cJSON *top)
{
    cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");
    const char *message = json_peek_text(error, "message");
    cJSON *out = cJSON_CreateObject(), *item = cJSON_CreateObject();

    message = message ? message : "";
    if (form == FORM_LIST_ERROR) {
        cJSON_Delete(item);
        cJSON_Delete(out);
        out = cJSON_CreateArray();
        cJSON_AddItemToArray(out, top);
        return out;
    }
    if (form == FORM_FLAT_ERROR) {
        json_add_text(out, "code", json_peek_text(error, "code"));
        cJSON_AddStringToObject(out, "message", message);
    } else if (form == FORM_DETAIL_ERROR) {
        cJSON_AddStringToObject(item, "msg", message);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "detail"), item);
        item = NULL;
    } else {
        cJSON_AddStringToObject(out, "error", message);
    }
    cJSON_Delete(item);
    cJSON_Delete(top);
    return out;
}

/* -- the whole answer -------------------------------------------------------------------------- */

/* Returns the body as a tree; NULL if it is not JSON. */
static cJSON *tree_of(const struct answer *answer)
{
    size_t size = answer_size(answer), at = 0;
    char *text = xrealloc(NULL, size + 1);
    bool good = true;
    cJSON *top;

    for (int i = 0; good && i < answer->count; i++) {
        good = piece_read(&answer->pieces[i], 0, text + at, answer->pieces[i].size);
        at += answer->pieces[i].size;
    }
    top = good ? cJSON_ParseWithLength(text, at) : NULL;
    free(text);
    return top;
}

static void change_result(struct standin_request *request, cJSON *top)
{
    enum answer_form form = request->fault.form;
    cJSON *output = cJSON_GetObjectItemCaseSensitive(top, "output");
    cJSON *choices = cJSON_GetObjectItemCaseSensitive(top, "choices");

    if (request->fault.usage != USAGE_UNCHANGED) {
        change_usage(request->fault.usage, top);
    }
    if (form == FORM_UNKNOWN && (output || choices)) {
        cJSON_AddStringToObject(top, "generated", "text");
        cJSON_DeleteItemFromObject(top, "output");
        cJSON_DeleteItemFromObject(top, "choices");
    } else if (form == FORM_UNCHANGED || fault_form_is_error(form)) {
        return;
    } else if (form > FORM_PARTS) {
        change_image(request, top);
    } else if (output) {
        change_response(form, output);
    } else if (choices) {
        change_chat(form, choices);
    }
}

void change_form(struct standin_request *request)
{
    const struct fault *fault = &request->fault;
    struct answer *answer = &request->answer;
    int status = answer->status;
    cJSON *top;

    if ((fault->form == FORM_UNCHANGED && fault->usage == USAGE_UNCHANGED) ||
        strcmp(answer->content_type, "application/json") != 0 || !(top = tree_of(answer))) {
        return;
    }
    if (status < 400) {
        change_result(request, top);
    } else if (fault_form_is_error(fault->form)) {
        top = changed_error(fault->form, top);
    }
    answer_json(answer, status, top);
}

/* -- files ------------------------------------------------------------------------------------- */

void generated_handle(struct standin_request *request)
{
    struct standin *standin = request->standin;
    uint64_t id = strtoull(request->path + strlen("/generated/"), NULL, 10);
    const struct generated_file *file = &standin->generated[id % GENERATED_FILES];

    if (request_header(request, "Authorization")) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 400 },
                      "A key was sent to the address of a file.");
        return;
    }
    pthread_mutex_lock(&standin->lock);
    if (id > 0 && file->id == id) {
        answer_bytes(&request->answer, 200, "image/png", file->content.data, file->content.size);
    } else {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "There is no such file.");
    }
    pthread_mutex_unlock(&standin->lock);
}

void generated_files_free(struct generated_file *files)
{
    for (int i = 0; i < GENERATED_FILES; i++) {
        blob_free(&files[i].content);
        files[i].id = 0;
    }
}
