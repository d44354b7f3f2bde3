/* test_storage.c - the stand-in stores objects and answers errors like Supabase Storage. */
#include "lib/standin_requests.h"

static void assert_storage(struct got got, const char *status_code, const char *code)
{
    cJSON *tree = cJSON_Parse(got.body);

    assert_int_equal(got.status, 400);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "statusCode")), status_code);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "code")), code);
    cJSON_Delete(tree);
    free(got.body);
}

static void objects_are_stored_and_invalid_requests_are_refused(void **state)
{
    static const char path[] = "/storage/v1/object/generated-images/u/p/a.png";
    struct standin *standin = start((struct standin_config){ 0 });
    struct ask put = { .method = "POST", .path = path, .type = "image/png", .body = "pixels" };
    struct got got = ask(standin, put);

    (void)state;
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "\"Key\":\"generated-images/u/p/a.png\""));
    free(got.body);
    assert_storage(ask(standin, put), "409", "KeyAlreadyExists");
    put.extra = "x-upsert: true";
    got = ask(standin, put);
    assert_int_equal(got.status, 200);
    free(got.body);
    put.method = "PUT";
    put.extra = "x-metadata: eyJqb2IiOiI3In0=";
    got = ask(standin, put);
    assert_int_equal(got.status, 200);
    free(got.body);
    got =
        ask(standin, (struct ask){ .method = "GET",
                                   .path = "/storage/v1/object/info/generated-images/u/p/a.png" });
    assert_non_null(strstr(got.body, "\"job\":\"7\""));
    free(got.body);
    got = ask(standin, (struct ask){ .method = "GET",
                                     .path = "/storage/v1/object/public/generated-images/u/p/a.png",
                                     .key = "X-Unused: 1" });
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "pixels");
    free(got.body);
    put.type = "image/webp";
    assert_storage(ask(standin, put), "415", "InvalidMimeType");
    assert_storage(ask(standin, (struct ask){ .method = "GET",
                                              .path = "/storage/v1/object/generated-images/no" }),
                   "404", "NoSuchKey");
    assert_storage(ask(standin,
                       (struct ask){ .method = "GET", .path = "/storage/v1/object/nowhere/no" }),
                   "404", "NoSuchBucket");
    assert_storage(ask(standin,
                       (struct ask){ .method = "GET", .path = path, .key = "X-Unused: 1" }),
                   "400", "InvalidRequest");
    put.type = "image/png";
    put.path = "/storage/v1/object/generated-images/a%23b.png";
    assert_storage(ask(standin, put), "400", "InvalidKey");
    put.path = "/storage/v1/object/generated-images/a/%2e%2e/%2e%2e/b.png";
    assert_storage(ask(standin, put), "400", "InvalidKey");
    got = ask(standin, (struct ask){ .method = "HEAD", .path = "/storage/v1/object/exports/no" });
    assert_int_equal(got.status, 400);
    assert_int_equal(got.size, 0);
    standin_stop(standin);
}

static void objects_are_signed_listed_and_removed(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct got got;
    cJSON *tree;
    char url[700];

    (void)state;
    got = ask(standin, (struct ask){ .method = "POST",
                                     .path = "/storage/v1/object/exports/u/p/a.txt",
                                     .type = "text/plain",
                                     .key = "apikey: sb_secret_abc",
                                     .body = "words" });
    assert_int_equal(got.status, 200);
    free(got.body);
    got = post(standin, "/storage/v1/object/sign/exports/u/p/a.txt", "{\"expiresIn\":60}");
    tree = cJSON_Parse(got.body);
    snprintf(url, sizeof url, "/storage/v1%s",
             cJSON_GetStringValue(cJSON_GetObjectItem(tree, "signedURL")));
    cJSON_Delete(tree);
    free(got.body);
    got = ask(standin, (struct ask){ .method = "GET", .path = url, .key = "X-Unused: 1" });
    assert_string_equal(got.body, "words");
    free(got.body);
    got = post(standin, "/storage/v1/object/list/exports", "{\"prefix\":\"u/p\"}");
    assert_non_null(strstr(got.body, "\"name\":\"a.txt\""));
    free(got.body);
    got = ask(standin, (struct ask){ .method = "DELETE",
                                     .path = "/storage/v1/object/exports",
                                     .body = "{\"prefixes\":[\"u/p/a.txt\"]}" });
    assert_int_equal(got.status, 200);
    free(got.body);
    assert_storage(ask(standin, (struct ask){ .method = "GET", .path = url }), "404", "NoSuchKey");
    assert_storage(post(standin, "/storage/v1/bucket", "{\"name\":\"exports\"}"), "409",
                   "BucketAlreadyExists");
    got = ask(standin, (struct ask){ .method = "GET",
                                     .path = "/storage/v1/bucket",
                                     .key = "apikey: sb_secret_abc",
                                     .extra = "User-Agent: Mozilla/5.0 (X11)" });
    assert_int_equal(got.status, 401);
    free(got.body);
    standin_stop(standin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_stored_and_invalid_requests_are_refused),
        cmocka_unit_test(objects_are_signed_listed_and_removed),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
