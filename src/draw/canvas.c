/* canvas.c - converts between image buffers (straight alpha, bytes in order) and cairo's
 * (premultiplied). */
#include "draw/canvas.h"

#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdlib.h>
#include <string.h>

#include "draw/font.h"

enum { PIXELS_MAX = 40000000 };

static bool text_begin_with(struct canvas *canvas)
{
    /* font maps must not be shared between threads */
    PangoFontMap *fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);

    if (!fonts) {
        return false;
    }
    if (font_config()) {
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts), font_config());
    }
    canvas->text = pango_font_map_create_context(fonts);
    g_object_unref(fonts);
    if (canvas->text) {
        cairo_font_options_t *options = cairo_font_options_create();

        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(canvas->text, options);
        pango_cairo_context_set_resolution(canvas->text, 72); /* one point is one pixel */
        pango_context_set_round_glyph_positions(canvas->text, FALSE);
        cairo_font_options_destroy(options);
    }
    return canvas->text != NULL;
}

bool canvas_new(int width, int height, struct canvas *out, struct error *err)
{
    *out = (struct canvas){ .width = width, .height = height };
    if (width < 1 || height < 1 || (int64_t)width * height > PIXELS_MAX) {
        return error_set(err, ERROR_INPUT, "cannot draw a picture of %dx%d pixels", width, height);
    }
    out->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    out->cr = cairo_create(out->surface);
    if (cairo_status(out->cr) != CAIRO_STATUS_SUCCESS || !text_begin_with(out)) {
        canvas_free(out);
        return error_set(err, ERROR_INTERNAL, "out of memory for a picture of %dx%d pixels", width,
                         height);
    }
    return true;
}

void canvas_free(struct canvas *canvas)
{
    if (canvas->text) {
        g_object_unref(canvas->text);
    }
    if (canvas->cr) {
        cairo_destroy(canvas->cr);
    }
    if (canvas->surface) {
        cairo_surface_destroy(canvas->surface);
    }
    *canvas = (struct canvas){ 0 };
}

/* Adds white where the drawing is transparent. */
static void row_on_white(const uint32_t *from, uint8_t *to, int width)
{
    for (int x = 0; x < width; x++, to += 3) {
        uint32_t pixel = from[x], white = 255 - (pixel >> 24);
        uint32_t part[3] = { pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255 };

        for (int c = 0; c < 3; c++) {
            uint32_t value = part[c] + white;

            to[c] = (uint8_t)(value > 255 ? 255 : value);
        }
    }
}

/* Divides by alpha, which is 0 or 255 almost everywhere. */
static void row_straight(const uint32_t *from, uint8_t *to, int width)
{
    for (int x = 0; x < width; x++, to += 4) {
        uint32_t pixel = from[x], alpha = pixel >> 24;
        uint32_t part[3] = { pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255 };

        if (alpha == 0) {
            memset(to, 0, 4);
            continue;
        }
        for (int c = 0; c < 3; c++) {
            uint32_t value = alpha == 255 ? part[c] : (part[c] * 255 + alpha / 2) / alpha;

            to[c] = (uint8_t)(value > 255 ? 255 : value);
        }
        to[3] = (uint8_t)alpha;
    }
}

static bool is_drawn(const struct canvas *canvas, struct error *err)
{
    cairo_status_t status = cairo_status(canvas->cr);

    return status == CAIRO_STATUS_SUCCESS ||
           error_set(err, ERROR_INTERNAL, "cannot draw: %s", cairo_status_to_string(status));
}

static const uint32_t *row_of(const struct canvas *canvas, int y)
{
    int stride = cairo_image_surface_get_stride(canvas->surface);

    return (const uint32_t *)(const void *)(cairo_image_surface_get_data(canvas->surface) +
                                            (ptrdiff_t)y * stride);
}

bool canvas_image(const struct canvas *canvas, int channels, struct image *out, struct error *err)
{
    if (!is_drawn(canvas, err) || !image_new(canvas->width, canvas->height, channels, out, err)) {
        return false;
    }
    cairo_surface_flush(canvas->surface);
    for (int y = 0; y < canvas->height; y++) {
        (channels == 3
             ? row_on_white
             : row_straight)(row_of(canvas, y),
                             out->pixels + (size_t)y * (size_t)canvas->width * (size_t)channels,
                             canvas->width);
    }
    return true;
}

bool canvas_alpha(const struct canvas *canvas, uint8_t **out, struct error *err)
{
    size_t width = (size_t)canvas->width;

    if (!is_drawn(canvas, err)) {
        return false;
    }
    *out = malloc(width * (size_t)canvas->height);
    if (!*out) {
        return error_set(err, ERROR_INTERNAL, "no memory for %d x %d pixels", canvas->width,
                         canvas->height);
    }
    cairo_surface_flush(canvas->surface);
    for (int y = 0; y < canvas->height; y++) {
        const uint32_t *row = row_of(canvas, y);

        for (size_t x = 0; x < width; x++) {
            (*out)[(size_t)y * width + x] = (uint8_t)(row[x] >> 24);
        }
    }
    return true;
}

static void row_in(const uint8_t *from, uint32_t *to, int width, int channels)
{
    for (int x = 0; x < width; x++, from += channels) {
        uint32_t alpha = channels == 4 ? from[3] : 255, r = from[0], g = from[1], b = from[2];

        if (alpha < 255) {
            r = (r * alpha + 127) / 255;
            g = (g * alpha + 127) / 255;
            b = (b * alpha + 127) / 255;
        }
        to[x] = alpha << 24 | r << 16 | g << 8 | b;
    }
}

bool surface_from_image(const struct image *image, cairo_surface_t **out, struct error *err)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image->width, image->height);
    int stride = cairo_image_surface_get_stride(surface);
    uint8_t *data = cairo_image_surface_get_data(surface);

    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(surface);
        return error_set(err, ERROR_INTERNAL, "out of memory for a picture");
    }
    cairo_surface_flush(surface);
    for (int y = 0; y < image->height; y++) {
        row_in(image->pixels + (size_t)y * (size_t)image->width * (size_t)image->channels,
               (uint32_t *)(void *)(data + (ptrdiff_t)y * stride), image->width, image->channels);
    }
    cairo_surface_mark_dirty(surface);
    *out = surface;
    return true;
}

void canvas_colour(struct canvas *canvas, struct colour colour, double alpha)
{
    cairo_set_source_rgba(canvas->cr, colour.r, colour.g, colour.b, alpha);
}

void canvas_fill(struct canvas *canvas, struct colour colour)
{
    canvas_colour(canvas, colour, 1);
    cairo_paint(canvas->cr);
}

struct box box_of_canvas(const struct canvas *canvas)
{
    return (struct box){ 0, 0, canvas->width, canvas->height };
}

struct box box_inset(struct box box, double by)
{
    return (struct box){ box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by };
}
