/* words.h - the project's own sentences: what the offline provider writes with. */
#ifndef PROVIDERS_OFFLINE_WORDS_H
#define PROVIDERS_OFFLINE_WORDS_H
#include "model/brief.h"

enum { SENTENCES = 24 };

struct sentences {
    const char *text[SENTENCES]; /* UTF-8, trimmed, with their full stops */
    int count;
};

/* Sentences of the description that a buyer may read: none with a forbidden word (wording.h), none
 * longer than `most` characters (longer ones are cut at a word). */
struct sentences sentences_of(const struct brief *brief, size_t most, struct arena *arena);

/* Three or so words of a sentence that name its matter, as a title: "Double-Wall Vacuum
 * Insulation". At most `most` characters; "" where there are none. */
const char *title_of(const char *sentence, size_t most, struct arena *arena);

/* At most `most` characters, cut at a word, with an ellipsis. */
const char *words_cut(const char *text, size_t most, struct arena *arena);
#endif
