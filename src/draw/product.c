/* product.c - prepares a seller's photo for use in a picture. */
#include "draw/product.h"

#include <math.h>

#include "draw/shape.h"
#include "image/cut_out/cut_out.h"
#include "image/measure.h"
#include "image/resize.h"

enum { EDGE_MAX = 2000, VISIBLE_ALPHA = 24 };

/* Scales down: photos have up to 50 megapixels, and no picture needs more than this. */
static bool photo_shrink(struct image *photo, struct error *err)
{
    int edge = photo->width > photo->height ? photo->width : photo->height;
    struct image small;

    if (edge <= EDGE_MAX) {
        return true;
    }
    double scale = (double)EDGE_MAX / edge;
    if (!image_scale(photo, (int)fmax(1, photo->width * scale), (int)fmax(1, photo->height * scale),
                     &small, err)) {
        return false;
    }
    image_free(photo);
    *photo = small;
    return true;
}

static bool is_transparent(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height, clear = 0;

    for (size_t i = 0; image->channels == 4 && i < count; i++) {
        clear += image->pixels[i * 4 + 3] < 8;
    }
    return clear * 20 > count;
}

/* Crops to the visible part. Returns false if nothing is visible. */
static bool trim(struct image *image, struct error *err)
{
    struct pixel_box box;
    struct image part;

    measure_visible(image, VISIBLE_ALPHA, &box);
    if (box.right - box.left < 8 || box.bottom - box.top < 8) {
        return error_set(err, ERROR_INPUT, "no product is visible in the photo");
    }
    if (!image_crop(image, box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1,
                    &part, err)) {
        return false;
    }
    image_free(image);
    *image = part;
    return true;
}

/* Weights the pixels by their saturation. */
struct colour product_colour(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height, step = count / 20000 + 1;
    struct colour sum = { 0, 0, 0 };
    double weight = 1e-9;

    for (size_t i = 0; i < count; i += step) {
        const uint8_t *p = image->pixels + i * (size_t)image->channels;
        struct colour c = { p[0] / 255.0, p[1] / 255.0, p[2] / 255.0 };
        double w = (image->channels == 4 ? p[3] / 255.0 : 1) * 0.001;
        double saturation = fmax(c.r, fmax(c.g, c.b)) - fmin(c.r, fmin(c.g, c.b));

        w += saturation * saturation * (image->channels == 4 ? p[3] / 255.0 : 1);
        sum.r += c.r * w;
        sum.g += c.g * w;
        sum.b += c.b * w;
        weight += w;
    }
    return (struct colour){ sum.r / weight, sum.g / weight, sum.b / weight };
}

static bool prepare(struct image *photo, struct product *out, struct error *err)
{
    struct error uncertain;
    struct image cut;

    if (is_transparent(photo)) {
        out->cut = true;
    } else if (image_cut_out(photo, &cut, &uncertain)) {
        image_free(photo);
        *photo = cut;
        out->cut = true;
    }
    if (out->cut && !trim(photo, err)) {
        return false;
    }
    out->width = photo->width;
    out->height = photo->height;
    out->colour = product_colour(photo);
    if (!surface_from_image(photo, &out->surface, err)) {
        return false;
    }
    out->pixels = *photo;
    *photo = (struct image){ 0 };
    return true;
}

bool product_open(const struct blob *photo, struct product *out, struct error *err)
{
    const struct image_bounds bounds = { .max_pixels = 100000000,
                                         .enough_edge = EDGE_MAX,
                                         .least_edge = EDGE_MAX / 2,
                                         .work_bytes = 9 };
    struct image image;
    bool good;

    *out = (struct product){ 0 };
    if (!image_decode(photo, &bounds, &image, NULL, err)) {
        return false;
    }
    good = photo_shrink(&image, err) && prepare(&image, out, err);
    image_free(&image);
    return good;
}

void product_close(struct product *product)
{
    if (product->surface) {
        cairo_surface_destroy(product->surface);
    }
    image_free(&product->pixels);
    *product = (struct product){ 0 };
}

struct box product_fit(const struct product *product, struct box box)
{
    double scale = fmin(box.width / product->width, box.height / product->height);
    double width = product->width * scale, height = product->height * scale;

    return (struct box){ box.x + (box.width - width) / 2,
                         box.y + (box.height - height) * (product->cut ? 1 : 0.5), width, height };
}

/* Scales the product's pixels. Returns NULL without memory. */
static cairo_surface_t *scaled_surface(const struct product *product, int width, int height)
{
    cairo_surface_t *out = NULL;
    struct image scaled = { 0 };
    struct error ignored;

    if (!image_scale(&product->pixels, width, height, &scaled, &ignored) ||
        !surface_from_image(&scaled, &out, &ignored)) {
        out = NULL;
    }
    image_free(&scaled);
    return out;
}

