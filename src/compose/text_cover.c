/* text_cover.c - asks Pango which letters have no glyph, and replaces those that can be. */
#include "compose/text_cover.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "model/features.h"

enum { ZERO_WIDTH_JOINER = 0x200d, FLAG_A = 0x1f1e6, FLAG_Z = 0x1f1ff };

struct cover {
    struct canvas canvas; /* for Pango's context */
    const char *family;   /* of the brand */
    struct arena *arena;
    struct missing_letters *missing;
};

struct edit {
    const char *from; /* the complete text */
    GString *to;
    char letters[80]; /* without a glyph */
    uint32_t first;
    bool dropped;   /* the last letter was dropped */
    bool changed;   /* any was */
    bool uncovered; /* a letter remains that cannot be replaced */
};

const char *text_cover_package(const char *text)
{
    gunichar letter = g_utf8_get_char(text);
    GUnicodeType type = g_unichar_type(letter);

    switch (g_unichar_get_script(letter)) {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
        return "fonts-noto-cjk";
    default:
        return type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_UNASSIGNED ? NULL
                                                                             : "fonts-noto-core";
    }
}

/* -- one letter -------------------------------------------------------------------------------- */

static bool is_flag(gunichar c)
{
    return c >= FLAG_A && c <= FLAG_Z;
}

/* Emoji, dingbats, and what modifies them. Symbols of a script are letters. */
static bool is_decoration(gunichar c)
{
    GUnicodeScript script = g_unichar_get_script(c);
    GUnicodeType type = g_unichar_type(c);
    bool common = script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED;

    return c == ZERO_WIDTH_JOINER || (c >= 0xfe00 && c <= 0xfe0f) ||
           (c >= 0x1f000 && c <= 0x1faff) ||
           (common && (type == G_UNICODE_OTHER_SYMBOL || type == G_UNICODE_MODIFIER_SYMBOL ||
                       type == G_UNICODE_FORMAT || type == G_UNICODE_ENCLOSING_MARK));
}

static bool is_nameless(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);

    return type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_UNASSIGNED;
}

/* Private characters mean something in the font that they were written for only. */
static bool is_drawable(struct cover *cover, const char *text)
{
    bool own_font = cover->family && cover->family[0];

    for (const char *at = text; *at && !own_font; at = g_utf8_next_char(at)) {
        if (is_nameless(g_utf8_get_char(at))) {
            return false;
        }
    }
    return lettering_has_glyphs(&cover->canvas, text, cover->family);
}

/* A private character between blanks is an icon of some font; inside a word or beside another one
 * it is a letter. */
static bool stands_alone(const char *text, const char *at)
{
    const char *next = g_utf8_next_char(at);
    gunichar before = at > text ? g_utf8_get_char(g_utf8_prev_char(at)) : ' ';
    gunichar after = *next ? g_utf8_get_char(next) : ' ';

    return !g_unichar_isalnum(before) && !is_nameless(before) && !g_unichar_isalnum(after) &&
           !is_nameless(after);
}

/* Writes the part of a letter that must stay: nothing of an emoji, the digit of a keycap, two
 * letters of a flag. */
static void essence_of(const char *text, const char *at, size_t bytes, GString *out)
{
    for (const char *c = at; c < at + bytes; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);

        if (is_flag(letter)) {
            g_string_append_c(out, (char)('A' + letter - FLAG_A));
        } else if (!is_decoration(letter) && !(is_nameless(letter) && stands_alone(text, c))) {
            g_string_append_unichar(out, letter);
        }
    }
}

/* Writes what can be drawn in place of a letter without a glyph; "" if it can be left out. Returns
 * false if it can neither be replaced nor left out. */
