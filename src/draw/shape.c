/* shape.c - simple shapes and lighting. */
#include "draw/shape.h"

#include <math.h>

void shape_round(struct canvas *canvas, struct box box, double radius)
{
    cairo_t *cr = canvas->cr;
    double r = fmin(radius, fmin(box.width, box.height) / 2);
    double right = box.x + box.width, bottom = box.y + box.height;

    cairo_new_sub_path(cr);
    cairo_arc(cr, right - r, box.y + r, r, -M_PI / 2, 0);
    cairo_arc(cr, right - r, bottom - r, r, 0, M_PI / 2);
    cairo_arc(cr, box.x + r, bottom - r, r, M_PI / 2, M_PI);
    cairo_arc(cr, box.x + r, box.y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

void shape_panel(struct canvas *canvas, struct box box, double radius, struct colour colour,
                 double alpha)
{
    shape_round(canvas, box, radius);
    canvas_colour(canvas, colour, alpha);
    cairo_fill(canvas->cr);
}

void shape_outline(struct canvas *canvas, struct box box, double radius, struct colour colour,
                   double line)
{
    shape_round(canvas, box_inset(box, line / 2), radius);
    canvas_colour(canvas, colour, 1);
    cairo_set_line_width(canvas->cr, line);
    cairo_stroke(canvas->cr);
}

void shape_disc(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double alpha)
{
    cairo_new_path(canvas->cr);
    cairo_arc(canvas->cr, x, y, radius, 0, 2 * M_PI);
    canvas_colour(canvas, colour, alpha);
    cairo_fill(canvas->cr);
}

void shape_line(struct canvas *canvas, const double ends[4], struct colour colour, double line)
{
    cairo_move_to(canvas->cr, ends[0], ends[1]);
    cairo_line_to(canvas->cr, ends[2], ends[3]);
    canvas_colour(canvas, colour, 1);
    cairo_set_line_width(canvas->cr, line);
    cairo_set_line_cap(canvas->cr, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(canvas->cr);
}

static void arrow_head(struct canvas *canvas, double x, double y, double angle, double size)
{
    cairo_t *cr = canvas->cr;

    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    cairo_move_to(cr, 0, 0);
    cairo_line_to(cr, -size, -size * 0.42);
    cairo_line_to(cr, -size * 0.82, 0);
    cairo_line_to(cr, -size, size * 0.42);
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_restore(cr);
}

void shape_measure(struct canvas *canvas, const double ends[4], struct colour colour, double line)
{
    double angle = atan2(ends[3] - ends[1], ends[2] - ends[0]), size = line * 6.5;
    double dx = cos(angle) * size * 0.7, dy = sin(angle) * size * 0.7;
    const double inner[4] = { ends[0] + dx, ends[1] + dy, ends[2] - dx, ends[3] - dy };

    shape_line(canvas, inner, colour, line);
    arrow_head(canvas, ends[2], ends[3], angle, size);
    arrow_head(canvas, ends[0], ends[1], angle + M_PI, size);
}

static void fill_with(struct canvas *canvas, struct box box, cairo_pattern_t *pattern)
{
    cairo_rectangle(canvas->cr, box.x, box.y, box.width, box.height);
    cairo_set_source(canvas->cr, pattern);
    cairo_fill(canvas->cr);
    cairo_pattern_destroy(pattern);
}

void shape_fade(struct canvas *canvas, struct box box, struct colour top, struct colour bottom)
{
    cairo_pattern_t *pattern = cairo_pattern_create_linear(0, box.y, 0, box.y + box.height);

    cairo_pattern_add_color_stop_rgb(pattern, 0, top.r, top.g, top.b);
    cairo_pattern_add_color_stop_rgb(pattern, 1, bottom.r, bottom.g, bottom.b);
    fill_with(canvas, box, pattern);
}

void shape_glow(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double strength)
{
    cairo_pattern_t *pattern = cairo_pattern_create_radial(x, y, 0, x, y, radius);

    for (int i = 0; i <= 8; i++) { /* cosine falloff, so that no ring is visible at the edge */
        double at = i / 8.0, fall = (1 + cos(M_PI * at)) / 2;

        cairo_pattern_add_color_stop_rgba(pattern, at, colour.r, colour.g, colour.b,
                                          strength * fall);
    }
    fill_with(canvas, box_of_canvas(canvas), pattern);
}

struct rounded {
    struct box box;
    double radius;
};

static void rounded_shape(struct canvas *canvas, const void *context)
{
    const struct rounded *rounded = context;

    shape_panel(canvas, rounded->box, rounded->radius, COLOUR_BLACK, 1);
}

void shape_shadow(struct canvas *canvas, struct box box, double radius, double blur, double alpha)
{
    struct rounded rounded = { box, radius };

    rounded.box.y += blur * 0.45;
    shape_soft(canvas, &(struct soft_shape){ .shape = rounded_shape,
                                             .context = &rounded,
                                             .blur = blur,
                                             .colour = colour_hex(0x0b1620),
                                             .alpha = alpha });
}

void shape_grain(struct canvas *canvas, double strength)
{
    uint32_t seed = 0x9e3779b9u;
    int stride = cairo_image_surface_get_stride(canvas->surface);
    uint8_t *data = cairo_image_surface_get_data(canvas->surface);

    cairo_surface_flush(canvas->surface);
    for (int y = 0; data && y < canvas->height; y++) {
        uint8_t *row = data + (ptrdiff_t)y * stride;

        for (int x = 0; x < canvas->width; x++, row += 4) {
            int noise = -510;

            for (int i = 0; i < 4; i++) { /* the sum of four approximates a normal distribution */
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                noise += (int)(seed & 255);
            }
            noise = (int)lround(noise * strength / 147.0);
            for (int c = 0; c < 3 && row[3] == 255; c++) {
                int value = row[c] + noise;

                row[c] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
        }
    }
    cairo_surface_mark_dirty(canvas->surface);
}
