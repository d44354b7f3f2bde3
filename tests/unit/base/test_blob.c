/* test_blob.c - the owner of a blob's bytes frees them once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/blob.h"

static int released;

static void count_release(void *data, size_t size)
{
    assert_non_null(data);
    assert_int_equal(size, 3);
    released++;
}

static void view_is_not_freed(void **state)
{
    char bytes[] = "abc";
    struct blob blob = blob_text(bytes);

    (void)state;
    assert_int_equal(blob.size, 3);
    assert_ptr_equal(blob.data, bytes);
    blob_free(&blob);
    assert_string_equal(bytes, "abc");
    assert_null(blob.data);
    assert_int_equal(blob.size, 0);
    blob_free(&blob);
}

static void moved_bytes_are_freed_once(void **state)
{
    char bytes[3] = "ab";
    struct blob from = { .data = (uint8_t *)bytes, .size = 3, .release = count_release };
    struct blob to = blob_move(&from);

    (void)state;
    released = 0;
    assert_null(from.data);
    blob_free(&from);
    assert_int_equal(released, 0);
    blob_free(&to);
    blob_free(&to);
    assert_int_equal(released, 1);
}

static void copy_owns_its_bytes(void **state)
{
    char bytes[] = "abc";
    struct blob blob;
    struct error err;

    (void)state;
    assert_true(blob_copy(&blob, bytes, 3, &err));
    bytes[0] = 'x';
    assert_memory_equal(blob.data, "abc", 3);
    blob_free(&blob);
    assert_true(blob_copy(&blob, "", 0, &err));
    assert_int_equal(blob.size, 0);
    blob_free(&blob);
    blob = blob_from_malloc(strdup("taken"), 5);
    assert_memory_equal(blob.data, "taken", 5);
    blob_free(&blob);
    assert_true(blob_new(&blob, 1 << 20, &err));
    memset(blob.data, 1, blob.size);
    blob_free(&blob);
}

/* Under AddressSanitizer malloc ends the process on such a size, unless it is told not to. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void failed_allocation_is_an_error(void **state)
{
    struct blob blob;
    struct error err = { 0 };

    (void)state;
    assert_false(blob_new(&blob, SIZE_MAX / 4, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    blob_free(&blob); /* a failure leaves nothing to free */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(view_is_not_freed),
        cmocka_unit_test(moved_bytes_are_freed_once),
        cmocka_unit_test(copy_owns_its_bytes),
        cmocka_unit_test(failed_allocation_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
