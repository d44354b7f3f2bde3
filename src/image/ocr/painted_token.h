/* painted_token.h - splits a line of text into words and amounts, in a form in which what a seller
 * wrote and what was read in an image can be compared. */
#ifndef IMAGE_OCR_PAINTED_TOKEN_H
#define IMAGE_OCR_PAINTED_TOKEN_H
#include <stdbool.h>
#include <stddef.h>

enum { TOKEN_LETTERS = 48 };

struct painted_amount {
    double value;
    double other;     /* 1200 for "1,200", which also reads as 1.2; otherwise equal to value */
    double precision; /* half of the last digit: 0.05 for "4.7" */
    const char *unit; /* "cm", "%", "$"; NULL if none follows */
    bool rank;        /* "#1" */
};

struct painted_token {
    const char *at; /* in the text */
    size_t size;
    bool is_amount;
    struct painted_amount amount;
    char letters[TOKEN_LETTERS]; /* of a word: lower case without accents; letters that Tesseract
                                    confuses, such as 1, l and i, are one */
    int letter_count;
    int accents;  /* letters with an accent, which Tesseract may read as another letter */
    bool foreign; /* has letters that are not Latin */
};

/* Reads the next token and advances *at. Returns false at the end of the text, which is valid
 * UTF-8. */
bool painted_token_next(const char **at, struct painted_token *out);

/* Returns true if a painted amount is one that was written, perhaps converted: 12 cm and 4.7 in. An
 * amount without a unit fits each unit, except prices and percentages. */
bool painted_amounts_agree(const struct painted_amount *written,
                           const struct painted_amount *painted);
#endif
