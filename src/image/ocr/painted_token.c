/* painted_token.c - words and amounts of a text. */
#include "image/ocr/painted_token.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/unicode/character.h"

/* -- letters --------------------------------------------------------------------------------- */

/* Letters without accents of U+00C0 to U+017F; a blank is no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
                            "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

enum { FIRST_ACCENT = 0xc0, LAST_ACCENT = 0x17f, SHARP_S = 0xdf, FIRST_OTHER_LETTER = 0x370 };

/* Returns 0 if the character is no letter, a small Latin letter, or 1 for a letter of another
 * script. Digits are no letters. */
static char letter_of(uint32_t code)
{
    if (code < 0x80) {
        return isalpha((int)code) ? (char)tolower((int)code) : 0;
    }
    if (code >= FIRST_ACCENT && code <= LAST_ACCENT) {
        char letter = latin[code - FIRST_ACCENT];

        return letter == ' ' ? 0 : letter;
    }
    /* Punctuation, arrows and symbols are between the letters. */
    return code >= FIRST_OTHER_LETTER && !(code >= 0x2000 && code < 0x2e80) ? 1 : 0;
}

/* Letters that look alike become one. */
static char look_of(char letter)
{
    switch (letter) {
    case 'i':
    case 'j':
    case '1':
    case '|':
        return 'l';
    case '0':
        return 'o';
    case '5':
        return 's';
    case '8':
        return 'b';
    default:
        return letter;
    }
}

static void add_letter(struct painted_token *out, char letter)
{
    char look = look_of(letter);
    int count = out->letter_count;

    if (count > 0 && look == 'n' && out->letters[count - 1] == 'r') {
        out->letters[count - 1] = 'm';
    } else if (count < TOKEN_LETTERS - 1) {
        out->letters[out->letter_count++] = look;
    }
}

/* Reads letters and the digits among them. */
static const char *read_word(const char *at, struct painted_token *out)
{
    while (*at) {
        enum character_class class;
        uint32_t code;
        size_t size = character_read(at, &class, &code);
        char letter = class == CHARACTER_VISIBLE ? letter_of(code) : 0;

        if (code < 0x80 && isdigit((int)code)) {
            letter = (char)code;
        }
        if (!letter) {
            break;
        }
        out->accents += code >= FIRST_ACCENT;
        out->foreign |= letter == 1;
        add_letter(out, letter);
        if (code == SHARP_S) {
            add_letter(out, 's');
        }
        at += size;
    }
    out->letters[out->letter_count] = '\0';
    return at;
}

/* -- amounts --------------------------------------------------------------------------------- */

struct amount_unit {
    const char *word, *name;
    char quantity; /* length, mass, volume: these can be converted; price or share; others */
    double size;   /* in mm, g or ml */
};

static const struct amount_unit units[] = {
    { "mm", "mm", 'l', 1 },
    { "cm", "cm", 'l', 10 },
    { "m", "m", 'l', 1000 },
    { "in", "in", 'l', 25.4 },
    { "inch", "in", 'l', 25.4 },
    { "inches", "in", 'l', 25.4 },
    { "zoll", "in", 'l', 25.4 },
    { "ft", "ft", 'l', 304.8 },
    { "feet", "ft", 'l', 304.8 },
    { "g", "g", 'm', 1 },
    { "kg", "kg", 'm', 1000 },
    { "oz", "oz", 'm', 28.35 },
    { "lb", "lb", 'm', 453.6 },
    { "lbs", "lb", 'm', 453.6 },
    { "ml", "ml", 'v', 1 },
    { "cl", "cl", 'v', 10 },
    { "l", "l", 'v', 1000 },
    { "liter", "l", 'v', 1000 },
    { "litre", "l", 'v', 1000 },
    { "w", "w", 'o', 1 },
    { "v", "v", 'o', 1 },
    { "mah", "mah", 'o', 1 },
    { "%", "%", 'p', 1 },
    { "\"", "in", 'l', 25.4 },
    { "\xe2\x80\xb3", "in", 'l', 25.4 },
    { "\xe2\x80\x9d", "in", 'l', 25.4 },
    { "\xc2\xb0", "\xc2\xb0", 'o', 1 },
    { "$", "$", 'p', 1 },
    { "\xe2\x82\xac", "\xe2\x82\xac", 'p', 1 },
    { "\xc2\xa3", "\xc2\xa3", 'p', 1 },
};

