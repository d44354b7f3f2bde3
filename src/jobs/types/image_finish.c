/* image_finish.c - from what the model sent to the file that is stored. Runs on the pool. */
#include <string.h>

#include "image/resize.h"
#include "jobs/types/image_job.h"

static const double most_enlarged = 2; /* a main image of a small photo; said in the metadata */

static const struct image_bounds photo_bounds = { .max_bytes = 50u << 20,
                                                  .max_pixels = 100 * 1000 * 1000 };
static const struct image_bounds made_bounds = { .max_bytes = 64u << 20,
                                                 .max_pixels = 40 * 1000 * 1000 };

static bool has_holes(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    if (image->channels != 4) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (image->pixels[i * 4 + 3] < 128) {
            return true;
        }
    }
    return false;
}

/* The largest canvas that needs no enlarging; else the smallest, enlarged within bounds. */
static bool put_on_white(struct picture *picture, const struct image *cut_out, struct image *out,
                         struct error *err)
{
    const struct image_rules *rules = picture->rules;
    const struct size *keep = &picture->want, *least = &rules->keep_min;

    if (image_on_white(cut_out, keep->width, keep->height, rules->fill, 1, out, &picture->composed,
                       err)) {
        return true;
    }
    if (least->width <= 0 || least->height <= 0) {
        return false;
    }
    picture->want = *least;
    return image_on_white(cut_out, least->width, least->height, rules->fill, most_enlarged, out,
                          &picture->composed, err);
}

static bool compose(struct picture *picture, struct image *made, struct image *out,
                    struct error *err)
{
    struct image cut = { 0 };
    const char *why_not = NULL;
    bool good;

    if (has_holes(made)) {
        return put_on_white(picture, made, out, err);
    }
    if (!backdrop_is_plain(made, &why_not)) {
        return picture->by_us
                   ? error_set(err, ERROR_INPUT, "the product cannot be cut out of the photo: %s",
                               why_not)
                   : error_set(err, ERROR_OUTPUT, "the model did not leave the background out: %s",
                               why_not);
    }
    good = image_cut_out(made, &cut, err) && put_on_white(picture, &cut, out, err);
    image_free(&cut);
    return good;
}

static bool crop(struct picture *picture, struct image *made, struct image *out, struct error *err)
{
    struct image flat = { 0 };
    bool good;

    if (made->channels == 4 && !has_holes(made)) {
        if (!image_flatten(made, &flat, err)) {
            return false;
        }
        good = image_cover(&flat, picture->want.width, picture->want.height, out, err);
        image_free(&flat);
        return good;
    }
    return image_cover(made, picture->want.width, picture->want.height, out, err);
}

/* What the marketplace takes, in bytes; 0: any size. */
static size_t most_bytes(const struct image_rules *rules)
{
    for (int i = 0; i < rules->check_count; i++) {
        if (strcmp(rules->checks[i].check, "file_size") == 0) {
            return (size_t)rules->checks[i].limits[0];
        }
    }
    return 0;
}

/* As good as fits: a paid image is not thrown away for its file's size. */
static bool encode_jpeg(struct picture *picture, const struct image *image, size_t most,
                        struct error *err)
{
    static const int qualities[] = { 92, 88, 84, 78 };
    int last = (int)(sizeof qualities / sizeof *qualities) - 1;

    picture->content_type = "image/jpeg";
    for (int i = 0;; i++) {
        if (!image_encode_jpeg(image, qualities[i], !picture->by_us, &picture->file, err)) {
            return false;
        }
        if (most == 0 || picture->file.size <= most || i == last) {
            return true; /* still too large: the check says so */
        }
        blob_free(&picture->file);
    }
}

static bool encode(struct picture *picture, const struct image *image, struct error *err)
{
    size_t most = most_bytes(picture->rules);

    if (strcmp(picture->rules->format, "jpeg") == 0) {
        return encode_jpeg(picture, image, most, err);
    }
    picture->content_type = "image/png";
    if (!image_encode_png(image, !picture->by_us, &picture->file, err)) {
        return false;
    }
    if (most == 0 || picture->file.size <= most || image->channels != 3) {
        return true;
    }
    blob_free(&picture->file);
    return encode_jpeg(picture, image, most, err);
}

