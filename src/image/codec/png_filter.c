/* png_filter.c - plain loops that the compiler vectorizes, for the baseline processor and for
 * AVX2. */
#include "image/codec/png_filter.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Giesen's form of the Paeth predictor: no absolute values, only compares and selects. */
INLINE uint8_t paeth(int16_t a, int16_t b, int16_t c)
{
    int16_t low = a < b ? a : b, high = a < b ? b : a, limit = (int16_t)(3 * c - (a + b));
    int16_t guess = high <= limit ? low : c;

    return (uint8_t)(limit <= low ? high : guess);
}

INLINE uint32_t magnitude_of(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < size; i++) {
        uint8_t negated = (uint8_t)-bytes[i];

        sum += bytes[i] < negated ? bytes[i] : negated;
    }
    return sum;
}

INLINE void filter(const uint8_t *row, const uint8_t *above, size_t size, size_t step,
                   uint8_t *restrict scratch, uint8_t *restrict out)
{
    static const uint8_t numbers[FILTERS_TRIED] = { 1, 2, 4 };
    uint8_t *restrict sub = scratch, *restrict up = scratch + size, *restrict paeth_row = up + size;
    uint32_t best = UINT32_MAX;
    int chosen = 0;

    memcpy(sub, row, step);
    for (size_t i = 0; i < step; i++) {
        paeth_row[i] = (uint8_t)(row[i] - above[i]);
    }
    for (size_t i = 0; i < size; i++) {
        up[i] = (uint8_t)(row[i] - above[i]);
    }
    for (size_t i = step; i < size; i++) {
        sub[i] = (uint8_t)(row[i] - row[i - step]);
    }
    for (size_t i = step; i < size; i++) {
        paeth_row[i] = (uint8_t)(row[i] - paeth(row[i - step], above[i], above[i - step]));
    }
    for (int f = 0; f < FILTERS_TRIED; f++) {
        uint32_t magnitude = magnitude_of(scratch + (size_t)f * size, size);

        if (magnitude < best) {
            best = magnitude;
            chosen = f;
        }
    }
    out[0] = numbers[chosen];
    memcpy(out + 1, scratch + (size_t)chosen * size, size);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void filter_avx2(const uint8_t *row, const uint8_t *above,
                                                        size_t size, size_t step, uint8_t *scratch,
                                                        uint8_t *out)
{
    filter(row, above, size, step, scratch, out);
}
#endif

void filter_row(const uint8_t *row, const uint8_t *above, size_t size, size_t step,
                uint8_t *scratch, uint8_t *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        filter_avx2(row, above, size, step, scratch, out);
        return;
    }
#endif
    filter(row, above, size, step, scratch, out);
}
