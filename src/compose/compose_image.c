/* compose_image.c - the picture, and the text, icons and lines on it. */
#include <math.h>
#include <stdio.h>

#include "compose/design.h"
#include "draw/font.h"
#include "draw/shape.h"
#include "image/measure.h"
#include "image/resize.h"
#include "model/features.h"

enum { VISIBLE_ALPHA = 24 }; /* pixels below it do not count as product */

double composition_smallest(const struct composition *composition)
{
    double smallest = composition->text_count > 0 ? 1 : 0;

    for (int i = 0; i < composition->text_count; i++) {
        smallest = fmin(smallest, composition->texts[i].size);
    }
    return smallest;
}

double composition_contrast(const struct composition *composition)
{
    double lowest = 21;

    for (int i = 0; i < composition->text_count; i++) {
        lowest = fmin(lowest, composition->texts[i].contrast);
    }
    return lowest;
}

static bool paint_surface(struct design *design, const struct image *image, struct box at,
                          double radius, struct error *err)
{
    cairo_t *cr = design->canvas.cr;
    cairo_surface_t *surface;

    if (!surface_from_image(image, &surface, err)) {
        return false;
    }
    cairo_save(cr);
    shape_round(&design->canvas, at, radius);
    cairo_clip(cr);
    cairo_set_source_surface(cr, surface, at.x, at.y);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
    return true;
}

/* Crops a plate that is too small to the shape, and enlarges it. */
static bool enlarge(const struct design *design, const struct image *plate, int width, int height,
                    struct image *out, struct error *err)
{
    double ratio = (double)width / height;
    int crop_width = (int)fmax(1, fmin(plate->width, round(plate->height * ratio)));
    int crop_height = (int)fmax(1, fmin(plate->height, round(plate->width / ratio)));
    double factor = (double)width / crop_width;
    struct image part = { 0 };
    bool good;

    if (factor > design->max_enlarge) {
        error_set(err, ERROR_INPUT,
                  "the plate has %d x %d pixels, too few for a picture of %d x %d", plate->width,
                  plate->height, width, height);
        return error_hint(err, "Choose a smaller --size or another --layout.");
    }
    design->record->enlarged = factor;
    good = image_crop(plate, (plate->width - crop_width) / 2, (plate->height - crop_height) / 2,
                      crop_width, crop_height, &part, err) &&
           image_scale(&part, width, height, out, err);
    image_free(&part);
    return good;
}

/* Draws a scene, cropped to the shape of the picture box. */
static bool draw_scene(struct design *design, const struct image *plate, struct error *err)
{
    struct box at = design_box(design, design->form->picture, box_of_canvas(&design->canvas));
    struct image fitted = { 0 };
    bool good;

    at = (struct box){ round(at.x), round(at.y), round(at.width), round(at.height) };
    good = (design->max_enlarge > 1 && (plate->width < at.width || plate->height < at.height)
                ? enlarge(design, plate, (int)at.width, (int)at.height, &fitted, err)
                : image_cover(plate, (int)at.width, (int)at.height, &fitted, err)) &&
           paint_surface(design, &fitted, at, design->form->radius * 100 * design->unit, err);
    image_free(&fitted);
    design->record->product = at;
    return good;
}

/* Scales the visible part of a cut-out into the product box. */
static bool place_cut_out(struct design *design, const struct image *plate, struct error *err)
{
    static const double shares[] = { 0, 0.5, 1 };
    struct box box = design_box(design, design->form->product, box_of_canvas(&design->canvas));
    struct product *product = &design->product;
    struct image part = { 0 }, scaled = { 0 };
    struct pixel_box visible;
    struct box at;
    bool good;

    if (plate->channels != 4 || measure_visible(plate, VISIBLE_ALPHA, &visible) == 0) {
        return error_set(err, ERROR_OUTPUT, "no product found in the image");
    }
    *product = (struct product){ .cut = true,
                                 .width = visible.right - visible.left + 1,
                                 .height = visible.bottom - visible.top + 1 };
    at = product_fit(product, box);
    at.y = box.y + (box.height - at.height) * shares[design->form->valign];
    at = (struct box){ round(at.x), round(at.y), fmax(1, round(at.width)),
                       fmax(1, round(at.height)) };
    good =
        image_crop(plate, visible.left, visible.top, product->width, product->height, &part, err) &&
        image_scale(&part, (int)at.width, (int)at.height, &scaled, err) &&
        surface_from_image(&scaled, &product->surface, err);
    image_free(&part);
    product->pixels = scaled;
    product->width = (int)at.width;
    product->height = (int)at.height;
    design->product_at = design->record->product = at;
    return good;
}

