/* export_image.c - fits a stored image to a marketplace: shape, size, format. */
#include "export/export_image.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "image/compose.h"
#include "image/resize.h"

/* Bytes per pixel for the extended, the scaled and the flattened copy. */
enum { WORK_BYTES = 16 };

static const double ratio_tolerance = 0.01;
static const struct size square = { 1, 1 };

static void note_change(struct export_image *out, const char *what)
{
    size_t used = strlen(out->change);

    snprintf(out->change + used, sizeof out->change - used, "%s%s", used ? ", " : "", what);
}

static int longer_side(const struct image *image)
{
    return image->width > image->height ? image->width : image->height;
}

static bool has_ratio(int width, int height, const struct size *ratio)
{
    return fabs((double)width * ratio->height / ((double)height * ratio->width) - 1) <=
           ratio_tolerance;
}

/* -- extending --------------------------------------------------------------------------------- */

/* Sets `colour` to the mean of `count` pixels. */
static void mean_colour(const uint8_t *first, size_t stride, int count, uint8_t colour[3])
{
    uint64_t sum[3] = { 0 };

    for (int i = 0; i < count; i++) {
        const uint8_t *pixel = first + (size_t)i * stride;

        for (int c = 0; c < 3; c++) {
            sum[c] += pixel[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        colour[c] = (uint8_t)((sum[c] + (uint64_t)count / 2) / (uint64_t)count);
    }
}

static void fill(struct image *image, int left, int top, int right, int bottom,
                 const uint8_t colour[3])
{
    for (int y = top; y < bottom; y++) {
        uint8_t *to = image->pixels + ((size_t)y * (size_t)image->width + (size_t)left) * 3;

        for (int x = left; x < right; x++, to += 3) {
            memcpy(to, colour, 3);
        }
    }
}

/* Returns the smallest size of this ratio that holds the image. */
static struct size extended_size(const struct image *in, const struct size *ratio)
{
    struct size size = { in->width, in->height };

    if ((int64_t)in->width * ratio->height > (int64_t)in->height * ratio->width) {
        size.height = (int)ceil((double)in->width * ratio->height / ratio->width);
    } else {
        size.width = (int)ceil((double)in->height * ratio->width / ratio->height);
    }
    return size;
}

/* Extends the image at two opposite ends, each in the mean colour of the edge beside it. */
static bool extend(const struct image *in, const struct size *ratio, struct image *out,
                   struct error *err)
{
    struct size size = extended_size(in, ratio);
    int left = (size.width - in->width) / 2, top = (size.height - in->height) / 2;
    size_t row = (size_t)in->width * 3;
    const uint8_t *last_row = in->pixels + (size_t)(in->height - 1) * row;
    uint8_t before[3], after[3];

    if (!image_new(size.width, size.height, 3, out, err)) {
        return false;
    }
    if (size.width > in->width) {
        mean_colour(in->pixels, row, in->height, before);
        mean_colour(in->pixels + row - 3, row, in->height, after);
        fill(out, 0, 0, left, size.height, before);
        fill(out, left + in->width, 0, size.width, size.height, after);
    } else {
        mean_colour(in->pixels, 3, in->width, before);
        mean_colour(last_row, 3, in->width, after);
        fill(out, 0, 0, size.width, top, before);
        fill(out, 0, top + in->height, size.width, size.height, after);
    }
    for (int y = 0; y < in->height; y++) {
        memcpy(out->pixels + ((size_t)(y + top) * (size_t)size.width + (size_t)left) * 3,
               in->pixels + (size_t)y * row, row);
    }
    return true;
}

/* -- one step after the other ------------------------------------------------------------------ */

/* Replaces the image by the result of a step. */
static bool replace(struct image *image, struct image *made, bool good)
{
    if (good) {
        image_free(image);
        *image = *made;
    } else {
        image_free(made);
    }
    return good;
}

static bool flatten(struct image *image, struct export_image *out, struct error *err)
{
    struct image made = { 0 };

    if (image->channels == 3) {
        return true;
    }
    note_change(out, "transparency removed");
    return replace(image, &made, image_flatten(image, &made, err));
}

static bool reshape(struct image *image, const struct size *ratio, const char *what,
                    struct export_image *out, struct error *err)
{
    struct image made = { 0 };

    if (has_ratio(image->width, image->height, ratio)) {
        return true;
    }
    note_change(out, what);
    return replace(image, &made, extend(image, ratio, &made, err));
}

static bool shrink(struct image *image, int longest, struct export_image *out, struct error *err)
{
    struct image made = { 0 };
    double scale = (double)longest / longer_side(image);

    if (longest == 0 || scale >= 1) {
        return true;
    }
    note_change(out, "scaled down");
    return replace(image, &made,
                   image_scale(image, (int)fmax(1, lround(image->width * scale)),
                               (int)fmax(1, lround(image->height * scale)), &made, err));
}

static bool fit_slot(struct image *image, const struct export_target *target,
                     struct export_image *out, struct error *err)
{
    const struct size *slot = &target->slot;
    struct image made = { 0 };
    double scale;
    int width, height;

    if (!reshape(image, slot, "extended to the shape of the module", out, err)) {
        return false;
    }
    scale = fmin((double)image->width / slot->width, (double)image->height / slot->height);
    if (scale < 1) {
        return error_set(err, ERROR_OUTPUT, "it has %d x %d pixels; %d x %d are needed",
                         out->stored_size.width, out->stored_size.height, slot->width,
                         slot->height);
    }
    scale = fmin(scale, target->sharp);
    width = (int)(slot->width * scale);
    height = (int)(slot->height * scale);
    if (width == image->width && height == image->height) {
        return true;
    }
    note_change(out, "scaled down");
    return replace(image, &made, image_scale(image, width, height, &made, err));
}

static bool fit(struct image *image, const struct export_target *target, struct export_image *out,
                struct error *err)
{
    if (!flatten(image, out, err)) {
        return false;
    }
    if (target->slot.width > 0) {
        return fit_slot(image, target, out, err);
    }
    return (!target->square || reshape(image, &square, "extended to a square", out, err)) &&
           shrink(image, target->longest, out, err);
}

/* The best quality that fits the limit; if none does, the rule file_size fails. */
static bool encode(const struct image *image, const struct export_target *target,
                   struct export_image *out, struct error *err)
{
    static const int qualities[] = { 95, 92, 88, 84, 78 };
    int last = (int)(sizeof qualities / sizeof *qualities) - 1;

    for (int i = 0;; i++) {
        if (target->on_white
                ? !image_encode_jpeg_on_white(image, qualities[i], target->ai_made, &out->file, err)
                : !image_encode_jpeg(image, qualities[i], target->ai_made, &out->file, err)) {
            return false;
        }
        if (target->max_bytes == 0 || out->file.size <= target->max_bytes || i == last) {
            return true;
        }
        blob_free(&out->file);
    }
}

static bool has_fitting_size(const struct image_facts *facts, const struct export_target *target)
{
    const struct size *slot = &target->slot;
    int longer = facts->width > facts->height ? facts->width : facts->height;

    if (slot->width > 0) {
        return has_ratio(facts->width, facts->height, slot) && facts->width >= slot->width &&
               facts->height >= slot->height && facts->width <= slot->width * target->sharp;
    }
    return (!target->square || has_ratio(facts->width, facts->height, &square)) &&
           (target->longest == 0 || longer <= target->longest);
}

/* EXIF can tell where a photo was taken, and with what. */
static bool has_exif(const struct blob *file)
{
    return memmem(file->data, file->size, "Exif\0\0", 6) != NULL;
}

/* True if the stored file needs no change but a mark. */
static bool fits(const struct blob *stored, const struct image_facts *facts,
                 const struct export_target *target)
{
    return facts->format == FORMAT_JPEG && facts->orientation <= 1 && !facts->cmyk &&
           facts->colours == COLOURS_SRGB && facts->used_bytes == stored->size &&
           !has_exif(stored) && has_fitting_size(facts, target) &&
           (target->max_bytes == 0 || stored->size <= target->max_bytes);
}

/* Takes the stored file, with the mark of images that a model made added if it lacks it. */
static bool take_stored(struct blob *stored, const struct image_facts *facts,
                        const struct export_target *target, struct export_image *out)
{
    struct error refused;

    if (!fits(stored, facts, target)) {
        return false;
    }
    if (!target->ai_made || facts->ai_mark) {
        out->file = blob_move(stored);
        note_change(out, "as stored");
        return true;
    }
    if (!image_mark(stored, facts, &out->file, &refused)) {
        return false;
    }
    if (target->max_bytes > 0 && out->file.size > target->max_bytes) {
        blob_free(&out->file);
        return false;
    }
    note_change(out, "marked as made by AI");
    return true;
}

bool export_image_make(struct blob *stored, const struct export_target *target,
                       struct export_image *out, struct error *err)
{
    struct image_bounds bounds = { .from_seller = true, /* not all images are darkroom's */
                                   .work_bytes = WORK_BYTES };
    struct image image = { 0 };
    struct image_facts facts;
    bool good;

    *out = (struct export_image){ 0 };
    if (!image_decode(stored, &bounds, &image, &facts, err)) {
        return false;
    }
    out->stored_size = (struct size){ facts.width, facts.height };
    if (take_stored(stored, &facts, target, out)) {
        image_free(&image);
        return true;
    }
    good = fit(&image, target, out, err);
    if (good && facts.format != FORMAT_JPEG) {
        note_change(out, "converted to JPEG");
    } else if (good && out->change[0] == '\0') {
        note_change(out, "encoded again");
    }
    good = good && encode(&image, target, out, err);
    image_free(&image);
    return good;
}
