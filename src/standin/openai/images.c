/* images.c - /v1/images/generations and /v1/images/edits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "standin/openai/multipart.h"
#include "standin/standin_internal.h"

enum { PARTIAL_TOKENS = 100 }; /* output tokens of one partial image */

struct token_usage {
    int64_t text_in, image_in, out;
};

static struct token_usage count_tokens(const struct image_request *image_request)
{
    int quality = word_index(image_request->offer->quality, image_request->quality);
    double area = (double)image_request->width * image_request->height / (1024.0 * 1024.0);
    int64_t each =
        (int64_t)ceil((double)image_request->offer->tokens[quality < 0 ? 0 : quality] * area);

    return (struct token_usage){ .text_in = (int64_t)strlen(image_request->prompt) / 4 + 8,
                                 .image_in = image_request->photo_count * 323,
                                 .out = each * image_request->count +
                                        PARTIAL_TOKENS * image_request->partials };
}

static cJSON *usage_json(const struct token_usage *tokens)
{
    cJSON *usage = cJSON_CreateObject(), *details;

    cJSON_AddNumberToObject(usage, "total_tokens",
                            (double)(tokens->text_in + tokens->image_in + tokens->out));
    cJSON_AddNumberToObject(usage, "input_tokens", (double)(tokens->text_in + tokens->image_in));
    cJSON_AddNumberToObject(usage, "output_tokens", (double)tokens->out);
    details = cJSON_AddObjectToObject(usage, "input_tokens_details");
    cJSON_AddNumberToObject(details, "text_tokens", (double)tokens->text_in);
    cJSON_AddNumberToObject(details, "image_tokens", (double)tokens->image_in);
    details = cJSON_AddObjectToObject(usage, "output_tokens_details");
    cJSON_AddNumberToObject(details, "image_tokens", (double)tokens->out);
    cJSON_AddNumberToObject(details, "text_tokens", 0);
    return usage;
}

static struct product_image_spec image_spec_of(const struct standin_request *request, int index)
{
    const struct image_request *image_request = &request->image_request;
    enum fault_kind flaw = request->fault.kind;
    bool changes = flaw == FAULT_CORRUPT || flaw == FAULT_BLANK || flaw == FAULT_OFF_WHITE;
    struct product_image_spec spec = {
        .width = image_request->width,
        .height = image_request->height,
        .format = image_request->format,
        .compression = image_request->compression,
        .transparent = strcmp(image_request->background, "transparent") == 0,
        .white = strcasestr(image_request->prompt, "white background") != NULL,
        .seed = hash_bytes(image_request->prompt, strlen(image_request->prompt)) + (uint64_t)index,
        .photo = image_request->photo_count ? &image_request->photos[0] : NULL,
        .flaw = changes ? flaw : FAULT_NONE,
        .bytes = request->standin->config.body_bytes,
    };

    if (flaw == FAULT_SIZE) {
        spec.width = image_request->width / 2;
        spec.height = image_request->height / 2;
    } else if (flaw == FAULT_DUPLICATE) {
        spec.seed = 0;
    }
    return spec;
}

/* Adds an image's base64 text in two pieces. The first contains request id and `number`, so that
 * all files differ, except with FAULT_DUPLICATE. */
static bool add_image(struct standin_request *request, int index, int number, struct error *err)
{
    struct product_image_spec spec = image_spec_of(request, index);
    bool same = request->fault.kind == FAULT_DUPLICATE;
    struct product_image *picture;
    char label[60], *head_text;
    size_t size;

    if (!product_images_get(request->standin->pictures, &spec, &picture, err)) {
        return false;
    }
    snprintf(label, sizeof label, "%.30s/%d", same ? "same" : request->record.request_id,
             same ? 0 : number);
    if (!product_image_head(picture, label, &head_text, &size, err)) {
        product_image_release(picture);
        return false;
    }
    answer_add(&request->answer, head_text, size);
    answer_share(&request->answer, picture);
    product_image_release(picture);
    return true;
}