/* A product that is measured has no shadow, which would blur its edges. */
static bool draw_cut_out(struct design *design, const struct image *plate, struct error *err)
{
    if (!place_cut_out(design, plate, err)) {
        return false;
    }
    if (design->form->measured) {
        if (!measures_choose(design, err)) {
            return false;
        }
        product_paint(&design->canvas, &design->product, design->product_at);
        measures_draw(design);
    } else {
        product_place(&design->canvas, &design->product, design->product_at, 0.6);
    }
    return true;
}

/* Draws fine lines, as on squared paper. */
static void draw_grid(struct design *design, struct box box, struct colour colour)
{
    double step = design->unit * 4, line = fmax(1, design->unit * 0.1);

    for (int i = 1; i * step < box.width; i++) {
        double x = box.x + i * step;

        shape_line(&design->canvas, (double[4]){ x, box.y, x, box.y + box.height }, colour, line);
    }
    for (int i = 1; i * step < box.height; i++) {
        double y = box.y + i * step;

        shape_line(&design->canvas, (double[4]){ box.x, y, box.x + box.width, y }, colour, line);
    }
}

static void draw_shapes(struct design *design)
{
    for (int i = 0; i < design->form->shape_count; i++) {
        const struct layout_shape *shape = &design->form->shapes[i];
        struct box box = design_box(design, shape->box, box_of_canvas(&design->canvas));
        struct colour colour = tint_colour(&design->colours, shape->tint);

        if (shape->kind == SHAPE_GRID) {
            draw_grid(design, box, colour);
        } else if (shape->kind == SHAPE_DISC) {
            shape_disc(&design->canvas, box.x + box.width / 2, box.y + box.height / 2,
                       fmin(box.width, box.height) / 2, colour, 1);
        } else {
            shape_panel(&design->canvas, box, shape->radius * 100 * design->unit, colour, 1);
        }
    }
}

static bool draw(struct design *design, const struct image *plate, struct error *err)
{
    bool scene = design->layout->plate == PLATE_SCENE;

    canvas_fill(&design->canvas, tint_colour(&design->colours, design->form->ground));
    draw_shapes(design);
    if (!(scene ? draw_scene : draw_cut_out)(design, plate, err)) {
        return false;
    }
    for (int i = 0; i < design->form->stack_count; i++) {
        if (!design_stack(design, &design->form->stacks[i], err)) {
            return false;
        }
    }
    return true;
}

bool compose_image(const struct composition_request *request, const struct image *plate,
                   struct composition *record, struct image *out, struct error *err)
{
    struct size size = request->size;
    struct design design = {
        .brief = request->brief,
        .layout = request->layout,
        .form = layout_form(request->layout, size),
        .record = record,
        .subject = features_main(request->brief),
        .max_enlarge = request->max_enlarge,
        .mirrored = lettering_is_rtl(request->brief->product_name),
        .unit = (size.width < size.height ? size.width : size.height) / 100.0,
    };
    struct error empty;
    bool good;

    *record = (struct composition){ .layout = request->layout->name };
    record->font_missing = request->brief->brand.font_family[0] != '\0' &&
                           !font_has_family(request->brief->brand.font_family);
    if (!canvas_new(size.width, size.height, &design.canvas, err)) {
        return false;
    }
    design.colours = brand_colours_of(&request->brief->brand, product_colour(plate));
    if (request->logo && !logo_open(&design, request->logo, &empty)) {
        logo_close(&design); /* the brand's name takes its place */
    }
    good = draw(&design, plate, err) && canvas_image(&design.canvas, 3, out, err);
    logo_close(&design);
    product_close(&design.product);
    canvas_free(&design.canvas);
    return good;
}
