/* ocr_words.c - which words of an image another image also shows. */
#include "image/ocr/ocr_words.h"

#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"

/* Measured on scenes without text, Tesseract gives words of one to three letters with confidences
 * up to 80, and longer ones up to 60; real words of readable size have 85 and more. */
enum {
    CONFIDENT_SHORT = 85,
    CONFIDENT_LONG = 70,
    LONG_WORD = 4,
    LEAST_LETTERS = 3,
    WORD_SIZE = 48
};

/* Copies letters and digits in lower case; bytes of other scripts count as letters. Returns their
 * number. */
static int simplify(const char *word, char out[WORD_SIZE])
{
    int count = 0;

    for (; *word && count < WORD_SIZE - 1; word++) {
        unsigned char c = (unsigned char)*word;

        if (c >= 'A' && c <= 'Z') {
            c = (unsigned char)(c - 'A' + 'a');
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
            out[count++] = (char)c;
        }
    }
    out[count] = '\0';
    return count;
}

/* Returns the letters of a word, 0 if it is not legible. */
static int legible(const struct ocr_word *word, char simple[WORD_SIZE])
{
    int letters = simplify(word->text, simple);
    int confident = letters >= LONG_WORD ? CONFIDENT_LONG : CONFIDENT_SHORT;

    return letters >= LEAST_LETTERS && word->confidence >= confident ? letters : 0;
}

int words_legible(const struct ocr_text *text)
{
    char simple[WORD_SIZE];
    int letters = 0;

    for (int i = 0; i < text->count; i++) {
        letters += legible(&text->words[i], simple);
    }
    return letters;
}

/* A word may be read differently at another size: a third of its letters may differ, and it may be
 * a part of a longer word. */
static bool is_known(const char *simple, int letters, const struct ocr_text *known)
{
    for (int i = 0; i < known->count; i++) {
        char other[WORD_SIZE];
        int count = simplify(known->words[i].text, other);

        if (edit_distance(simple, other) * 3 <= letters ||
            (letters >= LONG_WORD && strstr(other, simple)) ||
            (count >= LONG_WORD && count * 2 > letters && strstr(simple, other))) {
            return true;
        }
    }
    return false;
}

void words_unknown(const struct ocr_text *text, const struct ocr_text *known,
                   struct words_difference *out)
{
    *out = (struct words_difference){ 0 };
    for (int i = 0; i < text->count; i++) {
        char simple[WORD_SIZE];
        int letters = legible(&text->words[i], simple);
        size_t used = strlen(out->text);

        if (letters == 0 || is_known(simple, letters, known)) {
            continue;
        }
        out->letters += letters;
        snprintf(out->text + used, sizeof out->text - used, "%s%s", used ? " " : "",
                 text->words[i].text);
    }
}