static void add_settings(const struct image_request *image_request, cJSON *object)
{
    char size[24];

    snprintf(size, sizeof size, "%dx%d", image_request->width, image_request->height);
    cJSON_AddStringToObject(object, "background", image_request->background);
    cJSON_AddStringToObject(object, "output_format", image_request->format);
    cJSON_AddStringToObject(object, "quality", image_request->quality);
    cJSON_AddStringToObject(object, "size", size);
}

/* {"created":..,...,"usage":{..},"data":[{"b64_json":"HEAD" "TAIL"},...]} */
static bool answer_images(struct standin_request *request, const struct token_usage *tokens,
                          struct error *err)
{
    const struct image_request *image_request = &request->image_request;
    struct answer *answer = &request->answer;
    cJSON *object = cJSON_CreateObject();
    char *head;

    cJSON_AddNumberToObject(object, "created", (double)time(NULL));
    add_settings(image_request, object);
    cJSON_AddItemToObject(object, "usage", usage_json(tokens));
    head = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (!head) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    head[strlen(head) - 1] = '\0'; /* without the closing brace: data follows */
    answer_add(answer, head, strlen(head));
    answer_text(answer, ",\"data\":[");
    for (int i = 0; i < image_request->count && request->fault.kind != FAULT_EMPTY; i++) {
        answer_text(answer, i ? ",{\"b64_json\":\"" : "{\"b64_json\":\"");
        if (!add_image(request, i, i, err)) {
            return false;
        }
        answer_text(answer, "\"}");
    }
    answer_text(answer, "]}");
    return true;
}

/* Adds one server-sent event with an image. */
static bool add_event(struct standin_request *request, int partial,
                      const struct token_usage *tokens, struct error *err)
{
    const struct image_request *image_request = &request->image_request;
    cJSON *object = cJSON_CreateObject();
    char name[64], *head;

    snprintf(name, sizeof name, "image_%s.%s", image_request->edit ? "edit" : "generation",
             tokens ? "completed" : "partial_image");
    answer_text(&request->answer, "event: ");
    answer_text(&request->answer, name);
    answer_text(&request->answer, "\ndata: ");
    cJSON_AddStringToObject(object, "type", name);
    cJSON_AddNumberToObject(object, "created_at", (double)time(NULL));
    add_settings(image_request, object);
    if (tokens) {
        cJSON_AddItemToObject(object, "usage", usage_json(tokens));
    } else {
        cJSON_AddNumberToObject(object, "partial_image_index", partial);
    }
    head = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (!head) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    head[strlen(head) - 1] = '\0';
    answer_add(&request->answer, head, strlen(head));
    answer_text(&request->answer, ",\"b64_json\":\"");
    if (!add_image(request, 0, partial + 1, err)) {
        return false;
    }
    answer_text(&request->answer, "\"}\n\n");
    return true;
}

static bool add_error_event(struct standin_request *request, struct error *err)
{
    char *text;
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "type", "error");
    cJSON_AddItemToObject(body, "error", fault_error(request));
    text = cJSON_PrintUnformatted(body);
    cJSON_Delete(body);
    if (!text) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    answer_text(&request->answer, "event: error\ndata: ");
    answer_add(&request->answer, text, strlen(text));
    answer_text(&request->answer, "\n\n");
    return true;
}

/* Delays what is added next to `share` of partials + 1 equal parts of the latency. */
static void add_gate(struct standin_request *request, int share)
{
    int64_t wait = request->due_us - request->arrived_us;

    request->gates[request->gate_count++] = (struct gate){
        .at = answer_size(&request->answer),
        .due_us = request->arrived_us + wait * share / (request->image_request.partials + 1),
    };
}

static bool answer_stream(struct standin_request *request, const struct token_usage *tokens,
                          struct error *err)
{
    int partials = request->image_request.partials;

