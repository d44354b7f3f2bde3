/* known_text.c - words that were read in an image, against those that the seller wrote. */
#include "image/ocr/known_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/unicode/character.h"

enum { LEAST_LETTERS = 3, LEAST_STEM = 3, LEAST_PART = 4, LIST_NUMBER = 9 };

/* Words without a claim, in the languages that sellers write, and names of units and axes. */
static const char common[] =
    /* function words */
    "a an and are as at be both by can each every for from fits has have into its made more not "
    "onto our out over per than that the these this those through two under use used using "
    "when with without you your yours "
    "aus auf bei das den der des die ein eine einem einen einer fur ihr ihre ist mit nach oder "
    "ohne "
    "pro und von vom zum zur zwei "
    "aux avec chaque ces dans des deux est les leur par pour sans ses son sur une vos votre "
    "con cada del dei delle dos due gli las los nel para per por senza sin sobre sus una uno "
    /* headings and axes */
    "back base bottom capacity compare comparison depth details detail diameter dimension "
    "dimensions features feature front height highlights inner inside item key left length "
    "measurements measures model other outer outside overview product right side size sizes "
    "specifications specs thickness top total type view volume weight width wide high tall deep "
    "long approx item ours "
    "abmessungen breite details durchmesser eigenschaften gewicht grosse hohe lange merkmale masse "
    "produkt tiefe hoch breit lang tief ca "
    "caracteristiques dimensions hauteur largeur longueur poids produit profondeur taille diametre "
    "alto altura ancho anchura caracteristicas dimensiones longitud medidas peso profundidad "
    "tamano "
    "altezza larghezza lunghezza misure caratteristiche prodotto diametro dimensioni "
    /* units */
    "inch inches feet foot meter meters metre metres centimeter centimeters centimetre centimetres "
    "millimeter millimeters millimetre millimetres liter litre liters litres gram grams lbs mah "
    "zoll";

static void keep_letters(struct known_text *out, const struct painted_token *token)
{
    struct known_word *word = &out->words[out->word_count];
    size_t size = (size_t)token->letter_count;

    memcpy(word->letters, token->letters, size + 1);
    word->accents = token->accents;
    out->word_count++;
    memcpy(out->joined + out->joined_size, token->letters, size + 1);
    out->joined_size += size;
}

/* In "29 x 19 x 16 cm" the last unit is the unit of all. `first` is the index of the first of a
 * series of amounts. */
static void share_unit(struct known_text *out, int first)
{
    const struct painted_amount *last = &out->amounts[out->amount_count - 1];

    for (int i = first; i < out->amount_count - 1; i++) {
        if (!out->amounts[i].unit) {
            out->amounts[i].unit = last->unit;
        }
    }
}

static void add_text(struct known_text *out, const char *at)
{
    struct painted_token token;
    int series = out->amount_count; /* where the present series begins */

    while (painted_token_next(&at, &token)) {
        out->other_scripts |= token.foreign;
        if (token.is_amount && out->amount_count < KNOWN_AMOUNTS) {
            out->amounts[out->amount_count++] = token.amount;
            share_unit(out, series);
        } else if (!token.is_amount && out->word_count < KNOWN_WORDS) {
            keep_letters(out, &token);
            series = token.letter_count > 1 ? out->amount_count : series;
        }
        if (token.is_amount && token.amount.unit) {
            series = out->amount_count;
        }
    }
}

/* -- languages ------------------------------------------------------------------------------- */

/* Letters that tell which data Tesseract needs besides English. */
static const struct {
    uint32_t first, last;
    const char *data;
} scripts[] = {
    { 0xdf, 0xdf, "deu" },     { 0xe4, 0xe4, "deu" },     { 0xf6, 0xf6, "deu" },
    { 0xfc, 0xfc, "deu" },     { 0xf1, 0xf1, "spa" },     { 0xe7, 0xea, "fra" },
    { 0xe0, 0xe0, "fra" },     { 0x400, 0x4ff, "rus" },   { 0x370, 0x3ff, "ell" },
    { 0x5d0, 0x5ea, "heb" },   { 0x620, 0x6ff, "ara" },   { 0xe00, 0xe7f, "tha" },
    { 0x3040, 0x30ff, "jpn" }, { 0xac00, 0xd7af, "kor" }, { 0x4e00, 0x9fff, "chi_sim" },
};

