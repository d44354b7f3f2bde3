/* dimension_phrase.c - the words around a number. Words that state the relation, as in "Handle: 30
 * cm" and "height of 12 cm", decide; otherwise the noun after the number, as in "30 cm handle". */
#include "model/dimensions/dimension_phrase.h"

#include <ctype.h>
#include <string.h>

#include "model/dimensions/dimension_words.h"

enum { WORDS = 12, PHRASE_WORDS = 4, PART_WORDS = 2 };

struct side { /* what the words on one side of the number say */
    struct word words[WORDS];
    int count;
    enum dimension_axis axis;
    const struct word *part; /* NULL for none */
    int part_words;
    bool stated; /* ":" or "is" or an axis relates these words to the number */
    bool other;  /* the number measures something else */
    const char *used;
};

static bool ends_clause(const char *at)
{
    return strchr(",;\n(!?", *at) || (*at == '.' && !isdigit((unsigned char)at[1])) ||
           strncmp(at, "\xe2\x80\xa2", 3) == 0;
}

const char *phrase_start(const char *taken, const char *number)
{
    const char *at = number;

    while (at > taken && number - at < 80 && !ends_clause(at - 1)) {
        at--;
    }
    return at;
}

static const char *clause_end(const char *after)
{
    const char *at = after;

    while (*at && at - after < 80 && !ends_clause(at) && !isdigit((unsigned char)*at)) {
        at++;
    }
    return at;
}

static bool is_class(const struct side *side, int i, enum word_class class)
{
    return i >= 0 && i < side->count && word_in_class(&side->words[i], class);
}

static enum dimension_axis axis_of(const struct side *side, int i, bool *noun)
{
    *noun = false;
    return i >= 0 && i < side->count ? word_axis(&side->words[i], noun) : AXIS_UNKNOWN;
}

/* The one or two words that end before index `to`, without fillers. */
static void take_part_before(struct side *side, int from, int to)
{
    int first = to;
    bool noun;

    while (first > from && to - first < PART_WORDS && !is_class(side, first - 1, WORD_FILLER) &&
           !is_class(side, first - 1, WORD_STOP) && !is_class(side, first - 1, WORD_LINK) &&
           !is_class(side, first - 1, WORD_ARTICLE) &&
           axis_of(side, first - 1, &noun) == AXIS_UNKNOWN) {
        first--;
    }
    side->part = first < to ? &side->words[first] : NULL;
    side->part_words = to - first;
}

/* "length of the handle" */
static bool read_axis_of(struct side *side, int count)
{
    for (int i = count - 2; i >= 0 && i >= count - 6; i--) {
        bool noun;
        enum dimension_axis axis = axis_of(side, i, &noun);

        if (noun && is_class(side, i + 1, WORD_LINK)) {
            side->axis = axis;
            side->stated = true;
            take_part_before(side, i + 2, count);
            return true;
        }
    }
    return false;
}

/* Removes "is", "about", "of" before the number. Returns the number of words that are left. */
static int drop_links(struct side *side)
{
    int count = side->count;

    while (is_class(side, count - 1, WORD_FILLER) || is_class(side, count - 1, WORD_LINK)) {
        side->stated = side->stated || is_class(side, count - 1, WORD_LINK);
        count--;
    }
    return count;
}

static bool is_for_other(const struct side *side, int count)
{
    return is_class(side, count - 1, WORD_FOR) ||
           ((is_class(side, count - 1, WORD_STOP) || is_class(side, count - 1, WORD_ARTICLE)) &&
            is_class(side, count - 2, WORD_FOR));
}

/* Reads an axis or a part in the words before index `count`, which touch the number. */
static void read_stated(struct side *side, int count)
{
    bool noun;
    enum dimension_axis axis = axis_of(side, count - 1, &noun);

    if (axis != AXIS_UNKNOWN && noun) { /* an adjective needs its number before it */
        side->axis = axis;
        side->stated = true;
        take_part_before(side, 0, count - 1);
    } else if (side->stated && count > 0 && side->words[count - 1].size == 1) { /* "H: 9 cm" */
        side->axis = letter_axis(side->words[count - 1].at[0]);
    } else if (!read_axis_of(side, count) &&
               (side->stated || is_class(side, count - 1, WORD_PART))) {
        take_part_before(side, 0, count);
    }
}

static void read_before(const struct phrase_place *place, struct side *side)
{
    const char *from = phrase_start(place->taken, place->number), *mark = place->number;
    int count;

    while (mark > from && strchr(" ([)", mark[-1])) {
        mark--;
    }
    side->stated = mark > from && (mark[-1] == ':' || mark[-1] == '=');
    side->count = words_between(from, mark, side->words, WORDS);
    for (int i = side->count - 1; i >= 0 && i >= side->count - 3; i--) {
        side->other = side->other || is_class(side, i, WORD_OTHER);
    }
    count = drop_links(side);
    side->other = side->other || is_for_other(side, count);
    if (!is_class(side, side->count - 1, WORD_ARTICLE)) { /* "is a 30 cm pan": the noun follows */
        read_stated(side, count);
    }
}

/* Returns true if the adjective belongs to the next word: "high-quality", "long lasting". */
static bool qualifies_next(const struct side *side, int i)
{
    const struct word *word = &side->words[i];

    return word->at[word->size] == '-' ||
           (i + 1 < side->count &&
            (word_is(&side->words[i + 1], "quality") || word_is(&side->words[i + 1], "lasting")));
}

