/* resize_row.c - vector loops, each written once and compiled twice: for the baseline processor
 * and for AVX2. Compiled without fused multiply-add, so that both round alike. */
#include "image/resize_row.h"

#include <stdbool.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));
typedef int quad_int __attribute__((vector_size(16)));

INLINE void from_bytes(const uint8_t *row, size_t pixels, int channels, float *restrict to)
{
    for (size_t i = 0; channels == 3 && i < pixels * 3; i++) {
        to[i] = (float)row[i];
    }
    for (size_t i = 0; channels == 4 && i < pixels * 4; i += 4) {
        float alpha = (float)row[i + 3] / 255;

        to[i] = (float)row[i] * alpha;
        to[i + 1] = (float)row[i + 1] * alpha;
        to[i + 2] = (float)row[i + 2] * alpha;
        to[i + 3] = (float)row[i + 3];
    }
}

INLINE void blend(const float *const *lines, const float *weights, int count, size_t size,
                  float *restrict to)
{
    for (int t = 0; t < count; t += 2) {
        const float *restrict a = lines[t], *restrict b = lines[t + 1];
        float wa = weights[t], wb = weights[t + 1];

        for (size_t i = 0; t == 0 && i < size; i++) {
            to[i] = wa * a[i] + wb * b[i];
        }
        for (size_t i = 0; t > 0 && i < size; i++) {
            to[i] += wa * a[i] + wb * b[i];
        }
    }
}

/* Clamps to 0..255. */
INLINE uint32_t four_bytes(quad_int values)
{
    uint32_t all;
#if defined(__x86_64__)
    __m128i words = _mm_packs_epi32((__m128i)values, (__m128i)values);

    all = (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(words, words));
#else
    uint8_t bytes[4];

    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(values[i] < 0 ? 0 : values[i] > 255 ? 255 : values[i]);
    }
    memcpy(&all, bytes, 4);
#endif
    return all;
}

/* Rounds a pixel and divides by its alpha. */
INLINE uint32_t to_bytes(quad sum, int channels)
{
    const quad half = { .5F, .5F, .5F, .5F };

    if (channels == 4) {
        float alpha = sum[3] / 255, inverse_alpha = alpha > 0.002F ? 1 / alpha : 0;

        sum *= (quad){ inverse_alpha, inverse_alpha, inverse_alpha, 1 };
    }
    return four_bytes(__builtin_convertvector(sum + half, quad_int));
}

/* Sums in two accumulators, because an addition depends on the one before it. */
INLINE void filter_row_of(const float *line, const struct filter_weights *taps, int out,
                          int channels, uint8_t *to)
{
    const float *weights = taps->weights;

    for (int o = 0; o < out; o++, weights += taps->count, to += channels) {
        const float *from = line + (size_t)taps->first[o] * 4;
        quad even = { 0 }, odd = { 0 };
        uint32_t pixel;

        for (int t = 0; t < taps->count; t += 2, from += 8) {
            even += weights[t] * *(const quad *)(const void *)from;
            odd += weights[t + 1] * *(const quad *)(const void *)(from + 4);
        }
        pixel = to_bytes(even + odd, channels);
        /* the next pixel overwrites the fourth byte */
        memcpy(to, &pixel, o + 1 < out ? 4 : (size_t)channels);
    }
}

INLINE void filter_any_row(const float *line, const struct filter_weights *taps, int out,
                           int channels, uint8_t *to)
{
    if (channels == 4) {
        filter_row_of(line, taps, out, 4, to);
    } else {
        filter_row_of(line, taps, out, 3, to);
    }
}

void row_filter_portable(const float *line, const struct filter_weights *taps, int out,
                         int channels, uint8_t *to)
{
    filter_any_row(line, taps, out, channels, to);
}

void row_widen(const float *line, size_t pixels, float *to)
{
    for (size_t i = 0; i + 1 < pixels; i++) {
        quad pixel = *(const quad *)(const void *)(line + i * 3);

        *(quad *)(void *)(to + i * 4) = pixel; /* the fourth value is not used */
    }
    memcpy(to + (pixels - 1) * 4, line + (pixels - 1) * 3, 3 * sizeof *line);
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static void from_bytes_avx2(const uint8_t *row, size_t pixels, int channels, float *to)
{
    from_bytes(row, pixels, channels, to);
}

AVX2 static void blend_avx2(const float *const *lines, const float *weights, int count, size_t size,
                            float *to)
{
    blend(lines, weights, count, size, to);
}

AVX2 static void filter_any_row_avx2(const float *line, const struct filter_weights *taps, int out,
                                     int channels, uint8_t *to)
{
    filter_any_row(line, taps, out, channels, to);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#else
#define from_bytes_avx2 from_bytes
#define blend_avx2 blend
#define filter_any_row_avx2 filter_any_row

static bool has_avx2(void)
{
    return false;
}
#endif

void row_from_bytes(const uint8_t *row, size_t pixels, int channels, float *to)
{
    if (has_avx2()) {
        from_bytes_avx2(row, pixels, channels, to);
    } else {
        from_bytes(row, pixels, channels, to);
    }
}

void rows_blend(const float *const *lines, const float *weights, int count, size_t size, float *to)
{
    if (has_avx2()) {
        blend_avx2(lines, weights, count, size, to);
    } else {
        blend(lines, weights, count, size, to);
    }
}

void row_filter(const float *line, const struct filter_weights *taps, int out, int channels,
                uint8_t *to)
{
    if (has_avx2()) {
        filter_any_row_avx2(line, taps, out, channels, to);
    } else {
        row_filter_portable(line, taps, out, channels, to);
    }
}
