/* known_text.h - the words and amounts that an image may contain because the seller wrote them. */
#ifndef IMAGE_OCR_KNOWN_TEXT_H
#define IMAGE_OCR_KNOWN_TEXT_H
#include "base/error.h"
#include "image/ocr/painted_token.h"

enum { KNOWN_WORDS = 4096, KNOWN_AMOUNTS = 512, KNOWN_LANGUAGES = 32 };

struct known_word {
    char letters[TOKEN_LETTERS];
    int accents;
};

struct known_text {
    struct known_word *words;
    int word_count;
    char *joined; /* the letters of all words without blanks: parts of words are found here */
    size_t joined_size;
    struct painted_amount *amounts;
    int amount_count;
    bool other_scripts; /* it has letters that are not Latin */
};

/* Reads texts that are valid UTF-8; NULL entries are left out, and what exceeds the limits above.
 * Free *out with known_text_close, also if it fails for lack of memory. */
bool known_text_open(const char *const *texts, int count, struct known_text *out) MUST_CHECK;
void known_text_close(struct known_text *text);

/* Writes the names of Tesseract's data files for the letters of the texts, English first:
 * "eng+deu". Letters that several languages have do not tell which. */
void known_text_languages(const char *const *texts, int count, char out[KNOWN_LANGUAGES]);

/* Returns true if the seller wrote the word, or it is a form of such a word, a part of one, or one
 * of the words that every text needs, such as "and" and "height". */
bool known_text_has_word(const struct known_text *text, const struct painted_token *word);
/* Returns true if the seller wrote the amount, perhaps in another unit, or if it is a digit that
 * numbers an entry of a list. */
bool known_text_has_amount(const struct known_text *text, const struct painted_amount *amount);
#endif
