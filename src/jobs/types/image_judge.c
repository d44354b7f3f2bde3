/* image_judge.c - runs the checks that the rules name on a finished image. */
#include <string.h>

#include "compose/text_ink.h"
#include "image/ocr/known_text.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_rejection.h"

/* Tells which check failed, for the message to the seller. */
static void set_cause(const struct image_job *image_job, struct error *err)
{
    for (int i = 0; i < image_job->finding_count; i++) {
        if (err->kind == ERROR_OUTPUT && err->cause == CAUSE_UNKNOWN &&
            !image_job->findings[i].passed) {
            err->cause = (int)seller_cause_of_check(image_job->findings[i].check);
        }
    }
}

/* Returns whether a check concerns the plate of a composed image, or the complete image. The text
 * of a composed image is darkroom's own: the model's picture is judged without it. A model that was
 * asked for text must paint the seller's. A stored plate was judged when it was made. */
static bool concerns(const struct image_job *image_job, const char *name, bool plate)
{
    const struct check *check = check_find(name);
    bool of_picture = check && check->of_picture, is_blank = strcmp(name, "blank") == 0;
    bool is_stored = image_job->project.brief.text_only.wanted;

    if (image_job->painted) {
        return !of_picture || is_blank;
    }
    if (strcmp(name, "painted_text") == 0 || (image_job->layout && of_picture != plate)) {
        return false;
    }
    if (plate && image_job->layout->close && check && check->needs_whole) {
        return false; /* from near, only a part of the product is in the picture */
    }
    return !plate || !is_stored || is_blank || strcmp(name, "foreign_text") == 0;
}

/* From near, a part of the product is outside the picture: scene_product must not call it missing.
 */
static void allow_missing_parts(struct check_limits *limits)
{
    if (strcmp(limits->check, "scene_product") == 0) {
        limits->limits[1] = 1;
    }
}

_Static_assert((int)RULE_LIMITS == (int)CHECK_LIMITS, "a check takes all limits of its rule");

/* Chooses the rules' checks of the plate, or of the image. Returns their number. */
static int choose_checks(const struct image_job *image_job, bool plate, struct check_limits *out)
{
    const struct image_rules *rules = image_job->rules;
    int count = 0;

    for (int i = 0; i < rules->check_count; i++) {
        if (concerns(image_job, rules->checks[i].check, plate)) {
            out[count].check = rules->checks[i].check;
            memcpy(out[count].limits, rules->checks[i].limits, sizeof out->limits);
            if (plate && image_job->layout->close) {
                allow_missing_parts(&out[count]);
            }
            count++;
        }
    }
    return count;
}

static bool any_needs_photo(const struct check_limits *limits, int count)
{
    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (check && check->needs_photo) {
            return true;
        }
    }
    return false;
}

/* A model that takes no photos draws the product from its description: comparing it with the photo
 * would reject every image, after it was paid. */
static bool model_saw_photo(const struct image_job *image_job)
{
    const struct text_only *text_only = &image_job->project.brief.text_only;

    if (text_only->wanted) {
        return text_only->plate_photos > 0;
    }
    return !image_job->request.model || image_job->request.photo_count > 0;
}

enum { SELLER_TEXTS = 20 + 2 * BRIEF_FEATURES + 5 * BRIEF_DIMENSIONS };

/* Lists what the prompt takes its words from. Entries may be NULL. */
static int list_texts(const struct brief *brief, const char *out[SELLER_TEXTS])
{
    const char *const single[] = { brief->project_name,
                                   brief->product_name,
                                   brief->description,
                                   brief->category,
                                   brief->style,
                                   brief->brand.name,
                                   brief->subject.scene,
                                   brief->subject.feature,
                                   brief->subject.comparison,
                                   brief->module_request.description,
                                   brief->module_request.headline,
                                   brief->batch.prompt };
    int count = (int)(sizeof single / sizeof *single);

    memcpy(out, single, sizeof single);
    for (int i = 0; i < brief->feature_count; i++) {
        out[count++] = brief->features[i].title;
        out[count++] = brief->features[i].description;
    }
    for (int i = 0; i < brief->dimension_count; i++) {
        const struct dimension *dimension = &brief->dimensions[i];

        out[count++] = dimension->name;
        out[count++] = dimension->part;
        out[count++] = dimension->label;
        out[count++] = dimension->text;
        out[count++] = dimension->series_text;
    }
    return count;
}