static bool ends_phrase(const struct side *side, int i)
{
    bool noun;

    return i >= side->count || is_class(side, i, WORD_STOP) || is_class(side, i, WORD_LINK) ||
           is_class(side, i, WORD_FOR) || axis_of(side, i, &noun) != AXIS_UNKNOWN;
}

static void read_after(const struct phrase_place *place, struct side *side)
{
    int i = 0, last;
    bool noun;

    side->used = place->after;
    side->count = words_between(place->after, clause_end(place->after), side->words, WORDS);
    for (int w = 0; w < side->count && w < 3; w++) {
        side->other = side->other || is_class(side, w, WORD_OTHER);
    }
    if (side->count > 1 && (word_is(&side->words[0], "in") || word_is(&side->words[0], "de"))) {
        i = axis_of(side, 1, &noun) != AXIS_UNKNOWN; /* "8 cm in diameter", "de alto" */
    }
    for (; i < side->count; i++) {
        enum dimension_axis axis = axis_of(side, i, &noun);

        if (axis != AXIS_UNKNOWN && (noun || !qualifies_next(side, i))) {
            side->axis = axis;
            side->used = side->words[i].at + side->words[i].size;
        } else if (!is_class(side, i, WORD_FILLER)) {
            break;
        }
    }
    for (last = i; last - i < PHRASE_WORDS && !ends_phrase(side, last);) {
        last++;
    }
    if (last == i) {
        return;
    }
    side->part_words = last - i < PART_WORDS ? last - i : PART_WORDS;
    side->part = &side->words[last - side->part_words];
    side->used = side->words[last - 1].at + side->words[last - 1].size;
    if (side->axis == AXIS_UNKNOWN && axis_of(side, last, &noun) != AXIS_UNKNOWN && noun) {
        side->axis = axis_of(side, last, &noun); /* "8 cm lid diameter" */
        side->used = side->words[last].at + side->words[last].size;
    }
}

/* Returns true if the word is one of the product's names. "Mug with Lid" is no lid. */
static bool is_name(const struct word *word, const char *names)
{
    struct word list[40];
    int count = words_between(names, names + strlen(names), list, 40);
    bool part = word_in_class(word, WORD_PART);

    for (int i = 0; i < count; i++) {
        bool ends = i + 1 == count || word_in_class(&list[i + 1], WORD_STOP) ||
                    word_in_class(&list[i + 1], WORD_FOR) ||
                    ispunct((unsigned char)list[i].at[list[i].size]);

        if (word_in_class(&list[i], WORD_STOP) && i > 0) {
            return false;
        }
        if (words_equal(word, &list[i]) && (!part || ends)) {
            return true;
        }
    }
    return false;
}

/* Returns true if a sentence that begins with an article names the product: "A 30 cm lamp." */
static bool opens_sentence(const struct phrase_place *place, const struct side *before)
{
    const char *from = phrase_start(place->taken, place->number);

    return before->count == 1 && word_in_class(&before->words[0], WORD_ARTICLE) &&
           (from == place->text || from[-1] == '.' || from[-1] == '\n');
}

static bool is_product(const struct phrase_place *place, const struct side *before,
                       const struct side *named)
{
    const struct word *head = named->part ? &named->part[named->part_words - 1] : NULL;

    if (!head || is_name(head, place->names)) {
        return true;
    }
    if (word_in_class(head, WORD_PART)) {
        return false;
    }
    return named != before && (!place->names[0] || opens_sentence(place, before));
}

static bool is_packaging(const struct phrase_place *place, const struct side *named)
{
    for (int i = 0; i < named->part_words; i++) {
        if (word_in_class(&named->part[i], WORD_PACKAGING) &&
            !is_name(&named->part[i], place->names)) {
            return true;
        }
    }
    return false;
}

/* Returns the start of a word with hyphens: "USB-C". */
static const char *whole_word(const struct phrase_place *place, const char *at)
{
    while (at - place->text > 1 && at[-1] == '-' && isalnum((unsigned char)at[-2]) &&
           at - 1 != place->after) {
        for (at -= 2; at > place->text && isalnum((unsigned char)at[-1]);) {
            at--;
        }
    }
    return at;
}

void phrase_read(const struct phrase_place *place, struct phrase *out)
{
    struct side before = { .count = 0 }, after = { .count = 0 };
    const struct side *named;
    bool axis_before;

    read_before(place, &before);
    read_after(place, &after);
    named = before.stated || (!after.part && before.part) ? &before : &after;
    axis_before = before.stated && before.axis != AXIS_UNKNOWN;
    *out = (struct phrase){ .axis = axis_before ? before.axis : after.axis,
                            .axis_is_before = axis_before,
                            .used = axis_before || (named == &before && after.part) ? place->after
                                                                                    : after.used };
    out->describes_product =
        !before.other && !(after.other && !axis_before) && !is_packaging(place, named);
    if (named->part && !is_product(place, &before, named)) {
        const struct word *last = &named->part[named->part_words - 1];

        out->part = whole_word(place, named->part[0].at);
        out->part_size = (size_t)(last->at + last->size - out->part);
    } else {
        out->part = place->number;
    }
}
