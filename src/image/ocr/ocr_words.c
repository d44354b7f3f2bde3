/* ocr_words.c - which words of an image another image also shows. */
#include "image/ocr/ocr_words.h"

#include <string.h>

#include "base/edit_distance.h"
#include "base/unicode/character.h"

/* Measured on scenes without text, Tesseract gives words of one to three letters with confidences
 * up to 80, and longer ones up to 60; real words of readable size have 85 and more. */
enum {
    CONFIDENT_SHORT = 85,
    CONFIDENT_LONG = 70,
    LONG_WORD = 4,
    LEAST_LETTERS = 3,
    WORD_SIZE = 48
};

/* Signs up to U+00BF, such as "«" and "°", and from U+2000 to U+2BFF, such as typographic quotes,
 * dashes, "™" and "★": Tesseract reads them from edges and ornaments. */
static bool is_sign(uint32_t code)
{
    return (code >= 0x80 && code < 0xc0) || (code >= 0x2000 && code < 0x2c00);
}

/* Copies letters and digits in lower case; characters of other scripts count as letters. Returns
 * their number of bytes. */
static int simplify(const char *word, char out[WORD_SIZE])
{
    int count = 0;

    while (*word) {
        enum character_class class;
        uint32_t code;
        int size = (int)character_read(word, &class, &code);
        char c = (char)(*word >= 'A' && *word <= 'Z' ? *word - 'A' + 'a' : *word);
        bool is_letter = size > 1 ? class == CHARACTER_VISIBLE && !is_sign(code)
                                  : (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (is_letter && count + size < WORD_SIZE) {
            memcpy(out + count, word, (size_t)size);
            out[count] = size > 1 ? out[count] : c;
            count += size;
        }
        word += size;
    }
    out[count] = '\0';
    return count;
}

/* Counts characters: a letter of another script has several bytes. */
static int count_letters(const char *simple)
{
    int count = 0;

    for (; *simple; simple++) {
        count += ((unsigned char)*simple & 0xc0) != 0x80;
    }
    return count;
}

int word_legible(const struct ocr_word *word)
{
    char simple[WORD_SIZE];
    int letters = simplify(word->text, simple) > 0 ? count_letters(simple) : 0;
    int confident = letters >= LONG_WORD ? CONFIDENT_LONG : CONFIDENT_SHORT;

    return letters >= LEAST_LETTERS && word->confidence >= confident ? letters : 0;
}

int word_errors(const char *word, const struct ocr_text *text, int *letters)
{
    char simple[WORD_SIZE], other[WORD_SIZE];
    int fewest = *letters = simplify(word, simple);

    for (int i = 0; i < text->count && fewest > 0; i++) {
        int count = simplify(text->words[i].text, other);
        int errors = edit_distance(simple, other);

        if (*letters >= LONG_WORD && strstr(other, simple)) {
            errors = 0;
        } else if (count >= LONG_WORD && strstr(simple, other)) {
            errors = *letters - count;
        }
        fewest = errors < fewest ? errors : fewest;
    }
    return fewest;
}

/* A word may be read differently at another size: a third of its letters may differ. */
bool word_is_known(const char *word, const struct ocr_text *known)
{
    int letters, errors = word_errors(word, known, &letters);

    return errors * 3 <= letters;
}
