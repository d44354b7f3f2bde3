/* compatible_image.c - image requests and responses of OpenAI-compatible servers. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "providers/compatible.h"
#include "providers/openai.h"

enum { PARTS_MAX = 32, RESPONSE_MAX = 96 << 20, URL_MAX = 4096 };

static int greatest_divisor(int a, int b)
{
    return b == 0 ? a : greatest_divisor(b, a % b);
}

static void add_size(const struct compatible_preset *preset, const struct model_request *request,
                     cJSON *body)
{
    struct size size = request->size;
    int divisor = greatest_divisor(size.width, size.height);

    switch (preset->size) {
    case SIZE_WIDTH_HEIGHT:
        cJSON_AddNumberToObject(body, "width", size.width);
        cJSON_AddNumberToObject(body, "height", size.height);
        break;
    case SIZE_ASPECT_RATIO:
        cJSON_AddStringToObject(body, "aspect_ratio",
                                arena_printf(request->arena, "%d:%d", size.width / divisor,
                                             size.height / divisor));
        break;
    case SIZE_TEXT:
        cJSON_AddStringToObject(body, "size",
                                arena_printf(request->arena, "%dx%d", size.width, size.height));
        break;
    }
}

/* Returns the JSON body without photos; the caller deletes it. */
static cJSON *body_without_photos(const struct compatible_preset *preset,
                                  const struct model_request *request)
{
    cJSON *body = cJSON_CreateObject();
    const cJSON *extra;

    if (preset->sends_model) {
        cJSON_AddStringToObject(body, "model", model_api_id(request->model));
    }
    cJSON_AddStringToObject(body, "prompt", request->prompt);
    cJSON_AddNumberToObject(body, "n", 1);
    add_size(preset, request, body);
    if (preset->quality && request->quality) {
        cJSON_AddStringToObject(body, "quality", request->quality);
    }
    if (preset->background) {
        cJSON_AddStringToObject(body, "background",
                                request->transparent ? "transparent" : "opaque");
    }
    if (preset->result) {
        cJSON_AddStringToObject(body, "response_format", preset->result);
    }
    if (preset->output_format) {
        cJSON_AddStringToObject(body, "output_format", preset->output_format);
    }
    cJSON_ArrayForEach(extra, preset->extra)
    {
        cJSON_AddItemToObject(body, extra->string, cJSON_Duplicate(extra, true));
    }
    return body;
}

static bool add_data_url(const struct model_request *request, cJSON *body, struct error *err)
{
    const struct request_photo *photo = &request->photos[0];
    cJSON *image = cJSON_AddObjectToObject(body, "image");
    struct blob base64;

    if (!base64_encode(photo->bytes.data, photo->bytes.size, &base64, err)) {
        return false;
    }
    cJSON_AddStringToObject(image, "type", "image_url");
    cJSON_AddStringToObject(image, "url",
                            arena_printf(request->arena, "data:%s;base64,%.*s", photo->content_type,
                                         (int)base64.size, (const char *)base64.data));
    blob_free(&base64);
    return true;
}

/* Sends the members of the body as fields of a form, and the photos as its files. */
static void fill_form(const struct model_request *request, const cJSON *body, struct op *op)
{
    struct http_part *parts = arena_alloc(request->arena, PARTS_MAX * sizeof *parts);
    const cJSON *member;
    int count = 0;

    cJSON_ArrayForEach(member, body)
    {
        const char *value = cJSON_IsString(member) ? arena_text(request->arena, member->valuestring)
                                                   : json_print(member, request->arena);

        if (count < PARTS_MAX / 2) {
            parts[count++] = (struct http_part){ .name = arena_text(request->arena, member->string),
                                                 .content = blob_text(value) };
        }
    }
    for (int i = 0; i < request->photo_count && count < PARTS_MAX - 1; i++) {
        const struct request_photo *photo = &request->photos[i];

        parts[count++] = (struct http_part){ .name = "image[]",
                                             .filename = photo->filename,
                                             .content_type = photo->content_type,
                                             .content = photo->bytes };
    }
    if (request->mask) {
        parts[count++] = (struct http_part){ .name = "mask",
                                             .filename = request->mask->filename,
                                             .content_type = request->mask->content_type,
                                             .content = request->mask->bytes };
    }
    op->http.parts = parts;
    op->http.part_count = count;
}

bool compatible_image_request(const struct compatible_preset *preset,
                              const struct model_request *request, struct op *op, struct error *err)
{
    bool edit, good = true;
    cJSON *body;

    if (!openai_image_is_edit(request, &edit, err)) {
        return false;
    }
    if (request->partial_images > 0) {
        return error_set(err, ERROR_INPUT, "model '%s' does not stream images", request->model->id);
    }
    body = body_without_photos(preset, request);
    compatible_begin(preset, request->at, "POST", edit ? "/images/edits" : "/images/generations",
                     request->arena, op);
    op->http.max_response_bytes = RESPONSE_MAX;
    if (edit && preset->edits == EDIT_MULTIPART) {
        fill_form(request, body, op);
    } else {
        good = !edit || add_data_url(request, body, err);
        op_header(op, "content-type", "application/json");
        op->http.body = blob_text(json_print(body, request->arena));
    }
    cJSON_Delete(body);
    return good;
}

