/* compatible_image.c - image requests to OpenAI-compatible servers. */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "providers/compatible.h"
#include "providers/openai.h"

enum { PARTS_MAX = 32, RESPONSE_MAX = 96 << 20 };

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
