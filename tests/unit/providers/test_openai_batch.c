/* test_openai_batch.c - the Batch API of OpenAI: requests, status responses, records of results. */
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
#include "providers/provider_batch.h"

static const char item[] = "7d9c4a52-1b3f-4d2e-9a51-5f1d2c3b4a60";

static struct catalog *catalog;
static struct endpoint at;
static const struct provider_batch *batch;
static struct batch_call call;
static struct remote_batch remote;
static struct op op;
static struct model_result result;
static struct error err;
static struct model_request request;

static int setup(void **state)
{
    (void)state;
    at = (struct endpoint){ .provider = provider_find("openai"),
                            .base_url = "http://127.0.0.1:9/v1",
                            .key = secret_new("sk-test") };
    if (!catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        return 1;
    }
    batch = provider_find("openai")->batch;
    remote = (struct remote_batch){ .id = "" };
    result = (struct model_result){ .usage = USAGE_UNKNOWN };
    call = (struct batch_call){ .at = &at,
                                .model = catalog_find(catalog, "gpt-image-2.5-flare"),
                                .name = "chunk-1",
                                .arena = arena_new() };
    request = (struct model_request){ .task = TASK_EDIT,
                                      .model = call.model,
                                      .at = &at,
                                      .prompt = "A \"cup\"\n",
                                      .quality = "low",
                                      .size = { 1024, 1536 },
                                      .arena = call.arena };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    op_clear(&op);
    blob_free(&result.content);
    arena_free(call.arena);
    secret_free((struct secret *)at.key);
    catalog_free(catalog);
    return 0;
}

/* Returns the record of the request, parsed; the caller deletes it. */
static cJSON *write_record(const char *expected_path)
{
    const char *path = NULL;
    struct blob record;
    cJSON *tree;

    if (!batch->write_record(&request, item, &record, &path, &err)) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(path, expected_path);
    assert_ptr_equal(memchr(record.data, '\n', record.size), record.data + record.size - 1);
    tree = cJSON_ParseWithLength((const char *)record.data, record.size);
    assert_non_null(tree);
    blob_free(&record);
    return tree;
}

static void assert_equal(const cJSON *got, const char *json)
{
    cJSON *expected = cJSON_Parse(json);

    assert_non_null(expected);
    if (!cJSON_Compare(got, expected, true)) {
        fail_msg("got: %s", cJSON_Print(got));
    }
    cJSON_Delete(expected);
}

