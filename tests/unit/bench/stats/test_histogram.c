/* Histograms: precision of values, merging, and a log that decodes to the same counts. */
#include <libdeflate.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/random.h"
#include "bench/stats/histogram.h"

static const int64_t hour_us = 3600000000;

static void values_keep_their_precision(void **unused)
{
    uint64_t state = 4;

    (void)unused;
    for (int digits = 1; digits <= 4; digits++) {
        struct histogram histogram;
        struct error err;

        assert_true(histogram_new(digits, hour_us, &histogram, &err));
        for (int i = 0; i < 2000; i++) {
            int64_t value = (int64_t)random_below(&state, 2)
                                ? (int64_t)1 << random_below(&state, 31)
                                : (int64_t)random_below(&state, 1u << 31);
            int64_t read;

            value += (int64_t)random_below(&state, 3) - 1; /* powers of two and their neighbours */
            value = value < 0 ? 0 : value;
            memset(histogram.counts, 0, (size_t)histogram.size * sizeof *histogram.counts);
            histogram.total = 0;
            histogram_record(&histogram, value);
            read = histogram_percentile(&histogram, 1);
            assert_true(read >= value);
            assert_true((double)(read - value) <= (double)value / pow(10, digits));
        }
        histogram_free(&histogram);
    }
}

static void percentiles_match_sorted_values(void **unused)
{
    struct histogram one;
    struct error err;

    (void)unused;
    assert_true(histogram_new(3, 1000000, &one, &err));
    assert_true(histogram_percentile(&one, 0.5) == 0);
    for (int i = 1; i <= 1000; i++) {
        histogram_record(&one, i);
    }
    assert_true(one.total == 1000 && one.min == 1 && one.max == 1000);
    assert_true(histogram_percentile(&one, 0.5) == 500 && histogram_percentile(&one, 0.99) == 990);
    assert_true(histogram_percentile(&one, 1) == 1000 && histogram_percentile(&one, 0) == 1);
    histogram_record(&one, 5000000);
    assert_true(one.overflow == 1 && one.max == 5000000);
    histogram_free(&one);
    assert_false(histogram_new(0, 10, &one, &err));
    assert_false(histogram_new(3, 1, &one, &err));
}

static int64_t number(const uint8_t *at, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return (int64_t)value;
}