/* Cairo's filters, and a place between pixels, would blur the product: it would not pass for the
 * photo's. */
void product_paint(struct canvas *canvas, const struct product *product, struct box at)
{
    int left = (int)lround(at.x), top = (int)lround(at.y);
    int width = (int)fmax(1, lround(at.width)), height = (int)fmax(1, lround(at.height));
    bool is_exact = width == product->width && height == product->height;
    cairo_surface_t *scaled =
        product->pixels.pixels && !is_exact ? scaled_surface(product, width, height) : NULL;
    cairo_t *cr = canvas->cr;

    cairo_save(cr);
    cairo_rectangle(cr, left, top, width, height);
    cairo_clip(cr);
    cairo_translate(cr, left, top);
    if (!scaled) {
        cairo_scale(cr, (double)width / product->width, (double)height / product->height);
    }
    cairo_set_source_surface(cr, scaled ? scaled : product->surface, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(scaled); /* NULL is allowed */
}

static void draw_ellipse(struct canvas *canvas, const void *context)
{
    const struct box *at = context;
    cairo_t *cr = canvas->cr;

    cairo_save(cr);
    cairo_translate(cr, at->x + at->width / 2, at->y + at->height);
    cairo_scale(cr, at->width / 2, at->height);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(cr);
    cairo_set_source_rgba(cr, 0, 0, 0, 1);
    cairo_fill(cr);
}

/* Draws a contact shadow: dark and sharp where the product touches the floor, lighter and wider
 * further out. */
static void draw_contact_shadow(struct canvas *canvas, struct box at, double alpha)
{
    static const struct {
        double wide, high, blur, alpha;
    } rings[] = { { 1.3, 0.10, 0.16, 0.30 },
                  { 1.04, 0.045, 0.05, 0.42 },
                  { 0.93, 0.018, 0.015, 0.5 } };

    for (int i = 0; i < 3; i++) {
        double width = at.width * rings[i].wide, height = at.width * rings[i].high;
        struct box ellipse = { at.x + (at.width - width) / 2,
                               at.y + at.height - height - at.width * 0.012, width, height };

        shape_soft(canvas, &(struct soft_shape){ .shape = draw_ellipse,
                                                 .context = &ellipse,
                                                 .blur = at.width * rings[i].blur,
                                                 .colour = colour_hex(0x0a1014),
                                                 .alpha = alpha * rings[i].alpha });
    }
}

struct box product_place(struct canvas *canvas, const struct product *product, struct box box,
                         double shadow)
{
    struct box at = product_fit(product, box);
    double radius = fmin(at.width, at.height) * 0.04;

    if (product->cut) {
        draw_contact_shadow(canvas, at, shadow);
        product_paint(canvas, product, at);
        return at;
    }
    shape_shadow(canvas, at, radius, at.width * 0.05, 0.3 * shadow);
    cairo_save(canvas->cr);
    shape_round(canvas, at, radius);
    cairo_clip(canvas->cr);
    product_paint(canvas, product, at);
    cairo_restore(canvas->cr);
    return at;
}

struct cast {
    const struct product *product;
    struct box at;
    double lean;
};

static void draw_cast(struct canvas *canvas, const void *context)
{
    const struct cast *cast = context;
    struct box at = cast->at;
    double length = 0.42; /* length of the shadow, in heights of the product */
    cairo_matrix_t matrix;
    cairo_t *cr = canvas->cr;

    cairo_save(cr);
    /* The base stays in place; higher parts are displaced sideways and backwards on the floor. */
    cairo_matrix_init(&matrix, 1, 0, -cast->lean, length, 0, 0);
    cairo_translate(cr, at.x, at.y + at.height * 0.985);
    cairo_transform(cr, &matrix);
    cairo_scale(cr, at.width / cast->product->width, at.height / cast->product->height);
    cairo_set_source_rgba(cr, 0, 0, 0, 1);
    cairo_mask_surface(cr, cast->product->surface, 0, -cast->product->height);
    cairo_restore(cr);
}

void product_cast_shadow(struct canvas *canvas, const struct product *product, struct box at,
                         double lean, double alpha)
{
    struct cast cast = { product, at, lean };

    if (product->cut) {
        shape_soft(canvas, &(struct soft_shape){ .shape = draw_cast,
                                                 .context = &cast,
                                                 .blur = at.width * 0.07,
                                                 .colour = colour_hex(0x1c120a),
                                                 .alpha = alpha });
    }
}
