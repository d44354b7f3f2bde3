/* compatible_image_routes.c - checks and answers image requests of OpenAI-compatible servers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "base/json.h"
#include "standin/openai/compatible_routes.h"

enum { EDGE_MIN = 64, EDGE_MAX = 4096, LONG_EDGE_2K = 2048 };

/* Converts {"image":{"type":"image_url","url":"data:..."}} of a JSON edit to OpenAI's form. */
static bool translate_edit(cJSON *fields)
{
    cJSON *image = cJSON_DetachItemFromObjectCaseSensitive(fields, "image");
    const char *url = json_peek_text(image, "url");
    cJSON *list, *item;

    if (!url) {
        cJSON_Delete(image);
        return false;
    }
    list = cJSON_AddArrayToObject(fields, "images");
    item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "image_url", url);
    cJSON_AddItemToArray(list, item);
    cJSON_Delete(image);
    return true;
}

/* JSON edits name the photo differently from OpenAI, so they are converted first. */
static bool read_json_edit(struct standin_request *request, const struct compatible_form *form)
{
    struct image_request *image_request = &request->image_request;
    char *text;
    struct error err;
    cJSON *fields = NULL;
    bool good = json_parse(request->body.data, request->body.size, "body", &fields, &err) &&
                translate_edit(fields);

    text = good ? cJSON_PrintUnformatted(fields) : NULL;
    cJSON_Delete(fields);
    blob_free(&request->body);
    good = text && blob_copy(&request->body, text, strlen(text), &err);
    cJSON_free(text);
    if (!good) {
        return compatible_refuse(request, form, 400, "The body has no image.");
    }
    if (!image_request_read(image_request, "application/json", &request->body, &request->answer)) {
        return false;
    }
    cJSON_DeleteItemFromObject(image_request->fields, "images");
    return true;
}

static bool read_fields(struct standin_request *request, const struct compatible_form *form)
{
    const char *type = request_header(request, "Content-Type");
    bool form_data = type && strncmp(type, "multipart/", 10) == 0;

    if (request->image_request.edit && (form_data ? !form->edits_form : !form->edits_json)) {
        return compatible_refuse(request, form, 415,
                                 "This server does not accept edits in this content type.");
    }
    if (request->image_request.edit && !form_data) {
        return read_json_edit(request, form);
    }
    return image_request_read(&request->image_request, type, &request->body, &request->answer);
}

static bool read_size(struct image_request *image_request, const struct compatible_form *form)
{
    const char *size = json_peek_text(image_request->fields, "size");
    const char *ratio = json_peek_text(image_request->fields, "aspect_ratio");
    int used = 0, width, height;

    if (size && word_index(form->members, "size") >= 0) {
        if (sscanf(size, "%dx%d%n", &image_request->width, &image_request->height, &used) != 2 ||
            size[used]) {
            return false;
        }
    } else if (ratio && word_index(form->members, "aspect_ratio") >= 0) {
        if (sscanf(ratio, "%d:%d%n", &width, &height, &used) != 2 || ratio[used] || width < 1 ||
            height < 1) {
            return false;
        }
        image_request->width = width >= height ? LONG_EDGE_2K : LONG_EDGE_2K * width / height;
        image_request->height = height >= width ? LONG_EDGE_2K : LONG_EDGE_2K * height / width;
    } else {
        image_request->width = (int)json_peek_int(image_request->fields, "width", 0);
        image_request->height = (int)json_peek_int(image_request->fields, "height", 0);
    }
    return image_request->width >= EDGE_MIN && image_request->height >= EDGE_MIN &&
           image_request->width <= EDGE_MAX && image_request->height <= EDGE_MAX;
}

static bool check_members(struct standin_request *request, const struct compatible_form *form)
{
    const cJSON *fields = request->image_request.fields, *field;
    const char *format = json_peek_text(fields, "response_format");
    char message[160];

    cJSON_ArrayForEach(field, fields)
    {
        if (word_index(form->members, field->string) < 0) {
            snprintf(message, sizeof message, "Unknown parameter: '%.80s'.", field->string);
            return compatible_refuse(request, form, 400, message);
        }
    }
    if (form->response_format && (!format || strcmp(format, form->response_format) != 0)) {
        return compatible_refuse(request, form, 400, "Invalid response_format.");
    }
    if (word_index(form->members, "model") >= 0 && !json_peek_text(fields, "model")) {
        return compatible_refuse(request, form, 400, "The model is missing.");
    }
    return true;
}

