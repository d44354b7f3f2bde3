/* test_fetch.c - which URLs are fetched with the store's key, which without it, and which are
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "store/store.h"

#define BASE "https://x.supabase.co"
#define PUBLIC BASE "/storage/v1/object/public/"

static struct arena *arena;
static struct secret *key;
static struct store_target at;
static const struct fetch_scope photo = { FETCH_PHOTO, "u1" }, result = { FETCH_RESULT, NULL };

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    key = secret_new("sb_secret_abcdefghijk");
    at = (struct store_target){ .base_url = BASE, .key = key, .folder = "/store" };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    secret_free(key);
    return 0;
}

enum way { WITH_KEY, WITHOUT_KEY, REFUSED };

static void expect(const char *url, const struct fetch_scope *scope, enum way way)
{
    struct op op = { 0 };
    struct error err = { 0 };
    bool good = fetch_begin(store_find("supabase"), &at, url, scope, arena, &op, &err);
    enum way taken = !good ? REFUSED : op.http.untrusted_url ? WITHOUT_KEY : WITH_KEY;

    if (taken != way) {
        fail_msg("%s: %d, expected %d", url, taken, way);
    }
    if (way == REFUSED) {
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_true(err.text[0] != '\0');
    } else if (way == WITHOUT_KEY) {
        assert_int_equal(op.http.header_count, 0);
        assert_true(op.http.max_response_bytes > 0);
        assert_string_equal(op.http.url, url);
    } else {
        assert_true(op.http.header_count > 0);
    }
}

static void photos_in_the_users_folder_are_read_with_the_key(void **state)
{
    struct op op = { 0 };
    struct error err;

    (void)state;
    assert_true(fetch_begin(store_find("supabase"), &at, PUBLIC "product-images/u1/p1/a.png",
                            &photo, arena, &op, &err));
    assert_string_equal(op.http.url, BASE "/storage/v1/object/product-images/u1/p1/a.png");
    expect(PUBLIC "product-images/u1/p1/a.png", &photo, WITH_KEY);
    expect(PUBLIC "product-images/u1/my%20photo%20%281%29.png", &photo, WITH_KEY);
    expect(PUBLIC "brand-kits/u1/logo.png", &photo, WITH_KEY);
    expect(PUBLIC "generated-images/u2/p/a.png", &result, WITH_KEY);
}

/* The store shows them only if their bucket is public. */
static void other_files_of_the_store_are_requested_without_the_key(void **state)
{
    static const char *const urls[] = {
        PUBLIC "exports/u1/all.zip",
        PUBLIC "generated-images/u1/p/a.png",
        PUBLIC "product-images/u2/p1/a.png",
        PUBLIC "product-images/u1.png",
        PUBLIC "product-images/u11/a.png",
        PUBLIC "product-images/U1/a.png",
        PUBLIC "product-images/%75%31/a.png",
        PUBLIC "product-images/u1/a.png?download=1",
        BASE "/storage/v1/object/sign/product-images/u1/a.png?token=x.y.z",
        BASE "/storage/v1/render/image/public/product-images/u1/a.png?width=100",
        "HTTPS://X.supabase.co/storage/v1/object/public/product-images/u1/a.png",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        expect(urls[i], &photo, WITHOUT_KEY);
    }
    expect(PUBLIC "product-images/u1/a.png", &result, WITHOUT_KEY);
}

