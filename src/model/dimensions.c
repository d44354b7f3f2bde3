/* dimensions.c - finds dimensions in a seller's own text. Never invents: what is not there stays
 * unsaid. */
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
} labels[] = {
    { "height", "height" },     { "high", "height" },         { "tall", "height" },
    { "width", "width" },       { "wide", "width" },          { "depth", "depth" },
    { "deep", "depth" },        { "length", "length" },       { "long", "length" },
    { "diameter", "diameter" }, { "thickness", "thickness" }, { "thick", "thickness" },
    { "\xc3\xb8", "diameter" }, { "\xc3\x98", "diameter" },
};

static bool word_ends(const char *at)
{
    return !isalnum((unsigned char)*at);
}

/* The unit at `at` (blanks before it allowed); *end behind it. */
static const char *unit_at(const char *at, const char **end)
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

        if (strncasecmp(at, units[i].word, size) == 0 && (!letters || word_ends(at + size))) {
            *end = at + size;
            return units[i].unit;
        }
    }
    return NULL;
}

static bool number_at(const char *at, double *value, const char **end)
{
    char text[24];
    size_t size = 0;

    if (!isdigit((unsigned char)*at)) {
        return false;
    }
    while (size < sizeof text - 1 &&
           (isdigit((unsigned char)at[size]) ||
            ((at[size] == '.' || at[size] == ',') && isdigit((unsigned char)at[size + 1])))) {
        text[size] = at[size] == ',' ? '.' : at[size];
        size++;
    }
    text[size] = '\0';
    *value = strtod(text, NULL);
    *end = at + size;
    return *value > 0 && *value < 100000;
}

/* " x ", "×", "by", "*" between two numbers. */
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

static const char *label_in(const char *from, const char *to)
{
    const char *found = NULL;

    for (const char *at = from; at < to; at++) {
        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
            size_t size = strlen(labels[i].word);

            if ((size_t)(to - at) >= size && strncasecmp(at, labels[i].word, size) == 0 &&
                (at == from || word_ends(at - 1)) &&
                (!isalpha((unsigned char)*at) || at + size == to || word_ends(at + size))) {
                found = labels[i].label;
            }
        }
    }
    return found;
}

/* The label belongs to the number: right before it ("Height: 12 cm"), else right behind it
 * ("10 inches tall"); not beyond the end of a clause. */
static const char *label_of(const char *text, const char *number, const char *behind)
{
    const char *from = number, *to = behind;
    const char *label;

    while (from > text && number - from < 24 && !strchr(",;.\n", from[-1])) {
        from--;
    }
    label = label_in(from, number);
    if (label) {
        return label;
    }
    while (*to && to - behind < 14 && !strchr(",;.\n(", *to) && !isdigit((unsigned char)*to)) {
        to++;
    }
    label = label_in(behind, to);
    return label ? label : "";
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

static void set(struct dimension *out, const char *label, double value, const char *unit,
                struct arena *arena)
{
    *out = (struct dimension){ .label = label,
                               .value = value,
                               .unit = unit,
                               .text = arena_printf(arena, "%g %s", value, unit) };
}

enum { AXES = 3 };

/* "24 x 7 x 7 cm": up to three numbers and one unit (or one behind each). */
static int series_at(const char *at, double *values, const char **unit, const char **end)
{
    int count = 0;
    const char *next = at, *own;

    while (count < AXES && number_at(next, &values[count], end)) {
        count++;
        own = unit_at(*end, end);
        *unit = own ? own : *unit;
        next = times_at(*end);
        if (!next) {
            break;
        }
    }
    return *unit ? count : 0;
}

int dimensions_find(const char *text, struct arena *arena, struct dimension *out, int room)
{
    static const char *const axes[AXES + 1][AXES] = {
        { "" }, { "" }, { "width", "height" }, { "length", "width", "height" }
    };
    int found = 0;

    for (const char *at = text; *at && found < room;) {
        double values[AXES];
        const char *unit = NULL, *end = at + 1;
        bool starts =
            isdigit((unsigned char)*at) &&
            (at == text || (word_ends(at - 1) && at[-1] != '.' && at[-1] != ',' && at[-1] != '-'));
        int count = starts ? series_at(at, values, &unit, &end) : 0;

        for (int i = 0; i < count && found < room; i++) {
            const char *label = count == 1 ? label_of(text, at, end) : axes[count][i];

            set(&out[found], label, values[i], unit, arena);
            found += is_new(out, found, &out[found]) || count > 1;
        }
        if (starts && count == 0) { /* over the rest of a number that is no dimension */
            while (isdigit((unsigned char)*end) || *end == '.' || *end == ',') {
                end++;
            }
        }
        at = end > at ? end : at + 1;
    }
    return found;
}
