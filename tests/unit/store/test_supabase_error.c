/* test_supabase_error.c - what the answers of Supabase Storage and of servers in front of it mean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "store/store.h"

enum { MB = 1 << 20 };

static struct error put_error(int status, const char *body, size_t size, int64_t limit)
{
    struct object object = { .bucket = "b", .path = "p", .file_limit = limit };
    struct op op = { .http_response = { .status = status, .body = blob_text(body) } };
    struct error err = { .kind = ERROR_NONE };

    object.content.size = size;
    if (store_find("supabase")->put_done(&object, &op, &err)) {
        err.kind = ERROR_NONE;
    }
    return err;
}

static enum error_kind get_error(int status, const char *type, const char *body)
{
    struct op op = { .http_response = { .status = status, .body = blob_text(body) } };
    struct error err = { .kind = ERROR_NONE };
    struct blob out = { 0 };

    snprintf(op.http_response.content_type, sizeof op.http_response.content_type, "%s", type);
    return store_find("supabase")->get_done(&(struct object){ 0 }, &op, &out, &err) ? ERROR_NONE
                                                                                    : err.kind;
}

/* A fault of one file fails this file alone; what every file would meet stops the store. */
static void file_is_at_fault_only_if_it_exceeds_the_limit_of_the_bucket(void **state)
{
    static const char own[] = "{\"statusCode\":\"413\",\"error\":\"Payload too large\",\"message\":"
                              "\"The object exceeded the maximum allowed size\",\"code\":"
                              "\"EntityTooLarge\"}";
    static const char page[] =
        "<html><head><title>413 Request Entity Too Large</title></head></html>";
    struct error err;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *body = i == 0 ? own : page;
        int status = i == 0 ? 400 : 413;

        err = put_error(status, body, 21 * MB, 20 * MB);
        assert_int_equal(err.kind, ERROR_OUTPUT);
        assert_non_null(strstr(err.hint, "limit of the bucket"));
        assert_int_equal(put_error(status, body, 2 * MB, 20 * MB).kind, ERROR_CONFIG);
        assert_int_equal(put_error(status, body, 20 * MB, 20 * MB).kind, ERROR_CONFIG);
        assert_int_equal(put_error(status, body, 15 * MB, 0).kind, ERROR_CONFIG);
        err = put_error(status, body, 2 * MB, 0);
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.hint, "client_max_body_size"));
    }
}

static void missing_bucket_or_project_is_a_wrong_setting_for_uploads(void **state)
{
    static const char *const bodies[] = {
        "{\"statusCode\":\"404\",\"error\":\"Bucket not found\",\"message\":\"Bucket not found\"}",
        "{\"statusCode\":404,\"error\":\"Bucket not found\",\"message\":\"Bucket not found\"}",
        ("{\"statusCode\":\"404\",\"error\":\"not_found\",\"message\":\"The resource was not "
         "found\"}"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(put_error(400, bodies[i], 1, 0).kind, ERROR_CONFIG);
        assert_int_equal(put_error(404, bodies[i], 1, 0).kind, ERROR_CONFIG);
    }
    assert_int_equal(put_error(404, "<html>", 1, 0).kind, ERROR_CONFIG);
    assert_int_equal(put_error(404, "{\"message\":\"no Route matched\"}", 1, 0).kind, ERROR_CONFIG);
    assert_int_equal(put_error(301, "", 1, 0).kind, ERROR_CONFIG);
    assert_int_equal(put_error(540, "", 1, 0).kind, ERROR_CONFIG);
    assert_int_equal(put_error(402, "{\"message\":\"exceed_egress_quota\"}", 1, 0).kind,
                     ERROR_QUOTA);
}

static void errors_of_gateways_pass(void **state)
{
    static const int statuses[] = { 400, 408, 425, 500, 502, 504, 520, 521,
                                    522, 523, 524, 525, 526, 527, 530 };

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        assert_int_equal(put_error(statuses[i], "<html>", 1, 0).kind, ERROR_REMOTE);
        assert_int_equal(get_error(statuses[i], "text/html", "<html>"), ERROR_REMOTE);
    }
}

/* A portal or proxy answers any request with 200 and a page. */
static void page_with_status_200_is_neither_a_stored_nor_a_fetched_file(void **state)
{
    (void)state;
    assert_int_equal(put_error(200, "<html>Log in</html>", 1, 0).kind, ERROR_REMOTE);
    assert_int_equal(put_error(200, "", 1, 0).kind, ERROR_REMOTE);
    assert_int_equal(put_error(200, "{\"ok\":true}", 1, 0).kind, ERROR_REMOTE);
    assert_int_equal(put_error(200, "{\"Key\":\"b/p\",\"Id\":\"1\"}", 1, 0).kind, ERROR_NONE);
    assert_int_equal(get_error(200, "text/html; charset=utf-8", "<html>Log in</html>"),
                     ERROR_REMOTE);
    assert_int_equal(get_error(200, "image/png", "\x89PNG"), ERROR_NONE);
}

/* The user names the bucket of a photo: one whose bucket is missing does not stop the store. */
static void missing_photo_is_the_fault_of_its_job(void **state)
{
    (void)state;
    assert_int_equal(
        get_error(400, "application/json",
                  "{\"statusCode\":\"404\",\"error\":\"not_found\",\"message\":\"Object "
                  "not found\",\"code\":\"NoSuchKey\"}"),
        ERROR_INPUT);
    assert_int_equal(
        get_error(400, "application/json",
                  "{\"statusCode\":\"404\",\"error\":\"not_found\",\"message\":\"Object "
                  "not found\"}"),
        ERROR_INPUT);
    assert_int_equal(get_error(400, "application/json",
                               "{\"statusCode\":\"404\",\"error\":\"Bucket not found\",\"message\":"
                               "\"Bucket not found\",\"code\":\"NoSuchBucket\"}"),
                     ERROR_REMOTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_is_at_fault_only_if_it_exceeds_the_limit_of_the_bucket),
        cmocka_unit_test(missing_bucket_or_project_is_a_wrong_setting_for_uploads),
        cmocka_unit_test(errors_of_gateways_pass),
        cmocka_unit_test(page_with_status_200_is_neither_a_stored_nor_a_fetched_file),
        cmocka_unit_test(missing_photo_is_the_fault_of_its_job),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
