/* dimensions.c - finds dimensions in a seller's text. Ambiguous numbers are ignored, because a
 * wrong dimension in an image is worse than a missing one. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/brief.h"

static const struct {
    const char *word, *unit;
} units[] = {
    { "centimeters", "cm" },  { "centimetres", "cm" },
    { "centimeter", "cm" },   { "centimetre", "cm" },
    { "millimeters", "mm" },  { "millimetres", "mm" },
    { "millimeter", "mm" },   { "millimetre", "mm" },
    { "inches", "in" },       { "inch", "in" },
    { "meters", "m" },        { "metres", "m" },
    { "feet", "ft" },         { "foot", "ft" },
    { "cm", "cm" },           { "mm", "mm" },
    { "in.", "in" },          { "in", "in" },
    { "ft", "ft" },           { "m", "m" },
    { "\"", "in" },           { "\xe2\x80\xb3", "in" },
    { "\xe2\x80\x9d", "in" },
};

static const struct {
    const char *word, *label;
    bool noun;
} labels[] = {
    { "height", "height", true },       { "high", "height", false },
    { "tall", "height", false },        { "width", "width", true },
    { "wide", "width", false },         { "depth", "depth", true },
    { "deep", "depth", false },         { "length", "length", true },
    { "long", "length", false },        { "diameter", "diameter", true },
    { "thickness", "thickness", true }, { "thick", "thickness", false },
    { "\xc3\xb8", "diameter", true },   { "\xc3\x98", "diameter", true },
};

/* Words near a single length which show that it is not a dimension of the product. */
static const char *const other_lengths[] = {
    "range", "waterproof", "resistant", "within", "up to", "fits",        "jack",
    "plug",  "away",       "distance",  "reach",  "from",  "submersible",
};

static bool word_ends(const char *at)
{
    return !isalnum((unsigned char)*at);
}

static bool starts(const char *at, const char *word)
{
    return strncasecmp(at, word, strlen(word)) == 0;
}

/* Returns the position after " x ", "×", "by" or "*" between two numbers; NULL if there is no such
 * separator. */
static const char *times_at(const char *at)
{
    while (*at == ' ') {
        at++;
    }
    if (*at == 'x' || *at == 'X' || *at == '*') {
        at++;
    } else if (strncmp(at, "\xc3\x97", 2) == 0) {
        at += 2;
    } else if (strncasecmp(at, "by ", 3) == 0) {
        at += 3;
    } else {
        return NULL;
    }
    while (*at == ' ') {
        at++;
    }
    return at;
}

/* Returns true if "in" means inches: before a label, a separator or the end of a clause, as in
 * "12 in tall", "12 in x 8 in", "12 in, black"; not in "pack of 12 in a box", "3 in 1", "2-in-1".
 */
static bool in_is_unit(const char *after)
{
    const char *at = after, *next = times_at(after);

    if (*at == '-' && isdigit((unsigned char)at[1])) {
        return false;
    }
    at += *at == ' ' || *at == '-';
    if (!isalnum((unsigned char)*at) || (next && isdigit((unsigned char)*next))) {
        return true;
    }
    at += starts(at, "in ") ? 3 : 0; /* "12 in in diameter" */
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (starts(at, labels[i].word) && word_ends(at + strlen(labels[i].word))) {
            return true;
        }
    }
    return false;
}

/* Returns true for units of area, volume, speed or torque, which contain a unit of length:
 * "5 m²", "3 m/s", "10 ft-lb". */
static bool is_compound(const char *after)
{
    return starts(after, "\xc2\xb2") || starts(after, "\xc2\xb3") || *after == '^' ||
           (*after == '/' && isalpha((unsigned char)after[1])) || starts(after, "-lb") ||
           starts(after, " lb") || starts(after, "-pound") || starts(after, "\xc2\xb7");
}

/* Returns true if a quotation is open at `mark`; then a `"` after a number closes it and does not
 * mean inches, as in: the "Pro 5". */
static bool quotation_is_open(const char *text, const char *mark)
{
    bool open = false;

    for (const char *at = text; at < mark; at++) {
        if (*at == '"') { /* after a digit it can close a quotation, but not open one */
            open = !open && !(at > text && isdigit((unsigned char)at[-1]));
        } else if (starts(at, "\xe2\x80\x9c")) {
            open = true;
        } else if (starts(at, "\xe2\x80\x9d")) {
            open = false;
        }
    }
    return open;
}

