/* response_image.c - decodes or downloads the image of a response. */
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "image/image.h"
#include "image/inspect/foreign.h"
#include "providers/response/response.h"

enum { DOWNLOAD_MAX = 96 << 20, URL_MAX = 4096 };

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
    if (!base64_decode_lenient(text.text, text.size, out->content.data, &out->content.size) ||
        out->content.size == 0) {
        error_set(err, ERROR_FORMAT, "the image in the response is neither base64 nor a URL");
    } else if (image_format_of(&out->content) == FORMAT_UNKNOWN) {
        enum foreign_format format = foreign_find(&out->content);

        error_set(err, ERROR_FORMAT, "the image in the response is %s",
                  format == FOREIGN_UNKNOWN ? "no image file" : foreign_name(format));
    } else {
        return true;
    }
    blob_free(&out->content);
    return false;
}

/* Returns the address or data URL of an image that a text shows: ![cup](https://...). Else the
 * text itself. */
static struct json_span shown_image(struct json_span text)
{
    static const char data[] = "data:image/", link[] = "](http";
    const char *end = text.text + text.size, *at, *stop;

    if (!memchr(text.text, ':', text.size)) {
        return text; /* base64: of several megabytes, it is not searched for words */
    }
    at = memmem(text.text, text.size, data, strlen(data));
    if (!at) {
        at = memmem(text.text, text.size, link, strlen(link));
        at = at ? at + 2 : NULL;
    }
    if (!at || starts_with(text, "data:")) {
        return text;
    }
    for (stop = at; stop < end && !strchr(")\"'<> \t\r\n", *stop);) {
        stop++;
    }
    return (struct json_span){ at, (size_t)(stop - at) };
}

static enum read_result read_value(struct json_span text, const struct model_request *request,
                                   struct op *op, struct model_result *out, struct error *err)
{
    text = shown_image(text);
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
    const cJSON *value = response_image_find(top, longs);
    const char *refusal = value ? NULL : response_image_refusal(top);

    response_usage(top, request->task, &out->usage);
    if (value && !is_declined(top)) {
        return read_string(json_span_of(longs, value), request, op, out, err);
    }
    if (is_declined(top)) {
        error_set(err, ERROR_REFUSED, "the model's safety system declined this image");
    } else if (refusal) {
        error_set(err, ERROR_REFUSED, "the model declined this image: %.200s", refusal);
    } else if (response_reports_error(request->at, request->model, top, err)) {
        return READ_FAILED;
    } else if (response_image_is_empty(top)) {
        error_set(err, ERROR_FORMAT,
                  "the response contains no image"); /* the next one may cost the same */
    } else {
        response_unreadable(request->at, top, "image", err);
    }
    return READ_FAILED;
}
