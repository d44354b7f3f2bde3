/* dimension_words.h - the words around a number which say what it measures, in the languages that
 * sellers write: English, German, French, Spanish and Italian. */
#ifndef MODEL_DIMENSIONS_DIMENSION_WORDS_H
#define MODEL_DIMENSIONS_DIMENSION_WORDS_H
#include <stdbool.h>
#include <stddef.h>

#include "model/dimensions/dimensions.h"

struct word { /* a run of letters and digits, not terminated */
    const char *at;
    size_t size;
};

/* Splits [from, to) into words; blanks and punctuation separate them. Returns how many there are,
 * at most `capacity`. */
int words_between(const char *from, const char *to, struct word *out, int capacity);

/* Compares without regard to case, also of accented Latin letters. */
bool text_starts(const char *at, const char *word);
bool word_is(const struct word *word, const char *text);
bool words_equal(const struct word *a, const struct word *b); /* "driver" equals "drivers" */

/* Returns true if no letter or digit is at `at`. */
bool word_ends(const char *at);

/* Returns the axis that the word names; AXIS_UNKNOWN if it names none. *noun tells "height" from
 * "high". */
enum dimension_axis word_axis(const struct word *word, bool *noun);

/* Returns the axis of a single letter as in "L x W x H"; AXIS_UNKNOWN if it stands for none. */
enum dimension_axis letter_axis(char letter);

enum word_class {
    WORD_FILLER,    /* "approx", "overall", "the": says nothing about what is measured */
    WORD_LINK,      /* "is", "measures", "of": what is before it is measured */
    WORD_STOP,      /* "and", "with", "from": ends a phrase */
    WORD_ARTICLE,   /* "a" */
    WORD_FOR,       /* "for", "fits": the number after it measures something else */
    WORD_OTHER,     /* "range", "waterproof": so does a number near it */
    WORD_PART,      /* "handle", "lid": a part that many products have */
    WORD_PACKAGING, /* "box", "carton" */
    WORD_CLASSES
};
bool word_in_class(const struct word *word, enum word_class class);
#endif
