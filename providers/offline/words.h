/* words.h - sentences and titles from the project's description, for the text of the offline
 * provider. */
#ifndef PROVIDERS_OFFLINE_WORDS_H
#define PROVIDERS_OFFLINE_WORDS_H
#include "model/brief.h"

enum { SENTENCES = 24 };

struct sentences {
    const char *text[SENTENCES]; /* UTF-8, trimmed, with their full stops */
    int count;
};

/* Returns the sentences of the description, without those that contain a forbidden word
 * (wording.h). Sentences longer than `max` characters are shortened with words_cut. */
struct sentences sentences_of(const struct brief *brief, size_t max, struct arena *arena);

/* Returns the words of a sentence that name its subject, about three, as a title: "Double-Wall
 * Vacuum Insulation". At most `max` characters; "" if the sentence has no words. */
const char *title_of(const char *sentence, size_t max, struct arena *arena);

/* Returns the text itself if it has at most `max` characters; else a copy that is cut at a word and
 * ends with an ellipsis. */
const char *words_cut(const char *text, size_t max, struct arena *arena);
#endif
