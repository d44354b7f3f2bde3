/* test_texts.c - the stand-in's texts satisfy the schema of the request. */
#include "lib/standin_requests.h"

#define SCHEMA                                                                                     \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"note\"],"       \
    "\"properties\":{\"items\":{\"type\":\"array\",\"minItems\":4,\"maxItems\":4,\"items\":"       \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"headline\",\"kind\","     \
    "\"priority\"],\"properties\":{\"headline\":{\"type\":\"string\"},\"kind\":{\"type\":"         \
    "\"string\",\"enum\":[\"a\",\"b\"]},\"priority\":{\"type\":\"integer\",\"minimum\":1,"         \
    "\"maximum\":10}}}},\"note\":{\"type\":[\"string\",\"null\"],\"minLength\":50}}}"

static void assert_fits_schema(const char *text)
{
    cJSON *tree = cJSON_Parse(text);
    const cJSON *items = cJSON_GetObjectItem(tree, "items"), *item;

    assert_int_equal(cJSON_GetArraySize(items), 4);
    cJSON_ArrayForEach(item, items)
    {
        const char *headline = cJSON_GetStringValue(cJSON_GetObjectItem(item, "headline"));
        double priority = cJSON_GetObjectItem(item, "priority")->valuedouble;

        assert_in_range(strlen(headline), 10, 50);
        assert_in_range((unsigned)priority, 1, 10);
        assert_int_equal(strlen(cJSON_GetStringValue(cJSON_GetObjectItem(item, "kind"))), 1);
    }
    assert_true(strlen(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "note"))) >= 50);
    cJSON_Delete(tree);
}

static void texts_satisfy_the_requested_schema(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct response response =
        post(standin, "/v1/responses",
             "{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{"
             "\"type\":\"input_text\",\"text\":\"x\"}]}],\"text\":{\"format\":{\"type\":"
             "\"json_schema\",\"name\":\"f\",\"strict\":true,\"schema\":" SCHEMA "}}}");
    cJSON *tree = cJSON_Parse(response.body), *part;

    (void)state;
    assert_int_equal(response.status, 200);
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "output"),
                              1); /* the first item is the reasoning */
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(part, "content"), 0);
    assert_fits_schema(cJSON_GetStringValue(cJSON_GetObjectItem(part, "text")));
    cJSON_Delete(tree);
    free(response.body);

    response =
        post(standin, "/v1/chat/completions",
             "{\"model\":\"gpt-6-luna\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
             "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"f\","
             "\"strict\":true,\"schema\":" SCHEMA "}}}");
    tree = cJSON_Parse(response.body);
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "choices"), 0);
    assert_fits_schema(nested_text(part, "message", "content"));
    cJSON_Delete(tree);
    free(response.body);

    assert_refused(post(standin, "/v1/responses",
                        "{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{"
                        "\"type\":\"text\",\"text\":\"x\"}]}]}"),
                   400, "invalid_value");
    standin_stop(standin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_satisfy_the_requested_schema),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