static bool replace(struct cover *cover, const char *text, const char *at, size_t bytes,
                    GString *out)
{
    char *same = g_utf8_normalize(at, (gssize)bytes, G_NORMALIZE_NFKC); /* "cm" for a square cm */
    bool other = same && (strlen(same) != bytes || memcmp(same, at, bytes) != 0);
    bool good = other && is_drawable(cover, same);

    if (good) {
        g_string_append(out, same);
    } else {
        essence_of(text, at, bytes, out);
        good = out->len == 0 || is_drawable(cover, out->str);
    }
    g_free(same);
    return good;
}

/* -- one text ---------------------------------------------------------------------------------- */

static void note_letter(struct edit *edit, const char *letter)
{
    size_t used = strlen(edit->letters);

    edit->first = edit->first ? edit->first : g_utf8_get_char(letter);
    if (used + strlen(letter) + 2 < sizeof edit->letters && !strstr(edit->letters, letter)) {
        snprintf(edit->letters + used, sizeof edit->letters - used, "%s%s", used ? " " : "",
                 letter);
    }
}

static bool ends_with_blank(const GString *text)
{
    return text->len == 0 || text->str[text->len - 1] == ' ';
}

/* Appends a letter as it is. No blank is left before a comma whose emoji was removed. */
static void keep_letter(struct edit *edit, const char *letter, size_t bytes)
{
    if (edit->dropped && strchr(",.;:!?)", *letter) && edit->to->len > 0 &&
        ends_with_blank(edit->to)) {
        g_string_truncate(edit->to, edit->to->len - 1);
    }
    if (!(edit->dropped && *letter == ' ')) {
        g_string_append_len(edit->to, letter, (gssize)bytes);
        edit->dropped = false;
    }
}

static void edit_letter(struct cover *cover, struct edit *edit, const char *at, size_t bytes)
{
    char *letter = g_strndup(at, bytes);
    GString *other = g_string_new(NULL);

    if (is_drawable(cover, letter)) {
        keep_letter(edit, at, bytes);
    } else if (!replace(cover, edit->from, at, bytes, other)) {
        edit->uncovered = true;
        note_letter(edit, letter);
    } else {
        bool blank = other->len == 0 || is_flag(g_utf8_get_char(at));

        edit->changed = true;
        if (blank && !ends_with_blank(edit->to)) {
            g_string_append_c(edit->to, ' ');
        }
        g_string_append(edit->to, other->str);
        if (blank && !ends_with_blank(edit->to)) {
            g_string_append_c(edit->to, ' ');
        }
        edit->dropped = blank;
        note_letter(edit, letter);
    }
    g_string_free(other, TRUE);
    g_free(letter);
}

/* Removes separators at both ends, which stood between an emoji and a word. */
static const char *trimmed(struct edit *edit)
{
    static const char *const separators[] = {
        " ", "|", "-", ",", ";", ":", "/", "–", "—", "·", "•"
    };
    char *from = edit->to->str;
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
            if (*from && g_str_has_prefix(from, separators[i])) {
                from += strlen(separators[i]);
                more = true;
            }
            if (*from && g_str_has_suffix(from, separators[i])) {
                from[strlen(from) - strlen(separators[i])] = '\0';
                more = true;
            }
        }
    }
    return from;
}

static bool has_words(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        if (g_unichar_isalnum(g_utf8_get_char(text))) {
            return true;
        }
    }
    return false;
}

static void report(struct cover *cover, const char *text, const struct edit *edit)
{
    struct missing_letters *missing = cover->missing;
    const char *end = text;

    while (*end && g_utf8_next_char(end) < text + sizeof missing->text) {
        end = g_utf8_next_char(end);
    }
    snprintf(missing->text, sizeof missing->text, "%.*s", (int)(end - text), text);
    missing->first = edit->first;
    missing->package = text_cover_package(edit->letters);
    memcpy(missing->letters, edit->letters, sizeof missing->letters);
}

