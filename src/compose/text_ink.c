/* text_ink.c - the letters of each text are the mask for the pixels of the image that must have its
 * colour; the pixels around them show what they have to stand out from. */
#include "compose/text_ink.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INK = 224,     /* alpha from which a pixel is a letter: its colour is not mixed */
    FAINT = 16,    /* alpha below which a pixel is not a letter */
    AROUND = 3,    /* pixels from a letter at which the ground is looked for */
    SAME = 48,     /* levels of brightness by which JPEG may change a letter */
    LEAST_INK = 8, /* pixels; thin type has none of its own colour */
    STEPS = 211    /* tenths of a contrast, 0 to 21 */
};

static const double least_whole = 0.9; /* of the letters */
/* The layouts guarantee 4.5; half of the ground may have a little less by compression and texture,
 * a tenth of it much less. */
static const double median_contrast = 4.2, low_contrast = 3;
static const double least_overlap = 3; /* pixels of two texts' boxes, in both directions */

struct ink_map {
    uint8_t *mask; /* alpha of the letters of all texts */
    const struct image *image;
    double light[256]; /* relative luminance of a grey level, WCAG 2 */
};

struct text_pixels {     /* of one text */
    int letters, same;   /* pixels of its letters, and those that have its colour */
    int contrast[STEPS]; /* pixels of the ground around them, by their contrast */
    int ground;          /* number of these pixels */
};

static uint8_t alpha_at(const struct ink_map *map, int x, int y)
{
    return map->mask[(size_t)y * (size_t)map->image->width + (size_t)x];
}

static const uint8_t *pixel_at(const struct ink_map *map, int x, int y)
{
    return map->image->pixels +
           ((size_t)y * (size_t)map->image->width + (size_t)x) * (size_t)map->image->channels;
}

static double brightness(const uint8_t *p)
{
    return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

static double luminance(const struct ink_map *map, const uint8_t *p)
{
    return 0.2126 * map->light[p[0]] + 0.7152 * map->light[p[1]] + 0.0722 * map->light[p[2]];
}

/* Draws all texts where they are. */
static bool draw_texts(const struct composition *composition, int width, int height, uint8_t **out,
                       struct error *err)
{
    struct canvas canvas;
    bool good;

    if (!canvas_new(width, height, &canvas, err)) {
        return false;
    }
    for (int i = 0; i < composition->text_count; i++) {
        const struct composed_text *text = &composition->texts[i];
        struct lettering lettering = text->lettering;

        lettering.colour = COLOUR_WHITE;
        lettering.alpha = 1;
        (void)lettering_draw(&canvas, text->text, text->space, &lettering);
    }
    good = canvas_alpha(&canvas, out, err);
    canvas_free(&canvas);
    return good;
}

/* Returns true if neither the pixel nor one beside it is a letter or its soft edge. */
static bool is_ground(const struct ink_map *map, int x, int y)
{
    if (x < 1 || y < 1 || x >= map->image->width - 1 || y >= map->image->height - 1) {
        return false;
    }
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            if (alpha_at(map, x + dx, y + dy) >= FAINT) {
                return false;
            }
        }
    }
    return true;
}

/* Measures the ground on four sides of a letter's pixel. */
static void look_around(const struct ink_map *map, int x, int y, double letters,
                        struct text_pixels *out)
{
    static const int across[4] = { AROUND, -AROUND, 0, 0 }, down[4] = { 0, 0, AROUND, -AROUND };

    for (int i = 0; i < 4; i++) {
        double ground, contrast;

        if (is_ground(map, x + across[i], y + down[i])) {
            ground = luminance(map, pixel_at(map, x + across[i], y + down[i]));
            contrast = (fmax(letters, ground) + 0.05) / (fmin(letters, ground) + 0.05);
            out->contrast[(int)(contrast * 10)]++;
            out->ground++;
        }
    }
}

