/* rejection_picture.c - draws the places of photo and answer side by side. */
#include "jobs/types/rejection_picture.h"

#include <math.h>

#include "draw/lettering.h"
#include "draw/shape.h"
#include "image/compose.h"
#include "image/resize.h"

enum {
    GAP = 8,
    PANEL = (REJECTION_WIDTH - 3 * GAP) / 2, /* width of each of the two */
    PANEL_HEIGHT = 360,                      /* at most */
    CAPTION = 24,
    TYPE = 14,
    LINE = 2
};

static const double enlarged = 4;  /* at most */
static const double part = 0.3;    /* of the image's width, that is shown at least */
static const double covered = 0.6; /* of what is shown: a larger place is not outlined */

struct rejection_panel {
    const struct image *image;
    const struct pixel_box *place; /* NULL: not known */
    const char *caption;
    struct pixel_box view; /* what is shown of the image */
    double scale;
    bool outlined; /* the place is */
};

static int width_of(const struct pixel_box *box)
{
    return box->right - box->left + 1;
}

static int height_of(const struct pixel_box *box)
{
    return box->bottom - box->top + 1;
}

/* Sets the range of pixels around a place, within the image. */
static void spread(int from, int to, double wanted, int size, int *first, int *last)
{
    int length = (int)fmin(size, fmax(1, lround(wanted)));
    int start = (from + to + 1 - length) / 2;

    *first = start < 0 ? 0 : start + length > size ? size - length : start;
    *last = *first + length - 1;
}

static void choose_view(struct rejection_panel *panel)
{
    const struct image *image = panel->image;
    const struct pixel_box *place = panel->place;

    panel->view = (struct pixel_box){ 0, 0, image->width - 1, image->height - 1 };
    if (place) {
        spread(place->left, place->right, fmax(2.0 * width_of(place), part * image->width),
               image->width, &panel->view.left, &panel->view.right);
        spread(place->top, place->bottom, fmax(3.0 * height_of(place), part * image->height),
               image->height, &panel->view.top, &panel->view.bottom);
    }
    panel->scale = fmin(enlarged, fmin((double)PANEL / width_of(&panel->view),
                                       (double)PANEL_HEIGHT / height_of(&panel->view)));
}

/* Crops, scales and flattens what is shown. */
static bool read_view(const struct rejection_panel *panel, cairo_surface_t **out)
{
    const struct pixel_box *view = &panel->view;
    struct image crop = { 0 }, scaled = { 0 }, flat = { 0 };
    struct error ignored;
    bool good =
        image_crop(panel->image, view->left, view->top, width_of(view), height_of(view), &crop,
                   &ignored) &&
        image_scale(&crop, (int)fmax(1, lround(width_of(view) * panel->scale)),
                    (int)fmax(1, lround(height_of(view) * panel->scale)), &scaled, &ignored);

    image_free(&crop);
    if (good && scaled.channels == 4) {
        good = image_flatten(&scaled, &flat, &ignored);
    }
    good = good && surface_from_image(flat.pixels ? &flat : &scaled, out, &ignored);
    image_free(&scaled);
    image_free(&flat);
    return good;
}

/* Returns true if the place is a part of what is shown. */
static bool is_part(const struct rejection_panel *panel)
{
    const struct pixel_box *place = panel->place, *view = &panel->view;

    return (double)width_of(place) * height_of(place) <=
           covered * width_of(view) * (double)height_of(view);
}

static void outline_place(struct canvas *canvas, const struct rejection_panel *panel, double x,
                          double y)
{
    const struct pixel_box *place = panel->place, *view = &panel->view;
    struct box box = { x + (place->left - view->left) * panel->scale,
                       y + (place->top - view->top) * panel->scale, width_of(place) * panel->scale,
                       height_of(place) * panel->scale };

    box = box_inset(box, -2 * LINE);
    shape_outline(canvas, box, LINE, colour_hex(0xffffff), 2 * LINE);
    shape_outline(canvas, box, LINE, colour_hex(0xd0281c), LINE);
}

/* Draws the panel with its left edge at x. */
static bool draw_panel(struct canvas *canvas, const struct rejection_panel *panel, double x)
{
    double width = width_of(&panel->view) * panel->scale;
    double left = x + floor((PANEL - width) / 2), top = GAP + CAPTION;
    cairo_surface_t *surface;

    if (!read_view(panel, &surface)) {
        return false;
    }
    lettering_draw(canvas, panel->caption, (struct box){ x, GAP, PANEL, CAPTION },
                   &(struct lettering){ .weight = WEIGHT_SEMIBOLD,
                                        .size = TYPE,
                                        .lines = 1,
                                        .colour = colour_hex(0x14201f),
                                        .align = ALIGN_CENTRE,
                                        .valign = VALIGN_TOP });
    cairo_save(canvas->cr);
    cairo_rectangle(canvas->cr, x, top, PANEL, canvas->height - top - GAP);
    cairo_clip(canvas->cr);
    cairo_set_source_surface(canvas->cr, surface, left, top);
    cairo_paint(canvas->cr);
    if (panel->outlined) {
        outline_place(canvas, panel, left, top);
    }
    cairo_restore(canvas->cr);
    cairo_surface_destroy(surface);
    return true;
}

/* Uses the best quality that fits the limit. */
static void encode(const struct image *picture, struct blob *out)
{
    static const int qualities[] = { 85, 70, 55, 40, 25 };
    struct error ignored;

    for (size_t i = 0; i < sizeof qualities / sizeof *qualities && out->size == 0; i++) {
        if (!image_encode_jpeg(picture, qualities[i], true, out, &ignored) ||
            out->size > REJECTION_BYTES) {
            blob_free(out);
        }
    }
}

void rejection_picture(const struct image *image, const struct image *photo,
                       const struct check_place *place, struct blob *out)
{
    struct rejection_panel panels[2] = { { .image = photo,
                                           .place = place && place->in_photo ? &place->photo : NULL,
                                           .caption = "Photo" },
                                         { .image = image,
                                           .place = place && place->in_image ? &place->image : NULL,
                                           .caption = "Rejected image" } };
    int first = photo ? 0 : 1, height = 0;
    struct canvas canvas = { 0 };
    struct image picture = { 0 };
    struct error ignored;
    bool good;

    blob_free(out);
    for (int i = first; i < 2; i++) {
        choose_view(&panels[i]);
        height = (int)fmax(height, ceil(height_of(&panels[i].view) * panels[i].scale));
    }
    for (int i = first; i < 2; i++) { /* both, or none */
        panels[i].outlined = panels[i].place && is_part(&panels[i]) &&
                             (!panels[0].place || is_part(&panels[0])) &&
                             (!panels[1].place || is_part(&panels[1]));
    }
    good = canvas_new((2 - first) * (PANEL + GAP) + GAP, GAP + CAPTION + height + GAP, &canvas,
                      &ignored);
    if (good) {
        canvas_fill(&canvas, colour_hex(0xeef1f0));
    }
    for (int i = first; good && i < 2; i++) {
        good = draw_panel(&canvas, &panels[i], GAP + (i - first) * (double)(PANEL + GAP));
    }
    if (good && canvas_image(&canvas, 3, &picture, &ignored)) {
        encode(&picture, out);
    }
    canvas_free(&canvas);
    image_free(&picture);
}
