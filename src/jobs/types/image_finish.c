/* image_finish.c - turns the model's answer into the file that is stored. Runs on the pool. */
#include <stdlib.h>
#include <string.h>

#include "image/pixel_blocks.h"
#include "image/resize.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_rejection.h"
#include "jobs/types/image_typeset.h"

/* A main image made from a small photo; the factor is noted in the metadata. */
static const double max_enlargement = 2;

/* Bytes per pixel for the cut-out and its trimmed copy. */
enum { COMPOSE_BYTES = 9 };

/* Bytes per pixel of a composed image: the canvas, the scaled plate in two forms, and the result.
 */
enum { TYPESET_BYTES = 15, PLATE_PIXELS = 1000 * 1000 };

/* Returns the bytes of memory for each pixel of a model's answer. */
static int work_bytes(const struct image_job *image_job)
{
    const struct size *plate = &image_job->request.size, *out = &image_job->target_size;
    int64_t pixels = (int64_t)plate->width * plate->height;

    if (!image_job->layout) {
        return COMPOSE_BYTES;
    }
    pixels = pixels > PLATE_PIXELS ? pixels : PLATE_PIXELS;
    return COMPOSE_BYTES + (int)(TYPESET_BYTES * (int64_t)out->width * out->height / pixels) + 1;
}

/* Returns what is accepted. A photo is decoded no larger than needed if the product fills half of
 * it; with `whole`, at full size if memory allows it. */
static struct image_bounds bounds_of(const struct image_job *image_job, bool whole)
{
    const struct size *target = &image_job->target_size;
    int edge = target->width > target->height ? target->width : target->height;

    if (!image_job->local) {
        return (struct image_bounds){ .max_bytes = 64u << 20,
                                      .max_pixels = 40 * 1000 * 1000,
                                      .least_edge = 2 * edge,
                                      .work_bytes = work_bytes(image_job) };
    }
    return (struct image_bounds){ .from_seller = true,
                                  .max_bytes = 50u << 20,
                                  .max_pixels = 100 * 1000 * 1000,
                                  .enough_edge = whole ? 0 : 2 * edge,
                                  .least_edge = edge,
                                  .work_bytes = COMPOSE_BYTES };
}

static bool put_on_white(struct image_job *image_job, const struct image *cut_out,
                         struct image *out, struct error *err)
{
    const struct image_rules *rules = image_job->rules;
    const struct white_canvas canvas = { .width = image_job->target_size.width,
                                         .height = image_job->target_size.height,
                                         .min_width = rules->keep_min.width,
                                         .min_height = rules->keep_min.height,
                                         .fill = rules->fill,
                                         .max_enlarge =
                                             rules->keep_min.width > 0 ? max_enlargement : 1 };

    free(image_job->composed.coverage);
    if (!image_on_white(cut_out, &canvas, out, &image_job->composed, err)) {
        err->cause = err->kind == ERROR_INPUT ? CAUSE_PRODUCT_TOO_SMALL : CAUSE_UNKNOWN;
        return false;
    }
    image_job->output_size = (struct size){ out->width, out->height };
    return true;
}

static bool compose(struct image_job *image_job, struct image *made, struct image *out,
                    struct error *err)
{
    struct image cut = { 0 };
    bool good;

    if (image_has_transparency(made)) {
        return put_on_white(image_job, made, out, err);
    }
    if (!image_job->local && !image_cut_answer(made, &cut, err)) {
        return false;
    }
    if (image_job->local && !photo_cut_out(image_job, made, &cut, err)) {
        err->cause = err->kind == ERROR_INPUT ? CAUSE_NO_CUT_OUT : CAUSE_UNKNOWN;
        return false;
    }
    good = put_on_white(image_job, &cut, out, err);
    image_free(&cut);
    return good;
}

static bool crop(struct image_job *image_job, struct image *made, struct image *out,
                 struct error *err)
{
    struct image flat = { 0 };
    bool good;

    if (made->channels == 4 && !image_has_transparency(made)) {
        if (!image_flatten(made, &flat, err)) {
            return false;
        }
        good = image_cover(&flat, image_job->output_size.width, image_job->output_size.height, out,
                           err);
        image_free(&flat);
        return good;
    }
    return image_cover(made, image_job->output_size.width, image_job->output_size.height, out, err);
}

/* Returns the lower limit of marketplace and bucket for the file; 0: none. */
static size_t max_file_bytes(const struct image_job *image_job)
{
    const struct image_rules *rules = image_job->rules;
    size_t most = (size_t)image_job->object.file_limit;

    for (int i = 0; i < rules->check_count; i++) {
        size_t limit = (size_t)rules->checks[i].limits[0];

        if (strcmp(rules->checks[i].check, "file_size") == 0 && (most == 0 || limit < most)) {
            most = limit;
        }
    }
    return most;
}

