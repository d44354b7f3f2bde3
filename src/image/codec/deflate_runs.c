/* deflate_runs.c - literals, and runs of one byte as matches at distance 1. Each 64 K symbols
 * form a block with its own Huffman code. */
#include "image/codec/deflate_runs.h"

#include <libdeflate.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/codec/huffman.h"

enum { BLOCK = 65536, RUN_MIN = 4, RUN_MAX = 258, END = 256, HEAD_BYTES = 200 };
enum { TOKENS = 256 + RUN_MAX + 1 };

struct bits {
    uint8_t *at;
    uint64_t pending;
    int count;
};

/* Appends at most 56 bits. Always stores a full word and advances by complete bytes, without a
 * branch. */
static inline void put_bits(struct bits *bits, uint64_t value, int count)
{
    uint64_t word;

    bits->pending |= value << bits->count;
    bits->count += count;
    word = bits->pending;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(bits->at, &word, sizeof word);
    bits->at += bits->count >> 3;
    bits->pending >>= bits->count & ~7;
    bits->count &= 7;
}

static void flush_bits(struct bits *bits)
{
    for (; bits->count > 0; bits->count -= 8) {
        *bits->at++ = (uint8_t)bits->pending;
        bits->pending >>= 8;
    }
    bits->count = 0;
    bits->pending = 0;
}

/* Symbol and extra bits of a match length. RFC 1951, 3.2.5. */
struct run_code {
    uint16_t symbol, extra;
    uint8_t extra_bits;
};

static struct run_code run_code_of(unsigned length)
{
    unsigned rest = length - 3, bits = 0;

    if (length == RUN_MAX) {
        return (struct run_code){ 285, 0, 0 };
    }
    while (rest >> bits >= 8) {
        bits++;
    }
    return (struct run_code){ (uint16_t)(257 + 4 * bits + (rest >> bits)),
                              (uint16_t)(rest & ((1u << bits) - 1)), (uint8_t)bits };
}

/* A token is a byte, or 256 + the length of a run. */
struct block {
    uint16_t tokens[BLOCK];
    size_t count;
    uint32_t frequency[HUFFMAN_SYMBOLS];
    struct run_code runs[RUN_MAX + 1];
    struct huffman code;
    uint32_t value[TOKENS]; /* code of each token, and its number of bits */
    uint8_t bits[TOKENS];
};

static size_t run_at(const uint8_t *data, size_t at, size_t size)
{
    size_t max_length = size - at < RUN_MAX ? size - at : RUN_MAX, length = 0;

    while (length < max_length && data[at + length] == data[at - 1]) {
        length++;
    }
    return length;
}

/* Fills the block from position `at`. Returns the position after the last byte that was
 * consumed. */
static size_t take_block(struct block *block, const uint8_t *data, size_t at, size_t size)
{
    size_t count = 0;

    memset(block->frequency, 0, sizeof block->frequency);
    block->frequency[END] = 1;
    while (at < size && count < BLOCK) {
        const uint8_t *d = data + at;

        if (at > 0 && size - at >= RUN_MIN &&
            ((d[-1] ^ d[0]) | (d[0] ^ d[1]) | (d[1] ^ d[2]) | (d[2] ^ d[3])) == 0) {
            size_t length = run_at(data, at, size);

            block->frequency[block->runs[length].symbol]++;
            block->tokens[count++] = (uint16_t)(256 + length);
            at += length;
        } else {
            block->frequency[*d]++;
            block->tokens[count++] = *d;
            at++;
        }
    }
    block->count = count;
    return at;
}

/* Every code length is stored in four bits: the code of code lengths has 16 symbols of 4 bits. */
static void put_head(struct bits *bits, const struct huffman *code, bool last)
{
    static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                       11, 4,  12, 3, 13, 2, 14, 1, 15 };

    put_bits(bits, last, 1);
    put_bits(bits, 2, 2);
    put_bits(bits, HUFFMAN_SYMBOLS - 257, 5);
    put_bits(bits, 0, 5); /* one distance: 1 */
    put_bits(bits, 19 - 4, 4);
    for (int i = 0; i < 19; i++) {
        put_bits(bits, order[i] < 16 ? 4 : 0, 3);
    }
    for (int i = 0; i <= HUFFMAN_SYMBOLS; i++) {
        unsigned length = i < HUFFMAN_SYMBOLS ? code->length[i] : 1;

        put_bits(bits, (length & 1) << 3 | (length & 2) << 1 | (length & 4) >> 1 | length >> 3, 4);
    }
}

/* Encodes the tokens. A run is its symbol, its extra bits, and one bit 0 for the only distance. */
static void encode_tokens(struct block *block)
{
    const struct huffman *code = &block->code;

    for (int i = 0; i < 256; i++) {
        block->value[i] = code->code[i];
        block->bits[i] = code->length[i];
    }
    for (int i = 3; i <= RUN_MAX; i++) {
        const struct run_code *run = &block->runs[i];
        int length = code->length[run->symbol];

        block->value[256 + i] = code->code[run->symbol] | (uint32_t)run->extra << length;
        block->bits[256 + i] = (uint8_t)(length + run->extra_bits + 1);
    }
}

static void put_block(struct bits *out, struct block *block, bool last)
{
    const uint16_t *tokens = block->tokens;
    struct bits bits = *out;
    size_t i = 0;

    huffman_make(block->frequency, &block->code);
    put_head(&bits, &block->code, last);
    encode_tokens(block);
    for (; i + 2 <= block->count; i += 2) {
        uint64_t first = block->value[tokens[i]], second = block->value[tokens[i + 1]];
        int length = block->bits[tokens[i]];

        put_bits(&bits, first | second << length, length + block->bits[tokens[i + 1]]);
    }
    if (i < block->count) {
        put_bits(&bits, block->value[tokens[i]], block->bits[tokens[i]]);
    }
    put_bits(&bits, block->code.code[END], block->code.length[END]);
    *out = bits;
}

size_t deflate_runs_bound(size_t size)
{
    return size * HUFFMAN_LONGEST / 8 + (size / BLOCK + 1) * HEAD_BYTES + 64;
}

void deflate_runs(const uint8_t *data, size_t size, uint8_t *out, size_t *out_size)
{
    struct block *block = xcalloc(1, sizeof *block);
    struct bits bits = { .at = out + 2 };
    uint32_t adler = libdeflate_adler32(1, data, size);
    size_t at = 0;

    for (unsigned length = 3; length <= RUN_MAX; length++) {
        block->runs[length] = run_code_of(length);
    }
    out[0] = 0x78;
    out[1] = 0x01;
    do {
        at = take_block(block, data, at, size);
        if (size == 0) {
            block->frequency[0] = 1; /* a code needs at least two symbols */
        }
        put_block(&bits, block, at == size);
    } while (at < size);
    flush_bits(&bits);
    for (int i = 0; i < 4; i++) {
        *bits.at++ = (uint8_t)(adler >> (24 - 8 * i));
    }
    *out_size = (size_t)(bits.at - out);
    free(block);
}
