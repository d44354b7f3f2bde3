/* openai_image_response.c - reads usage and the first image of a response. */
#include <string.h>

#include "base/base64.h"
#include "providers/openai.h"

void openai_image_read_usage(const cJSON *top, struct usage *out)
{
    const cJSON *usage = cJSON_GetObjectItemCaseSensitive(top, "usage");
    const cJSON *in = cJSON_GetObjectItemCaseSensitive(usage, "input_tokens_details");
    const cJSON *cached = cJSON_GetObjectItemCaseSensitive(in, "cached_tokens_details");
    const cJSON *details = cJSON_GetObjectItemCaseSensitive(usage, "output_tokens_details");
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
    out->text_out = json_peek_int(details, "text_tokens", 0);
    out->image_out = json_peek_int(details, "image_tokens", output);
}

/* Replaces "\/", which JSON allows for the slashes of base64. Returns false for any other escape.
 */
static bool unescape_slashes(struct json_span *span, struct arena *arena)
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

bool openai_image_decode(struct json_span base64, struct arena *arena, struct model_result *out,
                         struct error *err)
{
    size_t size = 0;

    if (!unescape_slashes(&base64, arena)) {
        return error_set(err, ERROR_REMOTE, "the image in the response is not valid base64");
    }
    if (!blob_new(&out->content, base64_decoded_max(base64.size), err)) {
        return false;
    }
    if (!base64_decode(base64.text, base64.size, out->content.data, &size) || size == 0) {
        blob_free(&out->content);
        return error_set(err, ERROR_REMOTE, "the image in the response is not valid base64");
    }
    out->content.size = size;
    return true;
}

static bool read_first_image(const cJSON *top, const struct json_long_strings *longs,
                             struct arena *arena, struct model_result *out, struct error *err)
{
    const cJSON *data, *first;
    const char *text;

    if (!json_array(top, "data", &data, err)) {
        return false;
    }
    first = cJSON_GetArrayItem(data, 0);
    if (!cJSON_IsObject(first)) {
        return error_set(err, ERROR_REMOTE, "the response contains no image");
    }
    return json_text(first, "b64_json", &text, err) &&
           openai_image_decode(json_span_of(longs,
                                            cJSON_GetObjectItemCaseSensitive(first, "b64_json")),
                               arena, out, err);
}

enum read_result openai_image_read_tree(const struct model_request *request, const cJSON *top,
                                        const struct json_long_strings *longs, int status,
                                        struct model_result *out, struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");

    if (status != 200 || cJSON_IsObject(error)) {
        openai_error_body(request->at, request->model, top, status, err);
        return READ_FAILED;
    }
    openai_image_read_usage(top, &out->usage);
    return read_first_image(top, longs, request->arena, out, err) ? READ_DONE : READ_FAILED;
}
