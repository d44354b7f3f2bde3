/* logo.c - the brand's logo: on the ground if it is legible there, else on a panel. */
#include <math.h>
#include <stdlib.h>

#include "compose/design.h"
#include "draw/shape.h"
#include "image/measure.h"
#include "image/resize.h"

enum { VISIBLE_ALPHA = 24, SOLID_ALPHA = 128, PLAIN_LEVELS = 14, SAMPLES = 40000 };

/* Height of a logo in sizes of the type that it replaces, and the largest shares of the stack that
 * it takes. */
static const double type_sizes = 2.4, stack_height = 0.3, stack_width = 0.5;

/* The clear space around a logo, and the padding of its panel, in heights of the logo. */
static const double clear_space = 0.3, padding = 0.28;

/* A small logo is enlarged at most by this factor. */
static const double max_enlarge = 2;

/* Contrast below which two colours look the same. */
static const double same_colour = 1.03;

/* Share of the logo's pixels that must have CONTRAST_LINE with what is behind them. */
static const double legible_share = 0.75;

static struct colour pixel_colour(const uint8_t *pixel)
{
    return (struct colour){ pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0 };
}

/* Returns the share of the visible pixels that stand out from this colour. */
static double share_legible(const struct image *logo, struct colour ground)
{
    int64_t count = (int64_t)logo->width * logo->height, step = 1 + count / SAMPLES;
    int64_t solid = 0, legible = 0;

    for (int64_t i = 0; i < count; i += step) {
        const uint8_t *pixel = logo->pixels + i * logo->channels;

        if (pixel[3] >= SOLID_ALPHA) {
            solid++;
            legible += colour_contrast(pixel_colour(pixel), ground) >= CONTRAST_LINE;
        }
    }
    return solid > 0 ? (double)legible / (double)solid : 0;
}

static bool is_near(const uint8_t *pixel, const uint8_t *other)
{
    return abs(pixel[0] - other[0]) <= PLAIN_LEVELS && abs(pixel[1] - other[1]) <= PLAIN_LEVELS &&
           abs(pixel[2] - other[2]) <= PLAIN_LEVELS;
}

/* Finds the box of the pixels that differ from the first one. Returns false if the edge of the logo
 * has more than one colour: then it is no background that could continue around the logo. */
static bool find_on_plain(const struct image *logo, struct pixel_box *box)
{
    *box = (struct pixel_box){ logo->width, logo->height, -1, -1 };
    for (int y = 0; y < logo->height; y++) {
        for (int x = 0; x < logo->width; x++) {
            const uint8_t *pixel = logo->pixels + ((size_t)y * (size_t)logo->width + (size_t)x) * 4;

            if (!is_near(pixel, logo->pixels)) {
                box->left = x < box->left ? x : box->left;
                box->right = x > box->right ? x : box->right;
                box->top = y < box->top ? y : box->top;
                box->bottom = y;
            }
        }
    }
    return box->right >= 0 && box->left > 0 && box->top > 0 && box->right < logo->width - 1 &&
           box->bottom < logo->height - 1;
}

static bool is_opaque(const struct image *logo)
{
    size_t count = (size_t)logo->width * (size_t)logo->height;

    for (size_t i = 0; i < count; i++) {
        if (logo->pixels[i * 4 + 3] < 250) {
            return false;
        }
    }
    return true;
}

/* Returns the logo with 4 channels, without transparent margins. */
static bool trim(const struct image *in, struct image *out, struct error *err)
{
    struct image four = { 0 };
    struct pixel_box box;
    bool good;

    if (!image_new(in->width, in->height, 4, &four, err)) {
        return false;
    }
    for (size_t i = 0; i < (size_t)in->width * (size_t)in->height; i++) {
        const uint8_t *from = in->pixels + i * (size_t)in->channels;
        uint8_t *to = four.pixels + i * 4;

        to[0] = from[0];
        to[1] = from[1];
        to[2] = from[2];
        to[3] = in->channels == 4 ? from[3] : 255;
    }
    good = measure_visible(&four, VISIBLE_ALPHA, &box) > 0 ||
           error_set(err, ERROR_INPUT, "the logo is empty");
    good = good && image_crop(&four, box.left, box.top, box.right - box.left + 1,
                              box.bottom - box.top + 1, out, err);
    image_free(&four);
    return good;
}

