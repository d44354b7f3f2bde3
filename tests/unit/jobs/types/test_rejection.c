/* test_rejection.c - the picture of a rejected answer shows the place of the fault beside the same
 * place in the photo. Set REJECTION_PICTURES to a folder to keep the pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/embed.h"
#include "io/file.h"
#include "jobs/types/image_rejection.h"
#include "jobs/types/rejection_picture.h"
#include "lib/answer_cases.h"
#include "queue/rejection.h"

enum { TIN = 1 };

static struct rules *rules;

static const struct answer_case *case_named(const char *name)
{
    for (const struct answer_case *row = answer_cases; row->name; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    fail_msg("no answer is named '%s'", name);
    return NULL;
}

/* Finishes the answer with the rules of amazon, at a smaller size. Returns its job. */
static struct image_job *finish(const char *name, const struct photo_studio *studio,
                                struct error *err)
{
    static const struct model model = { .tasks = TASK_EDIT };
    static struct image_rules by;
    const struct answer_case *row = case_named(name);
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct image answer = answer_make(row, studio, ANSWER_SIDE);
    const struct image_rules *found;
    struct error ignored;

    assert_non_null(image_job);
    assert_true(rules_for(rules, "amazon", row->kind, &found, &ignored));
    by = *found;
    by.keep = (struct size){ ANSWER_SIDE, ANSWER_SIDE };
    by.keep_min = (struct size){ ANSWER_SIDE / 2, ANSWER_SIDE / 2 };
    by.format = "jpeg";
    for (int i = 0; i < by.check_count; i++) {
        if (strcmp(by.checks[i].check, "dimensions") == 0) {
            by.checks[i].limits[0] = ANSWER_SIDE / 2;
        }
    }
    image_job->rules = &by;
    image_job->target_size = by.keep;
    image_job->project.brief.kind = row->kind;
    image_job->model_photo = blob_view(studio->photo.data, studio->photo.size);
    image_job->has_photo_print = true;
    image_job->request.model = &model;
    image_job->request.photo_count = 1;
    assert_true(image_encode_png(&answer, true, &image_job->result.content, &ignored));
    image_free(&answer);
    if (image_finish(image_job, err)) {
        err->kind = ERROR_NONE;
    }
    image_job->verdict = *err;
    return image_job;
}

static void job_free(struct image_job *image_job)
{
    blob_free(&image_job->file);
    blob_free(&image_job->rejection_picture);
    free(image_job);
}

static void keep(const char *name, const struct blob *picture)
{
    const char *folder = getenv("REJECTION_PICTURES");
    struct error err;
    char path[400];

    if (folder) {
        snprintf(path, sizeof path, "%s/%s.jpg", folder, name);
        assert_true(file_write(path, picture->data, picture->size, &err));
    }
}

static const struct check_finding *failed_finding(const struct image_job *image_job)
{
    for (int i = 0; i < image_job->finding_count; i++) {
        if (!image_job->findings[i].passed) {
            return &image_job->findings[i];
        }
    }
    return NULL;
}

/* Returns true if the middle of one box is in the other. */
static bool is_within(const struct pixel_box *box, const struct pixel_box *other)
{
    int x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2;

    return x >= other->left && x <= other->right && y >= other->top && y <= other->bottom;
}

static void expect_picture(const struct image_job *image_job, const char *name, bool beside_photo)
{
    const struct blob *picture = &image_job->rejection_picture;
    struct image pixels;
    struct error err;

    assert_in_range(picture->size, 2000, REJECTION_BYTES);
    assert_true(image_decode(picture, NULL, &pixels, NULL, &err));
    assert_in_range(pixels.width, beside_photo ? REJECTION_WIDTH - 4 : 200, REJECTION_WIDTH);
    assert_in_range(pixels.height, 60, 420);
    image_free(&pixels);
    keep(name, picture);
}

static void rejected_answer_has_a_picture_of_the_place(void **unused)
{
    static const struct {
        const char *name, *check;
        bool small; /* the place is a part of the product */
    } cases[] = {
        { "wrong label", "label_text", true },           { "watermark", "marks", true },
        { "another product", "product_outline", false }, { "badge", "product_outline", false },
        { "lower half grey", "product_colours", false },
    };
    struct photo_studio studio;

    (void)unused;
    studio_open(TIN, &studio);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pixel_box all = { 0, 0, ANSWER_SIDE - 1, ANSWER_SIDE - 1 };
        const struct check_finding *finding;
        struct error err;
        struct image_job *image_job = finish(cases[i].name, &studio, &err);

        assert_int_equal(err.kind, ERROR_OUTPUT);
        finding = failed_finding(image_job);
        assert_non_null(finding);
        assert_string_equal(finding->check, cases[i].check);
        assert_true(finding->place.in_image && finding->place.in_photo);
        assert_true(is_within(&finding->place.image, &all));
        expect_picture(image_job, cases[i].name, true);
        if (cases[i].small) {
            assert_in_range(finding->place.image.right - finding->place.image.left, 8,
                            ANSWER_SIDE / 2);
        }
        job_free(image_job);
    }
    studio_close(&studio);
}

