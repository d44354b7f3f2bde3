/* huffman.h - the Huffman code of one deflate block, from the counts of its symbols. */
#ifndef IMAGE_CODEC_HUFFMAN_H
#define IMAGE_CODEC_HUFFMAN_H
#include <stdint.h>

enum { HUFFMAN_SYMBOLS = 286, HUFFMAN_LONGEST = 15 };

struct huffman {
    uint8_t length[HUFFMAN_SYMBOLS]; /* in bits; 0 if the symbol does not occur */
    uint16_t code[HUFFMAN_SYMBOLS];  /* lowest bit first, as deflate stores them */
};

/* At least two symbols must occur. The sum of all counts must fit 31 bits. */
void huffman_make(const uint32_t count[HUFFMAN_SYMBOLS], struct huffman *out);
#endif