    for (int i = 0; i < partials; i++) {
        add_gate(request, i + 1);
        if (!add_event(request, i, NULL, err)) {
            return false;
        }
    }
    add_gate(request, partials + 1);
    if (request->fault.kind == FAULT_ERROR_EVENT) {
        return add_error_event(request, err);
    }
    return request->fault.kind == FAULT_EMPTY || add_event(request, -1, tokens, err);
}

static bool answer_error_object(struct standin_request *request)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddItemToObject(body, "error", fault_error(request));
    answer_json(&request->answer, 200, body);
    return true;
}

/* Records the cost: input tokens and all generated images, partial ones included. */
static void record_cost(struct standin_request *request, const struct token_usage *tokens)
{
    const double *usd = request->image_request.offer->usd;
    bool failed = request->fault.kind == FAULT_ERROR_EVENT;
    int64_t partial = (int64_t)PARTIAL_TOKENS * request->image_request.partials;

    request->record.images = failed ? 0 : request->image_request.count;
    request->record.usd = ((double)tokens->text_in * usd[0] + (double)tokens->image_in * usd[1] +
                           (double)(failed ? partial : tokens->out) * usd[2]) /
                          1e6;
}

/* The header of a stream is sent at once, and each event waits for its gate. Other answers are sent
 * when the request is due. */
static void apply_gates(struct standin_request *request)
{
    if (request->drop || strcmp(request->answer.content_type, "text/event-stream") != 0) {
        request->gate_count = 0;
    } else {
        request->due_us = request->arrived_us;
    }
}

static void images_answer(struct standin_request *request)
{
    struct image_request *image_request = &request->image_request;
    struct token_usage tokens = count_tokens(image_request);
    struct error err;
    bool good;

    request->answer.status = 200;
    snprintf(request->answer.content_type, sizeof request->answer.content_type, "%s",
             image_request->stream ? "text/event-stream" : "application/json");
    good = image_request->stream                      ? answer_stream(request, &tokens, &err)
           : request->fault.kind == FAULT_ERROR_EVENT ? answer_error_object(request)
                                                      : answer_images(request, &tokens, &err);
    if (!good) {
        answer_refuse(&request->answer,
                      &(struct refusal){
                          .status = 400, .code = "invalid_image_file", .param = "image" },
                      "Invalid image file or mode for image 1, please check your image file.");
    } else {
        record_cost(request, &tokens);
    }
    image_request_free(image_request);
    apply_fault(request);
    apply_gates(request);
}

/* Copies as much as fits, cut between UTF-8 characters. */
static void copy_prompt(const char *prompt, struct journal_record *record)
{
    size_t size = strlen(prompt);

    if (size >= sizeof record->prompt) {
        size = sizeof record->prompt - 1;
        while (size > 0 && (prompt[size] & 0xc0) == 0x80) {
            size--;
        }
    }
    memcpy(record->prompt, prompt, size);
    record->prompt[size] = '\0';
}

static void handle_image_request(struct standin_request *request)
{
    struct image_request *image_request = &request->image_request;
    struct journal_record *record = &request->record;

    if (!image_request_check(image_request, request->standin->models, &request->answer)) {
        return;
    }
    snprintf(record->model, sizeof record->model, "%s", image_request->offer->id);
    snprintf(record->size, sizeof record->size, "%dx%d", image_request->width,
             image_request->height);
    copy_prompt(image_request->prompt, record);
    blob_free(&request->body); /* the photos are copies, so a waiting request needs less memory */
    request->handler = images_answer;
}

void images_handle(struct standin_request *request)
{
    struct image_request *image_request = &request->image_request;

    image_request->edit = strcmp(request->route, "edits") == 0;
    if (image_request_read(image_request, request_header(request, "Content-Type"), &request->body,
                           &request->answer)) {
        handle_image_request(request);
    }
}

void images_handle_fields(struct standin_request *request, cJSON *fields)
{
    struct image_request *image_request = &request->image_request;

    image_request->edit = strcmp(request->route, "edits") == 0;
    image_request->fields = fields;
    if (!image_request->edit || image_references_read(image_request, &request->answer)) {
        handle_image_request(request);
    }
}
