/* product_view.c - from pixels to the grid. */
#include "image/product/product_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/colour/lab.h"
#include "image/cut_out/cut_out.h"
#include "image/largest_part.h"
#include "image/product/photo_grid.h"
#include "image/resize.h"

enum {
    REDUCED_EDGE = 480,
    VISIBLE = 64,
    LEAST_PART = 50 /* of the photo, that the product takes at least */
};

/* Smaller parts, of the largest, are soft shadows and remains of a background. */
static const double least_piece = 0.0015;

/* Fills from `at`; returns the number of visible pixels reached, which are unmarked. */
static int fill_piece(uint8_t *visible, int width, int height, int *stack, int at)
{
    int count = 0, depth = 0;

    stack[depth++] = at;
    visible[at] = 0;
    while (depth > 0) {
        int from = stack[--depth], x = from % width, y = from / width;

        count++;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                int nx = x + dx, ny = y + dy, next = ny * width + nx;

                if (nx >= 0 && ny >= 0 && nx < width && ny < height && visible[next]) {
                    visible[next] = 0;
                    stack[depth++] = next;
                }
            }
        }
    }
    return count;
}

/* Counts connected pieces of visible pixels. */
static bool count_pieces(const struct image *image, struct product_view *out)
{
    int count = image->width * image->height, largest = 0, all = 0;
    uint8_t *visible = malloc((size_t)count);
    int *stack = malloc((size_t)count * sizeof *stack), *sizes = NULL, found = 0;

    sizes = malloc((size_t)count * sizeof *sizes);
    if (!visible || !stack || !sizes) {
        free(visible);
        free(stack);
        free(sizes);
        return false;
    }
    for (int i = 0; i < count; i++) {
        visible[i] = image->pixels[(size_t)i * 4 + 3] >= VISIBLE;
    }
    for (int i = 0; i < count; i++) {
        if (visible[i]) {
            sizes[found] = fill_piece(visible, image->width, image->height, stack, i);
            largest = sizes[found] > largest ? sizes[found] : largest;
            found++;
        }
    }
    for (int i = 0; i < found; i++) {
        if (sizes[i] >= fmax(2, least_piece * largest)) {
            out->pieces++;
            all += sizes[i];
        }
    }
    out->apart = largest > 0 ? (double)(all - largest) / largest : 0;
    free(visible);
    free(stack);
    free(sizes);
    return largest > 0;
}

/* Takes an image of VIEW_SIDE, with 3 or 4 channels. */
static void read_grid(const struct image *grid, struct product_view *out)
{
    for (int i = 0; i < VIEW_CELLS; i++) {
        const uint8_t *p = grid->pixels + (size_t)i * (size_t)grid->channels;
        float lab[3];

        out->alpha[i] = grid->channels == 4 ? (float)p[3] / 255 : 1;
        lab_of_srgb(p, lab);
        for (int c = 0; c < 3; c++) {
            out->lab[c][i] = lab[c];
        }
    }
}

bool product_view_of(const struct image *image, struct product_view *out)
{
    struct image product = { 0 }, grid = { 0 };
    struct pixel_box box;
    struct error ignored;
    int width, height;
    bool good;

    *out = (struct product_view){ 0 };
    if (measure_visible(image, VISIBLE, &box) == 0 || !count_pieces(image, out)) {
        return false;
    }
    width = box.right - box.left + 1;
    height = box.bottom - box.top + 1;
    out->aspect = (double)width / height;
    good = image_crop(image, box.left, box.top, width, height, &product, &ignored) &&
           image_scale(&product, VIEW_SIDE, VIEW_SIDE, &grid, &ignored);
    if (good) {
        read_grid(&grid, out);
    }
    image_free(&product);
    image_free(&grid);
    return good;
}

static int reduction_of(const struct image *image)
{
    int longer = image->width > image->height ? image->width : image->height;

    return (longer + REDUCED_EDGE - 1) / REDUCED_EDGE;
}

static bool reduce_by(const struct image *image, int by, struct image *out)
{
    struct error ignored;

    return image_new((image->width + by - 1) / by, (image->height + by - 1) / by, image->channels,
                     out, &ignored) &&
           image_reduce(image, by, out, &ignored);
}

