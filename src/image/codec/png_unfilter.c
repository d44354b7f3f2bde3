/* png_unfilter.c - undoes PNG's row filters: plain loops, and AVX where the processor has it.
 *
 * Sub, Average and Paeth depend on the pixel to the left, so a register holds one pixel, and the
 * length of that dependency chain determines the speed. Giesen's form of Paeth reduces it to
 * five steps: between the smaller and the larger of left and above, c * 3 - (a + b) selects the
 * nearest of the three. */
#include "image/codec/png_unfilter.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void copy_row(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size)
{
    (void)above;
    memmove(to, from, size);
}

static inline int paeth(int a, int b, int c)
{
    int low = a < b ? a : b, high = a < b ? b : a, limit = 3 * c - (a + b);

    return limit <= low ? high : high <= limit ? low : c;
}

static void up_row(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = (uint8_t)(from[i] + above[i]);
    }
}

/* One loop per filter; `step` is a constant wherever this is inlined. */
static inline void row_by_bytes(int filter, size_t step, const uint8_t *from, const uint8_t *above,
                                uint8_t *to, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int a = i >= step ? to[i - step] : 0, c = i >= step ? above[i - step] : 0, b = above[i];
        int guess = filter == 1 ? a : filter == 3 ? (a + b) / 2 : paeth(a, b, c);

        to[i] = (uint8_t)(from[i] + guess);
    }
}

#define ROW_BY_BYTES(name, filter, step)                                                           \
    static void name(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size)          \
    {                                                                                              \
        row_by_bytes(filter, step, from, above, to, size);                                         \
    }
ROW_BY_BYTES(sub_3, 1, 3)
ROW_BY_BYTES(sub_4, 1, 4)
ROW_BY_BYTES(average_3, 3, 3)
ROW_BY_BYTES(average_4, 3, 4)
ROW_BY_BYTES(paeth_3, 4, 3)
ROW_BY_BYTES(paeth_4, 4, 4)
#undef ROW_BY_BYTES

static const unfilter_fn by_bytes[2][5] = {
    { copy_row, sub_3, up_row, average_3, paeth_3 },
    { copy_row, sub_4, up_row, average_4, paeth_4 },
};

unfilter_fn unfilter_portable_for(int filter, int step)
{
    return filter < 0 || filter > 4 ? NULL : by_bytes[step == 4][filter];
}

#if defined(__x86_64__)
#define AVX __attribute__((target("avx")))

/* Moves four bytes even if a pixel has three. The fourth is overwritten next, and lies before
 * the unread part of `from`. */
AVX static inline __m128i load(const uint8_t *at)
{
    int value;

    memcpy(&value, at, 4);
    return _mm_cvtsi32_si128(value);
}

AVX static inline void store(uint8_t *at, __m128i pixel)
{
    int value = _mm_cvtsi128_si32(pixel);

    memcpy(at, &value, 4);
}

AVX static void up_avx(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size)
{
    size_t i = 0;

    for (; i + 16 <= size; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(above + i));

        _mm_storeu_si128((__m128i *)(void *)(to + i), _mm_add_epi8(a, b));
    }
    up_row(from + i, above + i, to + i, size - i);
}

AVX static inline void sub_row(size_t step, const uint8_t *from, uint8_t *to, size_t size)
{
    __m128i left = _mm_setzero_si128();

    for (size_t i = 0; i < size; i += step) {
        left = _mm_add_epi8(left, load(from + i));
        store(to + i, left);
    }
}

AVX static inline void average_row(size_t step, const uint8_t *from, const uint8_t *above,
                                   uint8_t *to, size_t size)
{
    const __m128i one = _mm_set1_epi8(1);
    __m128i left = _mm_setzero_si128();

    for (size_t i = 0; i < size; i += step) {
        __m128i b = load(above + i);
        /* the processor's average rounds up, PNG's rounds down */
        __m128i odd = _mm_and_si128(_mm_xor_si128(left, b), one);
        __m128i mean = _mm_sub_epi8(_mm_avg_epu8(left, b), odd);

        left = _mm_add_epi8(mean, load(from + i));
        store(to + i, left);
    }
}

AVX static inline void paeth_row(size_t step, const uint8_t *from, const uint8_t *above,
                                 uint8_t *to, size_t size)
{
    __m128i a = _mm_setzero_si128(), c = a;

    for (size_t i = 0; i < size; i += step) {
        __m128i b = _mm_cvtepu8_epi16(load(above + i));
        __m128i add = _mm_cvtepu8_epi16(load(from + i));
        __m128i three = _mm_add_epi16(c, _mm_add_epi16(c, c));
        __m128i limit = _mm_sub_epi16(_mm_sub_epi16(three, b), a);
        __m128i low = _mm_min_epi16(a, b), high = _mm_max_epi16(a, b);
        __m128i guess = _mm_blendv_epi8(low, c, _mm_cmpgt_epi16(high, limit));

        guess = _mm_blendv_epi8(high, guess, _mm_cmpgt_epi16(limit, low));
        a = _mm_add_epi8(guess, add); /* upper halves stay zero */
        c = b;
        store(to + i, _mm_packus_epi16(a, a));
    }
}

#define ROW_AVX(name, ...)                                                                         \
    AVX static void name(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size)      \
    {                                                                                              \
        (void)above;                                                                               \
        __VA_ARGS__;                                                                               \
    }
ROW_AVX(sub_3_avx, sub_row(3, from, to, size))
ROW_AVX(sub_4_avx, sub_row(4, from, to, size))
ROW_AVX(average_3_avx, average_row(3, from, above, to, size))
ROW_AVX(average_4_avx, average_row(4, from, above, to, size))
ROW_AVX(paeth_3_avx, paeth_row(3, from, above, to, size))
ROW_AVX(paeth_4_avx, paeth_row(4, from, above, to, size))
#undef ROW_AVX

static const unfilter_fn by_avx[2][5] = {
    { copy_row, sub_3_avx, up_avx, average_3_avx, paeth_3_avx },
    { copy_row, sub_4_avx, up_avx, average_4_avx, paeth_4_avx },
};

unfilter_fn unfilter_for(int filter, int step)
{
    if (!__builtin_cpu_supports("avx")) {
        return unfilter_portable_for(filter, step);
    }
    return filter < 0 || filter > 4 ? NULL : by_avx[step == 4][filter];
}
#else
unfilter_fn unfilter_for(int filter, int step)
{
    return unfilter_portable_for(filter, step);
}
#endif
