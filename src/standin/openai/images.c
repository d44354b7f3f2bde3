/* images.c - /v1/images/generations and /v1/images/edits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "standin/openai/multipart.h"
#include "standin/standin_internal.h"

enum { PARTIAL_TOKENS = 100 }; /* each partial image costs so many */

struct bill { /* tokens */
    int64_t text_in, image_in, out;
};

static struct bill count_tokens(const struct image_request *order)
{
    int quality = word_index(order->offer->quality, order->quality);
    double area = (double)order->width * order->height / (1024.0 * 1024.0);
    int64_t each = (int64_t)ceil((double)order->offer->tokens[quality < 0 ? 0 : quality] * area);

    return (struct bill){ .text_in = (int64_t)strlen(order->prompt) / 4 + 8,
                          .image_in = order->photo_count * 323,
                          .out = each * order->count + PARTIAL_TOKENS * order->partials };
}

static cJSON *usage_json(const struct bill *bill)
{
    cJSON *usage = cJSON_CreateObject(), *details;

    cJSON_AddNumberToObject(usage, "total_tokens",
                            (double)(bill->text_in + bill->image_in + bill->out));
    cJSON_AddNumberToObject(usage, "input_tokens", (double)(bill->text_in + bill->image_in));
    cJSON_AddNumberToObject(usage, "output_tokens", (double)bill->out);
    details = cJSON_AddObjectToObject(usage, "input_tokens_details");
    cJSON_AddNumberToObject(details, "text_tokens", (double)bill->text_in);
    cJSON_AddNumberToObject(details, "image_tokens", (double)bill->image_in);
    details = cJSON_AddObjectToObject(usage, "output_tokens_details");
    cJSON_AddNumberToObject(details, "image_tokens", (double)bill->out);
    cJSON_AddNumberToObject(details, "text_tokens", 0);
    return usage;
}

static struct product_image_spec wish_of(const struct standin_request *request, int index)
{
    const struct image_request *order = &request->image_request;
    enum fault_kind flaw = request->fault.kind;
    bool changes = flaw == FAULT_CORRUPT || flaw == FAULT_BLANK || flaw == FAULT_OFF_WHITE;
    struct product_image_spec wish = {
        .width = order->width,
        .height = order->height,
        .format = order->format,
        .compression = order->compression,
        .transparent = strcmp(order->background, "transparent") == 0,
        .white = strcasestr(order->prompt, "white background") != NULL,
        .seed = hash_bytes(order->prompt, strlen(order->prompt)) + (uint64_t)index,
        .photo = order->photo_count ? &order->photos[0] : NULL,
        .flaw = changes ? flaw : FAULT_NONE,
        .bytes = request->standin->config.body_bytes,
    };

    if (flaw == FAULT_SIZE) {
        wish.width = order->width / 2;
        wish.height = order->height / 2;
    } else if (flaw == FAULT_DUPLICATE) {
        wish.seed = 0;
    }
    return wish;
}

/* The two pieces of a picture's base64 text; no two files are alike, for `number` is in them. */
static bool add_picture(struct standin_request *request, int index, int number, struct error *err)
{
    struct product_image_spec wish = wish_of(request, index);
    bool same = request->fault.kind == FAULT_DUPLICATE;
    struct product_image *picture;
    char label[60], *front;
    size_t size;

    if (!product_images_get(request->standin->pictures, &wish, &picture, err)) {
        return false;
    }
    snprintf(label, sizeof label, "%.30s/%d", same ? "same" : request->record.request_id,
             same ? 0 : number);
    if (!product_image_head(picture, label, &front, &size, err)) {
        product_image_release(picture);
        return false;
    }
    answer_add(&request->answer, front, size);
    answer_share(&request->answer, picture);
    product_image_release(picture);
    return true;
}

static void add_text(struct answer *answer, const char *text)
{
    answer_add(answer, strdup(text), strlen(text));
}

static void settled(const struct image_request *order, cJSON *object)
{
    char size[24];

    snprintf(size, sizeof size, "%dx%d", order->width, order->height);
    cJSON_AddStringToObject(object, "background", order->background);
    cJSON_AddStringToObject(object, "output_format", order->format);
    cJSON_AddStringToObject(object, "quality", order->quality);
    cJSON_AddStringToObject(object, "size", size);
}

/* {"created":..,...,"usage":{..},"data":[{"b64_json":"front" "tail"},...]} */
static bool cook_plain(struct standin_request *request, const struct bill *bill, struct error *err)
{
    const struct image_request *order = &request->image_request;
    struct answer *answer = &request->answer;
    cJSON *object = cJSON_CreateObject();
    char *head;

    cJSON_AddNumberToObject(object, "created", (double)time(NULL));
    settled(order, object);
    cJSON_AddItemToObject(object, "usage", usage_json(bill));
    head = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (!head) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    head[strlen(head) - 1] = '\0'; /* the object goes on */
    answer_add(answer, head, strlen(head));
    add_text(answer, ",\"data\":[");
    for (int i = 0; i < order->count && request->fault.kind != FAULT_EMPTY; i++) {
        add_text(answer, i ? ",{\"b64_json\":\"" : "{\"b64_json\":\"");
        if (!add_picture(request, i, i, err)) {
            return false;
        }
        add_text(answer, "\"}");
    }
    add_text(answer, "]}");
    return true;
}

