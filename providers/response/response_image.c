/* response_image.c - finds the image in a response, and decodes or downloads it. */
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "providers/response/response.h"

enum { DOWNLOAD_MAX = 96 << 20, URL_MAX = 4096, NESTING_MAX = 3 };

/* -- where the image is ---------------------------------------------------------------------------
 */

/* Members of an entry that may hold its image, the best first. */
static const char *const value_names[] = { "b64_json", "base64",    "b64", "image_base64", "result",
                                           "image",    "image_url", "url", "data",         "src" };
/* Members of a response that may hold its entries. */
static const char *const list_names[] = { "data", "images", "output", "result", "image" };

/* Returns the string that is or describes the image of an entry: a string, or a member of an
 * object, such as {"b64_json": "..."} or {"image_url": {"url": "..."}}. NULL if there is none. */
static const cJSON *value_of(const cJSON *entry, int nesting)
{
    const cJSON *value = NULL;

    if (cJSON_IsString(entry) && entry->valuestring[0]) {
        return entry;
    }
    if (!cJSON_IsObject(entry) || nesting == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof value_names / sizeof *value_names && !value; i++) {
        value = value_of(cJSON_GetObjectItemCaseSensitive(entry, value_names[i]), nesting - 1);
    }
    return value;
}

/* Returns the first image of a list; entries without one, such as reasoning items, are skipped. */
static const cJSON *first_in(const cJSON *list)
{
    const cJSON *entry, *value = NULL;

    cJSON_ArrayForEach(entry, list)
    {
        value = value ? value : value_of(entry, NESTING_MAX);
    }
    return value;
}

static const cJSON *find_image(const cJSON *top)
{
    const cJSON *value = NULL;

    if (cJSON_IsArray(top)) {
        return first_in(top);
    }
    for (size_t i = 0; i < sizeof list_names / sizeof *list_names && !value; i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(top, list_names[i]);

        value = cJSON_IsArray(list) ? first_in(list) : NULL;
    }
    return value ? value : value_of(top, NESTING_MAX);
}

/* True if the model returned an empty result in a known form. */
static bool is_empty(const cJSON *top)
{
    for (size_t i = 0; i < sizeof list_names / sizeof *list_names; i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(top, list_names[i]);
        const cJSON *first = cJSON_GetArrayItem(list, 0);

        if (cJSON_IsArray(list) && !first) {
            return true;
        }
        for (size_t j = 0; j < sizeof value_names / sizeof *value_names && first; j++) {
            const cJSON *value = cJSON_GetObjectItemCaseSensitive(first, value_names[j]);

            if (cJSON_IsNull(value) || (cJSON_IsString(value) && !value->valuestring[0])) {
                return true;
            }
        }
    }
    return false;
}

/* -- what the value is ----------------------------------------------------------------------------
 */

static bool starts_with(struct json_span span, const char *text)
{
    return span.size >= strlen(text) && strncasecmp(span.text, text, strlen(text)) == 0;
}

/* Makes the op a download of the URL. Credentials are not sent there; the URL is checked as one
 * that a user entered (op.h: untrusted_url). */
static enum read_result download(struct json_span url, const struct model_request *request,
                                 struct op *op, struct error *err)
{
    struct arena *arena = request->arena;

    if (!op) {
        error_set(err, ERROR_FORMAT, "a batch of %s returned the URL of an image, not the image",
                  request->at->provider->title);
        return READ_FAILED;
    }
    if (url.size > URL_MAX) {
        error_set(err, ERROR_REMOTE, "the response contains no usable URL of the image");
        return READ_FAILED;
    }
    blob_free(&op->http_response.body);
    op->http_response = (struct http_response){ .status = 0 };
    op->http = (struct http_request){
        .method = "GET",
        .url = arena_printf(arena, "%.*s", (int)url.size, url.text),
        .max_response_bytes = DOWNLOAD_MAX,
        .untrusted_url = true,
    };
    return READ_POLL_AGAIN;
}

/* Decodes base64, which may be the content of a data URL. */
static bool decode(struct json_span text, struct model_result *out, struct error *err)
{
    const char *comma = starts_with(text, "data:") ? memchr(text.text, ',', text.size) : NULL;

    if (comma) {
        text.size -= (size_t)(comma + 1 - text.text);
        text.text = comma + 1;
    }
    if (!blob_new(&out->content, base64_decoded_max(text.size + 4), err)) {
        return false;
    }
    if (base64_decode_lenient(text.text, text.size, out->content.data, &out->content.size) &&
        out->content.size > 0) {
        return true;
    }
    blob_free(&out->content);
    error_set(err, ERROR_FORMAT, "the image in the response is neither base64 nor a URL");
    return false;
}

static enum read_result read_value(struct json_span text, const struct model_request *request,
                                   struct op *op, struct model_result *out, struct error *err)
{
    if (starts_with(text, "https://") || starts_with(text, "http://")) {
        return download(text, request, op, err);
    }
    return decode(text, out, err) ? READ_DONE : READ_FAILED;
}

/* Reads a string of the response; decodes its escapes first if it has any. */
static enum read_result read_string(struct json_span text, const struct model_request *request,
                                    struct op *op, struct model_result *out, struct error *err)
{
    struct blob plain = { 0 };
    struct json_span span = text;
    enum read_result reading;

    if (memchr(text.text, '\\', text.size)) {
        if (!blob_new(&plain, text.size, err)) {
            return READ_FAILED;
        }
        span.text = (const char *)plain.data;
        if (!json_span_unescape(text, (char *)plain.data, &span.size)) {
            blob_free(&plain);
            error_set(err, ERROR_FORMAT, "the image in the response is neither base64 nor a URL");
            return READ_FAILED;
        }
    }
    reading = read_value(span, request, op, out, err);
    blob_free(&plain);
    return reading;
}

/* -- responses ------------------------------------------------------------------------------------
 */

/* xAI answers 200 for a declined image: its only entry is null, or says so. */
static bool is_declined(const cJSON *top)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(top, "data");
    const cJSON *first = cJSON_GetArrayItem(data, 0);

    return (cJSON_IsNull(first) && cJSON_GetArraySize(data) == 1) ||
           cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(first, "respect_moderation"));
}

enum read_result response_image_tree(const struct model_request *request, const cJSON *top,
                                     const struct json_long_strings *longs, struct op *op,
                                     struct model_result *out, struct error *err)
{
    const cJSON *value = find_image(top);

    response_usage(top, request->task, &out->usage);
    if (value && !is_declined(top)) {
        return read_string(json_span_of(longs, value), request, op, out, err);
    }
    if (is_declined(top)) {
        error_set(err, ERROR_REFUSED, "the model's safety system declined this image");
    } else if (response_reports_error(request->at, request->model, top, err)) {
        return READ_FAILED;
    } else if (is_empty(top)) {
        error_set(err, ERROR_FORMAT,
                  "the response contains no image"); /* the next one may cost the same */
    } else {
        response_unreadable(request->at, top, "image", err);
    }
    return READ_FAILED;
}
