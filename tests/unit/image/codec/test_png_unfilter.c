/* test_png_unfilter.c - both implementations restore rows filtered by the reference, also in place.
 */
#include "lib/test_images.h"

#include "image/codec/png_unfilter.h"

enum { MOST = 200 };

static void one_row(unfilter_fn unfilter, int filter, size_t step, size_t size, uint64_t *state)
{
    uint8_t row[MOST], above[MOST + UNFILTER_SLACK] = { 0 }, line[MOST + 1];
    uint8_t buffer[MOST * 2 + UNFILTER_SLACK];
    size_t gap = 1 + random_below(state, MOST / 2);

    for (size_t i = 0; i < size; i++) {
        row[i] = (uint8_t)random_below(state, 256);
        above[i] = (uint8_t)(random_below(state, 3) ? random_below(state, 256) : row[i]);
    }
    png_filter(filter, row, above, size, step, line);
    memcpy(buffer + gap, line + 1, size);
    unfilter(buffer + gap, above, buffer, size);
    assert_memory_equal(buffer, row, size);
}

static void rows_are_restored(void **unused)
{
    uint64_t state = 5;

    (void)unused;
    for (int filter = 0; filter <= 4; filter++) {
        for (size_t step = 3; step <= 4; step++) {
            for (size_t pixels = 1; pixels <= 50; pixels++) {
                one_row(unfilter_for(filter, (int)step), filter, step, pixels * step, &state);
                one_row(unfilter_portable_for(filter, (int)step), filter, step, pixels * step,
                        &state);
            }
        }
    }
}

static void unknown_filters_are_rejected(void **unused)
{
    (void)unused;
    assert_null(unfilter_for(5, 3));
    assert_null(unfilter_for(255, 4));
    assert_null(unfilter_for(-1, 4));
    assert_null(unfilter_portable_for(5, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_restored),
        cmocka_unit_test(unknown_filters_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
