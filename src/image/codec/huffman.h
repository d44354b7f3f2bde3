/* huffman.h - the codes of one deflate block, out of how often each symbol comes. */
#ifndef IMAGE_CODEC_HUFFMAN_H
#define IMAGE_CODEC_HUFFMAN_H
#include <stdint.h>

enum { HUFFMAN_SYMBOLS = 286, HUFFMAN_LONGEST = 15 };

struct huffman {
    uint8_t length[HUFFMAN_SYMBOLS]; /* in bits; 0: the symbol does not come */
    uint16_t code[HUFFMAN_SYMBOLS];  /* first bit lowest, as deflate writes them */
};

/* At least two symbols must come. The sum of all counts must fit 31 bits. */
void huffman_make(const uint32_t count[HUFFMAN_SYMBOLS], struct huffman *out);
#endif
