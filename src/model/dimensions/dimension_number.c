/* dimension_number.c - numbers, units and separators of sizes. */
#include "model/dimensions/dimension_number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/dimensions/dimension_words.h"

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
    { "\xe2\x80\x9d", "in" }, { "zentimeter", "cm" },
    { "millimeter", "mm" },   { "zoll", "in" },
    { "centimètres", "cm" },  { "centimètre", "cm" },
    { "millimètres", "mm" },  { "mètres", "m" },
    { "pouces", "in" },       { "pouce", "in" },
    { "centímetros", "cm" },  { "centimetros", "cm" },
    { "milímetros", "mm" },   { "metros", "m" },
    { "pulgadas", "in" },     { "pulgada", "in" },
    { "centimetri", "cm" },   { "millimetri", "mm" },
    { "metri", "m" },         { "pollici", "in" },
    { "سم", "cm" },           { "مم", "mm" },
};

const char *times_at(const char *at)
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

/* Returns true if "in" means inches: before an axis, a part, a separator or the end of a clause, as
 * in "12 in tall", "12 in handle", "12 in x 8 in"; not in "pack of 12 in a box", "3 in 1",
 * "2-in-1".
 */
static bool in_is_unit(const char *after)
{
    const char *at = after, *next = times_at(after);
    struct word word;
    bool noun;

    if (*at == '-' && isdigit((unsigned char)at[1])) {
        return false;
    }
    at += *at == ' ' || *at == '-';
    if (!isalnum((unsigned char)*at) || (next && isdigit((unsigned char)*next))) {
        return true;
    }
    at += text_starts(at, "in ") ? 3 : 0; /* "12 in in diameter" */
    return words_between(at, at + strcspn(at, " ,.;\n-"), &word, 1) == 1 &&
           (word_axis(&word, &noun) != AXIS_UNKNOWN || word_in_class(&word, WORD_PART) ||
            word_is(&word, "overall"));
}

/* Returns true for units of area, volume, speed or torque, which contain a unit of length:
 * "5 m²", "3 m/s", "10 ft-lb". */
static bool is_compound(const char *after)
{
    return text_starts(after, "\xc2\xb2") || text_starts(after, "\xc2\xb3") || *after == '^' ||
           (*after == '/' && isalpha((unsigned char)after[1])) || text_starts(after, "-lb") ||
           text_starts(after, " lb") || text_starts(after, "-pound") ||
           text_starts(after, "\xc2\xb7");
}

/* Returns true if a quotation is open at `mark`; then a `"` after a number closes it and does not
 * mean inches, as in: the "Pro 5". */
static bool quotation_is_open(const char *text, const char *mark)
{
    bool open = false;

    for (const char *at = text; at < mark; at++) {
        if (*at == '"') { /* after a digit it can close a quotation, but not open one */
            open = !open && !(at > text && isdigit((unsigned char)at[-1]));
        } else if (text_starts(at, "\xe2\x80\x9c")) {
            open = true;
        } else if (text_starts(at, "\xe2\x80\x9d")) {
            open = false;
        }
    }
    return open;
}

const char *unit_at(const char *text, const char *at, const char **end)
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

        if (!text_starts(at, units[i].word) || (letters && !word_ends(at + size))) {
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

bool number_at(const char *at, double *value, const char **end)
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

bool number_starts(const char *text, const char *at)
{
    return isdigit((unsigned char)*at) &&
           (at == text || (word_ends(at - 1) && !strchr(".,-'", at[-1]))) &&
           !(at - text >= 2 && at[-1] == '/' && isdigit((unsigned char)at[-2])) &&
           !(at - text >= 3 &&
             (text_starts(at - 3, "\xe2\x80\xb2") || text_starts(at - 3, "\xe2\x80\x99")));
}
