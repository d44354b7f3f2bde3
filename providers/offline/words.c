/* words.c - splits a description into sentences, and makes a title of a sentence. */
#include "providers/offline/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "model/wording.h"

enum { TITLE_WORDS = 4, WORD_MAX = 40 };

/* -- sentences ------------------------------------------------------------------------------ */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Returns the size in bytes of the punctuation at `at` that ends a sentence, 0 if there is none.
 * The point of "0.5 l" does not. */
static size_t end_mark_bytes(const char *at)
{
    static const char *const full_width[] = { "\xe3\x80\x82", "\xef\xbc\x81", "\xef\xbc\x9f" };

    if (*at == '\n') {
        return 1;
    }
    if ((*at == '.' || *at == '!' || *at == '?') && (at[1] == '\0' || is_space(at[1]))) {
        return 1;
    }
    for (size_t i = 0; i < sizeof full_width / sizeof *full_width; i++) {
        if (strncmp(at, full_width[i], 3) == 0) {
            return 3;
        }
    }
    return 0;
}

const char *words_cut(const char *text, size_t max, struct arena *arena)
{
    size_t end = 0, last = 0, count = 0;

    if (utf8_length(text) <= max) {
        return text;
    }
    for (; text[end] && count + 1 < max; count++) {
        if (is_space(text[end])) {
            last = end;
        }
        do {
            end++;
        } while (((unsigned char)text[end] & 0xc0) == 0x80);
    }
    if (last > end / 2) {
        end = last;
    }
    while (end > 0 && (is_space(text[end - 1]) || text[end - 1] == ',')) {
        end--;
    }
    return arena_printf(arena, "%.*s\xe2\x80\xa6", (int)end, text);
}

static void add_sentence(struct sentences *out, const char *begin, const char *end, size_t max,
                         struct arena *arena)
{
    const char *text;

    while (begin < end && is_space(*begin)) {
        begin++;
    }
    while (end > begin && is_space(end[-1])) {
        end--;
    }
    while (end - begin > 1 && end[-1] == '!') { /* removes exclamation marks at the end */
        end--;
    }
    if (end - begin < 3 || out->count == SENTENCES) {
        return;
    }
    text = arena_printf(arena, "%.*s", (int)(end - begin), begin);
    if (!wording_forbidden(text, true)) {
        out->text[out->count++] = words_cut(text, max, arena);
    }
}

struct sentences sentences_of(const struct brief *brief, size_t max, struct arena *arena)
{
    struct sentences out = { .count = 0 };
    const char *begin = brief->description, *at = begin;

    while (*at) {
        size_t mark = end_mark_bytes(at);

        at += mark ? mark : 1;
        while (mark && (*at == '!' || *at == '?' || *at == '.')) {
            at++;
        }
        if (mark || *at == '\0') {
            add_sentence(&out, begin, at, max, arena);
            begin = at;
        }
    }
    return out;
}

/* -- titles --------------------------------------------------------------------------------- */

struct words { /* of a sentence, with their punctuation */
    const char *at[WORD_MAX];
    size_t size[WORD_MAX];
    int count;
};

static const char *const articles[] = { "a", "an", "the", "our", "its", "your", "with", NULL };
static const char *const pronouns[] = { "it", "this",  "they", "you",   "every",   "each", "all",
                                        "we", "there", "that", "these", "whether", NULL };
static const char *const verbs[] = {
    "is",       "are",      "was",      "has",      "have",     "can",     "will",    "keeps",
    "keep",     "makes",    "make",     "gives",    "give",     "lets",    "fits",    "fit",
    "comes",    "holds",    "hold",     "takes",    "take",     "closes",  "opens",   "offers",
    "features", "provides", "protects", "includes", "include",  "weighs",  "slips",   "stays",
    "stay",     "works",    "runs",     "allows",   "means",    "helps",   "turns",   "folds",
    "stands",   "sits",     "adds",     "brings",   "prevents", "reduces", "resists", "made",
    "measures", "ensures",  "delivers", NULL
};
static const char *const fillers[] = { "be",     "is",   "are", "has",   "have", "can",
                                       "will",   "also", "a",   "an",    "the",  "very",
                                       "easily", "made", "of",  "comes", "from", NULL };
