/* dimension_words.c - vocabulary of sizes. */
#include "model/dimensions/dimension_words.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *word;
    enum dimension_axis axis;
    bool noun;
} axes[] = {
    { "height", AXIS_HEIGHT, true },     { "high", AXIS_HEIGHT, false },
    { "tall", AXIS_HEIGHT, false },      { "width", AXIS_WIDTH, true },
    { "wide", AXIS_WIDTH, false },       { "depth", AXIS_DEPTH, true },
    { "deep", AXIS_DEPTH, false },       { "length", AXIS_LENGTH, true },
    { "long", AXIS_LENGTH, false },      { "diameter", AXIS_DIAMETER, true },
    { "dia", AXIS_DIAMETER, true },      { "thickness", AXIS_THICKNESS, true },
    { "thick", AXIS_THICKNESS, false },  { "höhe", AXIS_HEIGHT, true },
    { "hoch", AXIS_HEIGHT, false },      { "breite", AXIS_WIDTH, true },
    { "breit", AXIS_WIDTH, false },      { "tiefe", AXIS_DEPTH, true },
    { "tief", AXIS_DEPTH, false },       { "länge", AXIS_LENGTH, true },
    { "lang", AXIS_LENGTH, false },      { "durchmesser", AXIS_DIAMETER, true },
    { "dicke", AXIS_THICKNESS, true },   { "dick", AXIS_THICKNESS, false },
    { "hauteur", AXIS_HEIGHT, true },    { "haut", AXIS_HEIGHT, false },
    { "largeur", AXIS_WIDTH, true },     { "large", AXIS_WIDTH, false },
    { "profondeur", AXIS_DEPTH, true },  { "longueur", AXIS_LENGTH, true },
    { "diamètre", AXIS_DIAMETER, true }, { "épaisseur", AXIS_THICKNESS, true },
    { "altura", AXIS_HEIGHT, true },     { "alto", AXIS_HEIGHT, false },
    { "ancho", AXIS_WIDTH, false },      { "anchura", AXIS_WIDTH, true },
    { "profundidad", AXIS_DEPTH, true }, { "fondo", AXIS_DEPTH, true },
    { "largo", AXIS_LENGTH, false },     { "longitud", AXIS_LENGTH, true },
    { "diámetro", AXIS_DIAMETER, true }, { "grosor", AXIS_THICKNESS, true },
    { "altezza", AXIS_HEIGHT, true },    { "larghezza", AXIS_WIDTH, true },
    { "profondità", AXIS_DEPTH, true },  { "lunghezza", AXIS_LENGTH, true },
    { "diametro", AXIS_DIAMETER, true }, { "spessore", AXIS_THICKNESS, true },
    { "ø", AXIS_DIAMETER, true },
};

static const char *const fillers[] = { "approx",      "approximately",
                                       "about",       "ca",
                                       "circa",       "only",
                                       "just",        "overall",
                                       "total",       "each",
                                       "full",        "size",
                                       "sizes",       "dimension",
                                       "dimensions",  "product",
                                       "item",        "measured",
                                       "assembled",   "around",
                                       "measurement", "measurements",
                                       "the",         "its",
                                       "it",          "this",
                                       "our",         "both",
                                       "der",         "die",
                                       "das",         "etwa",
                                       "maße",        "größe",
                                       "gesamt",      "insgesamt",
                                       "le",          "la",
                                       "les",         "environ",
                                       "taille",      "el",
                                       "aprox",       "tamaño",
                                       "medidas",     "il",
                                       "misura",      "dimensioni",
                                       "produkt",     NULL };

static const char *const articles[] = { "a",     "an", "one", "ein", "eine", "einem",
                                        "einer", "un", "une", "una", NULL };

static const char *const fors[] = { "for",   "fits",     "fit",     "up",       "within",  "für",
                                    "pour",  "para",     "per",     "hasta",    "bis",     "jusqu",
                                    "holds", "supports", "passend", "geeignet", "accepts", NULL };

static const char *const links[] = { "is",     "are",  "measures", "measure", "measuring", "of",
                                     "ist",    "sind", "misst",    "von",     "est",       "sont",
                                     "mesure", "es",   "mide",     "son",     "de",        "du",
                                     "des",    "di",   "del",      "misura",  NULL };

static const char *const stops[] = {
    "and",   "with",  "in",    "on",      "at", "to",   "by",       "when",      "made", "plus",
    "und",   "mit",   "aus",   "bei",     "et", "avec", "en",       "con",       "y",    "e",
    "has",   "have",  "comes", "hat",     "or", "oder", "ou",       "but",       "so",   "that",
    "which", "above", "below", "between", "i",  "o",    "includes", "including", NULL
};

static const char *const others[] = { "range",      "waterproof",  "resistant",   "jack",
                                      "plug",       "away",        "distance",    "reach",
                                      "compatible", "submersible", "wasserdicht", "reichweite",
                                      "portée",     "alcance",     "from",        NULL };

