/* test_storage.c - the stand-in stores objects and answers errors like Supabase Storage. */
#include "lib/standin_requests.h"

static void assert_storage(struct response response, const char *status_code, const char *code)
{
    cJSON *tree = cJSON_Parse(response.body);

    assert_int_equal(response.status, 400);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "statusCode")), status_code);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "code")), code);
    cJSON_Delete(tree);
    free(response.body);
}

static void objects_are_stored_and_invalid_requests_are_refused(void **state)
{
    static const char path[] = "/storage/v1/object/generated-images/u/p/a.png";
    struct standin *standin = start((struct standin_config){ 0 });
    struct request put = { .method = "POST", .path = path, .type = "image/png", .body = "pixels" };
    struct response response = send_to(standin, put);

    (void)state;
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.body, "\"Key\":\"generated-images/u/p/a.png\""));
    free(response.body);
    assert_storage(send_to(standin, put), "409", "KeyAlreadyExists");
    put.extra = "x-upsert: true";
    response = send_to(standin, put);
    assert_int_equal(response.status, 200);
    free(response.body);
    put.method = "PUT";
    put.extra = "x-metadata: eyJqb2IiOiI3In0=";
    response = send_to(standin, put);
    assert_int_equal(response.status, 200);
    free(response.body);
    response =
        send_to(standin,
                (struct request){ .method = "GET",
                                  .path = "/storage/v1/object/info/generated-images/u/p/a.png" });
    assert_non_null(strstr(response.body, "\"job\":\"7\""));
    free(response.body);
    response =
        send_to(standin,
                (struct request){ .method = "GET",
                                  .path = "/storage/v1/object/public/generated-images/u/p/a.png",
                                  .key = "X-Unused: 1" });
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, "pixels");
    free(response.body);
    put.type = "image/webp";
    assert_storage(send_to(standin, put), "415", "InvalidMimeType");
    assert_storage(send_to(standin,
                           (struct request){ .method = "GET",
                                             .path = "/storage/v1/object/generated-images/no" }),
                   "404", "NoSuchKey");
    assert_storage(send_to(standin, (struct request){ .method = "GET",
                                                      .path = "/storage/v1/object/nowhere/no" }),
                   "404", "NoSuchBucket");
    assert_storage(send_to(standin,
                           (struct request){ .method = "GET", .path = path, .key = "X-Unused: 1" }),
                   "400", "InvalidRequest");
    put.type = "image/png";
    put.path = "/storage/v1/object/generated-images/a%23b.png";
    assert_storage(send_to(standin, put), "400", "InvalidKey");
    put.path = "/storage/v1/object/generated-images/a/%2e%2e/%2e%2e/b.png";
    assert_storage(send_to(standin, put), "400", "InvalidKey");
    response = send_to(standin, (struct request){ .method = "HEAD",
                                                  .path = "/storage/v1/object/exports/no" });
    assert_int_equal(response.status, 400);
    assert_int_equal(response.size, 0);
    standin_stop(standin);
}

static void objects_are_signed_listed_and_removed(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct response response;
    cJSON *tree;
    char url[700];

    (void)state;
    response = send_to(standin, (struct request){ .method = "POST",
                                                  .path = "/storage/v1/object/exports/u/p/a.txt",
                                                  .type = "text/plain",
                                                  .key = "apikey: sb_secret_abc",
                                                  .body = "words" });
    assert_int_equal(response.status, 200);
    free(response.body);
    response = post(standin, "/storage/v1/object/sign/exports/u/p/a.txt", "{\"expiresIn\":60}");
    tree = cJSON_Parse(response.body);
    snprintf(url, sizeof url, "/storage/v1%s",
             cJSON_GetStringValue(cJSON_GetObjectItem(tree, "signedURL")));
    cJSON_Delete(tree);
    free(response.body);
    response =
        send_to(standin, (struct request){ .method = "GET", .path = url, .key = "X-Unused: 1" });
    assert_string_equal(response.body, "words");
    free(response.body);
    response = post(standin, "/storage/v1/object/list/exports", "{\"prefix\":\"u/p\"}");
    assert_non_null(strstr(response.body, "\"name\":\"a.txt\""));
    free(response.body);
    response = send_to(standin, (struct request){ .method = "DELETE",
                                                  .path = "/storage/v1/object/exports",
                                                  .body = "{\"prefixes\":[\"u/p/a.txt\"]}" });
    assert_int_equal(response.status, 200);
    free(response.body);
    assert_storage(send_to(standin, (struct request){ .method = "GET", .path = url }), "404",
                   "NoSuchKey");
    assert_storage(post(standin, "/storage/v1/bucket", "{\"name\":\"exports\"}"), "409",
                   "BucketAlreadyExists");
    response = send_to(standin, (struct request){ .method = "GET",
                                                  .path = "/storage/v1/bucket",
                                                  .key = "apikey: sb_secret_abc",
                                                  .extra = "User-Agent: Mozilla/5.0 (X11)" });
    assert_int_equal(response.status, 401);
    free(response.body);
    standin_stop(standin);
}