/* Adds a row of pixels, weighted by its coverage, to sums of red, green, blue and coverage. */
static void add_row(const uint8_t *restrict pixels, const uint8_t *restrict coverage, int width,
                    uint32_t *restrict sums)
{
    for (int x = 0; x < width; x++) {
        uint32_t weight = coverage[x];

        sums[x * 4] += pixels[x * 3] * weight;
        sums[x * 4 + 1] += pixels[x * 3 + 1] * weight;
        sums[x * 4 + 2] += pixels[x * 3 + 2] * weight;
        sums[x * 4 + 3] += weight;
    }
}

/* Writes the means of squares from the sums of their columns. */
static void write_means(const uint32_t *sums, int width, int by, uint8_t *to)
{
    for (int x = 0; x < width; x++, to += 4) {
        uint32_t sum[4] = { 0 };

        for (int i = 0; i < by; i++, sums += 4) {
            for (int c = 0; c < 4; c++) {
                sum[c] += sums[c];
            }
        }
        for (int c = 0; c < 3; c++) { /* the half keeps whole numbers from being rounded down */
            to[c] = sum[3] > 0 ? (uint8_t)((sum[c] + 0.5) * (1.0 / sum[3])) : 255;
        }
        to[3] = (uint8_t)(sum[3] / (uint32_t)(by * by));
    }
}

bool product_view_on_white(const struct image *image, const uint8_t *coverage,
                           struct product_view *out)
{
    int by = reduction_of(image);
    size_t width = (size_t)image->width, size = width * 4 * sizeof(uint32_t);
    struct image small = { 0 };
    struct error ignored;
    uint32_t *sums = malloc(size);
    bool good = sums && image_new(image->width / by, image->height / by, 4, &small, &ignored);

    for (int y = 0; good && y < small.height; y++) {
        memset(sums, 0, size);
        for (int dy = 0; dy < by; dy++) {
            size_t at = (size_t)(y * by + dy) * width;

            add_row(image->pixels + at * 3, coverage + at, image->width, sums);
        }
        write_means(sums, small.width, by, small.pixels + (size_t)y * (size_t)small.width * 4);
    }
    good = good && product_view_of(&small, out);
    image_free(&small);
    free(sums);
    return good;
}

/* -- the seller's photo ---------------------------------------------------------------------- */

static bool is_transparent(const struct image *image)
{
    struct pixel_box box;

    return image->channels == 4 &&
           measure_visible(image, VISIBLE, &box) < (int64_t)image->width * image->height * 19 / 20;
}

/* Sets the mean colour of the photo's border. */
static void read_backdrop(const struct image *photo, struct product_view *out)
{
    unsigned sum[3] = { 0 }, count = 0;
    uint8_t mean[3];

    for (int i = 0; i < photo->width * photo->height; i++) {
        int x = i % photo->width, y = i / photo->width;
        const uint8_t *p = photo->pixels + (size_t)i * (size_t)photo->channels;

        if (x == 0 || y == 0 || x == photo->width - 1 || y == photo->height - 1) {
            count++;
            for (int c = 0; c < 3; c++) {
                sum[c] += p[c];
            }
        }
    }
    for (int c = 0; c < 3; c++) {
        mean[c] = (uint8_t)(count > 0 ? sum[c] / count : 0);
    }
    lab_of_srgb(mean, out->backdrop);
    out->has_backdrop = true;
}

void product_reference_open(const struct image *photo, struct product_reference *out)
{
    int by = reduction_of(photo);
    struct image small = { 0 };
    struct error ignored;

    *out = (struct product_reference){ .photo = photo };
    if (!reduce_by(photo, by, &small)) {
        image_free(&small);
        return;
    }
    if (is_transparent(&small)) {
        out->cut_out = small;
        small = (struct image){ 0 };
    } else {
        (void)!image_cut_out_to_compare(&small, &out->cut_out, &ignored);
    }
    out->alone = out->cut_out.pixels && product_view_of(&out->cut_out, &out->view) &&
                 measure_visible(&out->cut_out, VISIBLE, &out->box) > 0;
    if (out->alone && small.pixels) {
        read_backdrop(&small, &out->view);
    }
    image_free(&small);
    out->box = (struct pixel_box){ out->box.left * by, out->box.top * by,
                                   out->box.right * by + by - 1, out->box.bottom * by + by - 1 };
    out->box.right = out->box.right < photo->width ? out->box.right : photo->width - 1;
    out->box.bottom = out->box.bottom < photo->height ? out->box.bottom : photo->height - 1;
}

