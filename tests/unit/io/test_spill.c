/* test_spill.c - spilled bytes are read back unchanged, and their space is reused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "io/spill.h"

static struct blob bytes(size_t size, int seed)
{
    struct blob blob;
    struct error err;

    assert_true(blob_new(&blob, size, &err));
    for (size_t i = 0; i < size; i++) {
        blob.data[i] = (uint8_t)(i * 31 + (size_t)seed + i / 251);
    }
    return blob;
}

static void spilled_bytes_are_read_back(void **state)
{
    static const size_t sizes[] = { 1, 4095, 4096, 4097, 1500001 };
    struct error err;
    struct spill *spill = spill_new(&err);
    struct spill_slot places[5];

    (void)state;
    assert_non_null(spill);
    for (int i = 0; i < 5; i++) {
        struct blob blob = bytes(sizes[i], i);

        places[i] = spill_reserve(spill, blob.size);
        assert_true(spill_write(spill, &blob, places[i], &err));
        assert_null(blob.data); /* its memory is free */
    }
    for (int i = 4; i >= 0; i--) {
        struct blob want = bytes(sizes[i], i), got;

        assert_true(spill_read(spill, places[i], &got, &err));
        assert_int_equal(got.size, sizes[i]);
        assert_memory_equal(got.data, want.data, got.size);
        blob_free(&got);
        blob_free(&want);
    }
    spill_free(spill);
}

static void released_space_is_reused(void **state)
{
    struct error err;
    struct spill *spill = spill_new(&err);
    struct spill_slot a = spill_reserve(spill, 10000), b = spill_reserve(spill, 10000), c;

    (void)state;
    assert_true(b.at >= a.at + 10000);
    spill_release(spill, a);
    c = spill_reserve(spill, 4000);
    assert_int_equal(c.at, a.at);
    assert_int_equal(spill_reserve(spill, 8000).at, a.at + 4096); /* what is left of the gap */
    assert_true(spill_reserve(spill, 1).at >= b.at + 10000);
    spill_free(spill);
}

static void reading_an_unwritten_slot_fails(void **state)
{
    struct error err;
    struct spill *spill = spill_new(&err);
    struct blob got = { 0 };

    (void)state;
    assert_false(spill_read(spill, spill_reserve(spill, 5000), &got, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_null(got.data);
    spill_free(spill);
}

static void missing_temporary_folder_is_skipped(void **state)
{
    struct error err;
    struct spill *spill;

    (void)state;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    spill = spill_new(&err);
    assert_non_null(spill);
    spill_free(spill);
    unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spilled_bytes_are_read_back),
        cmocka_unit_test(released_space_is_reused),
        cmocka_unit_test(reading_an_unwritten_slot_fails),
        cmocka_unit_test(missing_temporary_folder_is_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
