/* test_openai_response.c - how the OpenAI provider reads responses: images, texts, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "providers/provider.h"

static struct catalog *catalog;
static struct endpoint at;
static struct op op;
static struct model_result result;
static struct error err;
static struct brief brief;
static struct model_request request;

static int setup(void **state)
{
    (void)state;
    at = (struct endpoint){
        .provider = provider_find("openai"),
        .base_url = "http://127.0.0.1:9/v1",
        .key = secret_new("sk-test"),
    };
    request = (struct model_request){
        .at = &at, .brief = &brief, .prompt = "A cup", .size = { 1024, 1536 }, .arena = arena_new()
    };
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : 1;
}

static int teardown(void **state)
{
    (void)state;
    op_clear(&op);
    blob_free(&result.content);
    result = (struct model_result){ 0 };
    arena_free(request.arena);
    secret_free((struct secret *)at.key);
    catalog_free(catalog);
    return 0;
}

static enum read_result read_body(int status, const char *body)
{
    op_clear(&op);
    blob_free(&result.content);
    result = (struct model_result){ 0 };
    err = (struct error){ 0 };
    op.http_response.status = status;
    strcpy(op.http_response.request_id, "req_7");
    op.http_response.processing_ms = -1;
    assert_true(blob_copy(&op.http_response.body, body, strlen(body), &err));
    return provider_find("openai")->read_response(&request, &op, &result, &err);
}

static void image_and_usage_are_read(void **state)
{
    (void)state;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    assert_int_equal(
        read_body(200, "{\"created\":1,\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}],\"usage\":{"
                       "\"input_tokens\":120,\"output_tokens\":1568,\"input_tokens_details\":{"
                       "\"text_tokens\":100,\"image_tokens\":20,\"cached_tokens_details\":{"
                       "\"text_tokens\":40,\"image_tokens\":5}}}}"),
        READ_DONE);
    assert_int_equal(result.content.size, 8);
    assert_memory_equal(result.content.data, "\x89PNG\r\n\x1a\n", 8);
    assert_string_equal(result.request_id, "req_7");
    assert_int_equal(result.usage.text_in, 60); /* without the cached tokens */
    assert_int_equal(result.usage.text_cached, 40);
    assert_int_equal(result.usage.image_in, 15);
    assert_int_equal(result.usage.image_cached, 5);
    assert_int_equal(result.usage.image_out, 1568);
    /* JSON allows "\/" for a slash */
    assert_int_equal(read_body(200, "{\"data\":[{\"b64_json\":\"\\/9j\\/\"}]}"), READ_DONE);
    assert_memory_equal(result.content.data, "\xff\xd8\xff", 3);
    assert_int_equal(read_body(200, "{\"data\":[{\"b64_json\":\"\\u0069VBORw0KGgo=\"}]}"),
                     READ_DONE);
    assert_int_equal(read_body(200, "{\"data\":[{\"url\":\"http://x/y.png\"}]}"), READ_POLL_AGAIN);
    assert_string_equal(op.http.url, "http://x/y.png");
}

static void text_and_usage_are_read(void **state)
{
    (void)state;
    request.task = TASK_TEXT;
    request.model = catalog_find(catalog, "gpt-6-luna");
    assert_int_equal(
        read_body(
            200, "{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":[]},"
                 "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"{}\"}]}],"
                 "\"usage\":{\"input_tokens\":50,\"input_tokens_details\":{\"cached_tokens\":20},"
                 "\"output_tokens\":9}}"),
        READ_DONE);
    assert_int_equal(result.content.size, 2);
    assert_int_equal(result.usage.text_in, 30);
    assert_int_equal(result.usage.text_cached, 20);
    assert_int_equal(result.usage.text_out, 9);
    assert_int_equal(read_body(200, "{\"status\":\"completed\",\"output\":[{\"content\":[{\"text\":"
                                    "\"\"}]}]}"),
                     READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_null(result.content.data);
}

