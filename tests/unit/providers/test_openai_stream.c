/* test_openai_stream.c - images as streams of events: the request, and each end of a stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/embed.h"
#include "base/json.h"
#include "providers/provider.h"

static struct catalog *catalog;
static struct endpoint at = { .base_url = "http://127.0.0.1:9/v1" };
static struct op op;
static struct model_result result;
static struct error err;
static struct brief brief;
static struct model_request request;

static int set_up(void **state)
{
    (void)state;
    if (!catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        return -1;
    }
    at.provider = provider_find("openai");
    request = (struct model_request){ .task = TASK_IMAGE,
                                      .model = catalog_find(catalog, "gpt-image-2.5-flare"),
                                      .at = &at,
                                      .brief = &brief,
                                      .prompt = "A cup",
                                      .size = { 1024, 1024 },
                                      .partial_images = 2,
                                      .arena = arena_new() };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    op_clear(&op);
    blob_free(&result.content);
    result = (struct model_result){ 0 };
    arena_free(request.arena);
    catalog_free(catalog);
    return 0;
}

/* -- requests -------------------------------------------------------------------------------- */

static void partial_images_request_a_stream(void **state)
{
    cJSON *sent;

    (void)state;
    assert_true(provider_find("openai")->request(&request, &op, &err));
    assert_string_equal(op.http.progress_suffix, ".partial_image");
    sent = cJSON_ParseWithLength((const char *)op.http.body.data, op.http.body.size);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(sent, "stream")));
    assert_int_equal(json_peek_int(sent, "partial_images", -1), 2);
    assert_int_equal(json_peek_int(sent, "n", -1), 1);
    cJSON_Delete(sent);
}

static const char *part(const char *name)
{
    for (int i = 0; i < op.http.part_count; i++) {
        if (strcmp(op.http.parts[i].name, name) == 0) {
            return arena_bytes(request.arena, op.http.parts[i].content.data,
                               op.http.parts[i].content.size);
        }
    }
    return NULL;
}

static void edit_requests_a_stream_in_its_form(void **state)
{
    struct request_photo photos[16], mask = { .bytes = blob_text("m"), .filename = "m.png" };

    (void)state;
    for (int i = 0; i < 16; i++) {
        photos[i] = (struct request_photo){ .bytes = blob_text("x"), .filename = "x.png" };
    }
    request.task = TASK_EDIT;
    request.photos = photos;
    request.photo_count = 16; /* the largest number of parts */
    request.mask = &mask;
    request.quality = "low";
    assert_true(provider_find("openai")->request(&request, &op, &err));
    assert_string_equal(part("stream"), "true");
    assert_string_equal(part("partial_images"), "2");
    assert_string_equal(part("mask"), "m");
    assert_int_equal(op.http.part_count, 26);
}

static void no_partial_images_request_no_stream(void **state)
{
    (void)state;
    request.partial_images = 0;
    assert_true(provider_find("openai")->request(&request, &op, &err));
    assert_null(op.http.progress_suffix);
    assert_null(memmem(op.http.body.data, op.http.body.size, "stream", 6));
    assert_null(memmem(op.http.body.data, op.http.body.size, "partial", 7));
}