/* Uses the best quality that fits the limit, so that a paid image is not lost for its file size. */
static bool encode_jpeg(struct image_job *image_job, const struct image *image, size_t max_bytes,
                        struct error *err)
{
    static const int qualities[] = { 92, 88, 84, 78 };
    int last = (int)(sizeof qualities / sizeof *qualities) - 1;

    image_job->content_type = "image/jpeg";
    for (int i = 0;; i++) {
        if (image_job->rules->on_white
                ? !image_encode_jpeg_on_white(image, qualities[i], !image_job->local,
                                              &image_job->file, err)
                : !image_encode_jpeg(image, qualities[i], !image_job->local, &image_job->file,
                                     err)) {
            return false;
        }
        if (max_bytes == 0 || image_job->file.size <= max_bytes || i == last) {
            return true; /* if it is still too large, the check file_size fails */
        }
        blob_free(&image_job->file);
    }
}

static bool encode(struct image_job *image_job, const struct image *image, struct error *err)
{
    size_t max_bytes = max_file_bytes(image_job);

    if (strcmp(image_job->rules->format, "jpeg") == 0) {
        return encode_jpeg(image_job, image, max_bytes, err);
    }
    image_job->content_type = "image/png";
    if (!image_encode_png(image, !image_job->local, &image_job->file, err)) {
        return false;
    }
    if (max_bytes == 0 || image_job->file.size <= max_bytes || image->channels != 3) {
        return true;
    }
    blob_free(&image_job->file);
    return encode_jpeg(image_job, image, max_bytes, err);
}

static bool is_opaque(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    for (size_t i = 0; image->channels == 4 && i < count; i++) {
        if (image->pixels[i * 4 + 3] != 255) {
            return false;
        }
    }
    return true;
}

/* Takes the model's file if it already meets the rules: with the model's own IPTC mark, or else
 * with ours added, since Google Merchant and others read that one; a C2PA manifest is kept beside
 * it. Returns false if the file has to be encoded again. */
static bool pass_through(struct image_job *image_job, const struct image *made,
                         const struct image_facts *facts)
{
    bool png = facts->format == FORMAT_PNG && strcmp(image_job->rules->format, "png") == 0;
    bool jpeg = facts->format == FORMAT_JPEG && strcmp(image_job->rules->format, "jpeg") == 0;
    size_t max_bytes = max_file_bytes(image_job);
    struct error refused;

    if (image_job->local || image_job->layout || !(png || jpeg) || image_job->rules->on_white ||
        !is_opaque(made) || facts->orientation > 1 || facts->colours != COLOURS_SRGB ||
        facts->width != image_job->output_size.width ||
        facts->height != image_job->output_size.height) {
        return false;
    }
    if (facts->ai_mark) {
        image_job->file = blob_move(&image_job->result.content);
    } else if (!image_mark(&image_job->result.content, facts, &image_job->file, &refused)) {
        return false;
    }
    if (max_bytes == 0 || image_job->file.size <= max_bytes) {
        image_job->has_c2pa = facts->c2pa;
        return true;
    }
    blob_free(&image_job->file);
    return false;
}

/* If the comparison fails, the image is stored without a similarity. */
static void compare_to_photo(struct image_job *image_job, const struct image *image)
{
    struct likeness_fingerprint print;
    struct error ignored;

    image_job->has_similarity =
        image_job->has_photo_print && likeness_fingerprint(image, &print, &ignored);
    if (image_job->has_similarity) {
        likeness_compare(&image_job->photo_print, &print, &image_job->similarity);
    }
}

/* An unreadable answer is the model's fault, an unreadable photo the seller's. */
static bool decode_source(struct image_job *image_job, bool whole, struct image *made,
                          struct image_facts *facts, struct error *err)
{
    const struct blob *source = image_job->local ? &image_job->photo : &image_job->result.content;
    struct image_bounds bounds = bounds_of(image_job, whole);

    if (image_decode(source, &bounds, made, facts, err)) {
        return true;
    }
    if (err->kind == ERROR_INPUT && image_job->local) {
        err->cause = (int)seller_cause_of_photo(err->cause);
    } else if (err->kind == ERROR_INPUT) {
        err->kind = ERROR_OUTPUT;
        err->cause = CAUSE_UNKNOWN;
    }
    return false;
}

static bool make(struct image_job *image_job, struct image *made, struct image *out,
                 struct error *err)
{
    return image_job->layout            ? image_job_typeset(image_job, made, out, err)
           : image_job->rules->on_white ? compose(image_job, made, out, err)
                                        : crop(image_job, made, out, err);
}