static const double most_rounding = 0.06; /* of a converted amount */

static const struct amount_unit *unit_named(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].name, name) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

/* Returns the unit at `at` and sets *end to the position after it. */
static const struct amount_unit *unit_at(const char *at, const char **end)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].word);
        bool letters = isalpha((unsigned char)units[i].word[0]);

        if (strncasecmp(at, units[i].word, size) == 0 &&
            !(letters && isalpha((unsigned char)at[size]))) {
            *end = at + size;
            return &units[i];
        }
    }
    return NULL;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '-') {
        at++;
    }
    return at;
}

/* Reads digits with points or commas between them. */
static const char *read_number(const char *at, struct painted_amount *out)
{
    double whole = 0, place = 1;
    int marks = 0, digits_after = 0;

    for (; isdigit((unsigned char)*at) ||
           ((*at == '.' || *at == ',') && isdigit((unsigned char)at[1]));
         at++) {
        if (!isdigit((unsigned char)*at)) {
            marks++;
            digits_after = 0;
            place = 1;
            continue;
        }
        whole = whole * 10 + (*at - '0');
        digits_after += marks > 0;
        place *= marks > 0 ? 10 : 1;
    }
    out->value = marks == 1 ? whole / place : whole;
    out->other = marks == 1 && digits_after != 3 ? out->value : whole;
    out->precision = marks == 1 ? 0.5 / place : 0.5;
    return at;
}

/* Returns the sign of a currency that ends before `at`, perhaps with a blank between. */
static const struct amount_unit *currency_before(const char *text, const char *at)
{
    static const char *const signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3" };

    while (at > text && at[-1] == ' ') {
        at--;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);

        if ((size_t)(at - text) >= size && memcmp(at - size, signs[i], size) == 0) {
            return unit_named(signs[i]);
        }
    }
    return NULL;
}

static const char *read_amount(const char *text, const char *at, struct painted_token *out)
{
    const char *end = read_number(at, &out->amount), *after;
    const struct amount_unit *unit = currency_before(text, at);

    out->is_amount = true;
    out->amount.rank = at > text && at[-1] == '#';
    if (!unit) {
        unit = unit_at(skip_blanks(end), &after);
        end = unit ? after : end;
    }
    out->amount.unit = unit ? unit->name : NULL;
    return end;
}

bool painted_token_next(const char **at, struct painted_token *out)
{
    const char *text = *at;

    *out = (struct painted_token){ 0 };
    while (**at) {
        enum character_class class;
        uint32_t code;
        size_t size = character_read(*at, &class, &code);
        bool digit = code < 0x80 && isdigit((int)code);
        bool times = (code == 'x' || code == 'X') && isdigit((unsigned char)(*at)[1]);

        out->at = *at;
        if (times) { /* of "24x9 cm" */
            *at += size;
            continue;
        }
        if (digit || (class == CHARACTER_VISIBLE && letter_of(code))) {
            *at = digit ? read_amount(text, *at, out) : read_word(*at, out);
            out->size = (size_t)(*at - out->at);
            return true;
        }
        *at += size;
    }
    return false;
}

static bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

/* Compares in mm, g or ml, within the rounding of either. */
static bool agree_converted(const struct painted_amount *a, double one,
                            const struct amount_unit *from, const struct painted_amount *b,
                            double other, const struct amount_unit *to)
{
    double tolerance = fmax(a->precision * from->size, b->precision * to->size) * 1.02;

    one *= from->size;
    other *= to->size;
    return near(one, other, fmin(tolerance, most_rounding * fmax(one, other)));
}

bool painted_amounts_agree(const struct painted_amount *written,
                           const struct painted_amount *painted)
{
    const struct amount_unit *from = written->unit ? unit_named(written->unit) : NULL;
    const struct amount_unit *to = painted->unit ? unit_named(painted->unit) : NULL;

    if (!to || from == to || (!from && to->quantity != 'p')) {
        return near(written->value, painted->value, 1e-6) ||
               near(written->other, painted->other, 1e-6) ||
               near(written->value, painted->other, 1e-6) ||
               near(written->other, painted->value, 1e-6);
    }
    return from && from->quantity == to->quantity && strchr("lmv", from->quantity) &&
           (agree_converted(written, written->value, from, painted, painted->value, to) ||
            agree_converted(written, written->other, from, painted, painted->value, to));
}