/* -- response -------------------------------------------------------------------------------- */

static bool starts_with(struct json_span span, const char *text)
{
    return span.size >= strlen(text) && strncasecmp(span.text, text, strlen(text)) == 0;
}

/* Removes what servers put into base64 and RFC 4648 does not allow: a "data:" prefix, white space,
 * the alphabet of URLs, missing padding. */
static struct json_span clean_base64(struct json_span from, struct arena *arena)
{
    const char *comma = starts_with(from, "data:") ? memchr(from.text, ',', from.size) : NULL;
    char *out;
    size_t size = 0;

    if (comma) {
        from.size -= (size_t)(comma + 1 - from.text);
        from.text = comma + 1;
    }
    out = arena_alloc(arena, from.size + 4);
    for (size_t i = 0; i < from.size; i++) {
        char c = from.text[i];

        if (c == '\\' && i + 1 < from.size) { /* JSON escapes: "\/", "\n" */
            c = from.text[++i] == '/' ? '/' : ' ';
        }
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            out[size++] = c == '-' ? '+' : c == '_' ? '/' : c;
        }
    }
    while (size % 4 != 0) {
        out[size++] = '=';
    }
    return (struct json_span){ out, size };
}

/* Makes the op a download of the URL. Credentials are not sent there; the URL is checked as one
 * that a user entered (op.h: untrusted_url). */
static enum read_result download(struct json_span url, struct arena *arena, struct op *op,
                                 struct error *err)
{
    if (url.size > URL_MAX || (!starts_with(url, "https://") && !starts_with(url, "http://"))) {
        error_set(err, ERROR_REMOTE, "the response contains no usable URL of the image");
        return READ_FAILED;
    }
    blob_free(&op->http_response.body);
    op->http_response = (struct http_response){ .status = 0 };
    op->http = (struct http_request){
        .method = "GET",
        .url = arena_printf(arena, "%.*s", (int)url.size, url.text),
        .max_response_bytes = RESPONSE_MAX,
        .untrusted_url = true,
    };
    return READ_POLL_AGAIN;
}

static enum read_result read_tree(const struct model_request *request, const cJSON *top,
                                  const struct json_long_strings *longs, struct op *op,
                                  struct model_result *out, struct error *err)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(top, "data");
    const cJSON *first = cJSON_GetArrayItem(data, 0);
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(first, "b64_json");
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(first, "url");
    bool moderated = cJSON_IsArray(data) &&
                     (!first || cJSON_IsNull(first) ||
                      cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(first, "respect_moderation")));
    struct json_span span;

    openai_image_read_usage(top, &out->usage);
    if (moderated) { /* xAI answers 200 with an empty entry */
        error_set(err, ERROR_REFUSED, "the model's safety system declined this image");
        return READ_FAILED;
    }
    if (!cJSON_IsString(text) && !cJSON_IsString(url)) {
        error_set(err, ERROR_REMOTE, "the response contains no image");
        return READ_FAILED;
    }
    span = json_span_of(longs, cJSON_IsString(text) ? text : url);
    if (!cJSON_IsString(text) && !starts_with(span, "data:")) {
        return download(span, request->arena, op, err);
    }
    return openai_image_decode(clean_base64(span, request->arena), request->arena, out, err)
               ? READ_DONE
               : READ_FAILED;
}

static bool is_image_file(const struct blob *body)
{
    static const char *const signatures[] = { "\x89PNG", "\xff\xd8\xff", "RIFF" };

    for (int i = 0; i < 3; i++) {
        if (body->size > 16 && memcmp(body->data, signatures[i], strlen(signatures[i])) == 0) {
            return true;
        }
    }
    return false;
}

enum read_result compatible_image_read(const struct model_request *request, struct op *op,
                                       struct model_result *out, struct error *err)
{
    struct http_response *response = &op->http_response;
    enum read_result result;
    struct json_long_strings longs;
    cJSON *top;

    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    /* A downloaded file is recognized by its bytes: after a restart it is read from the spool,
     * without the request that fetched it. */
    if (response->status == 200 && is_image_file(&response->body)) {
        out->content = blob_move(&response->body);
        return READ_DONE;
    }
    if (op->http.untrusted_url) {
        error_set(err, ERROR_REMOTE, "the URL of the image returned no image (HTTP %d)",
                  response->status);
        return READ_FAILED;
    }
    if (!json_parse_long(response->body.data, response->body.size, "the response", &longs, &top,
                         err)) {
        return READ_FAILED;
    }
    if (cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(top, "error"))) {
        openai_error_body(request->at, request->model, top, response->status, err);
        result = READ_FAILED;
    } else {
        result = read_tree(request, top, &longs, op, out, err);
    }
    cJSON_Delete(top);
    return result;
}
