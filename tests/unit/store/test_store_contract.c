/* test_store_contract.c - the promises of struct store (store/store.h), for every row of stores[]:
 * the folder store on real files, the Supabase store on its requests and responses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "io/file.h"
#include "store/store.h"

enum { FILE_MAX = 1 << 20 };

static struct arena *arena;
static struct secret *key;
static char folder[64];
static struct store_target at;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    key = secret_new("sb_secret_abcdefghijk");
    snprintf(folder, sizeof folder, "/tmp/dr-store-contract.XXXXXX");
    at = (struct store_target){ .base_url = "https://x.supabase.co",
                                .key = key,
                                .folder = mkdtemp(folder) };
    return at.folder ? 0 : -1;
}

static int teardown(void **state)
{
    struct error err;

    (void)state;
    secret_free(key);
    arena_free(arena);
    return folder_remove(folder, &err) ? 0 : -1;
}

static struct object object_with(const char *bytes)
{
    return (struct object){ .bucket = "generated-images",
                            .path = "u/p/MAIN_IMAGE-5-0b9d7c3e.png",
                            .content_type = "image/png",
                            .content = blob_text(bytes) };
}

/* Executes the op of the folder store. A request over HTTP gets the given response. */
static void execute(struct op *op, int status, const char *body)
{
    bool good;

    if (op->kind == OP_HTTP) {
        op->http_response.status = status;
        assert_true(blob_copy(&op->http_response.body, body, strlen(body), &op->error));
        op->error = (struct error){ .kind = ERROR_NONE };
        return;
    }
    if (op->kind == OP_WORK) {
        good = op->work.run(op->work.arg, &op->error);
    } else if (op->file.write) {
        good = file_write(op->file.path, op->file.content.data, op->file.content.size, &op->error);
    } else {
        good = file_read(op->file.path, op->file.read_limit, &op->file_result.content,
                         &op->file_result.missing, &op->error);
    }
    if (good) {
        op->error = (struct error){ .kind = ERROR_NONE };
    }
}

static void put(const struct store *store, const struct object *object)
{
    struct op op = { 0 };
    struct error err;

    assert_true(store->put(&at, object, arena, &op, &err));
    execute(&op, 200,
            arena_printf(arena, "{\"Key\":\"%s/%s\",\"Id\":\"1\"}", object->bucket, object->path));
    assert_true(store->put_done(object, &op, &err));
    op_clear(&op);
}

static void answer_about_another_file_stores_nothing(void **state)
{
    const struct store *store = store_find("supabase");
    struct object object = { .bucket = "b", .path = "u1/p1/a.png", .content = blob_text("x") };
    struct op op = { 0 };
    struct error err;

    (void)state;
    assert_true(store->put(&at, &object, arena, &op, &err));
    execute(&op, 200, "{\"Key\":\"b/u1/p1/b.png\",\"Id\":\"1\"}");
    assert_false(store->put_done(&object, &op, &err));
    assert_int_equal(err.kind, ERROR_REMOTE);
    op_clear(&op);
}

static bool get(const struct store *store, const struct object *object, const char *expected,
                enum error_kind *kind)
{
    struct op op = { 0 };
    struct error err = { .kind = ERROR_NONE };
    struct blob got = { 0 };
    bool good;

    assert_true(store->get(&at, object, arena, &op, &err));
    execute(&op, expected ? 200 : 400, expected ? expected : "{\"code\":\"NoSuchKey\"}");
    good = store->get_done(object, &op, &got, &err);
    if (good) {
        assert_non_null(expected);
        assert_int_equal(got.size, strlen(expected));
        assert_memory_equal(got.data, expected, got.size);
    }
    *kind = err.kind;
    blob_free(&got);
    op_clear(&op);
    return good;
}

static void repeated_put_succeeds_and_replaces(void **state)
{
    struct object first = object_with("first bytes"), second = object_with("second");
    enum error_kind kind;

    (void)state;
    for (int i = 0; stores[i]; i++) {
        put(stores[i], &first);
        put(stores[i], &first);
        assert_true(get(stores[i], &first, "first bytes", &kind));
        put(stores[i], &second);
        assert_true(get(stores[i], &second, "second", &kind));
    }
}

/* A put names one request or one write of the whole object, never a part of it. */
static void put_sends_the_whole_object_at_once(void **state)
{
    struct object object = object_with("all bytes");

    (void)state;
    for (int i = 0; stores[i]; i++) {
        struct op op = { 0 };
        struct error err;
        struct blob sent;

        assert_true(stores[i]->put(&at, &object, arena, &op, &err));
        sent = op.kind == OP_HTTP ? op.http.body : op.file.content;
        assert_int_equal(sent.size, object.content.size);
        assert_ptr_equal(sent.data, object.content.data);
    }
}

