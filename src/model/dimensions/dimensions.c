/* dimensions.c - finds dimensions in a seller's text. Ambiguous numbers are ignored, because a
 * wrong dimension in an image is worse than a missing one. */
#include "model/dimensions/dimensions.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "model/dimensions/dimension_number.h"
#include "model/dimensions/dimension_phrase.h"
#include "model/dimensions/dimension_words.h"

enum { VALUES = 3 };

/* Sellers round sizes in another unit: 8.5 cm is "3.3 in", 1 cm is "0.4 in". */
static const double ROUNDING = 0.03;

struct number_series { /* "9 x 8 x 8.5 cm": one to three numbers, some with an axis */
    double values[VALUES];
    const char *units[VALUES];
    enum dimension_axis axes[VALUES];
    int count;
    const char *end;
};

/* -- series of numbers ---------------------------------------------------------------------- */

/* Reads the letter after a number: "9 L x 8 W", "9\"L", "9 cm (L)". */
static enum dimension_axis letter_after(const char *at, const char **end)
{
    enum dimension_axis axis;
    bool bracket;

    while (*at == ' ') {
        at++;
    }
    bracket = *at == '(';
    at += bracket;
    axis = letter_axis(*at);
    if (axis == AXIS_UNKNOWN || !word_ends(at + 1) || at[1] == '-' || at[1] == '\'' ||
        (bracket && at[1] != ')')) {
        return AXIS_UNKNOWN;
    }
    *end = at + 1 + bracket;
    return axis;
}

/* Skips the letter before a number: "L 9 x W 8", "H: 9". */
static const char *letter_before(const char *at, enum dimension_axis *axis)
{
    const char *next = at + 1;

    *axis = letter_axis(*at);
    if (*axis == AXIS_UNKNOWN) {
        return at;
    }
    next += *next == ':' || *next == '=' || *next == '.';
    while (*next == ' ') {
        next++;
    }
    if (!isdigit((unsigned char)*next)) {
        *axis = AXIS_UNKNOWN;
        return at;
    }
    return next;
}

/* The letter before the first number, in a series whose other numbers have one: "L 9 x W 8". */
static enum dimension_axis letter_preceding(const char *text, const char *at)
{
    while (at > text && strchr(" :=.", at[-1])) {
        at--;
    }
    return at > text && (at == text + 1 || word_ends(at - 2)) ? letter_axis(at[-1]) : AXIS_UNKNOWN;
}

/* Gives numbers without a unit the unit of the next number, or of the last. Returns false if no
 * number has one. */
static bool share_units(struct number_series *series)
{
    const char *unit = NULL;

    for (int i = series->count - 1; i >= 0; i--) {
        unit = series->units[i] ? series->units[i] : unit;
        series->units[i] = unit;
    }
    for (int i = 0; i < series->count; i++) {
        unit = series->units[i] ? series->units[i] : unit;
        series->units[i] = unit;
    }
    return unit != NULL;
}

static bool series_at(const char *text, const char *at, struct number_series *out)
{
    const char *next = at, *end = at;

    *out = (struct number_series){ .end = at };
    while (out->count < VALUES) {
        enum dimension_axis axis = AXIS_UNKNOWN;
        int i = out->count;

        next = i > 0 ? letter_before(next, &axis) : next;
        if (!number_at(next, &out->values[i], &end)) {
            break;
        }
        out->units[i] = unit_at(text, end, &end);
        if (axis == AXIS_UNKNOWN) {
            axis = letter_after(end, &end);
        }
        out->units[i] = out->units[i] ? out->units[i] : unit_at(text, end, &end);
        out->axes[i] = axis;
        out->count++;
        out->end = end;
        next = times_at(end);
        if (!next) {
            break;
        }
    }
    if (out->count > 1 && out->axes[0] == AXIS_UNKNOWN && out->axes[1] != AXIS_UNKNOWN) {
        out->axes[0] = letter_preceding(text, at);
    }
    return out->count > 0 && share_units(out);
}

/* -- order of axes: "L x W x H" ------------------------------------------------------------- */

static const char *axis_at(const char *at, enum dimension_axis *axis)
{
    struct word word;
    bool noun = false;

    *axis = letter_axis(*at);
    if (*axis != AXIS_UNKNOWN &&
        (word_ends(at + 1) || ((at[1] == 'x' || at[1] == 'X') && isalpha((unsigned char)at[2])))) {
        return at + 1;
    }
    if (words_between(at, at + strcspn(at, " x*/:;,.()\n"), &word, 1) == 1 && word.at == at) {
        *axis = word_axis(&word, &noun);
        return noun ? word.at + word.size : NULL;
    }
    return NULL;
}

/* Reads "L x W x H", "LxBxH", "width x height". Returns how many axes there are; 0 if it is no such
 * list. */
static int axis_order_at(const char *at, enum dimension_axis *axes, const char **end)
{
    int count = 0;

    while (count < VALUES) {
        const char *next = axis_at(at, &axes[count]);

        if (!next) {
            break;
        }
        for (int i = 0; i < count; i++) { /* French: L is the length, l the width */
            if (axes[i] == AXIS_LENGTH && axes[count] == AXIS_LENGTH) {
                axes[count] = AXIS_WIDTH;
            }
        }
        count++;
        *end = next;
        while (*next == ' ') {
            next++;
        }
        at = *next == '/' ? next + 1 : times_at(next);
        if (!at) {
            break;
        }
    }
    return count;
}

