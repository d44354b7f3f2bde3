/* demo_photo.c - renders a bottle, a solid of revolution lit by two soft boxes and a window, pixel
 * by pixel.
 *
 * All lengths are fractions of the image height. (0, 0) is the centre, y grows downwards. */
#include "draw/demo_photo.h"

#include <math.h>

#include "draw/lettering.h"

enum { SAMPLES = 3 }; /* samples per pixel in each direction, for smooth edges */

enum material { COAT, STEEL, CAP, SEAL };

struct ring { /* a ring of the profile, from the top down */
    double y, radius;
    enum material material; /* up to the next ring */
};

static const struct ring profile[] = {
    { -0.420, 0.050, CAP },   { -0.417, 0.060, CAP },  { -0.410, 0.065, CAP },
    { -0.318, 0.068, CAP },   { -0.312, 0.066, SEAL }, { -0.305, 0.066, STEEL },
    { -0.283, 0.066, STEEL }, { -0.280, 0.068, COAT }, { -0.105, 0.1465, COAT },
    { 0.385, 0.1465, COAT },  { 0.388, 0.1455, SEAL }, { 0.392, 0.1450, STEEL },
    { 0.413, 0.1445, CAP },   { 0.424, 0.1420, CAP },  { 0.429, 0.1350, CAP },
};

enum { RINGS = sizeof profile / sizeof *profile };

struct hit {
    double radius,
        slope; /* of the profile at this height; slope is the change of the radius with y */
    enum material material;
};

static bool profile_at(double y, struct hit *out)
{
    for (int i = 0; i + 1 < RINGS; i++) {
        const struct ring *a = &profile[i], *b = &profile[i + 1];

        if (y >= a->y && y < b->y) {
            double part = (y - a->y) / (b->y - a->y);
            double smooth = a->material == COAT ? part * part * (3 - 2 * part) : part;

            out->radius = a->radius + (b->radius - a->radius) * smooth;
            out->slope = (b->radius - a->radius) / (b->y - a->y);
            out->material = a->material;
            return true;
        }
    }
    return false;
}

/* The slope changes in steps between rings; the mean over a short distance restores the intended
 * curve. */
static double slope_at(double y)
{
    struct hit above, below;
    double half_span = 0.011;

    if (!profile_at(y - half_span, &above) || !profile_at(y + half_span, &below)) {
        return 0;
    }
    return (below.radius - above.radius) / (2 * half_span);
}

static double smooth_step(double from, double to, double x)
{
    double part = (x - from) / (to - from);

    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return part * part * (3 - 2 * part);
}

/* Returns the brightness of the studio in the direction of a mirror's reflection: a large soft
 * box on the left, a narrow one on the right, dark between them, bright ceiling and floor. */
static double studio(double x, double y)
{
    double left = smooth_step(-0.97, -0.88, x) * (1 - smooth_step(-0.62, -0.38, x));
    double right = smooth_step(0.66, 0.78, x) * (1 - smooth_step(0.90, 0.965, x));
    double fill = 0.16 + 0.10 * smooth_step(-0.4, 0.3, x) - 0.13 * exp(-pow((x - 0.42) / 0.16, 2));
    double edge = 0.22 * smooth_step(0.95, 1.0, fabs(x));

    return fill + 1.05 * left + 0.72 * right + edge + 0.35 * smooth_step(0.3, 0.95, -y) +
           0.12 * smooth_step(0.2, 0.9, y);
}

static double hash(double x, double y)
{
    double value = sin(x * 127.1 + y * 311.7) * 43758.5453;

    return value - floor(value) - 0.5;
}

static struct colour shade(const struct hit *hit, double nx, double ny, double x, double y)
{
    static const struct colour coat = { 0.078, 0.275, 0.305 }, cap = { 0.105, 0.115, 0.122 };
    double nz = sqrt(fmax(0, 1 - nx * nx - ny * ny));
    double lambert = fmax(0, -0.62 * nx - 0.38 * ny + 0.68 * nz);
    double rim = pow(1 - nz, 3.5), mirror = studio(nx, ny);
    struct colour out;

    if (hit->material == STEEL) { /* brushed steel: the reflection, with fine horizontal lines */
        double line = 1 + 0.07 * hash(floor(y * 1400), 3) + 0.02 * hash(floor(y * 3100), 9);
        double value = (0.26 + 0.72 * mirror) * line;

        out = (struct colour){ value * 0.985, value * 0.99, value };
    } else if (hit->material == SEAL) {
        out = (struct colour){ 0.035, 0.04, 0.045 };
    } else {
        bool is_cap = hit->material == CAP;
        const struct colour *base = is_cap ? &cap : &coat;
        double ribs = is_cap && y > -0.402 && y < -0.324
                          ? 0.86 + 0.30 * sin(asin(fmax(-1, fmin(1, nx))) * 46)
                          : 1;
        double grain = is_cap ? 1 : 1 + 0.045 * hash(floor(x * 1500), floor(y * 1500));
        double light = (0.30 + 0.86 * lambert) * grain * ribs;
        double gloss = (is_cap ? 0.085 : 0.15) * mirror * grain * ribs + 0.10 * rim;

        out = (struct colour){ base->r * light + gloss, base->g * light + gloss * 1.01,
                               base->b * light + gloss * 1.02 };
        double dim = 1 - 0.38 * smooth_step(0.78, 1.0, fabs(nx)) + 0.22 * rim;
        out = colour_mix(COLOUR_BLACK, out, fmin(1, dim));
    }
    return out;
}

