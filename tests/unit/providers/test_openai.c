/* test_openai.c - the requests of the OpenAI provider: URL, headers, body or form. */
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
static struct error err;
static struct brief brief;
static struct model_request request;

static int setup(void **state)
{
    (void)state;
    at = (struct endpoint){ .provider = provider_find("openai"),
                            .base_url = "http://127.0.0.1:9/v1",
                            .key = secret_new("sk-test"),
                            /* openai_settings[2] is the organization, [3] the project */
                            .values = { [2] = "org-1", [3] = "proj-1" } };
    request = (struct model_request){ .at = &at,
                                      .brief = &brief,
                                      .prompt = "A \"cup\"",
                                      .key = "job-0",
                                      .size = { 1024, 1536 },
                                      .arena = arena_new() };
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : 1;
}

static int teardown(void **state)
{
    (void)state;
    op_clear(&op);
    arena_free(request.arena);
    secret_free((struct secret *)at.key);
    catalog_free(catalog);
    return 0;
}

static void build_request(enum task task, const char *model)
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
    cJSON *expected = cJSON_Parse(json);

    assert_non_null(expected);
    if (!cJSON_Compare(sent, expected, true)) {
        fail_msg("sent: %.*s", (int)op.http.body.size, (const char *)op.http.body.data);
    }
    cJSON_Delete(sent);
    cJSON_Delete(expected);
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

static void image_from_prompt_is_json(void **state)
{
    (void)state;
    request.quality = "high";
    build_request(TASK_IMAGE, "gpt-image-2.5-flare");
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/images/generations");
    assert_body("{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,"
                "\"size\":\"1024x1536\",\"quality\":\"high\",\"background\":\"opaque\","
                "\"output_format\":\"png\"}"); /* no response_format: these models refuse it */
    assert_string_equal(header("content-type"), "application/json");
    /* io adds the key when it sends the request */
    assert_string_equal(header("authorization"), "Bearer ");
    assert_string_equal(header("openai-organization"), "org-1");
    assert_string_equal(header("openai-project"), "proj-1");
}

static void dall_e_gets_its_own_parameters(void **state)
{
    (void)state;
    request.size = (struct size){ 1024, 1792 };
    request.quality = "hd";
    build_request(TASK_IMAGE, "dall-e-3");
    assert_body(
        "{\"model\":\"dall-e-3\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,\"size\":\"1024x1792\","
        "\"quality\":\"hd\",\"response_format\":\"b64_json\"}");
    request.size = (struct size){ 512, 512 };
    request.quality = NULL;
    build_request(TASK_IMAGE, "dall-e-2");
    assert_body("{\"model\":\"dall-e-2\",\"prompt\":\"A \\\"cup\\\"\",\"n\":1,\"size\":\"512x512\","
                "\"response_format\":\"b64_json\"}");
    request.photo_count = 1;
    request.photos = &(struct request_photo){ .bytes = blob_text("x") };
    request.task = TASK_EDIT;
    request.model = catalog_find(catalog, "dall-e-3");
    op_clear(&op);
    assert_false(provider_find("openai")->request(&request, &op, &err)); /* the model cannot edit */
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

static void image_from_photos_is_a_form(void **state)
{
    static const struct request_photo photos[] = {
        { .content_type = "image/jpeg", .filename = "a.jpg" },
        { .content_type = "image/png", .filename = "b.png" },
    };
    struct request_photo filled[2] = { photos[0], photos[1] };
    struct request_photo mask = { .content_type = "image/png", .filename = "mask.png" };
    const struct http_part *file;

    (void)state;
    filled[0].bytes = blob_text("JPEG");
    filled[1].bytes = blob_text("PNG");
    mask.bytes = blob_text("MASK");
    request.photos = filled;
    request.photo_count = 1;
    request.transparent = true;
    build_request(TASK_EDIT, "gpt-image-2.5-flare");
    assert_string_equal(op.http.url, "http://127.0.0.1:9/v1/images/edits");
    assert_int_equal(op.http.part_count, 7);
    part(0, "model", "gpt-image-2.5-flare");
    part(1, "prompt", "A \"cup\"");
    part(2, "n", "1");
    part(3, "size", "1024x1536");
    part(4, "background", "transparent");
    part(5, "output_format", "png");
    file = part(6, "image", "JPEG"); /* a single photo is not a list */
    assert_string_equal(file->filename, "a.jpg");
    assert_string_equal(file->content_type, "image/jpeg");

    request.photo_count = 2; /* the API refuses a repeated `image` */
    request.mask = &mask;
    build_request(TASK_EDIT, "gpt-image-2.5-flare");
    part(6, "image[]", "JPEG");
    part(7, "image[]", "PNG");
    file = part(8, "mask", "MASK");
    assert_string_equal(file->content_type, "image/png");
    assert_int_equal(op.http.part_count, 9);
}

static void text_with_a_schema_uses_responses(void **state)
{
    struct request_photo photo = { .bytes = blob_text("abc"), .content_type = "image/png" };

    (void)state;
    request.prompt = "List";
    request.instructions = "Be brief";
    request.schema_name = "features";
    request.schema = "{\"type\":\"object\"}";
    request.max_output_tokens = 500;
    build_request(TASK_TEXT, "gpt-6-luna");
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
    build_request(TASK_TEXT, "gpt-6-luna");
    assert_body("{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":"
                "\"input_text\",\"text\":\"List\"},{\"type\":\"input_image\",\"image_url\":"
                "\"data:image/png;base64,YWJj\",\"detail\":\"auto\"}]}],\"store\":false}");
}

static void wire_chat_uses_chat_completions(void **state)
{
    struct model chat = *catalog_find(catalog, "gpt-6-luna");

    (void)state;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(image_from_prompt_is_json, setup, teardown),
        cmocka_unit_test_setup_teardown(dall_e_gets_its_own_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(image_from_photos_is_a_form, setup, teardown),
        cmocka_unit_test_setup_teardown(text_with_a_schema_uses_responses, setup, teardown),
        cmocka_unit_test_setup_teardown(wire_chat_uses_chat_completions, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