/* Letters reach beyond the box of their lines: accents, swashes, Arabic tails. */
static void read_pixels(const struct ink_map *map, const struct composed_text *text,
                        struct text_pixels *out)
{
    const struct colour *colour = &text->lettering.colour;
    const uint8_t wanted[3] = { (uint8_t)lround(colour->r * 255), (uint8_t)lround(colour->g * 255),
                                (uint8_t)lround(colour->b * 255) };
    double more = text->lettering.size * 0.4, light = luminance(map, wanted);
    const struct box *box = &text->box;
    int right = (int)fmin(map->image->width - 1, ceil(box->x + box->width + more));
    int bottom = (int)fmin(map->image->height - 1, ceil(box->y + box->height + more));

    *out = (struct text_pixels){ 0 };
    for (int y = (int)fmax(0, box->y - more); y <= bottom; y++) {
        for (int x = (int)fmax(0, box->x - more); x <= right; x++) {
            if (alpha_at(map, x, y) >= INK) {
                out->letters++;
                out->same += fabs(brightness(pixel_at(map, x, y)) - brightness(wanted)) <= SAME;
                look_around(map, x, y, light, out);
            }
        }
    }
}

/* Returns the contrast that this share of the ground does not exceed. */
static double contrast_at(const struct text_pixels *pixels, double share)
{
    int below = 0, step = 0;

    while (step < STEPS - 1 && below + pixels->contrast[step] <= share * pixels->ground) {
        below += pixels->contrast[step++];
    }
    return pixels->ground > 0 ? step / 10.0 : 1;
}

/* Writes the fault of a text with the beginning of it. */
static void say(struct text_ink *out, const struct composed_text *text, const char *why)
{
    size_t size = strnlen(text->text, 40);

    if (out->fault) {
        return;
    }
    while (size > 0 && text->text[size] && ((uint8_t)text->text[size] & 0xc0) == 0x80) {
        size--; /* not within a character */
    }
    out->fault = text;
    snprintf(out->message, sizeof out->message, "%s: \"%.*s%s\"", why, (int)size, text->text,
             text->text[size] ? "..." : "");
}

static bool overlap(const struct box *a, const struct box *b)
{
    double across = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double down = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);

    return across > least_overlap && down > least_overlap;
}

static void measure_text(const struct ink_map *map, const struct composed_text *text,
                         struct text_ink *out)
{
    const struct box *box = &text->box;
    struct text_pixels pixels;
    double whole, median, low;
    char why[80];

    if (box->x < -1 || box->y < -1 || box->x + box->width > map->image->width + 1 ||
        box->y + box->height > map->image->height + 1) {
        say(out, text, "a text is cut off by the edge of the image");
    }
    read_pixels(map, text, &pixels);
    if (pixels.letters < LEAST_INK) {
        return;
    }
    whole = (double)pixels.same / pixels.letters;
    out->whole = fmin(out->whole, whole);
    if (whole < least_whole) {
        snprintf(why, sizeof why, "only %.0f %% of a text's letters can be seen", whole * 100);
        say(out, text, why);
    }
    median = contrast_at(&pixels, 0.5);
    low = contrast_at(&pixels, 0.1);
    out->contrast = fmin(out->contrast, median);
    if (median < median_contrast || low < low_contrast) {
        snprintf(why, sizeof why, "a text does not stand out from its ground (contrast %.1f)",
                 fmin(median, low));
        say(out, text, why);
    }
}

static double linear(double value)
{
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

bool text_ink_measure(const struct composition *composition, const struct image *image,
                      struct text_ink *out, struct error *err)
{
    struct ink_map map = { .image = image };

    *out = (struct text_ink){ .contrast = 21, .whole = 1 };
    if (!draw_texts(composition, image->width, image->height, &map.mask, err)) {
        return false;
    }
    for (int i = 0; i < 256; i++) {
        map.light[i] = linear(i / 255.0);
    }
    for (int i = 0; i < composition->text_count; i++) {
        const struct composed_text *text = &composition->texts[i];

        measure_text(&map, text, out);
        for (int j = 0; j < i; j++) {
            if (overlap(&text->box, &composition->texts[j].box)) {
                say(out, text, "a text is drawn over another one");
            }
        }
    }
    if (!out->fault) {
        snprintf(out->message, sizeof out->message,
                 "the letters of %d texts can be seen, with a contrast of at least %.1f",
                 composition->text_count, out->contrast);
    }
    free(map.mask);
    return true;
}
