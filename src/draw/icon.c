/* icon.c - icons as lines on a field of 24 by 24 units, and their selection by words. */
#include "draw/icon.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draw/shape.h"

struct icon {
    const char *name;
    const char *words; /* words that select it, separated by spaces; each matches all words that
                          begin with it */
    const char *path;  /* M L C: absolute; O x y r: circle; A x y r from to (degrees); Z */
};

#define ICON(icon_name, icon_words, icon_path)                                                     \
    { .name = (icon_name), .words = (icon_words), .path = (icon_path) },
static const struct icon icons[] = {
#include "draw/icons.inc"
};
#undef ICON

enum { ICONS = sizeof icons / sizeof *icons };

static int numbers_read(const char **at, double *out, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;

        out[i] = strtod(*at, &end);
        if (end == *at) {
            return i;
        }
        *at = end;
    }
    return count;
}

static void path_trace(cairo_t *cr, const char *at)
{
    double n[6];

    while (*at) {
        char command = *at++;

        if (command == 'M' && numbers_read(&at, n, 2) == 2) {
            cairo_move_to(cr, n[0], n[1]);
        } else if (command == 'L' && numbers_read(&at, n, 2) == 2) {
            cairo_line_to(cr, n[0], n[1]);
        } else if (command == 'C' && numbers_read(&at, n, 6) == 6) {
            cairo_curve_to(cr, n[0], n[1], n[2], n[3], n[4], n[5]);
        } else if (command == 'O' && numbers_read(&at, n, 3) == 3) {
            cairo_new_sub_path(cr);
            cairo_arc(cr, n[0], n[1], n[2], 0, 2 * M_PI);
        } else if (command == 'A' && numbers_read(&at, n, 5) == 5) {
            cairo_arc(cr, n[0], n[1], n[2], n[3] * M_PI / 180, n[4] * M_PI / 180);
        } else if (command == 'Z') {
            cairo_close_path(cr);
        }
    }
}

static void icon_draw(struct canvas *canvas, const struct icon *icon, struct box box,
                      struct colour colour)
{
    cairo_t *cr = canvas->cr;
    double size = fmin(box.width, box.height);

    cairo_save(cr);
    cairo_translate(cr, box.x + (box.width - size) / 2, box.y + (box.height - size) / 2);
    cairo_scale(cr, size / 24, size / 24);
    cairo_new_path(cr);
    path_trace(cr, icon->path);
    canvas_colour(canvas, colour, 1);
    cairo_set_line_width(cr, 1.8);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
    cairo_restore(cr);
}

void icon_badge(struct canvas *canvas, const struct icon *icon, struct box box, struct colour disc,
                struct colour ink)
{
    double size = fmin(box.width, box.height);
    double x = box.x + box.width / 2, y = box.y + box.height / 2, inner = size * 0.54;

    shape_disc(canvas, x, y, size / 2, disc, 1);
    icon_draw(canvas, icon, (struct box){ x - inner / 2, y - inner / 2, inner, inner }, ink);
}

const struct icon *icon_named(const char *name)
{
    for (int i = 0; name && i < ICONS; i++) {
        if (strcmp(icons[i].name, name) == 0) {
            return &icons[i];
        }
    }
    return NULL;
}

const char *icon_name(const struct icon *icon)
{
    return icon->name;
}

/* Returns the length of the longest listed word that the given one begins with, or 0. */
static size_t words_match(const char *words, const char *word, size_t size)
{
    size_t longest = 0;

    for (const char *at = words; *at;) {
        size_t length = strcspn(at, " ");

        if (length <= size && length > longest && strncasecmp(at, word, length) == 0) {
            longest = length;
        }
        at += length + (at[length] == ' ');
    }
    return longest;
}

static const struct icon *icon_for_word(const char *word, size_t size)
{
    const struct icon *best = NULL;
    size_t longest = 0;

    for (int i = 0; i < ICONS; i++) {
        size_t length = words_match(icons[i].words, word, size);

        if (length > longest) {
            longest = length;
            best = &icons[i];
        }
    }
    return best;
}

/* Returns the icon for the first word of the text that selects one. */
static const struct icon *icon_in(const char *text)
{
    const struct icon *found = NULL;

    for (const char *at = text; at && *at && !found;) {
        size_t size = 0;

        while (at[size] && (isalnum((unsigned char)at[size]) || (unsigned char)at[size] >= 0x80)) {
            size++;
        }
        found = size ? icon_for_word(at, size) : NULL;
        at += size ? size : 1;
    }
    return found;
}

const struct icon *icon_find(const char *name, const char *title, const char *description)
{
    const struct icon *found = icon_named(name);

    found = found ? found : icon_in(name);
    found = found ? found : icon_in(title);
    found = found ? found : icon_in(description);
    return found ? found : &icons[0];
}