/* One server-sent event with a picture in it. */
static bool add_event(struct standin_request *request, int partial, const struct bill *bill,
                      struct error *err)
{
    const struct image_request *order = &request->image_request;
    cJSON *object = cJSON_CreateObject();
    char name[64], *head;

    snprintf(name, sizeof name, "image_%s.%s", order->edit ? "edit" : "generation",
             bill ? "completed" : "partial_image");
    add_text(&request->answer, "event: ");
    add_text(&request->answer, name);
    add_text(&request->answer, "\ndata: ");
    cJSON_AddStringToObject(object, "type", name);
    cJSON_AddNumberToObject(object, "created_at", (double)time(NULL));
    settled(order, object);
    if (bill) {
        cJSON_AddItemToObject(object, "usage", usage_json(bill));
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
    add_text(&request->answer, ",\"b64_json\":\"");
    if (!add_picture(request, 0, partial + 1, err)) {
        return false;
    }
    add_text(&request->answer, "\"}\n\n");
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
    add_text(&request->answer, "event: error\ndata: ");
    answer_add(&request->answer, text, strlen(text));
    add_text(&request->answer, "\n\n");
    return true;
}

/* What is added next goes at this share of the latency: partial images come at equal distances. */
static void add_gate(struct standin_request *request, int share)
{
    int64_t wait = request->due_us - request->arrived_us;

    request->gates[request->gate_count++] = (struct gate){
        .at = answer_size(&request->answer),
        .due_us = request->arrived_us + wait * share / (request->image_request.partials + 1),
    };
}

static bool cook_stream(struct standin_request *request, const struct bill *bill, struct error *err)
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
    return request->fault.kind == FAULT_EMPTY || add_event(request, -1, bill, err);
}

static bool cook_error(struct standin_request *request)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddItemToObject(body, "error", fault_error(request));
    answer_json(&request->answer, 200, body);
    return true;
}

/* Input, and all that was drawn. */
static void charge(struct standin_request *request, const struct bill *bill)
{
    const double *usd = request->image_request.offer->usd;
    bool failed = request->fault.kind == FAULT_ERROR_EVENT;
    int64_t partial = (int64_t)PARTIAL_TOKENS * request->image_request.partials;

    request->record.images = failed ? 0 : request->image_request.count;
    request->record.usd = ((double)bill->text_in * usd[0] + (double)bill->image_in * usd[1] +
                           (double)(failed ? partial : bill->out) * usd[2]) /
                          1e6;
}

/* A stream begins to leave at once, and waits before each event; all else leaves when it is due. */
static void open_gates(struct standin_request *request)
{
    if (request->drop || strcmp(request->answer.content_type, "text/event-stream") != 0) {
        request->gate_count = 0;
    } else {
        request->due_us = request->arrived_us;
    }
}

static void images_cook(struct standin_request *request)
{
    struct image_request *order = &request->image_request;
    struct bill bill = count_tokens(order);
    struct error err;
    bool good;

    request->answer.status = 200;
    snprintf(request->answer.content_type, sizeof request->answer.content_type, "%s",
             order->stream ? "text/event-stream" : "application/json");
    good = order->stream                              ? cook_stream(request, &bill, &err)
           : request->fault.kind == FAULT_ERROR_EVENT ? cook_error(request)
                                                      : cook_plain(request, &bill, &err);
    if (!good) {
        answer_refuse(&request->answer,
                      &(struct refusal){
                          .status = 400, .code = "invalid_image_file", .param = "image" },
                      "Invalid image file or mode for image 1, please check your image file.");
    } else {
        charge(request, &bill);
    }
    image_request_free(order);
    apply_fault(request);
    open_gates(request);
}

/* Its first 120 bytes, cut between characters. */
static void keep_prompt(const char *prompt, struct journal_record *record)
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

static void take_order(struct standin_request *request)
{
    struct image_request *order = &request->image_request;
    struct journal_record *record = &request->record;

    if (!image_request_check(order, request->standin->models, &request->answer)) {
        return;
    }
    snprintf(record->model, sizeof record->model, "%s", order->offer->id);
    snprintf(record->size, sizeof record->size, "%dx%d", order->width, order->height);
    keep_prompt(order->prompt, record);
    blob_free(
        &request->body); /* photos are copies: a waiting request holds no more than it needs */
    request->handler = images_cook;
}

void images_take(struct standin_request *request)
{
    struct image_request *order = &request->image_request;

    order->edit = strcmp(request->route, "edits") == 0;
    if (image_request_read(order, request_header(request, "Content-Type"), &request->body,
                           &request->answer)) {
        take_order(request);
    }
}

void images_take_fields(struct standin_request *request, cJSON *fields)
{
    struct image_request *order = &request->image_request;

    order->edit = strcmp(request->route, "edits") == 0;
    order->fields = fields;
    if (!order->edit || image_references_read(order, &request->answer)) {
        take_order(request);
    }
}