static const char *const clause_starts[] = { "with",  "that", "which",   "so",   "and",
                                             "in",    "into", "for",     "when", "while",
                                             "where", "or",   "to",      "on",   "at",
                                             "as",    "but",  "because", "if",   NULL };
static const char *const lower_case[] = { "by",  "of", "and",  "the", "a",  "an", "in",
                                          "for", "to", "with", "on",  "at", "or", NULL };

/* Compares without case and without the punctuation behind the word. */
static bool is_one_of(const struct words *words, int i, const char *const *list)
{
    size_t size = words->size[i];

    while (size > 0 && ispunct((unsigned char)words->at[i][size - 1])) {
        size--;
    }
    for (; *list; list++) {
        if (strlen(*list) == size && strncasecmp(words->at[i], *list, size) == 0) {
            return true;
        }
    }
    return false;
}

static struct words words_of(const char *sentence)
{
    struct words out = { .count = 0 };

    while (*sentence && out.count < WORD_MAX) {
        size_t size;

        while (is_space(*sentence)) {
            sentence++;
        }
        size = strcspn(sentence, " \t\r\n");
        if (size > 0) {
            out.at[out.count] = sentence;
            out.size[out.count++] = size;
        }
        sentence += size;
    }
    return out;
}

static bool ends_clause(const struct words *words, int i)
{
    char last = words->at[i][words->size[i] - 1];

    return strchr(",;:.!?", last) != NULL;
}

static bool is_number(const struct words *words, int i)
{
    return i >= 0 && isdigit((unsigned char)words->at[i][0]) && !ends_clause(words, i);
}

/* Chooses the words [*from, *to) that name the subject: those before the verb, or, if they are
 * vague
 * ("It", "The body"), those after it. */
static void choose_words(const struct words *words, int *from, int *to)
{
    int first = 0, verb;
    bool is_vague;

    while (first + 1 < words->count && is_one_of(words, first, articles)) {
        first++;
    }
    for (verb = first; verb < words->count && !is_one_of(words, verb, verbs); verb++) {
    }
    is_vague = verb - first < 2 || is_one_of(words, first, pronouns);
    if (!is_vague || verb == words->count) {
        *from = first;
        *to = verb;
    } else {
        *from = verb;
        while (*from + 1 < words->count && is_one_of(words, *from, fillers)) {
            (*from)++;
        }
        *to = words->count;
    }
    if (*to - *from > TITLE_WORDS) {
        *to = *from + TITLE_WORDS;
    }
    if (*to < words->count && is_number(words, *to - 1)) {
        (*to)++; /* keeps the unit with its number */
    }
    for (int i = *from; i < *to; i++) {
        if (i > *from && is_one_of(words, i, clause_starts)) {
            *to = i;
        } else if (ends_clause(words, i)) {
            *to = i + 1;
        }
    }
}

static void add_word(struct text *out, const struct words *words, int i, bool first)
{
    const char *at = words->at[i];
    size_t size = words->size[i];
    bool capitalize;

    while (size > 1 && strchr(",;:.!?", at[size - 1])) {
        size--;
    }
    if (size > 3 && strncmp(at + size - 3, "\xe3\x80\x82", 3) == 0) { /* an ideographic full stop */
        size -= 3;
    }
    capitalize =
        first || (!is_one_of(words, i, lower_case) && !(is_number(words, i - 1) && size <= 3));
    if (!first) {
        text_add_char(out, ' ');
    }
    for (size_t k = 0; k < size; k++) {
        bool start = k == 0 || at[k - 1] == '-';

        text_add_char(out, capitalize && start ? (char)toupper((unsigned char)at[k]) : at[k]);
    }
}

const char *title_of(const char *sentence, size_t max, struct arena *arena)
{
    struct words words = words_of(sentence);
    struct text title;
    const char *out;
    int from, to;

    if (words.count == 0) {
        return "";
    }
    choose_words(&words, &from, &to);
    text_begin(&title, 4096);
    for (int i = from; i < to; i++) {
        add_word(&title, &words, i, i == from);
    }
    out = words_cut(arena_text(arena, title.data), max, arena);
    text_end(&title);
    return out;
}
