/* openai_image_response.c - what an answer with pictures holds: usage, and the first picture. */
#include <string.h>

#include "base/base64.h"
#include "providers/openai.h"

void openai_image_usage(const cJSON *top, struct usage *out)
{
    const cJSON *usage = cJSON_GetObjectItemCaseSensitive(top, "usage");
    const cJSON *in = cJSON_GetObjectItemCaseSensitive(usage, "input_tokens_details");
    const cJSON *cached = cJSON_GetObjectItemCaseSensitive(in, "cached_tokens_details");
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(usage, "output_tokens_details");
    int64_t output = json_peek_int(usage, "output_tokens", -1);

    if (!cJSON_IsObject(usage)) {
        return;
    }
    out->text_cached = json_peek_int(cached, "text_tokens", 0);
    out->image_cached = json_peek_int(cached, "image_tokens", 0);
    out->text_in = json_peek_int(in, "text_tokens", json_peek_int(usage, "input_tokens", 0));
    out->image_in = json_peek_int(in, "image_tokens", 0);
    out->text_in -= out->text_cached < out->text_in ? out->text_cached : 0;
    out->image_in -= out->image_cached < out->image_in ? out->image_cached : 0;
    out->text_out = json_peek_int(made, "text_tokens", 0);
    out->image_out = json_peek_int(made, "image_tokens", output);
}

/* "\/" is a slash in JSON, and base64 has slashes; nothing else in it may be escaped. */
static bool without_backslashes(struct json_span *span, struct arena *arena)
{
    char *plain;
    size_t size = 0;

    if (!memchr(span->text, '\\', span->size)) {
        return true;
    }
    plain = arena_alloc(arena, span->size);
    for (size_t i = 0; i < span->size; i++) {
        if (span->text[i] == '\\' && (++i == span->size || span->text[i] != '/')) {
            return false;
        }
        plain[size++] = span->text[i];
    }
    *span = (struct json_span){ plain, size };
    return true;
}

bool openai_image_take(struct json_span letters, struct arena *arena, struct model_result *out,
                       struct error *err)
{
    size_t made = 0;

    if (!without_backslashes(&letters, arena)) {
        return error_set(err, ERROR_REMOTE, "OpenAI's image is not whole base64");
    }
    if (!blob_new(&out->content, base64_decoded_max(letters.size), err)) {
        return false;
    }
    if (!base64_decode(letters.text, letters.size, out->content.data, &made) || made == 0) {
        blob_free(&out->content);
        return error_set(err, ERROR_REMOTE, "OpenAI's image is not whole base64");
    }
    out->content.size = made;
    return true;
}

static bool read_answer(const cJSON *top, const struct json_long_strings *longs,
                        struct arena *arena, struct model_result *out, struct error *err)
{
    const cJSON *data, *first;
    const char *text;

    if (!json_array(top, "data", &data, err)) {
        return false;
    }
    first = cJSON_GetArrayItem(data, 0);
    if (!cJSON_IsObject(first)) {
        return error_set(err, ERROR_REMOTE, "OpenAI's answer holds no image");
    }
    return json_text(first, "b64_json", &text, err) &&
           openai_image_take(json_span_of(longs,
                                          cJSON_GetObjectItemCaseSensitive(first, "b64_json")),
                             arena, out, err);
}

enum read_result openai_image_take_tree(const struct model_request *request, const cJSON *top,
                                        const struct json_long_strings *longs, int status,
                                        struct model_result *out, struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");

    if (status != 200 || cJSON_IsObject(error)) {
        openai_error_body(request->at, request->model, top, status, err);
        return READ_FAILED;
    }
    openai_image_usage(top, &out->usage);
    return read_answer(top, longs, request->arena, out, err) ? READ_DONE : READ_FAILED;
}