bool product_reference_take(struct product_reference *reference, struct pixel_box box,
                            const struct product_view *shape)
{
    int width = box.right - box.left + 1, height = box.bottom - box.top + 1;
    struct image product = { 0 }, grid = { 0 };
    struct product_view *view = &reference->view;
    struct error ignored;
    bool good =
        image_crop(reference->photo, box.left, box.top, width, height, &product, &ignored) &&
        image_scale(&product, VIEW_SIDE, VIEW_SIDE, &grid, &ignored);

    if (good) {
        *view = *shape;
        view->aspect = (double)width / height;
        read_grid(&grid, view);
        memcpy(view->alpha, shape->alpha, sizeof view->alpha);
        reference->box = box;
    }
    image_free(&product);
    image_free(&grid);
    return good;
}

void product_reference_take_light(struct product_reference *reference, const struct light *light)
{
    product_view_take_light(&reference->view, light);
    reference->lights[reference->light_count++] = *light;
}

double product_reference_gain(const struct product_reference *reference)
{
    double gain = 1;

    for (int i = 0; i < reference->light_count; i++) {
        gain *= reference->lights[i].gain;
    }
    return fmax(gain, 1);
}

/* Finds the cells before the backdrop. Returns their number. */
static int box_before_backdrop(const struct photo_grid *grid, struct pixel_box *out)
{
    int count = 0;

    *out = (struct pixel_box){ grid->width, grid->height, -1, -1 };
    for (int i = 0; i < grid->width * grid->height; i++) {
        int x = i % grid->width, y = i / grid->width;

        if (grid->cells[i] != CELL_BACKDROP) {
            out->left = x < out->left ? x : out->left;
            out->right = x > out->right ? x : out->right;
            out->top = y < out->top ? y : out->top;
            out->bottom = y;
            count++;
        }
    }
    return count;
}

/* Sets the view to what the photo shows before its backdrop: parts of the product's colour may be
 * missing. Good enough to look for it in a scene. */
static bool view_roughly(const struct image *photo, struct product_view *out)
{
    struct photo_grid grid;
    struct pixel_box box;
    bool good = photo_grid_read(photo, &grid) &&
                box_before_backdrop(&grid, &box) * LEAST_PART >= grid.width * grid.height;

    if (good) {
        int width = box.right - box.left + 1, height = box.bottom - box.top + 1;

        *out = (struct product_view){ .aspect = (double)width / height, .pieces = 1 };
        for (int i = 0; i < VIEW_CELLS; i++) {
            int x = box.left + i % VIEW_SIDE * width / VIEW_SIDE;
            int y = box.top + i / VIEW_SIDE * height / VIEW_SIDE;
            size_t at = (size_t)(y * grid.width + x);

            out->alpha[i] = grid.cells[at] != CELL_BACKDROP ? 1 : 0;
            for (int c = 0; c < 3; c++) {
                out->lab[c][i] = grid.lab[at * 3 + (size_t)c];
            }
        }
    }
    photo_grid_free(&grid);
    return good;
}

const struct product_view *product_reference_view(const struct product_reference *reference,
                                                  struct product_view *rough)
{
    if (reference->alone) {
        return &reference->view;
    }
    return reference->photo && view_roughly(reference->photo, rough) ? rough : NULL;
}

void product_reference_close(struct product_reference *reference)
{
    image_free(&reference->cut_out);
    *reference = (struct product_reference){ 0 };
}

double product_view_distance(const struct product_view *a, int i, const struct product_view *b,
                             int k)
{
    double l = (a->lab[0][i] - b->lab[0][k]) / 2, red = a->lab[1][i] - b->lab[1][k];
    double yellow = a->lab[2][i] - b->lab[2][k];

    return sqrt(l * l + red * red + yellow * yellow);
}

void product_view_take_light(struct product_view *view, const struct light *light)
{
    for (int i = 0; i < VIEW_CELLS; i++) {
        float lab[3] = { view->lab[0][i], view->lab[1][i], view->lab[2][i] };

        light_take(light, lab);
        for (int c = 0; c < 3; c++) {
            view->lab[c][i] = lab[c];
        }
    }
    if (view->has_backdrop) {
        light_take(light, view->backdrop);
    }
}

int product_view_largest_part(uint8_t marked[VIEW_CELLS])
{
    int stack[VIEW_CELLS];

    return largest_part(marked, VIEW_SIDE, VIEW_SIDE, stack);
}