/* Returns the unit at `at`, after optional blanks, and sets *end to the position after it. Returns
 * NULL if there is none. */
static const char *unit_at(const char *text, const char *at, const char **end)
{
    while (*at == ' ') {
        at++;
    }
    if (*at == '-') { /* "12-inch" */
        at++;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].word);
        bool letters = isalpha((unsigned char)units[i].word[size - 1]);

        if (!starts(at, units[i].word) || (letters && !word_ends(at + size))) {
            continue;
        }
        if (is_compound(at + size) || (size == 1 && *at == 'M') ||
            (size == 2 && strcmp(units[i].word, "in") == 0 && !in_is_unit(at + size)) ||
            (!letters && at[size - 1] != '.' && quotation_is_open(text, at))) {
            return NULL;
        }
        *end = at + size;
        return units[i].unit;
    }
    return NULL;
}

/* Returns the value of a fraction such as "1/2" and sets *end to the position after it; returns 0
 * if there is no fraction. */
static double fraction_at(const char *at, const char **end)
{
    char *slash, *last;
    long above, below;

    if (!isdigit((unsigned char)*at)) {
        return 0;
    }
    above = strtol(at, &slash, 10);
    if (*slash != '/' || !isdigit((unsigned char)slash[1])) {
        return 0;
    }
    below = strtol(slash + 1, &last, 10);
    if (above < 1 || below < 2 || below > 64 || above >= below) {
        return 0;
    }
    *end = last;
    return (double)above / (double)below;
}

/* Returns true if the comma separates thousands: three digits follow, as in "1,200". */
static bool is_thousands(const char *at, const char *comma)
{
    return *comma == ',' && *at != '0' && isdigit((unsigned char)comma[2]) &&
           isdigit((unsigned char)comma[3]) && !isdigit((unsigned char)comma[4]);
}

/* Copies the digits at `at` in the form that strtod reads. Returns the number of decimal points. */
static int digits_at(const char *at, char *text, size_t capacity, const char **end)
{
    size_t size = 0;
    int points = 0;

    for (const char *c = at;; c++) {
        bool point = (*c == '.' || *c == ',') && isdigit((unsigned char)c[1]);

        *end = c;
        if ((!point && !isdigit((unsigned char)*c)) || size == capacity - 1) {
            break;
        }
        if (point && is_thousands(at, c)) {
            continue;
        }
        points += point;
        text[size++] = point ? '.' : *c;
    }
    text[size] = '\0';
    return points;
}

/* Reads "7", "7.5", "7,5", "1,200", "1/2" or "5 1/2". Returns false for several decimal points, as
 * in version numbers. */
static bool number_at(const char *at, double *value, const char **end)
{
    char text[24];
    int points;
    double part = fraction_at(at, end);

    if (part > 0) {
        *value = part;
        return true;
    }
    if (!isdigit((unsigned char)*at)) {
        return false;
    }
    points = digits_at(at, text, sizeof text, end);
    if (points > 1 || **end == '/' || isdigit((unsigned char)**end)) {
        return false;
    }
    *value = strtod(text, NULL);
    if (points == 0 && (**end == ' ' || **end == '-')) {
        *value += fraction_at(*end + 1, end);
    }
    return *value > 0 && *value < 100000;
}

/* Returns the label closest to a number: the last one between `from` and `to` before it, or the
 * first one after it. Before a number only nouns count, because "long-lasting 12 cm candle" gives
 * no length. After it adjectives count too, unless they belong to the next word, as in "12 cm
 * high-quality steel". */
static const char *label_in(const char *text, const char *from, const char *to, bool after,
                            const char **end)
{
    const char *found = NULL;

    for (const char *at = from; at < to && !(after && found); at++) {
        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
            size_t size = strlen(labels[i].word);
            const char *next = at + size;
            bool noun = labels[i].noun;

            if ((size_t)(to - at) < size || !starts(at, labels[i].word) ||
                (at > text && !word_ends(at - 1)) ||
                (isalpha((unsigned char)*at) && !word_ends(next)) || (!noun && !after) ||
                (!noun && (*next == '-' || starts(next, " quality") || starts(next, " lasting")))) {
                continue;
            }
            found = labels[i].label;
            *end = next;
        }
    }
    return found;
}