/* If the photo was decoded at a smaller size, its full size may give a larger image. */
static bool make_from_whole_photo(struct image_job *image_job, struct image *made,
                                  struct image_facts *facts, struct image *out)
{
    struct composed first = image_job->composed;
    struct image whole = { 0 }, larger = { 0 };
    struct error ignored;

    image_job->composed = (struct composed){ 0 };
    if (decode_source(image_job, true, &whole, facts, &ignored) && whole.width > made->width &&
        make(image_job, &whole, &larger, &ignored)) {
        free(first.coverage);
        image_free(made);
        image_free(out);
        *made = whole;
        *out = larger;
        return true;
    }
    free(image_job->composed.coverage);
    image_job->composed = first;
    image_free(&whole);
    return false;
}

/* Composes the image, from the photo's full size if that makes it larger. */
static bool make_largest(struct image_job *image_job, struct image *made, struct image_facts *facts,
                         struct image *out, struct error *err)
{
    bool good = make(image_job, made, out, err);

    if (image_job->local && made->width < facts->width &&
        (good ? out->width < image_job->target_size.width
              : err->cause == (int)CAUSE_PRODUCT_TOO_SMALL) &&
        make_from_whole_photo(image_job, made, facts, out)) {
        return true;
    }
    if (good) {
        image_job->output_size = (struct size){ out->width, out->height };
    }
    return good;
}

/* JPEG changes pixels: the checks concern those of the file. They keep the pixels before if the
 * memory budget is too small to decode it. */
static bool read_stored(const struct image_job *image_job, struct image *out, struct error *err)
{
    const struct image_bounds bounds = { .work_bytes = COMPOSE_BYTES };
    struct image stored;
    struct error why;

    if (strcmp(image_job->content_type, "image/jpeg") != 0) {
        return true;
    }
    if (image_decode(&image_job->file, &bounds, &stored, NULL, &why)) {
        image_free(out);
        *out = stored;
        return true;
    }
    return why.cause == IMAGE_TOO_LARGE ||
           error_set(err, ERROR_INTERNAL, "the encoded image cannot be read: %.200s", why.text);
}

/* Composes or crops, encodes and checks. */
static bool make_file(struct image_job *image_job, struct image *made, struct image_facts *facts,
                      struct image *out, struct error *err)
{
    if (!make_largest(image_job, made, facts, out, err)) {
        return false;
    }
    image_free(made); /* before encoding: a 2000x2000 pixels are 12 MB */
    image_job->stored_size = (struct size){ out->width, out->height };
    *facts = (struct image_facts){ .format = facts->format,
                                   .width = out->width,
                                   .height = out->height,
                                   .alpha = out->channels == 4 };
    return encode(image_job, out, err) && read_stored(image_job, out, err) &&
           image_job_check(image_job, out, facts, err);
}

bool image_finish(struct image_job *image_job, struct error *err)
{
    struct image made = { 0 }, out = { 0 };
    struct image_facts facts;
    enum image_format received;
    bool good;

    blob_free(&image_job->file);
    blob_free(&image_job->plate.file);
    blob_free(&image_job->rejection_picture);
    image_job->output_size = image_job->target_size;
    image_job->finding_count = 0;
    if (!decode_source(image_job, false, &made, &facts, err)) {
        return false;
    }
    received = facts.format;
    if (image_job->layout) { /* type and panels are not the product's */
        compare_to_photo(image_job, &made);
    }
    image_job->has_c2pa = false;
    image_job->received = image_job->local ? (struct pixel_blocks){ 0 } : pixel_blocks_of(&made);
    image_job->passthrough = pass_through(image_job, &made, &facts);
    if (image_job->passthrough) {
        image_job->content_type = format_content_type(facts.format);
        image_job->stored_size = image_job->output_size;
        good = image_job_check(image_job, &made, &facts, err);
    } else {
        good = make_file(image_job, &made, &facts, &out, err);
    }
    if (!good && err->kind == ERROR_OUTPUT && made.pixels) { /* not by a check */
        image_job_draw_rejection(image_job, &made, NULL);
    }
    digest_hex(image_job->file.data, image_job->file.size, image_job->sha256);
    if (good && !image_job->layout) {
        compare_to_photo(image_job, image_job->passthrough ? &made : &out);
    }
    if (good && image_job->layout) {
        image_job_keep_plate(image_job, image_job->local ? FORMAT_PNG : received);
    }
    blob_free(&image_job->result.content);
    image_free(&made);
    image_free(&out);
    free(image_job->composed.coverage);
    image_job->composed.coverage = NULL;
    return good;
}