static void request_is_written_as_a_record(void **state)
{
    static const struct request_photo photos[] = {
        { .bytes = { (uint8_t *)"photo", 5, NULL }, .content_type = "image/jpeg" },
        { .bytes = { (uint8_t *)"p", 1, NULL }, .content_type = "image/png" },
    };
    cJSON *record;

    (void)state;
    record = write_record("/v1/images/generations");
    assert_equal(record, "{\"custom_id\":\"7d9c4a52-1b3f-4d2e-9a51-5f1d2c3b4a60\",\"method\":"
                         "\"POST\",\"url\":\"/v1/images/generations\",\"body\":{\"model\":"
                         "\"gpt-image-2.5-flare\",\"prompt\":\"A \\\"cup\\\"\\n\",\"n\":1,\"size\":"
                         "\"1024x1536\",\"quality\":\"low\",\"background\":\"opaque\","
                         "\"output_format\":\"png\"}}");
    cJSON_Delete(record);
    request.photos = photos;
    request.photo_count = 2;
    request.mask = &photos[1];
    request.transparent = true;
    record = write_record("/v1/images/edits"); /* photos are data URLs: a record cannot be a form */
    assert_equal(cJSON_GetObjectItem(record, "body"),
                 "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"A \\\"cup\\\"\\n\",\"n\":1,"
                 "\"size\":\"1024x1536\",\"quality\":\"low\",\"background\":\"transparent\","
                 "\"output_format\":\"png\",\"images\":[{\"image_url\":"
                 "\"data:image/jpeg;base64,cGhvdG8=\"},{\"image_url\":"
                 "\"data:image/png;base64,cA==\"}],\"mask\":{\"image_url\":"
                 "\"data:image/png;base64,cA==\"}}");
    cJSON_Delete(record);
    request.photo_count = 17;
    assert_false(
        batch->write_record(&request, item, &(struct blob){ 0 }, &(const char *){ NULL }, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void each_request_has_its_url_and_body(void **state)
{
    cJSON *body;

    (void)state;
    batch->upload(&call, "/spool/x.input", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/files");
    assert_string_equal(op.http.method, "POST");
    assert_int_equal(op.http.part_count, 2);
    assert_memory_equal(op.http.parts[0].content.data, "batch", 5);
    assert_string_equal(op.http.parts[1].name, "file");
    assert_string_equal(op.http.parts[1].filename, "chunk-1.jsonl");
    assert_string_equal(op.http.parts[1].path, "/spool/x.input");
    op_clear(&op);
    batch->create(&call, "file-1", "/v1/images/edits", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/batches");
    assert_true(
        op.http.new_connection); /* paid: libcurl must not send it a second time by itself */
    body = cJSON_ParseWithLength((const char *)op.http.body.data, op.http.body.size);
    assert_equal(body, "{\"input_file_id\":\"file-1\",\"endpoint\":\"/v1/images/edits\","
                       "\"completion_window\":\"24h\",\"metadata\":{\"darkroom_chunk\":"
                       "\"chunk-1\"}}");
    cJSON_Delete(body);
    op_clear(&op);
    batch->status(&call, "batch_1", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/batches/batch_1");
    assert_string_equal(op.http.method, "GET");
    op_clear(&op);
    batch->cancel(&call, "batch_1", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/batches/batch_1/cancel");
    assert_string_equal(op.http.method, "POST");
    op_clear(&op);
    batch->download(&call, "file-2", "/spool/x.output", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/files/file-2/content");
    assert_string_equal(op.http.body_path, "/spool/x.output");
    op_clear(&op);
    batch->delete_file(&call, "file-2", &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/files/file-2");
    assert_string_equal(op.http.method, "DELETE");
    assert_string_equal(op.http.headers[0].name, "authorization");
}

static void set_response(int status, const char *body)
{
    blob_free(&op.http_response.body);
    op.http_response.status = status;
    assert_true(blob_copy(&op.http_response.body, body, strlen(body), &err));
    err = (struct error){ .kind = ERROR_NONE };
}

static void upload_returns_the_file_id(void **state)
{
    (void)state;
    set_response(200, "{\"id\":\"file-abc\",\"object\":\"file\",\"purpose\":\"batch\"}");
    assert_true(batch->read_upload(&call, &op, &remote, &err));
    assert_string_equal(remote.input, "file-abc");
    set_response(200, "{\"object\":\"file\"}");
    assert_false(batch->read_upload(&call, &op, &remote, &err));
    assert_int_equal(err.kind, ERROR_REMOTE);
    set_response(200, "{\"id\":\"../models?x=\"}"); /* it would change a URL */
    assert_false(batch->read_upload(&call, &op, &remote, &err));
    assert_int_equal(err.kind, ERROR_REMOTE);
    set_response(401,
                 "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}");
    assert_false(batch->read_upload(&call, &op, &remote, &err));
    assert_string_equal(err.hint, "Check OPENAI_API_KEY.");
}

static void status_of_a_batch_is_read(void **state)
{
    (void)state;
    set_response(200, "{\"id\":\"batch_1\",\"status\":\"in_progress\",\"input_file_id\":\"file-1\","
                      "\"output_file_id\":null,\"request_counts\":{\"total\":5,\"completed\":2,"
                      "\"failed\":1}}");
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_false(remote.finished);
    assert_true(remote.total == 5 && remote.completed == 2 && remote.failed == 1);
    assert_string_equal(remote.input, "file-1");
    set_response(200, "{\"id\":\"batch_1\",\"status\":\"expired\",\"output_file_id\":\"file-2\","
                      "\"error_file_id\":\"file-3\"}");
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_true(remote.finished && !remote.rejected);
    assert_string_equal(remote.output, "file-2");
    assert_string_equal(remote.errors, "file-3");
    set_response(200,
                 "{\"id\":\"batch_1\",\"status\":\"a new status\"}"); /* unknown: not finished */
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_false(remote.finished);
    set_response(200, "{\"id\":\"batch_1\",\"status\":\"failed\",\"errors\":{\"data\":[{\"code\":"
                      "\"token_limit_exceeded\",\"message\":\"Enqueued token limit reached\"}]}}");
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_true(remote.finished && remote.rejected);
    assert_int_equal(err.kind, ERROR_BUSY); /* retried later */
    set_response(200, "{\"id\":\"batch_1\",\"status\":\"failed\",\"errors\":{\"data\":[{\"code\":"
                      "\"invalid_json_line\",\"message\":\"This line is bad\",\"line\":3}]}}");
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "This line is bad"));
    set_response(200, "{\"id\":\"batch_1\",\"status\":\"failed\"}");
    assert_true(batch->read_batch(&call, &op, &remote, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    set_response(200, "{\"status\":\"completed\"}");
    assert_false(batch->read_batch(&call, &op, &remote, &err));
    set_response(404,
                 "{\"error\":{\"message\":\"No batch found\",\"type\":\"invalid_request_error\"}}");
    assert_false(batch->read_batch(&call, &op, &remote, &err));
}

static void batch_is_found_by_its_name(void **state)
{
    (void)state;
    batch->find(&call, &op);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/batches?limit=100");
    set_response(200,
                 "{\"data\":[{\"id\":\"batch_9\",\"status\":\"completed\",\"metadata\":null},"
                 "{\"id\":\"batch_8\",\"status\":\"validating\",\"metadata\":{\"darkroom_chunk\":"
                 "\"chunk-1\"}}],\"has_more\":true}");
    assert_int_equal(batch->read_find(&call, 0, &op, &remote, &err), READ_DONE);
    assert_string_equal(remote.id, "batch_8");
    set_response(200, "{\"data\":[{\"id\":\"batch_7\",\"created_at\":1790000000,\"metadata\":{}}],"
                      "\"has_more\":true}");
    assert_int_equal(batch->read_find(&call, 1790000000000, &op, &remote, &err), READ_POLL_AGAIN);
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/batches?limit=100&after=batch_7");
    set_response(200,
                 "{\"data\":[{\"id\":\"batch_6\",\"created_at\":1780000000}],\"has_more\":true}");
    assert_int_equal(batch->read_find(&call, 1790000000000, &op, &remote, &err), READ_DONE);
    assert_string_equal(remote.id, ""); /* older pages cannot contain the batch */
    set_response(200,
                 "{\"data\":[{\"id\":\"batch_5\",\"created_at\":1790000000}],\"has_more\":false}");
    assert_int_equal(batch->read_find(&call, 1790000000000, &op, &remote, &err), READ_DONE);
    assert_string_equal(remote.id, "");
    set_response(200, "{\"data\":[{\"id\":\"a/b\",\"created_at\":1790000000}],\"has_more\":true}");
    assert_int_equal(batch->read_find(&call, 1790000000000, &op, &remote, &err), READ_FAILED);
    set_response(500, "");
    assert_int_equal(batch->read_find(&call, 0, &op, &remote, &err), READ_FAILED);
}

/* -- records of results ----------------------------------------------------------------------- */

static char id[40];
static int status;

static enum read_result read_record(const char *text)
{
    struct blob record = blob_text(text);

    err = (struct error){ .kind = ERROR_NONE };
    blob_free(&result.content);
    result = (struct model_result){ .usage = USAGE_UNKNOWN };
    return batch->read_record(&request, &record, id, &status, &result, &err);
}

static void record_with_an_image_is_read(void **state)
{
    size_t size = 60000;
    uint8_t *bytes = calloc(1, size);
    struct blob base64;
    char *text;

    (void)state;
    memcpy(bytes, "\x89PNG\r\n\x1a\n", 8);
    assert_true(
        base64_encode(bytes, size, &base64, &err)); /* longer than a string that cJSON parses */
    text = malloc(base64.size + 1000);
    sprintf(text,
            "{\"id\":\"batch_req_1\",\"custom_id\":\"%s\",\"response\":{\"status_code\":200,"
            "\"request_id\":\"req_1\",\"body\":{\"created\":1,\"data\":[{\"b64_json\":\"%.*s\"}],"
            "\"usage\":{\"input_tokens\":30,\"output_tokens\":196,\"input_tokens_details\":{"
            "\"text_tokens\":10,\"image_tokens\":20}}}},\"error\":null}",
            item, (int)base64.size, (const char *)base64.data);
    assert_int_equal(read_record(text), READ_DONE);
    assert_string_equal(id, item);
    assert_int_equal(status, 200);
    assert_string_equal(result.request_id, "req_1");
    assert_int_equal(result.content.size, size);
    assert_memory_equal(result.content.data, bytes, size);
    assert_true(result.usage.text_in == 10 && result.usage.image_in == 20 &&
                result.usage.image_out == 196);
    blob_free(&base64);
    free(bytes);
    free(text);
}

static void failed_record_has_its_error(void **state)
{
    (void)state;
    assert_int_equal(
        read_record("{\"custom_id\":\"a\",\"response\":{\"status_code\":400,\"request_id\":\"r\","
                    "\"body\":{\"error\":{\"message\":\"safety_violations=[violence]\",\"code\":"
                    "\"moderation_blocked\",\"type\":\"image_generation_user_error\"}}},\"error\":"
                    "null}"),
        READ_FAILED);
    assert_string_equal(id, "a");
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_non_null(strstr(err.text, "violence"));
    assert_int_equal(
        read_record("{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"batch_expired\","
                    "\"message\":\"This request could not be executed\"}}"),
        READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_non_null(strstr(err.text, "batch expired"));
    assert_int_equal(status, 0);
    assert_int_equal(read_record("{\"custom_id\":\"a\",\"response\":{\"status_code\":502,\"body\":"
                                 "\"<html>\"}}"),
                     READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_int_equal(read_record("{\"custom_id\":\"a\",\"response\":{\"status_code\":429,\"body\":"
                                 "null}}"),
                     READ_FAILED);
    assert_int_equal(err.kind, ERROR_BUSY);
}

static void malformed_records_are_errors(void **state)
{
    static const char *const records[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"custom_id\":5,\"response\":{\"status_code\":200,\"body\":{}}}",
        "{\"custom_id\":\"a\"}",
        "{\"custom_id\":\"a\",\"response\":[]}",
        "{\"custom_id\":\"a\",\"response\":{}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":200}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":-1,\"body\":{}}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":1e99,\"body\":{}}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"data\":[]}}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"data\":[{\"b64_json\":"
        "\"!!\"}]}}}",
        "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"request_id\":7,\"body\":{"
        "\"error\":{}}}}",
        "{\"custom_id\":\"a\",\"response\":null,\"error\":\"no\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        assert_int_equal(read_record(records[i]), READ_FAILED);
        assert_true(err.kind != ERROR_NONE && err.text[0]);
        assert_null(result.content.data);
    }
    read_record("{\"custom_id\":\"0123456789012345678901234567890123456789\",\"response\":null}");
    assert_string_equal(id, ""); /* longer than an id of an item */
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(request_is_written_as_a_record), EACH(each_request_has_its_url_and_body),
        EACH(upload_returns_the_file_id),     EACH(status_of_a_batch_is_read),
        EACH(record_with_an_image_is_read),   EACH(batch_is_found_by_its_name),
        EACH(failed_record_has_its_error),    EACH(malformed_records_are_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