static const char *const parts[] = {
    "handle",   "strap",    "cable",      "cord",    "lid",     "base",      "driver", "lens",
    "lenses",   "blade",    "spout",      "sole",    "heel",    "sleeve",    "brim",   "drawer",
    "shelf",    "leg",      "wheel",      "screen",  "display", "pocket",    "neck",   "opening",
    "mouth",    "rim",      "chain",      "pendant", "wick",    "rope",      "hose",   "button",
    "bead",     "link",     "clasp",      "shade",   "pole",    "tube",      "pad",    "cushion",
    "seat",     "backrest", "armrest",    "hook",    "hole",    "pin",       "band",   "buckle",
    "foam",     "padding",  "pile",       "bezel",   "dial",    "temple",    "bridge", "nozzle",
    "brush",    "bristle",  "tip",        "speaker", "sensor",  "camera",    "bowl",   "inseam",
    "zipper",   "stem",     "frame",      "border",  "tile",    "grip",      "shaft",  "post",
    "platform", "henkel",   "griff",      "kabel",   "deckel",  "klinge",    "boden",  "treiber",
    "gurt",     "öffnung",  "bildschirm", "anse",    "manche",  "couvercle", "lame",   "câble",
    "sangle",   "asa",      "mango",      "tapa",    "hoja",    "correa",    "manico", "coperchio",
    "lama",     NULL
};

static const char *const packagings[] = { "box",    "package",    "packaging",   "carton",
                                          "packed", "shipping",   "parcel",      "verpackung",
                                          "karton", "emballage",  "colis",       "embalaje",
                                          "caja",   "confezione", "imballaggio", NULL };

static const char *const *const classes[WORD_CLASSES] = {
    [WORD_FILLER] = fillers, [WORD_LINK] = links,
    [WORD_STOP] = stops,     [WORD_ARTICLE] = articles,
    [WORD_FOR] = fors,       [WORD_OTHER] = others,
    [WORD_PART] = parts,     [WORD_PACKAGING] = packagings,
};

/* Folds the case of ASCII, and of the Latin letters of UTF-8 with the first byte 0xC3. */
static unsigned char folded(const char *at, size_t i)
{
    unsigned char byte = (unsigned char)at[i];

    if (i > 0 && (unsigned char)at[i - 1] == 0xc3 && byte >= 0x80 && byte <= 0x9e && byte != 0x97) {
        return (unsigned char)(byte + 0x20);
    }
    return (unsigned char)tolower(byte);
}

static bool equal_folded(const char *at, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!at[i] || folded(at, i) != folded(word, i)) {
            return false;
        }
    }
    return true;
}

bool text_starts(const char *at, const char *word)
{
    return equal_folded(at, word, strlen(word));
}

bool word_is(const struct word *word, const char *text)
{
    return strlen(text) == word->size && equal_folded(word->at, text, word->size);
}

bool words_equal(const struct word *a, const struct word *b)
{
    size_t size = a->size < b->size ? a->size : b->size;
    const struct word *longer = a->size < b->size ? b : a;

    return longer->size - size <= 1 && (longer->size == size || tolower(longer->at[size]) == 's') &&
           equal_folded(a->at, b->at, size);
}

static bool is_letter(const char *at)
{
    unsigned char byte = (unsigned char)*at;

    /* Bytes of UTF-8 letters; not of signs such as "²" (C2 B2), "×" (C3 97), "″" (E2 80 B3). */
    return isalnum(byte) || (byte == 0xc3 && (unsigned char)at[1] != 0x97) ||
           (byte > 0xc3 && byte != 0xe2);
}

bool word_ends(const char *at)
{
    return !isalnum((unsigned char)*at);
}

int words_between(const char *from, const char *to, struct word *out, int capacity)
{
    int count = 0;

    for (const char *at = from; at < to && count < capacity;) {
        const char *start = at;

        while (at < to && (is_letter(at) || (at > start && ((unsigned char)*at & 0xc0) == 0x80))) {
            at++;
        }
        if (at > start) {
            out[count++] = (struct word){ start, (size_t)(at - start) };
        } else {
            at++;
        }
    }
    return count;
}

enum dimension_axis word_axis(const struct word *word, bool *noun)
{
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
        if (word_is(word, axes[i].word)) {
            *noun = axes[i].noun;
            return axes[i].axis;
        }
    }
    return AXIS_UNKNOWN;
}

/* B and T are German (Breite, Tiefe); P is French and Spanish (profondeur, profundidad). */
enum dimension_axis letter_axis(char letter)
{
    switch (toupper((unsigned char)letter)) {
    case 'H':
        return AXIS_HEIGHT;
    case 'W':
    case 'B':
        return AXIS_WIDTH;
    case 'D':
    case 'T':
    case 'P':
        return AXIS_DEPTH;
    case 'L':
        return AXIS_LENGTH;
    default:
        return AXIS_UNKNOWN;
    }
}

bool word_in_class(const struct word *word, enum word_class class)
{
    for (const char *const *at = classes[class]; *at; at++) {
        struct word known = { *at, strlen(*at) };

        if (class == WORD_PART || class == WORD_PACKAGING ? words_equal(word, &known)
                                                          : word_is(word, *at)) {
            return true;
        }
    }
    return false;
}