/* The word of the label is at the same place of the product in both images. */
static void word_of_the_label_is_found_in_both_images(void **unused)
{
    const struct check_place *place;
    struct photo_studio studio;
    struct error err;
    struct image_job *image_job;
    struct image photo;

    (void)unused;
    studio_open(TIN, &studio);
    assert_true(image_decode(&studio.photo, NULL, &photo, NULL, &err));
    image_job = finish("wrong label", &studio, &err);
    place = &failed_finding(image_job)->place;
    assert_in_range(place->photo.right - place->photo.left, 20, photo.width / 2);
    assert_in_range(place->photo.bottom, place->photo.top + 8, photo.height - 1);
    assert_in_range(place->image.bottom - place->image.top, 8, ANSWER_SIDE / 2);
    job_free(image_job);
    image_free(&photo);
    studio_close(&studio);
}

static void accepted_answer_costs_nothing(void **unused)
{
    struct photo_studio studio;
    struct error err;
    struct image_job *image_job;

    (void)unused;
    studio_open(TIN, &studio);
    image_job = finish("as asked", &studio, &err);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(image_job->rejection_picture.size, 0);
    job_free(image_job);
    studio_close(&studio);
}

static void record_names_check_value_and_picture(void **unused)
{
    struct photo_studio studio;
    struct error err;
    struct image_job *image_job;
    struct job job = { .arena = arena_new() };
    const struct rejection *rejection;
    uint8_t *bytes;
    size_t size;

    (void)unused;
    studio_open(TIN, &studio);
    image_job = finish("another product", &studio, &err);
    rejection = image_job_rejection(&job, image_job);
    assert_string_equal(rejection->check, "product_outline");
    assert_non_null(strstr(err.text, rejection->message));
    assert_true(rejection->measured < rejection->limit);
    bytes = malloc(base64_decoded_max(strlen(rejection->picture)));
    assert_non_null(bytes);
    assert_true(base64_decode(rejection->picture, strlen(rejection->picture), bytes, &size));
    assert_int_equal(size, image_job->rejection_picture.size);
    assert_memory_equal(bytes, image_job->rejection_picture.data, size);
    free(bytes);
    job_free(image_job);
    studio_close(&studio);
    arena_free(job.arena);
}

/* Noise compresses badly: quality is given up for the limit. */
static void picture_is_bounded(void **unused)
{
    const struct check_place place = { .in_image = true, .image = { 300, 300, 340, 320 } };
    struct image image;
    struct blob picture = { 0 };
    struct error err;
    uint32_t state = 1;

    (void)unused;
    assert_true(image_new(2000, 2000, 4, &image, &err));
    for (size_t i = 0; i < (size_t)2000 * 2000 * 4; i++) {
        state = state * 1664525 + 1013904223;
        image.pixels[i] = (uint8_t)(state >> 24);
    }
    rejection_picture(&image, &image, &place, &picture);
    assert_in_range(picture.size, 1000, REJECTION_BYTES);
    keep("noise", &picture);
    rejection_picture(&image, NULL, NULL, &picture);
    assert_in_range(picture.size, 1000, REJECTION_BYTES);
    blob_free(&picture);
    image_free(&image);
}

/* An image of one row, and a place at its corner. */
static void extreme_shapes_are_drawn(void **unused)
{
    const struct check_place place = { .in_image = true, .image = { 2999, 0, 2999, 0 } };
    struct image strip;
    struct blob picture = { 0 };
    struct error err;

    (void)unused;
    assert_true(image_new(3000, 1, 3, &strip, &err));
    memset(strip.pixels, 90, 9000);
    rejection_picture(&strip, NULL, &place, &picture);
    assert_true(picture.size > 0);
    blob_free(&picture);
    image_free(&strip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejected_answer_has_a_picture_of_the_place),
        cmocka_unit_test(word_of_the_label_is_found_in_both_images),
        cmocka_unit_test(accepted_answer_costs_nothing),
        cmocka_unit_test(record_names_check_value_and_picture),
        cmocka_unit_test(picture_is_bounded),
        cmocka_unit_test(extreme_shapes_are_drawn),
    };
    const struct embedded *file = embed_find("assets/rules.json");
    struct error err;
    int failed;

    if (!file || !rules_load((const char *)file->data, &rules, &err)) {
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    rules_free(rules);
    return failed;
}
