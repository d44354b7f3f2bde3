/* OpenAI's wire: what is sent for each kind of request, and what each answer means. */
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

static int setup(void **unused)
{
    (void)unused;
    at = (struct endpoint){
        .provider = provider_find("openai"),
        .base_url = "http://127.0.0.1:9/v1",
        .key = secret_new("sk-test"),
        /* in the order of the settings of openai.c: the organization, the project */
        .values = { [2] = "org-1", [3] = "proj-1" }
    };
    request = (struct model_request){ .at = &at,
                                      .brief = &brief,
                                      .prompt = "A \"cup\"",
                                      .key = "job-0",
                                      .size = { 1024, 1536 },
                                      .arena = arena_new() };
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : 1;
}

static int teardown(void **unused)
{
    (void)unused;
    op_clear(&op);
    blob_free(&result.content);
    result = (struct model_result){ 0 };
    arena_free(request.arena);
    secret_free((struct secret *)at.key);
    catalog_free(catalog);
    return 0;
}

static void ask(enum task task, const char *model)
{
    request.task = task;
    request.model = catalog_find(catalog, model);
    assert_non_null(request.model);
    op_clear(&op);
    if (!provider_find("openai")->request(&request, &op, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(op.kind, OP_HTTP);
    assert_string_equal(op.http.method, "POST");
}

static void assert_body(const char *json)
{
    cJSON *sent = cJSON_ParseWithLength((const char *)op.http.body.data, op.http.body.size);
    cJSON *wanted = cJSON_Parse(json);

    assert_non_null(wanted);
    if (!cJSON_Compare(sent, wanted, true)) {
        fail_msg("sent: %.*s", (int)op.http.body.size, (const char *)op.http.body.data);
    }
    cJSON_Delete(sent);
    cJSON_Delete(wanted);
}

static const char *header(const char *name)
{
    for (int i = 0; i < op.http.header_count; i++) {
        if (strcmp(op.http.headers[i].name, name) == 0) {
            return op.http.headers[i].value;
        }
    }
    return NULL;
}

static void an_image_from_words(void **unused)
{
    (void)unused;
    request.quality = "high";
    ask(TASK_IMAGE, "gpt-image-2.5-flare");
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/images/generations");
    assert_body("{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,"
                "\"size\":\"1024x1536\",\"quality\":\"high\",\"background\":\"opaque\","
                "\"output_format\":\"png\"}"); /* no response_format: newer models refuse it */
    assert_string_equal(header("content-type"), "application/json");
    assert_string_equal(header("authorization"), "Bearer "); /* the key itself is revealed in io */
    assert_string_equal(header("openai-organization"), "org-1");
    assert_string_equal(header("openai-project"), "proj-1");
}

static void dall_e_has_its_own_words(void **unused)
{
    (void)unused;
    request.size = (struct size){ 1024, 1792 };
    request.quality = "hd";
    ask(TASK_IMAGE, "dall-e-3");
    assert_body(
        "{\"model\":\"dall-e-3\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,\"size\":\"1024x1792\","
        "\"quality\":\"hd\",\"response_format\":\"b64_json\"}");
    request.size = (struct size){ 512, 512 };
    request.quality = NULL;
    ask(TASK_IMAGE, "dall-e-2");
    assert_body("{\"model\":\"dall-e-2\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,\"size\":\"512x512\","
                "\"response_format\":\"b64_json\"}");
    request.photo_count = 1;
    request.photos = &(struct request_photo){ .bytes = blob_text("x") };
    request.task = TASK_EDIT;
    request.model = catalog_find(catalog, "dall-e-3");
    op_clear(&op);
    assert_false(provider_find("openai")->request(&request, &op, &err)); /* it cannot edit */
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static const struct http_part *part(int i, const char *name, const char *value)
{
    const struct http_part *found = &op.http.parts[i];

    assert_true(i < op.http.part_count);
    assert_string_equal(found->name, name);
    assert_int_equal(found->content.size, strlen(value));
    assert_memory_equal(found->content.data, value, strlen(value));
    return found;
}

static void an_image_from_photos(void **unused)
{
    static const struct request_photo photos[] = {
        { .content_type = "image/jpeg", .filename = "a.jpg" },
        { .content_type = "image/png", .filename = "b.png" },
    };
    struct request_photo filled[2] = { photos[0], photos[1] };
    struct request_photo mask = { .content_type = "image/png", .filename = "mask.png" };
    const struct http_part *file;

    (void)unused;
    filled[0].bytes = blob_text("JPEG");
    filled[1].bytes = blob_text("PNG");
    mask.bytes = blob_text("MASK");
    request.photos = filled;
    request.photo_count = 1;
    request.transparent = true;
    ask(TASK_EDIT, "gpt-image-2.5-flare");
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/images/edits");
    assert_int_equal(op.http.part_count, 7);
    part(0, "model", "gpt-image-2.5-flare");
    part(1, "prompt", "A \"cup\"");
    part(2, "n", "1");
    part(3, "size", "1024x1536");
    part(4, "background", "transparent");
    part(5, "output_format", "png");
    file = part(6, "image", "JPEG"); /* one: no list */
    assert_string_equal(file->filename, "a.jpg");
    assert_string_equal(file->content_type, "image/jpeg");

    request.photo_count = 2; /* two or more: repeating `image` is refused */
    request.mask = &mask;
    ask(TASK_EDIT, "gpt-image-2.5-flare");
    part(6, "image[]", "JPEG");
    part(7, "image[]", "PNG");
    file = part(8, "mask", "MASK");
    assert_string_equal(file->content_type, "image/png");
    assert_int_equal(op.http.part_count, 9);
}

static void text_with_a_schema(void **unused)
{
    struct request_photo photo = { .bytes = blob_text("abc"), .content_type = "image/png" };

    (void)unused;
    request.prompt = "List";
    request.instructions = "Be brief";
    request.schema_name = "features";
    request.schema = "{\"type\":\"object\"}";
    request.max_output_tokens = 500;
    ask(TASK_TEXT, "gpt-6-luna");
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/responses");
    assert_body(
        "{\"model\":\"gpt-6-luna\",\"instructions\":\"Be brief\",\"input\":[{\"role\":\"user\","
        "\"content\":[{\"type\":\"input_text\",\"text\":\"List\"}]}],\"text\":{\"format\":{"
        "\"type\":\"json_schema\",\"name\":\"features\",\"strict\":true,\"schema\":{\"type\":"
        "\"object\"}}},\"max_output_tokens\":500,\"store\":false}");
    request.photos = &photo;
    request.photo_count = 1;
    request.schema = NULL;
    request.instructions = NULL;
    request.max_output_tokens = 0;
    ask(TASK_TEXT, "gpt-6-luna");
    assert_body("{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":"
                "\"input_text\",\"text\":\"List\"},{\"type\":\"input_image\",\"image_url\":"
                "\"data:image/png;base64,YWJj\",\"detail\":\"auto\"}]}],\"store\":false}");
}

static void chat_for_servers_that_know_no_other(void **unused)
{
    struct model chat = *catalog_find(catalog, "gpt-6-luna");

    (void)unused;
    chat.wire = "chat";
    request.task = TASK_TEXT;
    request.model = &chat;
    request.prompt = "List";
    request.instructions = "Be brief";
    request.schema_name = "features";
    request.schema = "{}";
    request.max_output_tokens = 9;
    assert_true(provider_find("openai")->request(&request, &op, &err));
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/chat/completions");
    assert_body(
        "{\"model\":\"gpt-6-luna\",\"messages\":[{\"role\":\"developer\",\"content\":\"Be "
        "brief\"},{\"role\":\"user\",\"content\":\"List\"}],\"response_format\":{\"type\":"
        "\"json_schema\",\"json_schema\":{\"name\":\"features\",\"strict\":true,\"schema\":{}}},"
        "\"max_completion_tokens\":9}");
}

static enum read_result reading_of(int status, const char *body)
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

static void an_image_comes(void **unused)
{
    (void)unused;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    assert_int_equal(
        reading_of(200, "{\"created\":1,\"data\":[{\"b64_json\":\"iVBORw==\"}],\"usage\":{"
                        "\"input_tokens\":120,\"output_tokens\":1568,\"input_tokens_details\":{"
                        "\"text_tokens\":100,\"image_tokens\":20,\"cached_tokens_details\":{"
                        "\"text_tokens\":40,\"image_tokens\":5}}}}"),
        READ_DONE);
    assert_int_equal(result.content.size, 4);
    assert_memory_equal(result.content.data, "\x89PNG", 4);
    assert_string_equal(result.request_id, "req_7");
    assert_int_equal(result.usage.text_in, 60); /* the cached part is not in it */
    assert_int_equal(result.usage.text_cached, 40);
    assert_int_equal(result.usage.image_in, 15);
    assert_int_equal(result.usage.image_cached, 5);
    assert_int_equal(result.usage.image_out, 1568);
    /* JSON may write a slash with a backslash before it */
    assert_int_equal(reading_of(200, "{\"data\":[{\"b64_json\":\"\\/\\/\\/\\/\"}]}"), READ_DONE);
    assert_memory_equal(result.content.data, "\xff\xff\xff", 3);
    assert_int_equal(reading_of(200, "{\"data\":[{\"b64_json\":\"\\u0041AAA\"}]}"), READ_DONE);
    assert_int_equal(reading_of(200, "{\"data\":[{\"url\":\"http://x/y.png\"}]}"), READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
}

static void text_comes(void **unused)
{
    (void)unused;
    request.task = TASK_TEXT;
    request.model = catalog_find(catalog, "gpt-6-luna");
    assert_int_equal(
        reading_of(
            200, "{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":[]},"
                 "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"{}\"}]}],"
                 "\"usage\":{\"input_tokens\":50,\"input_tokens_details\":{\"cached_tokens\":20},"
                 "\"output_tokens\":9}}"),
        READ_DONE);
    assert_int_equal(result.content.size, 2);
    assert_int_equal(result.usage.text_in, 30);
    assert_int_equal(result.usage.text_cached, 20);
    assert_int_equal(result.usage.text_out, 9);
    assert_int_equal(reading_of(200,
                                "{\"status\":\"completed\",\"output\":[{\"content\":[{\"text\":"
                                "\"\"}]}]}"),
                     READ_FAILED);
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_null(result.content.data);
}

/* By code, then type, then status: class and message. */
static void errors_have_their_class(void **unused)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
        const char *says;
    } cases[] = {
        { 400,
          "{\"error\":{\"code\":\"moderation_blocked\",\"type\":\"image_generation_user_error\","
          "\"message\":\"no\"}}",
          ERROR_REFUSED, "safety" },
        { 400, "{\"error\":{\"code\":\"billing_hard_limit_reached\",\"message\":\"m\"}}",
          ERROR_QUOTA, "billing limit" },
        { 429,
          "{\"error\":{\"code\":\"insufficient_quota\",\"type\":\"insufficient_quota\","
          "\"message\":\"m\"}}",
          ERROR_QUOTA, "credit" },
        { 429,
          "{\"error\":{\"code\":\"rate_limit_exceeded\",\"type\":\"requests\",\"message\":\"m\"}}",
          ERROR_BUSY, "request rate" },
        { 429, "", ERROR_BUSY, "429" },
        { 401,
          "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"Incorrect API key provided: "
          "sk-abc\"}}",
          ERROR_KEY, "key" },
        { 403,
          "{\"error\":{\"message\":\"Your organization must be verified to use the model x\"}}",
          ERROR_CONFIG, "verified" },
        { 404,
          "{\"error\":{\"code\":\"model_not_found\",\"message\":\"The model x does not exist\"}}",
          ERROR_CONFIG, "does not offer" },
        { 404, "{\"error\":{\"message\":\"The model x has been deprecated\"}}", ERROR_CONFIG,
          "shut down" },
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

    (void)unused;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(reading_of(cases[i].status, cases[i].body), READ_FAILED);
        if (err.kind != cases[i].kind || !strstr(err.text, cases[i].says)) {
            fail_msg("%d %s: kind %d, '%s'", cases[i].status, cases[i].body, err.kind, err.text);
        }
        assert_null(strstr(err.text, "sk-abc"));
    }
}

static void waits_as_it_was_asked(void **unused)
{
    (void)unused;
    request.task = TASK_IMAGE;
    request.model = catalog_find(catalog, "gpt-image-2.5-flare");
    op_clear(&op);
    op.http_response.status = 429;
    op.http_response.retry_after_ms = 7000;
    assert_int_equal(provider_find("openai")->read_response(&request, &op, &result, &err),
                     READ_FAILED);
    assert_int_equal(err.retry_ms, 7000);
    op.http_response.status = 500; /* x-should-retry: false */
    op.http_response.should_retry = 'f';
    assert_int_equal(provider_find("openai")->read_response(&request, &op, &result, &err),
                     READ_FAILED);
    assert_false(error_rule(err.kind)->retry);
}

/* A provider that reuses these functions is named by its own title and key variable, without a
 * change to any other file. */
static void errors_name_the_provider_of_the_endpoint(void **unused)
{
    static const struct provider_setting settings[] = {
        { .name = "other-key", .use = PROVIDER_KEY },
        { .name = NULL },
    };
    struct provider other = *provider_find("openai");
    struct model_status model_status;

    (void)unused;
    other.name = "other";
    other.title = "Other";
    other.base_url = "https://other.example/v2";
    other.settings = settings;
    at = (struct endpoint){ .provider = &other, .key = at.key };
    ask(TASK_IMAGE, "gpt-image-2.5-flare");
    assert_string_equal(op.http.url, "https://other.example/v2/images/generations");
    assert_null(header("openai-organization"));
    assert_int_equal(reading_of(401, "{\"error\":{\"code\":\"invalid_api_key\"}}"), READ_FAILED);
    assert_string_equal(err.text, "Other refused the key");
    assert_string_equal(err.hint, "Check DARKROOM_OTHER_KEY.");
    assert_false(other.read_preflight(&at, request.model, &op, 0, &model_status, &err));
    assert_string_equal(err.text, "Other refused the key");
    assert_string_equal(err.hint, "Check DARKROOM_OTHER_KEY.");
    assert_int_equal(reading_of(500, ""), READ_FAILED);
    assert_non_null(strstr(err.text, "Other reports an internal error"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_image_from_words, setup, teardown),
        cmocka_unit_test_setup_teardown(dall_e_has_its_own_words, setup, teardown),
        cmocka_unit_test_setup_teardown(an_image_from_photos, setup, teardown),
        cmocka_unit_test_setup_teardown(text_with_a_schema, setup, teardown),
        cmocka_unit_test_setup_teardown(chat_for_servers_that_know_no_other, setup, teardown),
        cmocka_unit_test_setup_teardown(an_image_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(text_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_have_their_class, setup, teardown),
        cmocka_unit_test_setup_teardown(waits_as_it_was_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_the_provider_of_the_endpoint, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