struct context { /* a single number and its position in the text */
    const char *text, *number, *after;
    const char *taken; /* words before this position belong to the previous number */
};

/* Returns the label of a number: before it ("Height: 12 cm") or else after it ("10 inches tall"),
 * within the same clause; "" if it has none. */
static const char *label_of(struct context *a)
{
    const char *from = a->number, *to = a->after, *end = NULL;
    const char *label;

    while (from > a->taken && a->number - from < 24 && !strchr(",;.\n", from[-1])) {
        from--;
    }
    label = label_in(a->text, from, a->number, false, &end);
    if (label) {
        return label;
    }
    while (*to && to - a->after < 14 && !strchr(",;.\n(", *to) && !isdigit((unsigned char)*to)) {
        to++;
    }
    label = label_in(a->text, a->after, to, true, &end);
    if (label) {
        a->taken = end;
    }
    return label ? label : "";
}

/* Returns true for a length that is not a dimension of the product: "Bluetooth range 10 m",
 * "waterproof to 5 m", "3.5 mm jack". */
static bool is_other_length(const struct context *a)
{
    const char *from = a->number, *to = a->after;

    while (from > a->taken && a->number - from < 24 && !strchr(",;.\n", from[-1])) {
        from--;
    }
    while (*to && to - a->after < 18 && !strchr(",;.\n(", *to)) {
        to++;
    }
    for (const char *at = from; at < to; at++) {
        for (size_t i = 0; i < sizeof other_lengths / sizeof *other_lengths; i++) {
            if (starts(at, other_lengths[i]) && (at == a->text || word_ends(at - 1))) {
                return true;
            }
        }
    }
    return false;
}

static bool is_new(const struct dimension *list, int count, const struct dimension *one)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i].text, one->text) == 0 && strcmp(list[i].label, one->label) == 0) {
            return false;
        }
    }
    return true;
}

static void dimension_set(struct dimension *out, const char *label, double value, const char *unit,
                          struct arena *arena)
{
    *out = (struct dimension){ .label = label,
                               .value = value,
                               .unit = unit,
                               .text = arena_printf(arena, "%g %s", value, unit) };
}

enum { AXES = 3 };

/* Reads a series like "24 x 7 x 7 cm": up to three numbers, with one unit or a unit after each.
 * Returns the number of values; 0 if there is no unit. */
static int series_at(const char *text, const char *at, double *values, const char **unit,
                     const char **end)
{
    int count = 0;
    const char *next = at, *own;

    while (count < AXES && number_at(next, &values[count], end)) {
        count++;
        own = unit_at(text, *end, end);
        *unit = own ? own : *unit;
        next = times_at(*end);
        if (!next) {
            break;
        }
    }
    return *unit ? count : 0;
}

/* Returns true if a number starts at `at` that is not the second part of "10-12", "1.5", "5'10" or
 * "1/2". */
static bool number_starts(const char *text, const char *at)
{
    return isdigit((unsigned char)*at) &&
           (at == text || (word_ends(at - 1) && !strchr(".,-'", at[-1]))) &&
           !(at - text >= 2 && at[-1] == '/' && isdigit((unsigned char)at[-2])) &&
           !(at - text >= 3 && (starts(at - 3, "\xe2\x80\xb2") || starts(at - 3, "\xe2\x80\x99")));
}

int dimensions_find(const char *text, struct arena *arena, struct dimension *out, int capacity)
{
    static const char *const axes[AXES + 1][AXES] = {
        { "" }, { "" }, { "width", "height" }, { "length", "width", "height" }
    };
    struct context context = { .text = text, .taken = text };
    int found = 0;

    for (const char *at = text; *at && found < capacity;) {
        double values[AXES];
        const char *unit = NULL, *end = at + 1;
        bool starts_here = number_starts(text, at);
        int count = starts_here ? series_at(text, at, values, &unit, &end) : 0;

        context.number = at;
        context.after = end;
        if (count == 1 && is_other_length(&context)) {
            count = 0;
        }
        for (int i = 0; i < count && found < capacity; i++) {
            const char *label = count == 1 ? label_of(&context) : axes[count][i];

            dimension_set(&out[found], label, values[i], unit, arena);
            found += is_new(out, found, &out[found]) || count > 1;
        }
        context.taken = count > 0 && context.taken < end ? end : context.taken;
        at = end > at ? end : at + 1;
    }
    return found;
}
