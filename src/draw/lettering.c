/* lettering.c - text in boxes, with Pango. */
#include "draw/lettering.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "draw/font.h"

/* SHORT_PREFIX: bytes. */
enum { BYTES_MAX = 4000, SHORT_PREFIX = 7, LETTER_CHARACTERS = 32 };

bool lettering_is_rtl(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        return false;
    }
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        GUnicodeScript script = g_unichar_get_script(letter);

        if (g_unichar_isalpha(letter)) { /* the first letter decides */
            return script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW ||
                   script == G_UNICODE_SCRIPT_SYRIAC || script == G_UNICODE_SCRIPT_THAANA;
        }
    }
    return false;
}

/* Pango exchanges left and right for text that is written from right to left. */
static PangoAlignment pango_align(enum align align, bool rtl)
{
    static const PangoAlignment aligns[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                             PANGO_ALIGN_RIGHT };

    return aligns[rtl ? ALIGN_RIGHT - align : align];
}

static PangoLayout *layout_new(struct canvas *canvas, const char *text, double width,
                               const struct lettering *how)
{
    PangoLayout *layout = pango_layout_new(canvas->text);
    const char *end;
    size_t size = strnlen(text, BYTES_MAX);

    if (!g_utf8_validate(text, (gssize)size, &end)) {
        size = (size_t)(end - text);
    }
    pango_layout_set_text(layout, text, (int)size);
    pango_layout_set_width(layout, (int)(fmax(width, 1) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    pango_layout_set_alignment(layout, pango_align(how->align, lettering_is_rtl(text)));
    pango_layout_set_line_spacing(layout, (float)how->leading);
    return layout;
}

/* A family's name goes into a comma-separated list: replaces characters that would end the name. */
static void family_name(const char *family, bool display, char *out, size_t out_size)
{
    const char *embedded =
        display ? FONT_DISPLAY "," FONT_TEXT "," FONT_SCRIPTS : FONT_TEXT "," FONT_SCRIPTS;

    if (!family || !*family || strlen(family) > 60 || strpbrk(family, ",\"';")) {
        snprintf(out, out_size, "%s", embedded);
    } else {
        snprintf(out, out_size, "%s,%s", family, embedded);
    }
}

/* Keeps "Double-Wall" on one line: a short part before a hyphen is not left alone. */
static void glue_short_prefixes(const char *text, PangoAttrList *list)
{
    for (const char *hyphen = strchr(text, '-'); hyphen; hyphen = strchr(hyphen + 1, '-')) {
        const char *begin = hyphen, *end = hyphen + 1;

        while (begin > text && begin[-1] != ' ' && begin[-1] != '-') {
            begin--;
        }
        while (*end && *end != ' ' && *end != '-') {
            end++;
        }
        if (hyphen - begin > 0 && hyphen - begin <= SHORT_PREFIX) {
            PangoAttribute *glue = pango_attr_allow_breaks_new(FALSE);

            glue->start_index = (guint)(begin - text);
            glue->end_index = (guint)(end - text);
            pango_attr_list_insert(list, glue);
        }
    }
}

static void widen_blanks(const char *text, double by, PangoAttrList *list)
{
    for (const char *blank = strchr(text, ' '); by > 0 && blank; blank = strchr(blank + 1, ' ')) {
        PangoAttribute *wider = pango_attr_letter_spacing_new((int)(by * PANGO_SCALE));

        wider->start_index = (guint)(blank - text);
        wider->end_index = wider->start_index + 1;
        pango_attr_list_insert(list, wider);
    }
}

static void layout_attributes(PangoLayout *layout, double size, const struct lettering *how)
{
    PangoAttrList *list = pango_attr_list_new();

    if (how->spacing != 0) {
        pango_attr_list_insert(list, pango_attr_letter_spacing_new(
                                         (int)(how->spacing * size * PANGO_SCALE)));
    }
    widen_blanks(pango_layout_get_text(layout), how->word_space * size, list);
    glue_short_prefixes(pango_layout_get_text(layout), list);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static void layout_size(PangoLayout *layout, double size, const struct lettering *how)
{
    PangoFontDescription *font = pango_font_description_new();
    char family[200];

    family_name(how->family, how->weight == WEIGHT_EXTRABOLD && size >= 26, family, sizeof family);
    pango_font_description_set_family(font, family);
    pango_font_description_set_weight(font, (PangoWeight)how->weight);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    layout_attributes(layout, size, how);
}

static bool layout_fits(PangoLayout *layout, struct box box, const struct lettering *how)
{
    PangoRectangle extents;

    pango_layout_get_extents(layout, NULL, &extents);
    if (how->lines > 0 && pango_layout_get_line_count(layout) > how->lines) {
        return false;
    }
    return extents.width <= (int)(box.width * PANGO_SCALE) + 1 &&
           extents.height <= (int)(box.height * PANGO_SCALE) + 1;
}

/* Finds the largest size that fits. Returns false if none does and the text is cut. */
static double layout_fit(PangoLayout *layout, struct box box, const struct lettering *how)
{
    double smallest = how->min_size > 0 ? how->min_size : how->size, size = how->size;

    for (;;) {
        layout_size(layout, size, how);
        if (layout_fits(layout, box, how)) {
            return size;
        }
        if (size <= smallest) {
            break;
        }
        size = fmax(smallest, size * 0.95);
    }
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    if (how->lines > 0) { /* by default an ellipsized layout has one line */
        pango_layout_set_height(layout, -how->lines);
    }
    if (how->lines <= 0 || !layout_fits(layout, box, how)) {
        pango_layout_set_height(layout, (int)(box.height * PANGO_SCALE));
    }
    return size;
}

/* Narrows the lines without adding one, so that no line holds a single word. */
static void layout_balance(PangoLayout *layout, double width)
{
    int lines = pango_layout_get_line_count(layout);
    double too_narrow = width * 0.4, wide_enough = width;

    if (lines < 2 || lines > 5 || pango_layout_is_ellipsized(layout)) {
        return;
    }
    for (int i = 0; i < 7; i++) {
        double middle = (too_narrow + wide_enough) / 2;
        PangoRectangle extents;

        pango_layout_set_width(layout, (int)(middle * PANGO_SCALE));
        pango_layout_get_extents(layout, NULL, &extents);
        if (pango_layout_get_line_count(layout) > lines ||
            extents.width > (int)(middle * PANGO_SCALE)) {
            too_narrow = middle;
        } else {
            wide_enough = middle;
        }
    }
    pango_layout_set_width(layout, (int)(ceil(wide_enough) * PANGO_SCALE));
}

static struct box layout_place(PangoLayout *layout, struct box box, const struct lettering *how)
{
    static const double shares[] = { 0, 0.5, 1 };
    PangoRectangle extents;
    struct box at;

    pango_layout_get_extents(layout, NULL, &extents);
    at.width = extents.width / (double)PANGO_SCALE;
    at.height = extents.height / (double)PANGO_SCALE;
    at.x = box.x + (box.width - at.width) * shares[how->align];
    at.y = box.y + (box.height - at.height) * shares[how->valign];
    return at;
}

struct box lettering_draw(struct canvas *canvas, const char *text, struct box box,
                          const struct lettering *how)
{
    PangoLayout *layout;
    PangoRectangle extents;
    struct box at;

    if (!text || !*text || box.width < 1 || box.height < 1) {
        return (struct box){ box.x, box.y, 0, 0 };
    }
    layout = layout_new(canvas, text, box.width, how);
    layout_fit(layout, box, how);
    if (how->balanced) {
        layout_balance(layout, box.width);
    }
    at = layout_place(layout, box, how);
    pango_layout_get_extents(layout, NULL, &extents);
    canvas_colour(canvas, how->colour, how->alpha > 0 ? how->alpha : 1);
    cairo_move_to(canvas->cr, at.x - extents.x / (double)PANGO_SCALE, at.y);
    pango_cairo_show_layout(canvas->cr, layout);
    cairo_new_path(canvas->cr);
    g_object_unref(layout);
    return at;
}

struct lettering_fit lettering_measure(struct canvas *canvas, const char *text, double width,
                                       double height, const struct lettering *how)
{
    struct box box = { 0, 0, width, height };
    PangoLayout *layout = layout_new(canvas, text, width, how);
    struct lettering_fit fit = { .size = layout_fit(layout, box, how) };
    PangoRectangle extents;

    fit.whole = pango_layout_get_ellipsize(layout) == PANGO_ELLIPSIZE_NONE;
    pango_layout_get_extents(layout, NULL, &extents);
    fit.width = extents.width / (double)PANGO_SCALE;
    fit.height = extents.height / (double)PANGO_SCALE;
    g_object_unref(layout);
    return fit;
}

/* -- coverage ---------------------------------------------------------------------------------- */

bool lettering_has_glyphs(struct canvas *canvas, const char *text, const char *family)
{
    const struct lettering how = { .weight = WEIGHT_SEMIBOLD, .size = 20, .family = family };
    PangoLayout *layout = layout_new(canvas, text, 1e5, &how);
    bool covered;

    layout_size(layout, how.size, &how);
    covered = pango_layout_get_unknown_glyphs_count(layout) == 0;
    g_object_unref(layout);
    return covered;
}

size_t lettering_first_letter(const char *text)
{
    PangoLogAttr attributes[LETTER_CHARACTERS + 1];
    const char *end = text;
    int count = 0;

    while (*end && count < LETTER_CHARACTERS) {
        end = g_utf8_next_char(end);
        count++;
    }
    if (count < 2) {
        return (size_t)(end - text);
    }
    pango_get_log_attrs(text, (int)(end - text), -1, pango_language_get_default(), attributes,
                        count + 1);
    end = g_utf8_next_char(text);
    for (int i = 1; i < count && !attributes[i].is_cursor_position; i++) {
        end = g_utf8_next_char(end);
    }
    return (size_t)(end - text);
}