/* Replaces *text if it must. Returns false if it cannot be drawn. */
static bool cover_text(struct cover *cover, const char **text, bool needed)
{
    struct edit edit = { .from = *text ? *text : "" };
    bool good;

    if (!g_utf8_validate(edit.from, -1, NULL) || is_drawable(cover, edit.from)) {
        return true;
    }
    edit.to = g_string_new(NULL);
    for (const char *at = edit.from; *at;) {
        size_t bytes = lettering_first_letter(at);

        edit_letter(cover, &edit, at, bytes);
        at += bytes;
    }
    good = !edit.uncovered;
    if (good) {
        const char *left = trimmed(&edit);

        good = has_words(left) || !needed;
        *text = good ? arena_text(cover->arena, has_words(left) ? left : "") : *text;
    }
    if (!good) {
        report(cover, edit.from, &edit);
    }
    g_string_free(edit.to, TRUE);
    return good;
}

/* -- the image --------------------------------------------------------------------------------- */

static bool draws(const struct layout_form *form, enum layout_item_kind kind)
{
    for (int i = 0; i < form->stack_count; i++) {
        for (int k = 0; k < form->stacks[i].item_count; k++) {
            if (form->stacks[i].items[k].kind == kind) {
                return true;
            }
        }
    }
    return false;
}

static bool cover_names(struct cover *cover, const struct layout_form *form, bool has_logo,
                        struct brief *brief)
{
    bool good = true;

    if (draws(form, ITEM_BRAND) && !cover_text(cover, &brief->brand.name, false)) {
        good = has_logo;
        brief->brand.name = has_logo ? "" : brief->brand.name;
    }
    if (draws(form, ITEM_MODULE)) {
        struct module_request *module = &brief->module_request;

        good = good && cover_text(cover, &module->description, false) &&
               cover_text(cover, &module->headline, false);
    }
    if (draws(form, ITEM_TEXT) && !features_main(brief)) {
        good = good && cover_text(cover, &brief->category, false);
    }
    if (draws(form, ITEM_HEADLINE) || draws(form, ITEM_MODULE) ||
        (draws(form, ITEM_TITLE) && !features_main(brief))) {
        good = good && cover_text(cover, &brief->product_name, true);
    }
    return good;
}

static bool cover_features(struct cover *cover, const struct layout_form *form, struct brief *brief)
{
    bool lists = draws(form, ITEM_FEATURES) || draws(form, ITEM_TABLE);
    bool good = true;

    for (int i = 0; i < brief->feature_count && good; i++) {
        struct feature *feature = &brief->features[i];

        if (lists || (feature == features_main(brief) &&
                      (draws(form, ITEM_TITLE) || draws(form, ITEM_TEXT)))) {
            good = cover_text(cover, &feature->title, true) &&
                   cover_text(cover, &feature->description, false);
        }
    }
    return good;
}

static bool cover_dimensions(struct cover *cover, const struct layout_form *form,
                             struct brief *brief)
{
    bool good = true;

    for (int i = 0; i < brief->dimension_count && good; i++) {
        struct dimension *dimension = &brief->dimensions[i];

        if (form->measured || draws(form, ITEM_MEASURES)) {
            good = cover_text(cover, &dimension->part, false) &&
                   cover_text(cover, &dimension->text, true) &&
                   cover_text(cover, &dimension->series_text, false);
        }
    }
    return good;
}

bool text_cover(const struct image_layout *layout, struct size size, bool has_logo,
                struct arena *arena, struct brief *brief, struct missing_letters *missing)
{
    const struct layout_form *form = layout_form(layout, size);
    struct cover cover = { .family = brief->brand.font_family, .arena = arena, .missing = missing };
    struct error ignored;
    bool good;

    *missing = (struct missing_letters){ 0 };
    if (!canvas_new(1, 1, &cover.canvas, &ignored)) {
        return true; /* out of memory: the composition will report it */
    }
    good = cover_names(&cover, form, has_logo, brief) && cover_features(&cover, form, brief) &&
           cover_dimensions(&cover, form, brief);
    canvas_free(&cover.canvas);
    return good;
}