static void other_parts_of_the_stores_server_are_refused(void **state)
{
    static const char *const urls[] = {
        BASE,
        BASE "/",
        BASE "?x=/storage/v1/object/public/product-images/u1/a.png",
        BASE "/rest/v1/User?select=*",
        BASE "/auth/v1/admin/users",
        BASE "/functions/v1/export",
        BASE "/storage/v1/bucket",
        BASE "/storage/v1/object/product-images/u1/a.png",
        BASE "/storage/v1/object/authenticated/exports/u2/a.png",
        BASE "/storage/v1/object/list/exports",
        BASE "/storage/v1/object/info/exports/u2/a.png",
        BASE "/storage/v1/render/image/authenticated/exports/u2/a.png",
        BASE "//storage/v1/object/public/product-images/u1/a.png",
        BASE "/storage/v1//object/public/product-images/u1/a.png",
        BASE "/storage/v1/object/public",
        PUBLIC,
        PUBLIC "product-images/u1/",
        PUBLIC "/product-images/u1/a.png",
        PUBLIC "product-images//u1/a.png",
        PUBLIC "product-images/u1//a.png",
        PUBLIC "product-images/u1/../u2/a.png",
        PUBLIC "product-images/u1/./a.png",
        PUBLIC "product-images/u1/..%2fu2/a.png",
        PUBLIC "product-images/u1/%2e%2e/u2/a.png",
        PUBLIC "product-images/u1/.%2E/u2/a.png",
        PUBLIC "product-images/u1/%252e%252e/u2/a.png",
        PUBLIC "product-images/u1/..%5cu2/a.png",
        PUBLIC "product-images/u1/..\\u2\\a.png",
        PUBLIC "product-images/u1/a%00.png",
        PUBLIC "product-images/u1/a%0d%0aX-Evil:1.png",
        PUBLIC "product-images/u1/a%2.png",
        PUBLIC "product-images/u1/a%",
        PUBLIC "../../../../rest/v1/User",
        PUBLIC "%2e%2e/%2e%2e/bucket",
        "https://X.SUPABASE.CO/rest/v1/User",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        expect(urls[i], &photo, REFUSED);
    }
}

static void urls_of_other_servers_get_no_key(void **state)
{
    (void)state;
    expect("https://x.supabase.co.evil.com/storage/v1/object/public/product-images/u1/a.png",
           &photo, WITHOUT_KEY);
    expect("https://x.supabase.co@evil.com/storage/v1/object/public/product-images/u1/a.png",
           &photo, WITHOUT_KEY);
    expect("https://x.supabase.co:444/rest/v1/User", &photo, WITHOUT_KEY);
    expect("https://cdn.example.com/a.png", &photo, WITHOUT_KEY);
}

/* A server whose name begins like the store's is not the store: its trouble stops no other job. */
static void only_the_stores_own_server_is_the_store(void **state)
{
    (void)state;
    assert_true(store_serves(&at, BASE));
    assert_true(store_serves(&at, PUBLIC "product-images/u1/a.png"));
    assert_true(store_serves(&at, "HTTPS://X.supabase.co/storage"));
    assert_false(store_serves(&at, "https://x.supabase.co.evil.com/storage/v1/object/public/a/b"));
    assert_false(store_serves(&at, "https://x.supabase.co@evil.com/"));
    assert_false(store_serves(&at, "https://x.supabase.co:444/"));
    assert_false(store_serves(&(struct store_target){ 0 }, "https://x.supabase.co/"));
}