/* The write fails after the old object exists: a reader still sees the old object in full. */
static void failed_put_leaves_the_previous_object(void **state)
{
    struct object object = object_with("old"), below = object_with("new");
    const struct store *store = store_find("folder");
    struct op op = { 0 };
    struct error err;
    enum error_kind kind;

    (void)state;
    put(store, &object);
    below.path = "u/p/MAIN_IMAGE-5-0b9d7c3e.png/below"; /* its folder is a file */
    assert_true(store->put(&at, &below, arena, &op, &err));
    execute(&op, 0, "");
    assert_false(store->put_done(&below, &op, &err));
    assert_int_not_equal(err.kind, ERROR_NONE);
    assert_true(get(store, &object, "old", &kind));
}

static void missing_object_is_an_input_error(void **state)
{
    struct object object = object_with("");
    enum error_kind kind;

    (void)state;
    object.path = "u/p/missing.png";
    for (int i = 0; stores[i]; i++) {
        assert_false(get(stores[i], &object, NULL, &kind));
        assert_int_equal(kind, ERROR_INPUT);
    }
}

static void repeated_remove_succeeds(void **state)
{
    struct object object = object_with("x");

    (void)state;
    for (int i = 0; stores[i]; i++) {
        enum error_kind kind;

        put(stores[i], &object);
        for (int time = 0; time < 2; time++) {
            struct op op = { 0 };
            struct error err;

            assert_true(stores[i]->remove(&at, &object, 1, arena, &op, &err));
            execute(&op, 200, "[]");
            assert_true(stores[i]->remove_done(&op, &err));
            op_clear(&op);
        }
        assert_false(get(stores[i], &object, NULL, &kind));
        assert_int_equal(kind, ERROR_INPUT);
    }
}

/* `body` is the answer of Supabase. */
static int list_folder(const struct store *store, const char *path, int offset, int status,
                       const char *body, struct object_entry rows[STORE_LISTS], struct error *err)
{
    struct op op = { 0 };
    int count = -1;
    bool good = store->list(&at, "generated-images", path, offset, arena, &op, err);

    assert_true(good);
    execute(&op, status, body);
    good = store->list_done(&op, arena, rows, &count, err);
    op_clear(&op);
    return good ? count : -1;
}

static void listing_shows_objects_and_folders_in_order(void **state)
{
    struct object one = object_with("four"), two = object_with("seven77");
    struct object_entry rows[STORE_LISTS];
    struct error err;

    (void)state;
    one.path = "u/p/b.png";
    two.path = "u/p/q/a.png";
    for (int i = 0; stores[i]; i++) {
        put(stores[i], &one);
        put(stores[i], &two);
        assert_int_equal(list_folder(stores[i], "u/p", 0, 200,
                                     "[{\"name\":\"b.png\",\"id\":\"x\",\"metadata\":"
                                     "{\"size\":4}},{\"name\":\"q\",\"id\":null,"
                                     "\"metadata\":null}]",
                                     rows, &err),
                         2);
        assert_string_equal(rows[0].name, "b.png");
        assert_int_equal(rows[0].size, 4);
        assert_false(rows[0].folder);
        assert_string_equal(rows[1].name, "q");
        assert_true(rows[1].folder);
        assert_int_equal(list_folder(stores[i], "u/p", 2, 200, "[]", rows, &err), 0);
        assert_int_equal(list_folder(stores[i], "u/missing", 0, 200, "[]", rows, &err), 0);
    }
}

static void listing_of_supabase_is_checked(void **state)
{
    const struct store *store = store_find("supabase");
    struct object_entry rows[STORE_LISTS];
    struct error err;
    cJSON *list = cJSON_CreateArray();

    (void)state;
    for (int i = 0; i <= STORE_LISTS; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "name", "x");
        cJSON_AddItemToArray(list, row);
    }
    assert_int_equal(list_folder(store, "u", 0, 200, json_print(list, arena), rows, &err), -1);
    assert_int_equal(err.kind, ERROR_REMOTE);
    cJSON_Delete(list);
    assert_int_equal(list_folder(store, "u", 0, 200, "{\"name\":\"x\"}", rows, &err), -1);
    assert_int_equal(err.kind, ERROR_REMOTE);
    assert_int_equal(list_folder(store, "u", 0, 502, "<html>", rows, &err), -1);
    assert_int_equal(err.kind, ERROR_REMOTE);
}

static void path_depends_on_the_job_only(void **state)
{
    static const char job[] = "0b9d7c3e-1111-4222-8333-444455556666";
    static const char other[] = "1b9d7c3e-1111-4222-8333-444455556666";
    const char *first, *again, *different;
    struct error err;

    (void)state;
    assert_true(object_path("u", "p", "X", "bold", 7, job, "png", arena, &first, &err));
    assert_true(object_path("u", "p", "X", "bold", 7, job, "png", arena, &again, &err));
    assert_true(object_path("u", "p", "X", "bold", 7, other, "png", arena, &different, &err));
    assert_string_equal(first, again);
    assert_string_not_equal(first, different);
}