static void too_many_partial_images_are_rejected(void **state)
{
    struct model small = *request.model;

    (void)state;
    small.partial_max = 1;
    request.model = &small;
    assert_false(provider_find("openai")->request(&request, &op, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "streams at most 1 partial images"));
    small.partial_max = 3;
    small.wire = "dall-e"; /* cannot stream, even if the catalog says so */
    assert_false(provider_find("openai")->request(&request, &op, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    small.wire = "gpt-image";
    request.partial_images = -1;
    assert_false(provider_find("openai")->request(&request, &op, &err));
}

/* -- responses ------------------------------------------------------------------------------- */

static enum read_result read_body(const char *type, const char *body)
{
    op_clear(&op);
    blob_free(&result.content);
    result = (struct model_result){ .usage = USAGE_UNKNOWN };
    err = (struct error){ 0 };
    op.http_response.status = 200;
    strcpy(op.http_response.request_id, "req_7");
    strcpy(op.http_response.content_type, type);
    assert_true(blob_copy(&op.http_response.body, body, strlen(body), &err));
    return provider_find("openai")->read_response(&request, &op, &result, &err);
}

#define STREAM "text/event-stream; charset=utf-8"
#define PARTIAL                                                                                    \
    "event: image_generation.partial_image\n"                                                      \
    "data: {\"type\":\"image_generation.partial_image\",\"partial_image_index\":0,"                \
    "\"b64_json\":\"AAAA\"}\n\n"
#define COMPLETED                                                                                  \
    "{\"type\":\"image_generation.completed\",\"b64_json\":\"iVBORw0KGgo=\",\"usage\":{"           \
    "\"input_tokens\":12,\"output_tokens\":396,\"input_tokens_details\":{\"text_tokens\":12,"      \
    "\"image_tokens\":0}}}"

static void assert_image(const char *type, const char *body)
{
    if (read_body(type, body) != READ_DONE) {
        fail_msg("%s: %s", body, err.text);
    }
    assert_int_equal(result.content.size, 8);
    assert_memory_equal(result.content.data, "\x89PNG\r\n\x1a\n", 8);
    assert_string_equal(result.request_id, "req_7");
}

static void completed_image_is_read(void **state)
{
    (void)state;
    assert_image(STREAM, "event: image_generation.completed\ndata: " COMPLETED "\n\n");
    assert_int_equal(result.usage.text_in, 12);
    assert_int_equal(result.usage.image_out, 396);
    assert_image("Text/Event-Stream", PARTIAL ": alive\n\nevent: ping\ndata: ping\n\n"
                                              "event: image_edit.completed\r\n"
                                              "data: {\"b64_json\":\"iVBORw0KGgo=\"}\r\n\r\n");
    assert_int_equal(result.usage.image_out, -1);
    assert_image(STREAM, "data: " COMPLETED "\n\ndata: [DONE]\n\n"); /* the type names the event */
    assert_image(STREAM, "data: " COMPLETED); /* complete without the last blank line */
    assert_image(STREAM, "event: image_generation.completed\ndata: {\ndata: \"b64_json\":\n"
                         "data: \"iVBORw0KGgo=\"\ndata: }\n\nevent: error\ndata: {}\n\n");
}

static void large_image_is_read(void **state)
{
    size_t size = 3 << 20;
    uint8_t *pixels = malloc(size);
    struct blob base64;
    char *body;

    (void)state;
    for (size_t i = 0; pixels && i < size; i++) {
        pixels[i] = (uint8_t)(i * 31 >> 3);
    }
    assert_true(pixels != NULL);
    memcpy(pixels, "\x89PNG\r\n\x1a\n", 8);
    assert_true(base64_encode(pixels, size, &base64, &err));
    assert_true(asprintf(&body,
                         "event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\","
                         "\"b64_json\":\"%.*s\"}\n\n",
                         (int)base64.size, (const char *)base64.data) > 0);
    assert_int_equal(read_body(STREAM, body), READ_DONE);
    assert_int_equal(result.content.size, size);
    assert_memory_equal(result.content.data, pixels, size);
    blob_free(&base64);
    free(pixels);
    free(body);
}

static void errors_within_a_stream_have_their_kind(void **state)
{
    static const struct {
        const char *body;
        enum error_kind kind;
        const char *text;
    } cases[] = {
        { PARTIAL "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                  "\"image_generation_user_error\",\"code\":\"moderation_blocked\",\"message\":"
                  "\"no\"}}\n\n",
          ERROR_REFUSED, "safety" },
        { "data: {\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"m\"}}\n\n", ERROR_BUSY,
          "request rate" },
        { "event: error\ndata: {\"code\":\"insufficient_quota\",\"message\":\"m\"}\n\n",
          ERROR_QUOTA, "credit" },
        { "data: {\"type\":\"error\",\"message\":\"something\"}\n\n", ERROR_REMOTE,
          "aborted the response: something" },
        { "data: {\"type\":\"error\",\"error\":\"a text\"}\n\n", ERROR_REMOTE, "aborted" },
        { "data: {\"error\":{\"type\":\"invalid_request_error\",\"message\":\"size is bad\"}}\n\n",
          ERROR_INPUT, "size is bad" },
        { "event: error\ndata: overloaded\n\n", ERROR_REMOTE, "not JSON" },
        { PARTIAL, ERROR_REMOTE, "ended before" },
        { PARTIAL "data: [DONE]\n\nevent: image_generation.completed\ndata: " COMPLETED "\n\n",
          ERROR_REMOTE, "ended before" },
        { "", ERROR_REMOTE, "ended before" },
        { "event: image_generation.completed\ndata: {\"b64_json\":\"iVBO", ERROR_REMOTE, "JSON" },
        { "event: image_generation.completed\ndata: {\"b64_json\":\"iVB!\"}\n\n", ERROR_FORMAT,
          "base64" },
        { "event: image_generation.completed\ndata: {}\n\n", ERROR_FORMAT, "no image" },
        { "event: image_generation.completed\ndata: 7\n\n", ERROR_FORMAT, "no image" },
        { "event: response.completed\ndata: "
          "{\"b64_json\":\"iVBORw0KGgo=\"}\n\n",
          ERROR_REMOTE, "ended before" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (read_body(STREAM, cases[i].body) != READ_FAILED || err.kind != cases[i].kind ||
            !strstr(err.text, cases[i].text)) {
            fail_msg("%s: kind %s, '%s'", cases[i].body, error_rule(err.kind)->name, err.text);
        }
        assert_null(result.content.data);
    }
}

/* A server may answer a stream request with JSON, any request with a stream, and either of them
 * with another content type. */
static void json_and_streams_are_read_whatever_was_requested(void **state)
{
    (void)state;
    assert_image("application/json", "{\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}]}");
    assert_image("", "{\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}]}");
    request.partial_images = 0;
    assert_image(STREAM, PARTIAL "event: image_generation.completed\ndata: " COMPLETED "\n\n");
    assert_image("text/plain", "data: " COMPLETED "\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(partial_images_request_a_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(edit_requests_a_stream_in_its_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_partial_images_request_no_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_partial_images_are_rejected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(completed_image_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_image_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_within_a_stream_have_their_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_and_streams_are_read_whatever_was_requested, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
