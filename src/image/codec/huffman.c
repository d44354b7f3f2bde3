/* huffman.c - code lengths by Moffat and Katajainen, "In-place calculation of minimum-redundancy
 * codes" (1995), limited to 15 bits; canonical codes of RFC 1951, 3.2.2. */
#include "image/codec/huffman.h"

#include <stdlib.h>
#include <string.h>

struct leaf {
    uint32_t key; /* first the count, finally the number of bits */
    uint16_t symbol;
};

static int by_key(const void *a, const void *b)
{
    const struct leaf *x = a, *y = b;

    return x->key != y->key ? (x->key > y->key ? 1 : -1) : x->symbol - y->symbol;
}

/* Computes the parent of each inner node from the counts in ascending order. */
static void build_tree(struct leaf *leaves, int count)
{
    int root = 0, leaf = 0;

    for (int next = 0; next < count - 1; next++) {
        uint32_t sum = 0;

        for (int child = 0; child < 2; child++) {
            if (leaf >= count || (root < next && leaves[root].key < leaves[leaf].key)) {
                sum += leaves[root].key;
                leaves[root++].key = (uint32_t)next;
            } else {
                sum += leaves[leaf++].key;
            }
        }
        leaves[next].key = sum;
    }
}

/* Computes the depths of inner nodes from their parents, and from those the depths of the
 * leaves. The rarest symbols are the deepest. */
static void compute_depths(struct leaf *leaves, int count)
{
    int free_nodes = 1, used = 0, root = count - 2, next = count - 1;
    uint32_t depth = 0;

    leaves[count - 2].key = 0;
    for (int i = count - 3; i >= 0; i--) {
        leaves[i].key = leaves[leaves[i].key].key + 1;
    }
    while (free_nodes > 0) {
        while (root >= 0 && leaves[root].key == depth) {
            used++;
            root--;
        }
        while (free_nodes > used) {
            leaves[next--].key = depth;
            free_nodes--;
        }
        free_nodes = 2 * used;
        depth++;
        used = 0;
    }
}

/* Computes how many codes have each length, limited to the longest. Codes that were cut are
 * compensated by longer short codes, until Kraft's sum is 1. */
static void limit_lengths(const struct leaf *leaves, int count,
                          int codes_of_length[HUFFMAN_LONGEST + 1])
{
    int64_t sum = 0;

    memset(codes_of_length, 0, (HUFFMAN_LONGEST + 1) * sizeof *codes_of_length);
    for (int i = 0; i < count; i++) {
        int length = leaves[i].key > HUFFMAN_LONGEST ? HUFFMAN_LONGEST : (int)leaves[i].key;

        codes_of_length[length]++;
        sum += 1 << (HUFFMAN_LONGEST - length);
    }
    for (; sum > 1 << HUFFMAN_LONGEST; sum--) {
        int shorter = HUFFMAN_LONGEST - 1;

        while (codes_of_length[shorter] == 0) {
            shorter--;
        }
        codes_of_length[HUFFMAN_LONGEST]--;
        codes_of_length[shorter]--;
        codes_of_length[shorter + 1] += 2;
    }
}

static uint16_t reverse_bits(unsigned code, int length)
{
    unsigned out = 0;

    for (int i = 0; i < length; i++) {
        out |= (code >> i & 1) << (length - 1 - i);
    }
    return (uint16_t)out;
}

void huffman_make(const uint32_t count[HUFFMAN_SYMBOLS], struct huffman *out)
{
    struct leaf leaves[HUFFMAN_SYMBOLS];
    int codes_of_length[HUFFMAN_LONGEST + 1], n = 0, at = 0;
    unsigned next[HUFFMAN_LONGEST + 2] = { 0 };

    *out = (struct huffman){ 0 };
    for (int i = 0; i < HUFFMAN_SYMBOLS; i++) {
        if (count[i] > 0) {
            leaves[n++] = (struct leaf){ count[i], (uint16_t)i };
        }
    }
    qsort(leaves, (size_t)n, sizeof *leaves, by_key);
    build_tree(leaves, n);
    compute_depths(leaves, n);
    limit_lengths(leaves, n, codes_of_length);
    for (int length = HUFFMAN_LONGEST; length > 0; length--) {
        for (int i = 0; i < codes_of_length[length]; i++) {
            out->length[leaves[at++].symbol] = (uint8_t)length;
        }
    }
    for (int length = 1; length <= HUFFMAN_LONGEST; length++) {
        next[length + 1] = (next[length] + (unsigned)codes_of_length[length]) << 1;
    }
    for (int i = 0; i < HUFFMAN_SYMBOLS; i++) {
        if (out->length[i] > 0) {
            out->code[i] = reverse_bits(next[out->length[i]]++, out->length[i]);
        }
    }
}
