/* base64.c - base64 of RFC 4648 by libcrypto, which accepts white space and padding anywhere: this
 * file rejects them, or removes them first.
 * Where the processor has AVX2, it decodes most of a long text: answers of image models are mostly
 * base64, and libcrypto alone costs 5 % of the processor time of a job. The method is that of Mula
 * and Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018): classify by
 * nibbles, add an offset per class, pack the 6-bit fields. */
#include "base/base64.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* libcrypto takes sizes as int, and encoding adds a third. */
enum { ENCODE_MAX = INT_MAX / 2 };

enum { VECTOR_SLACK = 8 }; /* bytes that decode_vector writes after the last decoded one */

size_t base64_decoded_max(size_t encoded_size)
{
    return encoded_size / 4 * 3 + VECTOR_SLACK;
}

/* Number of '=' at the end. Returns -1 if one is elsewhere, where libcrypto reads it as zero bits.
 */
static int padding(const char *in, size_t size)
{
    int count = in[size - 1] != '=' ? 0 : in[size - 2] != '=' ? 1 : 2;

    return memchr(in, '=', size - (size_t)count) ? -1 : count;
}

#if defined(__x86_64__)
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

/* Decodes blocks of 32 characters while all are in the alphabet. Returns how many characters it has
 * decoded, a multiple of 4; 0 without AVX2. */
static size_t decode_vector(const char *in, size_t size, uint8_t *out)
{
    return __builtin_cpu_supports("avx2") ? decode_avx2(in, size, out) : 0;
}
#else
static size_t decode_vector(const char *in, size_t size, uint8_t *out)
{
    (void)in;
    (void)size;
    (void)out;
    return 0;
}
#endif

/* Decodes what the vector instructions have left, the last group included. */
static bool decode_rest(const char *in, size_t in_size, uint8_t *out, size_t *out_size)
{
    int pad = padding(in, in_size), size;

    if (pad < 0) {
        return false;
    }
    size = EVP_DecodeBlock(out, (const unsigned char *)in, (int)in_size);
    /* a shorter result means that libcrypto skipped white space */
    if (size != (int)(in_size / 4 * 3)) {
        return false;
    }
    if (pad > 0 && out[size - pad] != 0) { /* unused bits */
        return false;
    }
    *out_size = (size_t)(size - pad);
    return true;
}

bool base64_decode(const char *in, size_t in_size, uint8_t *out, size_t *out_size)
{
    size_t done, rest;

    *out_size = 0;
    if (in_size == 0) {
        return true;
    }
    if (in_size % 4 != 0 || in_size > INT_MAX) {
        return false;
    }
    done = decode_vector(in, in_size - 4, out); /* the last group may be padded */
    if (!decode_rest(in + done, in_size - done, out + done / 4 * 3, &rest)) {
        return false;
    }
    *out_size = done / 4 * 3 + rest;
    return true;
}

/* Copies without white space, in the standard alphabet, and adds missing padding; `out` needs two
 * bytes more than `in`. Returns the size. */
static size_t copy_standard(const char *in, size_t in_size, char *out)
{
    size_t size = 0;

    for (size_t i = 0; i < in_size; i++) {
        char c = in[i];

        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            out[size++] = c == '-' ? '+' : c == '_' ? '/' : c;
        }
    }
    for (size_t rest = size % 4; rest > 1 && rest < 4; rest++) {
        out[size++] = '=';
    }
    return size;
}

bool base64_decode_lenient(const char *in, size_t in_size, uint8_t *out, size_t *out_size)
{
    char *copy;
    bool good;

    if (base64_decode(in, in_size, out, out_size)) {
        return true;
    }
    copy = malloc(in_size + 2);
    good = copy && base64_decode(copy, copy_standard(in, in_size, copy), out, out_size);
    free(copy);
    return good;
}

bool base64_encode(const void *in, size_t in_size, struct blob *out, struct error *err)
{
    size_t size = (in_size + 2) / 3 * 4;

    if (in_size > ENCODE_MAX) {
        *out = (struct blob){ 0 };
        return error_set(err, ERROR_INTERNAL, "%zu bytes are too many to encode", in_size);
    }
    if (!blob_new(out, size + 1, err)) { /* libcrypto adds a zero byte */
        return false;
    }
    EVP_EncodeBlock(out->data, in, (int)in_size);
    out->size = size;
    return true;
}
