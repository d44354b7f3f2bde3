/* feature_words.c - compares titles of features word by word. */
#include <ctype.h>
#include <string.h>

#include "model/features.h"

enum { WORDS = 24, WORD_SIZE = 24 };

struct title_words {
    char words[WORDS][WORD_SIZE]; /* in lower case, without a plural's "s"; numbers apart from
                                     letters */
    int count;
};

/* Words that say nothing about what is measured. */
static const char *const generic[] = { "measure", "measuring", "size",  "dimension", "product",
                                       "item",    "overall",   "total", "about",     "approx",
                                       "only",    "is",        "of",    "the",       "a",
                                       "and",     "with" };

static bool is_generic(const char *word)
{
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++) {
        if (strcmp(generic[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* Letters of other scripts, '%' and quotes, which are units, belong to words. */
static int kind_at(const char *at)
{
    unsigned char c = (unsigned char)*at;

    return isdigit(c) ? 1 : isalpha(c) || c >= 0x80 ? 2 : c == '%' || c == '"' ? 3 : 0;
}

static void read_words(const char *title, struct title_words *out)
{
    out->count = 0;
    while (*title && out->count < WORDS) {
        char *word = out->words[out->count];
        int kind = kind_at(title), size = 0;

        for (; kind != 0 && kind_at(title) == kind; title++) {
            word[size] = (char)tolower((unsigned char)*title);
            size += size < WORD_SIZE - 1;
        }
        word[size] = '\0';
        if (kind == 2 && size > 3 && word[size - 1] == 's' && word[size - 2] != 's') {
            word[size - 1] = '\0';
        }
        if (kind == 0) {
            title++;
        } else if (!is_generic(word)) {
            out->count++;
        }
    }
}

/* Returns true if all words of `one` are in `two`. */
static bool is_within(const struct title_words *one, const struct title_words *two)
{
    for (int i = 0; i < one->count; i++) {
        int at = 0;

        while (at < two->count && strcmp(one->words[i], two->words[at]) != 0) {
            at++;
        }
        if (at == two->count) {
            return false;
        }
    }
    return true;
}

/* Keeps the numbers. */
static struct title_words numbers_of(const struct title_words *words)
{
    struct title_words out = { .count = 0 };

    for (int i = 0; i < words->count; i++) {
        if (isdigit((unsigned char)words->words[i][0])) {
            memcpy(out.words[out.count++], words->words[i], WORD_SIZE);
        }
    }
    return out;
}

bool features_say_the_same(const char *title, const char *other)
{
    struct title_words one, two, numbers, other_numbers;
    bool first, second;

    read_words(title, &one);
    read_words(other, &two);
    if (one.count == 0 || two.count == 0) {
        return one.count == two.count && strcmp(title, other) == 0;
    }
    first = is_within(&one, &two);
    second = is_within(&two, &one);
    numbers = numbers_of(&one);
    other_numbers = numbers_of(&two);
    return (first && second) ||
           ((first || second) && numbers.count > 0 && is_within(&numbers, &other_numbers) &&
            is_within(&other_numbers, &numbers));
}

int features_drop_repeated(struct feature *features, int count)
{
    int kept = 0;

    for (int i = 0; i < count; i++) {
        int same = 0;

        while (same < kept && !features_say_the_same(features[same].title, features[i].title)) {
            same++;
        }
        if (same == kept) {
            features[kept++] = features[i];
        } else if (features[i].priority > features[same].priority) {
            features[same].priority = features[i].priority;
        }
    }
    return kept;
}