static bool inspect(struct picture *picture, const struct image *image,
                    const struct image_facts *facts, struct error *err)
{
    const struct image_rules *rules = picture->rules;
    struct check_wish wishes[RULE_CHECKS];
    struct check_subject subject = { .image = image,
                                     .facts = *facts,
                                     .file_bytes = picture->file.size,
                                     .want_width = picture->want.width,
                                     .want_height = picture->want.height };

    for (int i = 0; i < rules->check_count; i++) {
        wishes[i].check = rules->checks[i].check;
        memcpy(wishes[i].limits, rules->checks[i].limits, sizeof wishes[i].limits);
    }
    picture->finding_count = rules->check_count;
    return checks_run(&subject, wishes, rules->check_count, picture->findings, err);
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

/* What needs no change is stored as it came, not a pixel touched: with its maker's own mark of
 * origin in it, or else with ours put beside. False: it has to be derived. */
static bool keeps_its_bytes(struct picture *picture, const struct image *made,
                            const struct image_facts *facts)
{
    bool png = facts->format == FORMAT_PNG && strcmp(picture->rules->format, "png") == 0;
    bool jpeg = facts->format == FORMAT_JPEG && strcmp(picture->rules->format, "jpeg") == 0;
    size_t most = most_bytes(picture->rules);
    struct error refused;

    if (picture->by_us || !(png || jpeg) || picture->rules->on_white || !is_opaque(made) ||
        facts->width != picture->want.width || facts->height != picture->want.height) {
        return false;
    }
    if (facts->provenance) {
        picture->file = blob_move(&picture->result.content);
    } else if (!image_mark(&picture->result.content, facts, &picture->file, &refused)) {
        return false;
    }
    if (most == 0 || picture->file.size <= most) {
        return true;
    }
    blob_free(&picture->file);
    return false;
}

/* An image is worth no less where it cannot be compared. */
static void liken(struct picture *picture, const struct image *image)
{
    struct likeness_print print;
    struct error ignored;

    picture->likened = picture->photo_seen && likeness_print(image, &print, &ignored);
    if (picture->likened) {
        likeness_compare(&picture->photo_print, &print, &picture->likeness);
    }
}

bool picture_develop(struct picture *picture, struct error *err)
{
    const struct blob *came = picture->by_us ? &picture->photo : &picture->result.content;
    const struct image_bounds *bounds = picture->by_us ? &photo_bounds : &made_bounds;
    struct image made = { 0 }, out = { 0 };
    struct image_facts facts;
    bool good;

    blob_free(&picture->file);
    picture->want = picture->keep;
    picture->finding_count = 0;
    if (!image_decode(came, bounds, &made, &facts, err)) {
        err->kind = picture->by_us ? ERROR_INPUT : ERROR_OUTPUT;
        return false;
    }
    picture->as_it_came = keeps_its_bytes(picture, &made, &facts);
    if (picture->as_it_came) {
        picture->content_type = format_content_type(facts.format);
        picture->size = picture->want;
        good = inspect(picture, &made, &facts, err);
    } else {
        good = picture->rules->on_white ? compose(picture, &made, &out, err)
                                        : crop(picture, &made, &out, err);
        image_free(&made); /* before encoding: a 2000x2000 picture is 12 MB */
        picture->size = (struct size){ out.width, out.height };
        facts = (struct image_facts){ .format = facts.format,
                                      .width = out.width,
                                      .height = out.height,
                                      .alpha = out.channels == 4 };
        good = good && encode(picture, &out, err) && inspect(picture, &out, &facts, err);
    }
    digest_hex(picture->file.data, picture->file.size, picture->sha256);
    if (good) {
        liken(picture, picture->as_it_came ? &made : &out);
    }
    blob_free(&picture->result.content);
    image_free(&made);
    image_free(&out);
    return good;
}