/* A folder has no key, and no users who may not read each other's photos. */
static void folder_reads_photos_of_its_buckets_only(void **state)
{
    const struct store *folder = store_find("folder");
    struct op op = { 0 };
    struct error err;

    (void)state;
    assert_true(
        fetch_begin(folder, &at, PUBLIC "product-images/u2/a.png", &photo, arena, &op, &err));
    assert_string_equal(op.file.path, "/store/product-images/u2/a.png");
    op = (struct op){ 0 };
    assert_false(fetch_begin(folder, &at, PUBLIC "exports/u1/a.png", &photo, arena, &op, &err));
    assert_false(fetch_begin(folder, &at, PUBLIC "product-images/../x", &photo, arena, &op, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

static enum error_kind kind_of_status(int status)
{
    struct op op = { .kind = OP_HTTP };
    struct blob got = { 0 };
    struct error err = { 0 };

    op.http.untrusted_url = true;
    op.http.url = "https://cdn.example.com/a.png";
    op.http_response.status = status;
    assert_false(fetch_done(store_find("supabase"), &at, &op, &got, &err));
    return err.kind;
}

/* Supabase answers 400 for a file of a private bucket that is requested without a key. */
static void refused_photo_is_a_fault_of_the_project(void **state)
{
    static const int final[] = { 400, 401, 403, 404, 410, 451 }, passing[] = { 408, 429, 500, 503 };
    struct op op = { .kind = OP_HTTP };
    struct blob got = { 0 };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof final / sizeof *final; i++) {
        assert_int_equal(kind_of_status(final[i]), ERROR_INPUT);
    }
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        assert_int_equal(kind_of_status(passing[i]), ERROR_REMOTE);
    }
    op.http.untrusted_url = true;
    op.http.url = "https://cdn.example.com/a.png";
    op.http_response = (struct http_response){ .status = 200, .body = blob_text("bytes") };
    assert_true(fetch_done(store_find("supabase"), &at, &op, &got, &err));
    assert_int_equal(got.size, 5);
    op = (struct op){ .kind = OP_HTTP };
    op.http_response = (struct http_response){ .status = 400,
                                               .body = blob_text("{\"statusCode\":\"404\",\"code\":"
                                                                 "\"NoSuchKey\"}") };
    assert_false(fetch_done(store_find("supabase"), &at, &op, &got, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

/* The kind of the error of a photo at the store's address; ERROR_NONE if the answer is a file. */
static enum error_kind kind_at_store(bool with_key, int status, const char *type, const char *body)
{
    struct op op = { .kind = OP_HTTP };
    struct blob got = { 0 };
    struct error err = { .kind = ERROR_NONE };

    op.http.untrusted_url = !with_key;
    op.http.url = PUBLIC "product-images/u1/a.png";
    op.http_response.status = status;
    op.http_response.body = blob_text(body);
    snprintf(op.http_response.content_type, sizeof op.http_response.content_type, "%s", type);
    return fetch_done(store_find("supabase"), &at, &op, &got, &err) ? ERROR_NONE : err.kind;
}

static void trouble_of_the_store_is_no_fault_of_its_photos(void **state)
{
    static const char page[] = "<html><title>Access denied</title></html>";
    static const struct {
        int status;
        const char *type, *body;
        enum error_kind without_key, with_key;
    } rows[] = {
        { 404, "application/json", "{\"statusCode\":\"404\",\"error\":\"not_found\"}", ERROR_INPUT,
          ERROR_INPUT },
        { 400, "application/json",
          "{\"statusCode\":\"404\",\"error\":\"Bucket not found\",\"message\":\"Bucket not "
          "found\"}",
          ERROR_INPUT, ERROR_REMOTE },
        { 400, "application/json",
          "{\"statusCode\":\"400\",\"error\":\"InvalidJWT\",\"code\":\"InvalidJWT\"}", ERROR_INPUT,
          ERROR_KEY },
        { 400, "application/json", "{\"statusCode\":\"400\",\"error\":\"InvalidRequest\"}",
          ERROR_INPUT, ERROR_REMOTE },
        { 400, "application/json", "{\"statusCode\":\"402\",\"error\":\"exceed_egress_quota\"}",
          ERROR_QUOTA, ERROR_QUOTA },
        { 402, "text/html", page, ERROR_QUOTA, ERROR_QUOTA },
        { 401, "text/html", page, ERROR_REMOTE, ERROR_KEY },
        { 403, "text/html", page, ERROR_REMOTE, ERROR_KEY },
        { 404, "text/html", page, ERROR_REMOTE, ERROR_CONFIG },
        { 405, "text/html", page, ERROR_REMOTE, ERROR_CONFIG },
        { 407, "text/html", page, ERROR_REMOTE, ERROR_REMOTE },
        { 301, "text/html", page, ERROR_REMOTE, ERROR_CONFIG },
        { 429, "text/html", page, ERROR_BUSY, ERROR_BUSY },
        { 540, "text/html", page, ERROR_CONFIG, ERROR_CONFIG },
        { 200, "text/html", page, ERROR_REMOTE, ERROR_REMOTE },
        { 200, "application/json", "{\"statusCode\":\"500\",\"error\":\"Internal\"}", ERROR_REMOTE,
          ERROR_REMOTE },
        { 200, "application/json", "{\"name\":\"a seller's file\"}", ERROR_NONE, ERROR_NONE },
        { 200, "image/jpeg", "", ERROR_NONE, ERROR_NONE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(kind_at_store(false, rows[i].status, rows[i].type, rows[i].body),
                         rows[i].without_key);
        assert_int_equal(kind_at_store(true, rows[i].status, rows[i].type, rows[i].body),
                         rows[i].with_key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(photos_in_the_users_folder_are_read_with_the_key),
        cmocka_unit_test(other_files_of_the_store_are_requested_without_the_key),
        cmocka_unit_test(other_parts_of_the_stores_server_are_refused),
        cmocka_unit_test(urls_of_other_servers_get_no_key),
        cmocka_unit_test(only_the_stores_own_server_is_the_store),
        cmocka_unit_test(folder_reads_photos_of_its_buckets_only),
        cmocka_unit_test(refused_photo_is_a_fault_of_the_project),
        cmocka_unit_test(trouble_of_the_store_is_no_fault_of_its_photos),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