static void store_without_settings_is_a_config_error(void **state)
{
    struct object object = object_with("x");
    struct store_target nothing = { 0 };

    (void)state;
    for (int i = 0; stores[i]; i++) {
        struct op op = { 0 };
        struct error err = { .kind = ERROR_NONE };

        assert_false(stores[i]->put(&nothing, &object, arena, &op, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_false(stores[i]->get(&nothing, &object, arena, &op, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_false(stores[i]->remove(&nothing, &object, 1, arena, &op, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
}

/* put, get and remove classify an error response alike, but a missing object counts as removed. */
static void supabase_errors_have_the_right_kind(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
    } cases[] = {
        { 400, "{\"statusCode\":\"404\",\"code\":\"NoSuchBucket\"}", ERROR_CONFIG },
        { 400, "{\"statusCode\":\"404\",\"code\":\"NoSuchKey\"}", ERROR_INPUT },
        { 400, "{\"statusCode\":\"403\",\"code\":\"AccessDenied\"}", ERROR_KEY },
        { 400, "{\"statusCode\":\"413\",\"code\":\"EntityTooLarge\"}", ERROR_CONFIG },
        { 400, "{\"statusCode\":\"503\",\"code\":\"LockTimeout\"}", ERROR_BUSY },
        { 401, "{\"message\":\"no\"}", ERROR_KEY },
        { 403, "", ERROR_KEY },
        { 404, "{\"statusCode\":\"404\",\"error\":\"not_found\"}", ERROR_INPUT },
        { 404, "{}", ERROR_CONFIG },
        { 404, "{\"message\":\"no Route matched with those values\"}", ERROR_CONFIG },
        { 404, "<html>", ERROR_CONFIG },
        { 404, "", ERROR_CONFIG },
        { 409, "{\"statusCode\":\"409\",\"error\":\"Duplicate\"}", ERROR_REMOTE },
        { 413, "{\"statusCode\":\"413\",\"error\":\"Payload too large\"}", ERROR_CONFIG },
        { 413, "<html>", ERROR_CONFIG },
        { 429, "{}", ERROR_BUSY },
        { 500, "{\"statusCode\":\"500\",\"message\":\"x\"}", ERROR_REMOTE },
        { 502, "<html>bad gateway</html>", ERROR_REMOTE },
        { 500, "{\"code\":", ERROR_REMOTE },
        { 500, "[1,2]", ERROR_REMOTE },
        { 500, "", ERROR_REMOTE },
    };
    const struct store *store = store_find("supabase");
    struct object object = object_with("x");

    (void)state;
    for (size_t i = 0; i < 3 * sizeof cases / sizeof *cases; i++) {
        struct op op = { .http_response = { .status = cases[i / 3].status,
                                            .body = blob_text(cases[i / 3].body) } };
        struct error err = { .kind = ERROR_NONE };
        struct blob got = { 0 };
        bool good = i % 3 == 0   ? store->put_done(&object, &op, &err)
                    : i % 3 == 1 ? store->get_done(&object, &op, &got, &err)
                                 : store->remove_done(&op, &err);

        if (i % 3 == 2 && strstr(cases[i / 3].body, "NoSuchKey")) {
            assert_true(good);
            continue;
        }
        /* An upload or a removal needs no object: the bucket or the storage itself is missing. */
        enum error_kind kind =
            i % 3 != 1 && cases[i / 3].kind == ERROR_INPUT ? ERROR_CONFIG : cases[i / 3].kind;
        if (i % 3 == 1 && strstr(cases[i / 3].body, "NoSuchBucket")) {
            kind = ERROR_REMOTE; /* a user names the bucket of a photo */
        }

        if (good || err.kind != kind || !err.text[0]) {
            fail_msg("%d %s: kind %s, '%s'", cases[i / 3].status, cases[i / 3].body,
                     error_rule(err.kind)->name, err.text);
        }
        assert_null(got.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(repeated_put_succeeds_and_replaces, setup, teardown),
        cmocka_unit_test_setup_teardown(put_sends_the_whole_object_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(failed_put_leaves_the_previous_object, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_object_is_an_input_error, setup, teardown),
        cmocka_unit_test_setup_teardown(answer_about_another_file_stores_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(repeated_remove_succeeds, setup, teardown),
        cmocka_unit_test_setup_teardown(listing_shows_objects_and_folders_in_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(listing_of_supabase_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(path_depends_on_the_job_only, setup, teardown),
        cmocka_unit_test_setup_teardown(store_without_settings_is_a_config_error, setup, teardown),
        cmocka_unit_test_setup_teardown(supabase_errors_have_the_right_kind, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
