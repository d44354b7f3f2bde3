/* test_store.c - paths and URLs of objects, requests to Supabase Storage, and its errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "store/store.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char job[] = "0b9d7c3e-1111-4222-8333-444455556666";

static void path_depends_on_job_and_style(void **state)
{
    const char *one, *two;
    struct error err;

    (void)state;
    assert_true(object_path("u1", "p1", "LIFESTYLE", "Premium & Bold!", 1700000000123, job, "png",
                            arena, &one, &err));
    assert_true(object_path("u1", "p1", "LIFESTYLE", "Premium & Bold!", 1700000000123, job, "png",
                            arena, &two, &err));
    assert_string_equal(one, two);
    assert_string_equal(one, "u1/p1/LIFESTYLE-premium-bold-1700000000123-0b9d7c3e.png");
    assert_true(object_path("u1", "p1", "MAIN_IMAGE", "", 5, job, "jpg", arena, &one, &err));
    assert_string_equal(one, "u1/p1/MAIN_IMAGE-5-0b9d7c3e.jpg");
}

static void ids_that_change_the_path_are_rejected(void **state)
{
    static const char *const bad[] = { "", "..", "a/b", "a b", "a\nb", "\xc3\xbc", "a?b", "a%2e" };
    const char *path;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(object_path(bad[i], "p", "X", "", 1, job, "png", arena, &path, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_false(object_path("u", bad[i], "X", "", 1, job, "png", arena, &path, &err));
    }
    /* a style is free text of the seller, so it becomes a slug */
    assert_true(object_path("u", "p", "X", "../../etc/passwd", 1, job, "png", arena, &path, &err));
    assert_string_equal(path, "u/p/X-etc-passwd-1-0b9d7c3e.png");
    assert_true(
        object_path("u", "p", "X", "\xe6\xbc\xa2\xe5\xad\x97", 1, job, "png", arena, &path, &err));
    assert_string_equal(path, "u/p/X-1-0b9d7c3e.png");
}

static void url_contains_bucket_and_path_after_public(void **state)
{
    struct store_target at = { .base_url = "https://x.supabase.co" };
    struct object object = { .bucket = "generated-images", .path = "u/p/a.png" }, back = { 0 };
    struct error err;
    const char *url;

    (void)state;
    for (int i = 0; stores[i]; i++) {
        assert_true(stores[i]->url(&at, &object, arena, &url, &err));
        assert_string_equal(
            url, "https://x.supabase.co/storage/v1/object/public/generated-images/u/p/a.png");
        assert_true(object_of_url(&at, url, arena, &back));
        assert_string_equal(back.bucket, object.bucket);
        assert_string_equal(back.path, object.path);
    }
}

/* A self-hosted Supabase: the worker reaches it inside a network, browsers from outside. */
static const struct store_target self_hosted = { .base_url = "http://kong:8000",
                                                 .public_url = "https://shop.example.com" };

static void stored_url_has_the_public_address(void **state)
{
    struct object object = { .bucket = "generated-images", .path = "u/p/a.png" };
    struct error err;
    const char *url;

    (void)state;
    assert_true(store_find("supabase")->url(&self_hosted, &object, arena, &url, &err));
    assert_string_equal(
        url, "https://shop.example.com/storage/v1/object/public/generated-images/u/p/a.png");
}

static void uploads_go_to_the_internal_address(void **state)
{
    struct object object = { .bucket = "b", .path = "u/p/a.png", .content_type = "image/png" };
    struct store_target at = self_hosted;
    struct secret *key = secret_new("sb_secret_abcdefghijk");
    struct op op = { 0 };
    struct error err;

    (void)state;
    at.key = key;
    assert_true(store_find("supabase")->put(&at, &object, arena, &op, &err));
    assert_string_equal(op.http.url, "http://kong:8000/storage/v1/object/b/u/p/a.png");
    op_clear(&op);
    secret_free(key);
}

static void urls_under_both_addresses_are_objects(void **state)
{
    static const char *const bases[] = { "http://kong:8000", "https://shop.example.com" };
    static const char *const bad[] = {
        "https://shop.example.com.evil.com/storage/v1/object/public/b/u/p.png",
        "https://shop.example.com@evil.com/storage/v1/object/public/b/u/p.png",
        "http://kong:80000/storage/v1/object/public/b/u/p.png",
    };
    struct object back;

    (void)state;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        const char *url = arena_printf(arena, "%s/storage/v1/object/public/b/u/p.png", bases[i]);

        assert_true(object_of_url(&self_hosted, url, arena, &back));
        assert_string_equal(back.bucket, "b");
        assert_string_equal(back.path, "u/p.png");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(object_of_url(&self_hosted, bad[i], arena, &back));
    }
}