/* Grooves, and shadows of parts on those below them. */
static double depth(double y)
{
    double under_cap = 1 - 0.45 * exp(-fmax(0, y + 0.305) / 0.006) * (y > -0.305);
    double shoulder = 1 - 0.40 * exp(-fmax(0, y + 0.280) / 0.010) * (y > -0.280);
    double foot = 1 - 0.30 * smooth_step(0.30, 0.43, y);

    return under_cap * shoulder * foot;
}

static struct colour backdrop(double x, double y)
{
    double distance = x * x * 0.5 + (y + 0.05) * (y + 0.05) * 0.35;
    double base = 0.952 - 0.05 * distance;
    double across = x / 0.36, down = (y - 0.425) / 0.042;
    double shadow = 0.135 * exp(-(across * across + down * down) * 1.6);
    double cast_shadow = 0.05 * exp(-pow((x - 0.20) / 0.20, 2) - pow((y - 0.418) / 0.035, 2));
    double value = base - shadow - cast_shadow;

    return (struct colour){ value, value * 1.001, value * 0.998 };
}

static struct colour sample_at(double x, double y)
{
    struct hit hit;

    /* The base is round: seen from slightly above, its centre is lower than its sides. */
    double lift = y > 0.30 ? 0.014 * (x / 0.1465) * (x / 0.1465) * smooth_step(0.30, 0.42, y) : 0;

    if (profile_at(y + lift, &hit) && fabs(x) < hit.radius) {
        double slope = slope_at(y + lift), nx = x / hit.radius;
        double scale = 1 / sqrt(1 + slope * slope);
        struct colour c = shade(&hit, nx * scale, -slope * scale, x, y);

        return colour_mix(COLOUR_BLACK, c, depth(y));
    }
    return backdrop(x, y);
}

static uint8_t byte_of(double value)
{
    return (uint8_t)lround(255 * fmin(1, fmax(0, value)));
}

static void pixel_draw(uint8_t *out, int px, int py, int size)
{
    struct colour sum = { 0, 0, 0 };

    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
        double x = (px + (i % SAMPLES + 0.5) / SAMPLES) / size - 0.5;
        double y = (py + (i / SAMPLES + 0.5) / SAMPLES) / size - 0.5;
        struct colour c = sample_at(x, y);

        sum = (struct colour){ sum.r + c.r, sum.g + c.g, sum.b + c.b };
    }
    out[0] = byte_of(sum.r / (SAMPLES * SAMPLES));
    out[1] = byte_of(sum.g / (SAMPLES * SAMPLES));
    out[2] = byte_of(sum.b / (SAMPLES * SAMPLES));
}

/* Draws the maker's name, etched into the coating. */
static void mark_draw(struct canvas *canvas)
{
    double size = canvas->height;
    struct box box = { size * 0.5 - size * 0.11, size * 0.52, size * 0.22, size * 0.05 };
    struct lettering how = { .weight = WEIGHT_SEMIBOLD,
                             .size = size * 0.0235,
                             .lines = 1,
                             .colour = colour_hex(0xd8e6e4),
                             .alpha = 0.86,
                             .align = ALIGN_CENTRE,
                             .valign = VALIGN_MIDDLE,
                             .spacing = 0.30 };
    cairo_t *cr = canvas->cr;

    lettering_draw(canvas, "TARNWELL", box, &how);
    canvas_colour(canvas, colour_hex(0xd8e6e4), 0.86);
    cairo_set_line_width(cr, size * 0.0026);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_move_to(cr, size * 0.470, size * 0.512);
    cairo_line_to(cr, size * 0.491, size * 0.474);
    cairo_line_to(cr, size * 0.503, size * 0.495);
    cairo_line_to(cr, size * 0.510, size * 0.484);
    cairo_line_to(cr, size * 0.527, size * 0.512);
    cairo_close_path(cr);
    cairo_stroke(cr);
}

bool demo_photo_draw(int size, struct image *out, struct error *err)
{
    struct canvas canvas;
    cairo_surface_t *photo;
    struct image unmarked;
    bool good;

    if (!image_new(size, size, 3, &unmarked, err)) {
        return false;
    }
    for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
            pixel_draw(unmarked.pixels + ((size_t)y * (size_t)size + (size_t)x) * 3, x, y, size);
        }
    }
    if (!surface_from_image(&unmarked, &photo, err)) {
        image_free(&unmarked);
        return false;
    }
    image_free(&unmarked);
    good = canvas_new(size, size, &canvas, err);
    if (good) {
        cairo_set_source_surface(canvas.cr, photo, 0, 0);
        cairo_paint(canvas.cr);
        mark_draw(&canvas);
        good = canvas_image(&canvas, 3, out, err);
        canvas_free(&canvas);
    }
    cairo_surface_destroy(photo);
    return good;
}