bool compatible_check_image(struct standin_request *request, const struct compatible_form *form)
{
    struct image_request *image_request = &request->image_request;
    struct journal_record *record = &request->record;
    const char *model;

    if (!read_fields(request, form) || !check_members(request, form)) {
        return false;
    }
    image_request->prompt = json_peek_text(image_request->fields, "prompt");
    if (!image_request->prompt || !read_size(image_request, form)) {
        return compatible_refuse(request, form, 400,
                                 image_request->prompt ? "Invalid size."
                                                       : "The prompt is missing.");
    }
    image_request->quality = "low";
    image_request->background = "opaque";
    image_request->format = "png";
    image_request->count = 1;
    model = json_peek_text(image_request->fields, "model");
    snprintf(record->model, sizeof record->model, "%s", model ? model : form->name);
    snprintf(record->size, sizeof record->size, "%dx%d", image_request->width,
             image_request->height);
    return true;
}

/* -- answers ----------------------------------------------------------------------------------- */

/* Adds the base64 text of an image. */
static bool add_image(struct standin_request *request, const struct product_image_spec *spec,
                      struct error *err)
{
    struct product_image *image;
    char *head;
    size_t size;

    if (!product_images_get(request->standin->pictures, spec, &image, err)) {
        return false;
    }
    if (!product_image_head(image, request->record.request_id, &head, &size, err)) {
        product_image_release(image);
        return false;
    }
    answer_add(&request->answer, head, size);
    answer_share(&request->answer, image);
    product_image_release(image);
    return true;
}

static void add_url(struct standin_request *request, const struct compatible_form *form,
                    uint64_t seed)
{
    const struct image_request *image_request = &request->image_request;
    char text[200];

    snprintf(text, sizeof text, "\"url\":\"http://127.0.0.1:%d/compatible/%s/file/%d/%d/%d/%llu\"",
             request->standin->port, form->name, image_request->width, image_request->height,
             strcasestr(image_request->prompt, "white background") != NULL,
             (unsigned long long)seed);
    answer_text(&request->answer, text);
}

static void start_json(struct standin_request *request)
{
    char text[80];

    request->answer.status = 200;
    snprintf(request->answer.content_type, sizeof request->answer.content_type, "application/json");
    snprintf(text, sizeof text, "{\"created\":%lld,\"data\":[{", (long long)time(NULL));
    answer_text(&request->answer, text);
}

void compatible_draw(struct standin_request *request)
{
    const struct compatible_form *form = compatible_form_of(request);
    struct image_request *image_request = &request->image_request;
    uint64_t seed = hash_bytes(image_request->prompt, strlen(image_request->prompt));
    struct product_image_spec spec = {
        .width = image_request->width,
        .height = image_request->height,
        .format = "png",
        .white = strcasestr(image_request->prompt, "white background") != NULL,
        .seed = seed,
        .photo = image_request->photo_count ? &image_request->photos[0] : NULL,
        .flaw = FAULT_NONE,
    };
    struct error err;
    bool good = true;

    start_json(request);
    if (form->result == RESULT_URL) {
        add_url(request, form, seed);
    } else {
        answer_text(&request->answer, form->result == RESULT_DATA_URL
                                          ? "\"url\":\"data:image/png;base64,"
                                          : "\"b64_json\":\"");
        good = add_image(request, &spec, &err);
        answer_text(&request->answer, "\"");
    }
    answer_text(&request->answer, "}]}");
    if (!good) {
        compatible_refuse(request, form, 400, "The photo cannot be read.");
    }
    request->record.images = good;
    image_request_free(image_request);
    apply_fault(request);
}

/* Decodes all pieces of the answer, which are base64 text. */
static bool decode_answer(const struct answer *answer, struct blob *out, struct error *err)
{
    size_t size = answer_size(answer), at = 0;
    char *text = malloc(size + 1);
    bool good = text && blob_new(out, base64_decoded_max(size) + 1, err);

    for (int i = 0; good && i < answer->count; i++) {
        good = piece_read(&answer->pieces[i], 0, text + at, answer->pieces[i].size);
        at += answer->pieces[i].size;
    }
    good = good && base64_decode(text, at, out->data, &out->size);
    free(text);
    return good;
}

void compatible_draw_file(struct standin_request *request)
{
    const char *path = strstr(request->path, "/file/");
    struct product_image_spec spec = { .format = "png", .flaw = FAULT_NONE };
    struct blob file = { 0 };
    unsigned long long seed = 0;
    struct error err;
    int white = 0;
    bool good =
        path && sscanf(path, "/file/%d/%d/%d/%llu", &spec.width, &spec.height, &white, &seed) == 4;

    spec.seed = seed;
    spec.white = white;
    good = good && spec.width >= EDGE_MIN && spec.height >= EDGE_MIN && spec.width <= EDGE_MAX &&
           spec.height <= EDGE_MAX && add_image(request, &spec, &err) &&
           decode_answer(&request->answer, &file, &err);
    if (good) {
        answer_bytes(&request->answer, 200, "image/png", file.data, file.size);
    } else {
        compatible_refuse(request, compatible_form_of(request), 404, "There is no such file.");
    }
    blob_free(&file);
}