/* Signed URLs, for example, are no objects to object_of_url; they too are fetched inside. */
static void other_public_urls_are_fetched_at_the_internal_address(void **state)
{
    static const char *const urls[][2] = {
        { "https://shop.example.com/storage/v1/object/sign/b/p.png?token=x",
          "http://kong:8000/storage/v1/object/sign/b/p.png?token=x" },
        { "https://shop.example.com.evil.com/p.png", "https://shop.example.com.evil.com/p.png" },
        { "https://elsewhere.example.com/p.png", "https://elsewhere.example.com/p.png" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct op op = { 0 };
        struct error err;

        assert_true(fetch_begin(store_find("supabase"), &self_hosted, urls[i][0],
                                &(struct fetch_scope){ FETCH_PHOTO, "u1" }, arena, &op, &err));
        assert_string_equal(op.http.url, urls[i][1]);
        assert_true(op.http.untrusted_url);
        op_clear(&op);
    }
}

static void urls_of_other_servers_are_not_objects(void **state)
{
    static const char *const bad[] = {
        "https://y.supabase.co/storage/v1/object/public/b/p",
        "https://x.supabase.co.evil.com/storage/v1/object/public/b/p",
        "https://x.supabase.co/storage/v1/object/public/b",
        "https://x.supabase.co/storage/v1/object/public//p",
        "https://x.supabase.co/storage/v1/object/public/b/../c/p",
        "https://x.supabase.co/storage/v1/object/public/b/p?x=1",
        "https://x.supabase.co/storage/v1/object/public/b/%2e%2e/p",
        "https://x.supabase.co/storage/v1/object/sign/b/p",
        "",
    };
    struct store_target at = { .base_url = "https://x.supabase.co" };
    struct object object;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(object_of_url(&at, bad[i], arena, &object));
    }
}

static void expect_error(const char *body, int status, enum error_kind kind)
{
    struct object object = { .bucket = "b", .path = "p" };
    struct op op = { .http_response = { .status = status, .body = blob_text(body) } };
    struct error err = { 0 };

    assert_false(store_find("supabase")->put_done(&object, &op, &err));
    assert_int_equal(err.kind, kind);
    assert_true(err.text[0] != '\0');
}

static void error_is_classified_by_its_body(void **state)
{
    (void)state;
    expect_error("{\"statusCode\":\"404\",\"error\":\"Bucket not found\",\"message\":\"Bucket not "
                 "found\",\"code\":\"NoSuchBucket\"}",
                 400, ERROR_CONFIG);
    expect_error("{\"statusCode\":\"415\",\"error\":\"invalid_mime_type\",\"message\":\"x\","
                 "\"code\":\"InvalidMimeType\"}",
                 400, ERROR_CONFIG);
    expect_error("{\"statusCode\":\"503\",\"error\":\"x\",\"message\":\"x\",\"code\":"
                 "\"LockTimeout\"}",
                 400, ERROR_BUSY);
    expect_error("{\"statusCode\":\"423\",\"error\":\"x\",\"message\":\"x\"}", 400, ERROR_BUSY);
    expect_error("{\"statusCode\":\"429\",\"error\":\"too_many_connections\",\"message\":\"x\","
                 "\"code\":\"SlowDown\"}",
                 429, ERROR_BUSY);
    expect_error("{\"statusCode\":\"403\",\"error\":\"Unauthorized\",\"message\":\"x\",\"code\":"
                 "\"AccessDenied\"}",
                 400, ERROR_KEY);
    expect_error("<html>bad gateway</html>", 502, ERROR_REMOTE);
    expect_error("", 544, ERROR_BUSY);
    expect_error("{}", 500, ERROR_REMOTE);
    expect_error("[1]", 401, ERROR_KEY);
}

static bool has_header(const struct op *op, const char *name, const char *value)
{
    for (int i = 0; i < op->http.header_count; i++) {
        if (strcmp(op->http.headers[i].name, name) == 0 &&
            (!value || strcmp(op->http.headers[i].value, value) == 0)) {
            return true;
        }
    }
    return false;
}