static void add_language(const char *data, char out[KNOWN_LANGUAGES])
{
    size_t used = strlen(out);

    if (!strstr(out, data) && used + strlen(data) + 2 < KNOWN_LANGUAGES) {
        snprintf(out + used, KNOWN_LANGUAGES - used, "+%s", data);
    }
}

static void find_languages(const char *at, char out[KNOWN_LANGUAGES])
{
    while (*at) {
        enum character_class class;
        uint32_t code;

        at += character_read(at, &class, &code);
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
            if (code >= scripts[i].first && code <= scripts[i].last) {
                add_language(scripts[i].data, out);
            }
        }
    }
}

void known_text_languages(const char *const *texts, int count, char out[KNOWN_LANGUAGES])
{
    snprintf(out, KNOWN_LANGUAGES, "eng");
    for (int i = 0; i < count; i++) {
        if (texts[i]) {
            find_languages(texts[i], out);
        }
    }
}

/* -- the seller's text ------------------------------------------------------------------------ */

bool known_text_open(const char *const *texts, int count, struct known_text *out)
{
    *out = (struct known_text){ .words = calloc(KNOWN_WORDS, sizeof *out->words),
                                .joined = calloc(KNOWN_WORDS, TOKEN_LETTERS),
                                .amounts = calloc(KNOWN_AMOUNTS, sizeof *out->amounts) };
    if (!out->words || !out->joined || !out->amounts) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (texts[i]) {
            add_text(out, texts[i]);
        }
    }
    return true;
}

void known_text_close(struct known_text *text)
{
    free(text->words);
    free(text->joined);
    free(text->amounts);
    *text = (struct known_text){ 0 };
}

/* -- words ----------------------------------------------------------------------------------- */

/* Returns true if what follows the common stem is an ending of English, in the form of a token's
 * letters: "lng" is "ing". */
static bool is_ending(const char *rest)
{
    static const char *const endings[] = { "",    "s",   "es", "d",  "ed",   "r",   "er",
                                           "ers", "lng", "y",  "ly", "able", "ness" };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (strcmp(endings[i], rest) == 0) {
            return true;
        }
    }
    return false;
}

/* "washes" is a form of "wash", and "washing" of "washed". */
static bool is_form_of(const char *word, const char *known)
{
    size_t same = 0;

    while (word[same] && word[same] == known[same]) {
        same++;
    }
    return same >= LEAST_STEM && is_ending(word + same) && is_ending(known + same);
}

static bool is_common(const char *letters)
{
    const char *at = common;
    struct painted_token token;

    while (painted_token_next(&at, &token)) {
        if (strcmp(token.letters, letters) == 0) {
            return true;
        }
    }
    return false;
}

bool known_text_has_word(const struct known_text *text, const struct painted_token *word)
{
    if (word->letter_count < LEAST_LETTERS || is_common(word->letters)) {
        return true;
    }
    for (int i = 0; i < text->word_count; i++) {
        const struct known_word *known = &text->words[i];

        if (strcmp(known->letters, word->letters) == 0 ||
            is_form_of(word->letters, known->letters) ||
            (known->accents > 0 &&
             edit_distance(known->letters, word->letters) <= known->accents)) {
            return true;
        }
    }
    return word->letter_count >= LEAST_PART && strstr(text->joined, word->letters);
}

/* -- amounts --------------------------------------------------------------------------------- */

bool known_text_has_amount(const struct known_text *text, const struct painted_amount *amount)
{
    for (int i = 0; i < text->amount_count; i++) {
        if (text->amounts[i].rank == amount->rank &&
            painted_amounts_agree(&text->amounts[i], amount)) {
            return true;
        }
    }
    return !amount->rank && !amount->unit && amount->value == amount->other &&
           amount->value <= LIST_NUMBER && amount->precision == 0.5;
}