/* The code decides, then the type, then the status. */
static const struct {
    int status;
    const char *body;
    enum error_kind kind;
    const char *text;
} error_cases[] = {
    { 400,
      "{\"error\":{\"code\":\"moderation_blocked\",\"type\":\"image_generation_user_error\","
      "\"message\":\"no\"}}",
      ERROR_REFUSED, "safety" },
    { 400, "{\"error\":{\"code\":\"billing_hard_limit_reached\",\"message\":\"m\"}}", ERROR_QUOTA,
      "billing limit" },
    { 429,
      "{\"error\":{\"code\":\"insufficient_quota\",\"type\":\"insufficient_quota\","
      "\"message\":\"m\"}}",
      ERROR_QUOTA, "credit" },
    { 429, "{\"error\":{\"code\":\"rate_limit_exceeded\",\"type\":\"requests\",\"message\":\"m\"}}",
      ERROR_BUSY, "request rate" },
    { 429, "", ERROR_BUSY, "429" },
    { 401,
      "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"Incorrect API key provided: "
      "sk-abc\"}}",
      ERROR_KEY, "key" },
    { 403, "{\"error\":{\"message\":\"Your organization must be verified to use the model x\"}}",
      ERROR_CONFIG, "verified" },
    { 404, "{\"error\":{\"code\":\"model_not_found\",\"message\":\"The model x does not exist\"}}",
      ERROR_CONFIG, "does not offer" },
    { 404, "{\"error\":{\"message\":\"The model x has been deprecated\"}}", ERROR_CONFIG,
      "shut down" },
    { 400, /* an incident: the model exists */
      "{\"error\":{\"type\":\"image_generation_user_error\",\"code\":\"invalid_value\","
      "\"message\":\"The model 'gpt-image-2' does not exist.\"}}",
      ERROR_CONFIG, "does not offer" },
    { 400,
      "{\"error\":{\"type\":\"image_generation_user_error\",\"code\":\"invalid_value\","
      "\"message\":\"size is bad\"}}",
      ERROR_INPUT, "size is bad" },
    { 400,
      "{\"error\":{\"type\":\"image_generation_user_error\",\"message\":\"Rejected by the "
      "safety system\"}}",
      ERROR_REFUSED, "declined" },
    { 400, "{\"error\":{\"code\":\"invalid_value\",\"message\":\"size is bad\"}}", ERROR_INPUT,
      "size is bad" },
    { 500, "{\"error\":{\"type\":\"server_error\",\"message\":\"m\"}}", ERROR_REMOTE,
      "internal error" },
    { 502, "<html><h1>Bad gateway</h1></html>", ERROR_REMOTE, "502" },
    { 503, "{\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"m\"}}", ERROR_BUSY,
      "overloaded" },
    { 402, "{\"detail\":\"pay\"}", ERROR_QUOTA, "pay" },
    { 422, "{\"detail\":\"prompt too long\"}", ERROR_INPUT, "prompt too long" },
    { 200, "{\"error\":{\"code\":\"moderation_blocked\",\"message\":\"no\"}}", ERROR_REFUSED,
      "safety" },
};

static void each_error_has_its_kind(void **state)
{
    (void)state;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    for (size_t i = 0; i < sizeof error_cases / sizeof *error_cases; i++) {
        assert_int_equal(read_body(error_cases[i].status, error_cases[i].body), READ_FAILED);
        if (err.kind != error_cases[i].kind || !strstr(err.text, error_cases[i].text)) {
            fail_msg("%d %s: kind %d, '%s'", error_cases[i].status, error_cases[i].body, err.kind,
                     err.text);
        }
        assert_null(strstr(err.text, "sk-abc"));
    }
}

static void retry_headers_are_kept(void **state)
{
    (void)state;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    op_clear(&op);
    op.http_response.status = 429;
    op.http_response.retry_after_ms = 7000;
    assert_int_equal(provider_find("openai")->read_response(&request, &op, &result, &err),
                     READ_FAILED);
    assert_int_equal(err.retry_ms, 7000);
    op.http_response.status = 409; /* x-should-retry: false */
    op.http_response.should_retry = 'f';
    assert_int_equal(provider_find("openai")->read_response(&request, &op, &result, &err),
                     READ_FAILED);
    assert_false(error_rule(err.kind)->retry);
    op.http_response.status = 500; /* trouble of the provider: the job waits for its end */
    assert_int_equal(provider_find("openai")->read_response(&request, &op, &result, &err),
                     READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
}

/* A provider that reuses these functions is named by its own title and key variable, without a
 * change to any other file. */
static void errors_name_the_provider_of_the_endpoint(void **state)
{
    static const struct provider_setting settings[] = {
        { .name = "other-key", .use = PROVIDER_KEY },
        { .name = NULL },
    };
    struct provider other = *provider_find("openai");
    struct model_status model_status;

    (void)state;
    other.name = "other";
    other.title = "Other";
    other.base_url = "https://other.example/v2";
    other.settings = settings;
    at = (struct endpoint){ .provider = &other, .key = at.key };
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    assert_true(other.request(&request, &op, &err));
    assert_string_equal(op.http.url, "https://other.example/v2/images/generations");
    assert_int_equal(op.http.header_count, 2); /* no header of OpenAI: key and content type */
    assert_int_equal(read_body(401, "{\"error\":{\"code\":\"invalid_api_key\"}}"), READ_FAILED);
    assert_string_equal(err.text, "Other refused the key");
    assert_string_equal(err.hint, "Check DARKROOM_OTHER_KEY.");
    assert_false(other.read_preflight(&at, request.model, &op, 0, &model_status, &err));
    assert_string_equal(err.text, "Other refused the key");
    assert_string_equal(err.hint, "Check DARKROOM_OTHER_KEY.");
    assert_int_equal(read_body(500, ""), READ_FAILED);
    assert_non_null(strstr(err.text, "Other reports an internal error"));
}

/* A server that is busy, or lacks the route of a model's status, is no error: callers go on. */
static void unknown_status_of_a_model_leaves_no_error(void **state)
{
    static const int statuses[] = { 404, 429, 500, 502, 503 };
    struct model_status status;

    (void)state;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct op answer = { .kind = OP_HTTP, .http_response.status = statuses[i] };

        err = (struct error){ .kind = ERROR_NONE };
        assert_true(
            provider_find("openai")->read_preflight(&at, request.model, &answer, 0, &status, &err));
        assert_int_equal(err.kind, ERROR_NONE);
        assert_false(status.known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unknown_status_of_a_model_leaves_no_error, setup, teardown),
        cmocka_unit_test_setup_teardown(image_and_usage_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(text_and_usage_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(each_error_has_its_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(retry_headers_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_the_provider_of_the_endpoint, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