static void put_is_an_upsert(void **state)
{
    struct secret *jwt = secret_new("eyJhbGciOiJIUzI1NiJ9.x.y");
    struct secret *modern = secret_new("sb_secret_abcdefghijk");
    struct store_target at = { .base_url = "https://x.supabase.co", .key = jwt };
    struct object object = { .bucket = "generated-images",
                             .path = "u/p/a.png",
                             .content_type = "image/png",
                             .content = blob_text("bytes") };
    const struct store *store = store_find("supabase");
    struct op op = { 0 };
    struct error err;

    (void)state;
    assert_true(store->put(&at, &object, arena, &op, &err));
    assert_string_equal(op.http.method, "POST");
    assert_string_equal(op.http.url,
                        "https://x.supabase.co/storage/v1/object/generated-images/u/p/a.png");
    assert_true(has_header(&op, "x-upsert", "true"));
    assert_true(has_header(&op, "content-type", "image/png"));
    assert_true(has_header(&op, "cache-control", "max-age=3600"));
    assert_true(has_header(&op, "authorization", "Bearer "));
    op = (struct op){ 0 };
    at.key = modern; /* not a JWT: sent in apikey only */
    assert_true(store->put(&at, &object, arena, &op, &err));
    assert_true(has_header(&op, "apikey", NULL));
    assert_false(has_header(&op, "authorization", NULL));
    secret_free(jwt);
    secret_free(modern);
}

/* The body lists whole paths, not prefixes, so no other object is removed. */
static void remove_lists_whole_paths(void **state)
{
    struct secret *key = secret_new("sb_secret_abcdefghijk");
    struct store_target at = { .base_url = "https://x.supabase.co", .key = key };
    struct object objects[] = { { .bucket = "generated-images", .path = "u/p/a.png" },
                                { .bucket = "generated-images", .path = "u/p/b.jpg" } };
    const struct store *store = store_find("supabase");
    static const char body[] = "{\"prefixes\":[\"u/p/a.png\",\"u/p/b.jpg\"]}";
    struct op op = { 0 };
    struct error err;

    (void)state;
    assert_true(store->remove(&at, objects, 2, arena, &op, &err));
    assert_string_equal(op.http.method, "DELETE");
    assert_string_equal(op.http.url, "https://x.supabase.co/storage/v1/object/generated-images");
    assert_int_equal(op.http.body.size, sizeof body - 1);
    assert_memory_equal(op.http.body.data, body, sizeof body - 1);
    op.http_response = (struct http_response){ .status = 200, .body = blob_text("[]") };
    assert_true(store->remove_done(&op, &err)); /* the objects did not exist */
    op.http_response = (struct http_response){ .status = 429, .body = blob_text("{}") };
    assert_false(store->remove_done(&op, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    secret_free(key);
}

/* Removes the given files only; a missing file is not an error. */
static void folder_removes_the_given_files_only(void **state)
{
    char folder[] = "/tmp/dr-store.XXXXXX", path[100];
    struct object objects[] = { { .bucket = "b", .path = "u/one.png" },
                                { .bucket = "b", .path = "u/two.png" } };
    const struct store *store = store_find("folder");
    struct store_target at = { .folder = mkdtemp(folder) };
    struct op op = { 0 };
    struct error err;
    struct blob got;
    bool missing;

    (void)state;
    for (int i = 1; i <= 2; i++) {
        snprintf(path, sizeof path, "%s/b/u/%s.png", folder, i == 1 ? "one" : "other");
        assert_true(file_write(path, "x", 1, &err));
    }
    assert_true(store->remove(&at, objects, 2, arena, &op, &err));
    assert_int_equal(op.kind, OP_WORK);
    assert_true(op.work.run(op.work.arg, &op.error));
    assert_true(store->remove_done(&op, &err));
    snprintf(path, sizeof path, "%s/b/u/one.png", folder);
    assert_true(file_read(path, 10, &got, &missing, &err) && missing);
    snprintf(path, sizeof path, "%s/b/u/other.png", folder);
    assert_true(file_read(path, 10, &got, &missing, &err) && !missing);
    blob_free(&got);
    assert_true(folder_remove(folder, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(path_depends_on_job_and_style, setup, teardown),
        cmocka_unit_test_setup_teardown(ids_that_change_the_path_are_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(url_contains_bucket_and_path_after_public, setup, teardown),
        cmocka_unit_test_setup_teardown(stored_url_has_the_public_address, setup, teardown),
        cmocka_unit_test_setup_teardown(uploads_go_to_the_internal_address, setup, teardown),
        cmocka_unit_test_setup_teardown(urls_under_both_addresses_are_objects, setup, teardown),
        cmocka_unit_test_setup_teardown(other_public_urls_are_fetched_at_the_internal_address,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(urls_of_other_servers_are_not_objects, setup, teardown),
        cmocka_unit_test_setup_teardown(error_is_classified_by_its_body, setup, teardown),
        cmocka_unit_test_setup_teardown(put_is_an_upsert, setup, teardown),
        cmocka_unit_test_setup_teardown(remove_lists_whole_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_removes_the_given_files_only, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