/* As Supabase does: one level of folders, which have no id, and pages. */
static void a_listing_shows_one_folder(void **state)
{
    static const char *const keys[] = { "u/p/b.txt", "u/p/a.txt", "u/p2/c.txt", "u/top.txt" };
    static const struct {
        const char *body, *names;
    } cases[] = {
        { "{\"prefix\":\"u\"}", "p/ p2/ top.txt " },
        { "{\"prefix\":\"u/\"}", "p/ p2/ top.txt " },
        { "{\"prefix\":\"u/p\"}", "a.txt b.txt " },
        { "{\"prefix\":\"u/p/\",\"limit\":1,\"offset\":1}", "b.txt " },
        { "{\"prefix\":\"u/x/\"}", "" },
        { "{\"prefix\":\"\"}", "u/ " },
    };
    struct standin *standin = start((struct standin_config){ 0 });

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char path[100];
        struct response response;

        snprintf(path, sizeof path, "/storage/v1/object/exports/%s", keys[i]);
        response = send_to(standin, (struct request){ .method = "POST",
                                                      .path = path,
                                                      .type = "text/plain",
                                                      .key = "apikey: sb_secret_abc",
                                                      .body = "words" });
        assert_int_equal(response.status, 200);
        free(response.body);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct response response = post(standin, "/storage/v1/object/list/exports", cases[i].body);
        cJSON *list = cJSON_Parse(response.body);
        const cJSON *row;
        char names[200] = "";

        cJSON_ArrayForEach(row, list)
        {
            bool folder = cJSON_IsNull(cJSON_GetObjectItem(row, "id"));
            size_t size = strlen(names);

            snprintf(names + size, sizeof names - size, "%s%s ",
                     cJSON_GetStringValue(cJSON_GetObjectItem(row, "name")), folder ? "/" : "");
        }
        assert_string_equal(names, cases[i].names);
        cJSON_Delete(list);
        free(response.body);
    }
    standin_stop(standin);
}

/* A store that is stopped and started again has not lost its objects. */
static void objects_of_a_folder_survive_a_restart(void **state)
{
    static const char path[] = "/storage/v1/object/product-images/u/photo.png";
    char folder[] = "/tmp/objectsXXXXXX", command[100];
    struct standin *standin;
    struct response response;

    (void)state;
    assert_non_null(mkdtemp(folder));
    standin = start((struct standin_config){ .store = folder });
    response = send_to(standin, (struct request){ .method = "POST",
                                                  .path = path,
                                                  .type = "image/png",
                                                  .body = "\x89PNG\r\n\x1a\npixels" });
    assert_int_equal(response.status, 200);
    free(response.body);
    standin_stop(standin);
    standin = start((struct standin_config){ .store = folder });
    response = send_to(standin, (struct request){ .method = "GET", .path = path });
    assert_int_equal(response.status, 200);
    assert_int_equal(response.size, 14);
    assert_memory_equal(response.body, "\x89PNG\r\n\x1a\npixels", 14);
    assert_non_null(strstr(response.headers, "image/png"));
    free(response.body);
    standin_stop(standin);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_stored_and_invalid_requests_are_refused),
        cmocka_unit_test(objects_are_signed_listed_and_removed),
        cmocka_unit_test(a_listing_shows_one_folder),
        cmocka_unit_test(objects_of_a_folder_survive_a_restart),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
