/* test_deflate_runs.c - libdeflate and zlib decompress the streams of deflate_runs. */
#include "lib/test_images.h"

#include "image/codec/deflate_runs.h"
#include "image/codec/huffman.h"

static size_t comes_back(const uint8_t *data, size_t size)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    uint8_t *stream = malloc(deflate_runs_bound(size)), *back = malloc(size + 1);
    size_t packed, taken, made;

    assert_true(stream && back && inflater);
    deflate_runs(data, size, stream, &packed);
    assert_true(packed <= deflate_runs_bound(size));
    assert_int_equal(libdeflate_zlib_decompress_ex(inflater, stream, packed, back, size + 1, &taken,
                                                   &made),
                     LIBDEFLATE_SUCCESS);
    assert_int_equal(taken, packed);
    assert_int_equal(made, size);
    assert_memory_equal(back, data, size);
    libdeflate_free_decompressor(inflater);
    free(stream);
    free(back);
    return packed;
}

static void runs_of_each_length_are_restored(void **unused)
{
    uint8_t data[800];

    (void)unused;
    for (size_t length = 0; length <= 600; length++) {
        memset(data, 'x', sizeof data);
        data[0] = 'a';
        data[length + 1] = 'b';
        comes_back(data, length + 3);
        comes_back(data, length);
    }
}

static void mixtures_are_restored(void **unused)
{
    uint64_t state = 2;

    (void)unused;
    for (int i = 0; i < 60; i++) {
        size_t size = random_below(&state, 300000), values = 1 + random_below(&state, 256);
        uint8_t *data = malloc(size + 1);

        for (size_t at = 0; at < size;) {
            size_t run = i % 3 ? 1 : 1 + random_below(&state, 700);
            uint8_t value = (uint8_t)random_below(&state, values);

            for (; run > 0 && at < size; run--) {
                data[at++] = value;
            }
        }
        comes_back(data, size);
        free(data);
    }
}

/* Noise grows only a little; one repeated byte shrinks to almost nothing. */
static void sizes_are_within_bounds(void **unused)
{
    uint64_t state = 3;
    size_t size = 1000000;
    uint8_t *data = calloc(size, 1);

    (void)unused;
    assert_true(comes_back(data, size) < size / 500);
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)random_below(&state, 256);
    }
    assert_true(comes_back(data, size) < size + size / 100);
    free(data);
}

/* Fibonacci counts give the deepest tree; code lengths are limited to 15 bits. */
static void huffman_codes_are_complete(void **unused)
{
    uint64_t state = 6;

    (void)unused;
    for (int i = 0; i < 300; i++) {
        uint32_t count[HUFFMAN_SYMBOLS] = { 0 }, a = 1, b = 1, sum = 0;
        int symbols = 2 + (int)random_below(&state, i % 2 ? 40 : HUFFMAN_SYMBOLS - 1);
        struct huffman code;

        for (int s = 0; s < symbols; s++) {
            uint32_t next = a + b;

            count[s] = i % 2 ? a : 1 + (uint32_t)random_below(&state, 1u << i % 23);
            a = s < 38 ? b : 1;
            b = s < 38 ? next : 1;
        }
        huffman_make(count, &code);
        for (int s = 0; s < HUFFMAN_SYMBOLS; s++) {
            assert_int_equal(code.length[s] > 0, count[s] > 0);
            assert_true(code.length[s] <= HUFFMAN_LONGEST);
            sum += code.length[s] ? 1u << (HUFFMAN_LONGEST - code.length[s]) : 0;
            for (int t = 0; t < HUFFMAN_SYMBOLS && count[s];
                 t++) { /* frequent symbols have shorter codes */
                assert_true(count[t] <= count[s] || code.length[t] <= code.length[s]);
            }
        }
        assert_int_equal(sum, 1u << HUFFMAN_LONGEST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_each_length_are_restored),
        cmocka_unit_test(mixtures_are_restored),
        cmocka_unit_test(sizes_are_within_bounds),
        cmocka_unit_test(huffman_codes_are_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
