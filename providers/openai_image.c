/* openai_image.c - /v1/images/generations and /v1/images/edits. */
#include <string.h>

#include "base/json.h"
#include "providers/openai.h"

enum { PARTS_MAX = 26, PHOTOS_MAX = 16, RESPONSE_MAX = 96 << 20 };

static bool is_dall_e(const struct model_request *request)
{
    return strcmp(request->model->wire, "dall-e") == 0;
}

static const char *size_text(const struct model_request *request)
{
    return arena_printf(request->arena, "%dx%d", request->size.width, request->size.height);
}

cJSON *openai_image_body(const struct model_request *request)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "model", request->model->id);
    cJSON_AddStringToObject(body, "prompt", request->prompt);
    cJSON_AddNumberToObject(body, "n", 1);
    cJSON_AddStringToObject(body, "size", size_text(request));
    if (request->quality) {
        cJSON_AddStringToObject(body, "quality", request->quality);
    }
    if (is_dall_e(request)) { /* without it they return a URL; other models reject it */
        cJSON_AddStringToObject(body, "response_format", "b64_json");
    } else {
        cJSON_AddStringToObject(body, "background",
                                request->transparent ? "transparent" : "opaque");
        cJSON_AddStringToObject(body, "output_format", "png");
        if (request->partial_images > 0) {
            cJSON_AddBoolToObject(body, "stream", true);
            cJSON_AddNumberToObject(body, "partial_images", request->partial_images);
        }
    }
    return body;
}

static bool build_generation(const struct model_request *request, struct op *op)
{
    cJSON *body = openai_image_body(request);
    const char *text = json_print(body, request->arena);

    cJSON_Delete(body);
    openai_begin(request, op, "/images/generations");
    op_header(op, "content-type", "application/json");
    op->http.body = blob_text(text);
    return true;
}

static void add_field(struct http_part *parts, int *count, const char *name, const char *value)
{
    parts[(*count)++] = (struct http_part){ .name = name, .content = blob_text(value) };
}

static void add_file(struct http_part *parts, int *count, const char *name,
                     const struct request_photo *photo)
{
    parts[(*count)++] = (struct http_part){ .name = name,
                                            .filename = photo->filename,
                                            .content_type = photo->content_type,
                                            .content = photo->bytes };
}

/* The API expects one photo as `image`, and several as repeated `image[]`: it rejects a repeated
 * `image`. */
static bool build_edit(const struct model_request *request, struct op *op)
{
    struct http_part *parts = arena_alloc(request->arena, PARTS_MAX * sizeof *parts);
    int count = 0;

    add_field(parts, &count, "model", request->model->id);
    add_field(parts, &count, "prompt", request->prompt);
    add_field(parts, &count, "n", "1");
    add_field(parts, &count, "size", size_text(request));
    if (request->quality) {
        add_field(parts, &count, "quality", request->quality);
    }
    add_field(parts, &count, "background", request->transparent ? "transparent" : "opaque");
    add_field(parts, &count, "output_format", "png");
    if (request->partial_images > 0) {
        add_field(parts, &count, "stream", "true");
        add_field(parts, &count, "partial_images",
                  arena_printf(request->arena, "%d", request->partial_images));
    }
    for (int i = 0; i < request->photo_count; i++) {
        add_file(parts, &count, request->photo_count > 1 ? "image[]" : "image",
                 &request->photos[i]);
    }
    if (request->mask) {
        add_file(parts, &count, "mask", request->mask);
    }
    openai_begin(request, op, "/images/edits");
    op->http.parts = parts;
    op->http.part_count = count;
    return true;
}

static bool check_partial_images(const struct model_request *request, struct error *err)
{
    int max = is_dall_e(request) ? 0 : request->model->partial_max;

    if (request->partial_images >= 0 && request->partial_images <= max) {
        return true;
    }
    return error_set(err, ERROR_INPUT, "model '%s' streams at most %d partial images",
                     request->model->id, max);
}

bool openai_image_is_edit(const struct model_request *request, bool *is_edit, struct error *err)
{
    int max = request->model->photo_max < PHOTOS_MAX ? request->model->photo_max : PHOTOS_MAX;

    *is_edit = request->task != TASK_IMAGE && request->photo_count > 0;
    if (!*is_edit) {
        return true;
    }
    if (!(request->model->tasks & TASK_EDIT) || request->photo_count > max) {
        error_set(err, ERROR_CONFIG, "model '%s' cannot work from %d product photo%s",
                  request->model->id, request->photo_count, request->photo_count == 1 ? "" : "s");
        return error_hint(err, "Choose one that edits images: `darkroom models` lists them.");
    }
    return true;
}

bool openai_image_request(const struct model_request *request, struct op *op, struct error *err)
{
    bool is_edit;

    if (!check_partial_images(request, err) || !openai_image_is_edit(request, &is_edit, err)) {
        return false;
    }
    op->http.max_response_bytes = RESPONSE_MAX;
    op->http.progress_suffix = request->partial_images > 0 ? ".partial_image" : NULL;
    return is_edit ? build_edit(request, op) : build_generation(request, op);
}