/* Removes the plain margin of an opaque logo, and notes its colour. */
static bool trim_plain(struct logo *logo, struct error *err)
{
    struct image whole = logo->image;
    struct pixel_box box;

    logo->plain = find_on_plain(&whole, &box);
    if (!logo->plain) {
        return true;
    }
    logo->edge = pixel_colour(whole.pixels);
    logo->image = (struct image){ 0 };
    if (!image_crop(&whole, box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1,
                    &logo->image, err)) {
        image_free(&whole);
        return false;
    }
    image_free(&whole);
    return true;
}

bool logo_open(struct design *design, const struct image *image, struct error *err)
{
    struct logo *logo = &design->logo;

    if (!trim(image, &logo->image, err)) {
        return false;
    }
    logo->opaque = is_opaque(&logo->image);
    return !logo->opaque || trim_plain(logo, err);
}

void logo_close(struct design *design)
{
    image_free(&design->logo.image);
}

/* Chooses the panel of a logo on this ground. Returns false if it needs none. */
static bool choose_panel(const struct design *design, struct colour ground, struct colour *out)
{
    const struct logo *logo = &design->logo;
    struct colour light = COLOUR_WHITE, dark = colour_hex(0x16181d);

    if (logo->opaque) { /* its own background continues around it, unless it is the ground */
        *out = logo->edge;
        return logo->plain && colour_contrast(logo->edge, ground) > same_colour;
    }
    if (share_legible(&logo->image, ground) >= legible_share) {
        return false;
    }
    *out = share_legible(&logo->image, light) >= share_legible(&logo->image, dark) ? light : dark;
    return true;
}

bool logo_plan(const struct design *design, const struct layout_item *item, struct colour ground,
               double width, double height, struct placed_logo *out)
{
    const struct image *image = &design->logo.image;
    double ratio = (double)image->width / image->height;
    double high = fmin(type_sizes * item->size * design->canvas.height, stack_height * height);
    double wide = fmin(stack_width * width, max_enlarge * image->width);

    *out = (struct placed_logo){ 0 };
    out->panelled = choose_panel(design, ground, &out->panel);
    out->ground = out->panelled ? out->panel : ground;
    high /= out->panelled ? 1 + 2 * padding : 1;
    high = fmin(fmin(high, max_enlarge * image->height), wide / ratio);
    out->logo_width = round(high * ratio);
    out->logo_height = round(high);
    out->pad = out->panelled ? round(high * padding) : 0;
    out->width = out->logo_width + 2 * out->pad;
    out->height = out->logo_height + 2 * out->pad + round(high * clear_space);
    return out->logo_width >= 1 && out->logo_height >= 1;
}

bool logo_draw(struct design *design, const struct placed_logo *placed, struct box at,
               struct error *err)
{
    struct box panel = { round(at.x), round(at.y), placed->width,
                         placed->logo_height + 2 * placed->pad };
    struct image scaled = { 0 };
    cairo_surface_t *surface = NULL;
    cairo_t *cr = design->canvas.cr;
    bool good = image_scale(&design->logo.image, (int)placed->logo_width, (int)placed->logo_height,
                            &scaled, err) &&
                surface_from_image(&scaled, &surface, err);

    image_free(&scaled);
    if (!good) {
        return false;
    }
    if (placed->panelled) {
        shape_panel(&design->canvas, panel, placed->pad, placed->panel, 1);
    }
    cairo_set_source_surface(cr, surface, panel.x + placed->pad, panel.y + placed->pad);
    cairo_paint(cr);
    cairo_surface_destroy(surface);
    design->record->logo = panel;
    design->record->logo_legible =
        design->logo.opaque ? 1 : share_legible(&design->logo.image, placed->ground);
    return true;
}