/* Decodes the payload of a line by the description of the format; the caller frees it. */
static uint8_t *inflated(const char *letters, size_t *size)
{
    size_t length = strcspn(letters, "\n"), packed_size;
    uint8_t *packed = malloc(base64_decoded_max(length)), *plain = malloc(1 << 20);
    struct libdeflate_decompressor *tool = libdeflate_alloc_decompressor();

    assert_true(base64_decode(letters, length, packed, &packed_size));
    assert_true(number(packed, 4) == 0x1c849314 &&
                number(packed + 4, 4) + 8 == (int64_t)packed_size);
    assert_int_equal(libdeflate_zlib_decompress(tool, packed + 8, packed_size - 8, plain, 1 << 20,
                                                size),
                     LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(tool);
    free(packed);
    return plain;
}

/* Decodes the counts of a payload. */
static void decode(const char *letters, int64_t *counts, int32_t capacity)
{
    uint8_t *plain, *at, *end;
    size_t plain_size;
    int32_t index = 0;

    plain = inflated(letters, &plain_size);
    assert_true(number(plain, 4) == 0x1c849313 && number(plain + 4, 4) + 40 == (int64_t)plain_size);
    assert_true(number(plain + 12, 4) == 3 && number(plain + 16, 8) == 1);
    assert_true(number(plain + 32, 8) == 0x3ff0000000000000);
    for (at = plain + 40, end = plain + plain_size; at < end;) {
        uint64_t bits = 0;
        int64_t count;

        for (int shift = 0;; shift += 7) {
            assert_true(at < end);
            bits |= (uint64_t)(shift == 56 ? *at : *at & 0x7f) << shift;
            if (shift == 56 || !(*at++ & 0x80)) {
                break;
            }
        }
        count = (int64_t)(bits >> 1) ^ -(int64_t)(bits & 1);
        if (count < 0) {
            index += (int32_t)-count;
        } else {
            assert_true(index < capacity);
            counts[index++] = count;
        }
    }
    free(plain);
}

static void log_lines_decode_to_the_same_counts(void **unused)
{
    struct histogram histogram;
    struct text text;
    struct error err;
    uint64_t state = 6;
    int64_t *counts;
    char *comma;

    (void)unused;
    text_begin(&text, 1 << 20);
    assert_true(histogram_new(3, hour_us, &histogram, &err));
    counts = calloc((size_t)histogram.size, sizeof *counts);
    for (int i = 0; i < 5000; i++) {
        histogram_record(&histogram, (int64_t)(8e6 * exp(0.6 * random_normal(&state))));
    }
    for (int i = 0; i < 300; i++) { /* a count that needs two bytes */
        histogram_record(&histogram, 1);
    }
    histogram_log_header(1000.5, "darkroom", &text);
    assert_non_null(strstr(text.data, "format version 1.3]\n#[StartTime: 1000.500 "));
    text_clear(&text);
    assert_true(histogram_log_line(&histogram, "ok", 1.25, 60, 1e6, &text, &err));
    assert_int_equal(strncmp(text.data, "Tag=ok,1.250,60.000,", 20), 0);
    comma = strrchr(text.data, ',');
    assert_true(fabs(strtod(text.data + 20, NULL) - (double)histogram.max / 1e6) < 0.001);
    decode(comma + 1, counts, histogram.size);
    assert_memory_equal(counts, histogram.counts, (size_t)histogram.size * sizeof *counts);
    free(counts);
    text_end(&text);
    histogram_free(&histogram);
}

/* Percentiles and encoded bytes of the same values as recorded once from hdr-histogram-js 3.0.1
 * (lowest 1, highest 3,600,000,000, 3 digits). */
static void results_match_hdr_histogram_js(void **unused)
{
    static const struct {
        double share;
        int64_t value;
    } theirs[] = {
        { 0, 1 },
        { 0.25, 25001983 },
        { 0.5, 151388159 },
        { 0.75, 473169919 },
        { 0.9, 966262783 },
        { 0.95, 1229979647 },
        { 0.99, 1685061631 },
        { 0.999, 1781530623 },
        { 0.9999, 1789919231 },
        { 1, 1801453567 },
    };
    struct histogram histogram;
    uint8_t *plain;
    size_t size;
    char digest[DIGEST_TEXT];
    struct text text;
    struct error err;

    (void)unused;
    assert_true(histogram_new(3, hour_us, &histogram, &err));
    for (int64_t i = 0; i < 10000; i++) {
        histogram_record(&histogram, 1 + i * i * 7919 % 1000003 * (1 + i % 7 * (i % 7) * 50));
    }
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
        int64_t ours = histogram_percentile(&histogram, theirs[i].share);

        /* its maximum is the end of a bucket, ours the exact value */
        assert_true(ours == theirs[i].value || (theirs[i].share == 1 && ours == 1800560557));
    }
    text_begin(&text, 1 << 20);
    assert_true(histogram_log_line(&histogram, "", 0, 1, 1e6, &text, &err));
    plain = inflated(strrchr(text.data, ',') + 1, &size);
    digest_hex(plain + 40, size - 40, digest); /* only the counts; its header encodes 1 as a long */
    assert_int_equal(size, 8910);
    assert_string_equal(digest, "4396adf923a7e04f0c744222be2100cc4a05d2c50ca390aa65794c0546461c47");
    free(plain);
    text_end(&text);
    histogram_free(&histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_keep_their_precision),
        cmocka_unit_test(percentiles_match_sorted_values),
        cmocka_unit_test(log_lines_decode_to_the_same_counts),
        cmocka_unit_test(results_match_hdr_histogram_js),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