struct seller_texts {
    struct known_text known; /* words that the model may paint; none if it was not asked for text */
    char languages[KNOWN_LANGUAGES];
};

/* Without memory nothing is compared with the seller's texts. */
static void read_seller_texts(const struct image_job *image_job, struct seller_texts *out)
{
    const char *texts[SELLER_TEXTS];
    int count = list_texts(&image_job->project.brief, texts);

    *out = (struct seller_texts){ .known = { 0 } };
    known_text_languages(texts, count, out->languages);
    if (image_job->painted && !known_text_open(texts, count, &out->known)) {
        known_text_close(&out->known);
    }
}

/* Adds the findings to those of the job. */
static bool run(struct image_job *image_job, struct check_subject subject, bool plate,
                struct error *err)
{
    struct check_limits limits[RULE_CHECKS];
    int count = choose_checks(image_job, plate, limits);
    struct seller_texts seller;
    struct image photo = { 0 };
    bool good;

    read_seller_texts(image_job, &seller);
    subject.seller = seller.known.words ? &seller.known : NULL;
    subject.languages = seller.languages;
    subject.of_photo = image_job->local;
    subject.target_width = image_job->output_size.width;
    subject.target_height = image_job->output_size.height;
    if (!image_job->local && model_saw_photo(image_job) && any_needs_photo(limits, count) &&
        image_job_decode_photo(image_job, &photo)) {
        subject.photo = &photo;
    }
    good = checks_run(&subject, limits, count, image_job->findings + image_job->finding_count, err);
    image_job->finding_count += count;
    if (!good && err->kind == ERROR_OUTPUT) {
        image_job_draw_rejection(image_job, subject.image, subject.photo);
    }
    image_free(&photo);
    known_text_close(&seller.known);
    if (!good) {
        set_cause(image_job, err);
    }
    return good;
}

bool image_job_check_plate(struct image_job *image_job, const struct image *plate,
                           const uint8_t *coverage, struct error *err)
{
    struct check_subject subject = { .image = plate,
                                     .coverage = coverage,
                                     .received = image_job->received };

    return image_job->painted || run(image_job, subject, true, err);
}

/* Measures the typeset texts. Without memory they are not checked. */
static bool read_typeset(const struct image_job *image_job, const struct image *image,
                         struct text_ink *ink, struct check_typeset *out)
{
    struct error ignored;
    const struct box *box;

    if (!image_job->layout || !text_ink_measure(&image_job->composition, image, ink, &ignored)) {
        return false;
    }
    *out = (struct check_typeset){ .contrast = ink->contrast,
                                   .whole = ink->whole,
                                   .fault = ink->fault != NULL,
                                   .message = ink->message };
    if (ink->fault) {
        box = &ink->fault->box;
        out->place = (struct pixel_box){ (int)box->x, (int)box->y, (int)(box->x + box->width),
                                         (int)(box->y + box->height) };
    }
    return true;
}

bool image_job_check(struct image_job *image_job, const struct image *image,
                     const struct image_facts *facts, struct error *err)
{
    struct check_subject subject = { .image = image,
                                     .facts = *facts,
                                     .file_bytes = image_job->file.size,
                                     .lossy = strcmp(image_job->content_type, "image/jpeg") == 0,
                                     .enlarged = image_job->composed.enlarged,
                                     .received = image_job->received,
                                     .coverage = image_job->composed.coverage };
    struct check_typeset typeset;
    struct text_ink ink;

    if (read_typeset(image_job, image, &ink, &typeset)) {
        subject.typeset = &typeset;
    }
    return run(image_job, subject, false, err);
}
