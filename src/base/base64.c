/* base64.c - RFC 4648 base64: a table, and 32 characters at a time where the processor has AVX2.
 *
 * The vector form follows Mula and Lemire, "Faster Base64 Encoding and Decoding Using AVX2
 * Instructions" (2018): classify by nibbles, add an offset per class, pack 6-bit fields. */
#include "base/base64.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { BAD = 0xff };

static uint8_t value_of(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint8_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint8_t)(c - 'a' + 26);
    }
    if (c >= '0' && c <= '9') {
        return (uint8_t)(c - '0' + 52);
    }
    return c == '+' ? 62 : c == '/' ? 63 : BAD;
}

size_t base64_decoded_max(size_t encoded_size)
{
    return encoded_size / 4 * 3 + 32; /* the vector form stores whole 32-byte registers */
}

#if defined(__x86_64__)
/* Decodes blocks of 32 characters while all are in the alphabet; returns how many it took. */
__attribute__((target("avx2"))) static size_t decode_avx2(const char *in, size_t size, uint8_t *out)
{
    const __m256i low_table =
        _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A,
                         0x1B, 0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                         0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i high_table =
        _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10,
                         0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
                         0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m256i roll_table =
        _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 19, 4,
                         -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i slash = _mm256_set1_epi8(0x2f);
    const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
                                           2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    size_t at = 0;

    for (; at + 32 <= size; at += 32, out += 24) {
        __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)(in + at));
        __m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), slash);
        __m256i low = _mm256_and_si256(text, slash);
        __m256i bad = _mm256_and_si256(_mm256_shuffle_epi8(low_table, low),
                                       _mm256_shuffle_epi8(high_table, high));
        __m256i is_slash = _mm256_cmpeq_epi8(text, slash);
        __m256i roll = _mm256_shuffle_epi8(roll_table, _mm256_add_epi8(is_slash, high));
        __m256i six, pairs, words;

        if (!_mm256_testz_si256(bad, bad)) {
            break;
        }
        six = _mm256_add_epi8(text, roll);
        pairs = _mm256_maddubs_epi16(six, _mm256_set1_epi32(0x01400140));
        words = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
        words = _mm256_shuffle_epi8(words, order);
        words = _mm256_permutevar8x32_epi32(words, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
        _mm256_storeu_si256((__m256i *)(void *)out, words);
    }
    return at;
}

static size_t decode_fast(const char *in, size_t size, uint8_t *out)
{
    return __builtin_cpu_supports("avx2") ? decode_avx2(in, size, out) : 0;
}
#else
static size_t decode_fast(const char *in, size_t size, uint8_t *out)
{
    (void)in;
    (void)size;
    (void)out;
    return 0;
}
#endif

/* The last group of four, which may be padded; bits that padding leaves over must be zero. */
static bool decode_tail(const char *in, uint8_t *out, size_t *written)
{
    uint8_t a = value_of((unsigned char)in[0]), b = value_of((unsigned char)in[1]);
    uint8_t c = in[2] == '=' ? 0 : value_of((unsigned char)in[2]);
    uint8_t d = in[3] == '=' ? 0 : value_of((unsigned char)in[3]);

    if (a == BAD || b == BAD || c == BAD || d == BAD || (in[2] == '=' && in[3] != '=')) {
        return false;
    }
    if ((in[2] == '=' && (b & 0x0f)) || (in[2] != '=' && in[3] == '=' && (c & 0x03))) {
        return false;
    }
    out[0] = (uint8_t)(a << 2 | b >> 4);
    out[1] = (uint8_t)(b << 4 | c >> 2);
    out[2] = (uint8_t)(c << 6 | d);
    *written = in[2] == '=' ? 1 : in[3] == '=' ? 2 : 3;
    return true;
}

bool base64_decode(const char *in, size_t in_size, uint8_t *out, size_t *out_size)
{
    uint8_t tail[3];
    size_t at, done, rest;

    *out_size = 0;
    if (in_size % 4 != 0) {
        return false;
    }
    if (in_size == 0) {
        return true;
    }
    at = in_size > 8 ? decode_fast(in, in_size - 8, out) : 0;
    done = at / 4 * 3;
    for (; at + 4 < in_size; at += 4, done += 3) {
        if (in[at + 2] == '=' || in[at + 3] == '=' || !decode_tail(in + at, tail, &rest)) {
            return false;
        }
        memcpy(out + done, tail, 3);
    }
    if (!decode_tail(in + at, tail, &rest)) {
        return false;
    }
    memcpy(out + done, tail, rest);
    *out_size = done + rest;
    return true;
}

bool base64_encode(const void *in, size_t in_size, struct blob *out, struct error *err)
{
    const uint8_t *from = in;
    uint8_t *to;

    if (in_size > SIZE_MAX / 2 || !blob_new(out, (in_size + 2) / 3 * 4, err)) {
        return in_size > SIZE_MAX / 2
                   ? error_set(err, ERROR_INTERNAL, "too much to encode: %zu bytes", in_size)
                   : false;
    }
    to = out->data;
    for (; in_size >= 3; in_size -= 3, from += 3, to += 4) {
        to[0] = (uint8_t)alphabet[from[0] >> 2];
        to[1] = (uint8_t)alphabet[(from[0] & 3) << 4 | from[1] >> 4];
        to[2] = (uint8_t)alphabet[(from[1] & 15) << 2 | from[2] >> 6];
        to[3] = (uint8_t)alphabet[from[2] & 63];
    }
    if (in_size > 0) {
        uint8_t second = in_size == 2 ? from[1] : 0;

        to[0] = (uint8_t)alphabet[from[0] >> 2];
        to[1] = (uint8_t)alphabet[(from[0] & 3) << 4 | second >> 4];
        to[2] = in_size == 2 ? (uint8_t)alphabet[(second & 15) << 2] : '=';
        to[3] = '=';
    }
    return true;
}