/* Finds the order of axes before the series ("LxWxH: 9 x 8 x 8.5 cm") or after it ("(L x W x H)").
 * Returns the start of an order before it; NULL if there is none. */
static const char *read_axis_order(const char *from, const char *number,
                                   struct number_series *series)
{
    enum dimension_axis axes[VALUES];
    const char *end = NULL, *at;
    bool found = false;

    for (at = from; at < number && !found; at++) {
        found = (at == from || word_ends(at - 1)) &&
                axis_order_at(at, axes, &end) == series->count && end <= number &&
                strcspn(end, "0123456789") == (size_t)(number - end);
    }
    if (found) {
        memcpy(series->axes, axes, sizeof axes);
        return at - 1;
    }
    at = series->end + strspn(series->end, " ([,");
    if (axis_order_at(at, axes, &end) == series->count) {
        memcpy(series->axes, axes, sizeof axes);
        series->end = end + (*end == ')');
    }
    return NULL;
}

/* Skips the same size in another unit: "100 mm (10 cm) wide", "12 cm / 4.7 in". */
static void skip_same_size(const char *text, struct number_series *series)
{
    const char *at = series->end + strspn(series->end, " (/=");
    struct number_series other;
    bool same = at > series->end && *at && number_starts(text, at) && series_at(text, at, &other) &&
                other.count == series->count;

    for (int i = 0; same && i < series->count; i++) {
        double a = dimension_mm(
            &(struct dimension){ .value = series->values[i], .unit = series->units[i] });
        double b =
            dimension_mm(&(struct dimension){ .value = other.values[i], .unit = other.units[i] });

        same = strcmp(series->units[i], other.units[i]) != 0 && fabs(a - b) <= ROUNDING * a;
    }
    if (same) {
        series->end = other.end + (*other.end == ')');
    }
}

/* -- the list ------------------------------------------------------------------------------- */

/* Returns true if the list has the dimension already, or the same size in another unit:
 * "Height 12 cm. Height 4.7 in". */
static bool is_known(const struct dimension *list, int count, const struct dimension *one)
{
    for (int i = 0; i < count; i++) {
        double a = dimension_mm(&list[i]), b = dimension_mm(one);
        bool same_part = strcmp(list[i].part, one->part) == 0 || !one->part[0];

        if (strcmp(list[i].text, one->text) == 0 && strcmp(list[i].label, one->label) == 0 &&
            strcmp(list[i].part, one->part) == 0) {
            return true;
        }
        if (same_part && strcmp(list[i].unit, one->unit) != 0 && fabs(a - b) <= ROUNDING * a &&
            (list[i].axis == one->axis || one->axis == AXIS_UNKNOWN)) {
            return true;
        }
    }
    return false;
}

static int add_series(const struct number_series *series, const struct phrase *phrase, int id,
                      struct arena *arena, struct dimension *out, int found, int capacity)
{
    const char *part = arena_printf(arena, "%.*s", (int)phrase->part_size, phrase->part);
    int unknown = 0, added = 0;

    for (int i = 0; i < series->count; i++) {
        unknown += series->axes[i] == AXIS_UNKNOWN;
    }
    for (int i = 0; i < series->count && found + added < capacity; i++) {
        bool in_series = series->axes[i] == AXIS_UNKNOWN && unknown > 1;
        struct dimension one = {
            .name = dimension_name(part, series->axes[i], arena),
            .part = part,
            .label = axis_name(series->axes[i]),
            .axis = series->axes[i],
            .series = in_series ? id : 0,
            .value = series->values[i],
            .unit = series->units[i],
            .text = arena_printf(arena, "%g %s", series->values[i], series->units[i]),
        };

        if (!is_known(out, found, &one)) { /* not among its own series: "10 x 10 cm" */
            out[found + added] = one;
            added++;
        }
    }
    return added;
}

int dimensions_find(const char *text, const char *names, struct arena *arena, struct dimension *out,
                    int capacity)
{
    int found = 0;
    const char *taken = text; /* what is before belongs to the previous number */

    for (const char *at = text; *at && found < capacity;) {
        struct number_series series;
        struct phrase phrase;
        const char *order;
        int named;

        if (!number_starts(text, at) || !series_at(text, at, &series)) {
            at = isdigit((unsigned char)*at) ? at + strspn(at, "0123456789.,") : at + 1;
            continue;
        }
        skip_same_size(text, &series);
        order = series.count > 1 ? read_axis_order(phrase_start(taken, at), at, &series) : NULL;
        phrase_read(&(struct phrase_place){ .text = text,
                                            .taken = taken,
                                            .number = order ? order : at,
                                            .after = series.end,
                                            .names = names },
                    &phrase);
        named = phrase.axis_is_before ? 0 : series.count - 1;
        if (series.axes[named] == AXIS_UNKNOWN) {
            series.axes[named] = phrase.axis;
        }
        if (phrase.describes_product) {
            found += add_series(&series, &phrase, found + 1, arena, out, found, capacity);
        }
        taken = phrase.used;
        at = series.end;
    }
    dimensions_print(out, found, UNITS_AS_GIVEN, arena);
    return found;
}

bool dimensions_describe_product(const struct dimension *list, int count)
{
    for (int i = 0; i < count; i++) {
        if (!list[i].part[0]) {
            return true;
        }
    }
    return false;
}
