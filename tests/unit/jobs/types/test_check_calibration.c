/* test_check_calibration.c - how many wrong answers the checks accept, and how many right ones they
 * reject. The answers are those of lib/answer_cases.c, for three products, and texts that a model
 * painted. Each passes through image_finish, as in a job, with the rules of amazon at a smaller
 * size.
 *
 * The counts below are those of the present thresholds. If a change raises one, it fails here; if
 * it lowers one, lower the number too. An answer that is missed has the fault that a check is for,
 * and another check rejects it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "draw/lettering.h"
#include "jobs/types/image_job.h"
#include "lib/answer_cases.h"

static const struct {
    const char *check;
    int accepted, missed; /* most wrong answers that are stored, and that the check misses */
    int rejected;         /* most right ones that it rejects */
} committed[] = {
    { "product_outline", 0, 2, 0 }, { "product_colours", 0, 1, 0 },
    { "product_details", 0, 0, 0 }, { "product_alone", 0, 2, 0 },
    { "marks", 0, 0, 0 },           { "focus", 0, 1, 0 },
    { "pixel_blocks", 0, 0, 0 },    { "product_in_scene", 0, 0, 0 },
    { "scene_product", 0, 0, 0 },   { "scene_focus", 0, 0, 0 },
    { "noise", 0, 0, 0 },           { "flat_areas", 0, 0, 0 },
    { "foreign_text", 0, 0, 0 },    { "label_text", 0, 0, 0 },
    { "painted_text", 0, 0, 0 },
};

enum { CHECK_ROWS = sizeof committed / sizeof *committed };

static struct rules *rules;
static struct {
    int wrong, accepted, missed, right, rejected;
} counts[CHECK_ROWS];
static int other_rejections; /* right answers rejected by checks that are not in the table */

static int row_of(const char *check)
{
    for (int i = 0; i < CHECK_ROWS; i++) {
        if (strcmp(committed[i].check, check) == 0) {
            return i;
        }
    }
    return -1;
}

/* The rules of amazon for images of ANSWER_SIDE. Words are only read where a case needs it, since a
 * read takes half a second. */
static struct image_rules rules_of(enum image_kind kind, bool words)
{
    const struct image_rules *found;
    struct image_rules out;
    struct error err;

    assert_true(rules_for(rules, "amazon", kind, &found, &err));
    out = *found;
    out.check_count = 0;
    for (int i = 0; i < found->check_count; i++) {
        if (words || !check_find(found->checks[i].check)->slow) {
            out.checks[out.check_count] = found->checks[i];
            if (strcmp(found->checks[i].check, "dimensions") == 0) {
                out.checks[out.check_count].limits[0] = ANSWER_SIDE / 2;
            }
            out.check_count++;
        }
    }
    out.keep = kind == MAIN_IMAGE  ? (struct size){ ANSWER_SIDE, ANSWER_SIDE }
               : kind == LIFESTYLE ? (struct size){ ANSWER_SIDE * 7 / 4, ANSWER_SIDE }
               : kind == A_PLUS_MODULE || kind == FEATURE_HIGHLIGHT
                   ? (struct size){ ANSWER_SIDE, ANSWER_SIDE }
                   : found->keep;
    out.keep_min =
        kind == MAIN_IMAGE ? (struct size){ ANSWER_SIDE / 2, ANSWER_SIDE / 2 } : (struct size){ 0 };
    out.format = "jpeg";
    return out;
}

/* Returns the check that rejects the answer; "" if it is stored, "decode" and the like if it fails
 * before the checks. */
static const char *judge(const struct image_rules *by, struct image_job *image_job,
                         struct image *answer)
{
    static const struct model model = { .tasks = TASK_EDIT };
    const char *rejects = "composition";
    struct error err;

    image_job->rules = by;
    image_job->target_size = by->keep;
    image_job->request.model = &model;
    image_job->request.photo_count = 1;
    assert_true(image_encode_png(answer, true, &image_job->result.content, &err));
    image_free(answer);
    if (image_finish(image_job, &err)) {
        rejects = "";
    } else {
        for (int i = image_job->finding_count - 1; i >= 0; i--) {
            rejects = image_job->findings[i].passed ? rejects : image_job->findings[i].check;
        }
    }
    blob_free(&image_job->file);
    blob_free(&image_job->plate.file);
    blob_free(&image_job->rejection_picture);
    return rejects;
}

/* Returns true if the check rejects the answer. */
static bool is_rejected_by(const struct image_job *image_job, const char *check)
{
    for (int i = 0; i < image_job->finding_count; i++) {
        if (strcmp(image_job->findings[i].check, check) == 0) {
            return !image_job->findings[i].passed;
        }
    }
    return false;
}

static void count_right_answer(const char *rejects)
{
    int row = row_of(rejects);

    if (rejects[0] && row >= 0) {
        counts[row].rejected++;
    } else if (rejects[0]) {
        other_rejections++;
    }
}

static void count_wrong_answer(const char *check, const char *rejects, bool is_found)
{
    int row = row_of(check);

    assert_true(row >= 0);
    counts[row].wrong++;
    counts[row].accepted += !rejects[0];
    counts[row].missed += rejects[0] && !is_found;
}

/* `expected` is the check that must reject the answer; NULL if it is right. */
static void count(const char *product, const char *name, const char *expected, const char *rejects,
                  const struct image_job *image_job)
{
    bool is_found = expected && is_rejected_by(image_job, expected);

    if (expected) {
        count_wrong_answer(expected, rejects, is_found);
    } else {
        count_right_answer(rejects);
    }
    if (expected ? !is_found : rejects[0] != '\0') {
        print_message("%s, %s: %s%s\n", product, name,
                      !rejects[0] ? "accepted"
                      : expected  ? "rejected only by "
                                  : "rejected by ",
                      rejects);
    }
}

static void count_right(const struct image_rules *by)
{
    for (int i = 0; i < by->check_count; i++) {
        int row = row_of(by->checks[i].check);

        if (row >= 0) {
            counts[row].right++;
        }
    }
}

static void show_from_near(struct image_job *image_job, enum image_kind kind)
{
    struct brief *brief = &image_job->project.brief;

    for (int i = 0; !image_job->layout || !image_job->layout->close; i++) {
        image_job->layout = layout_at(layouts_builtin(), kind, i);
        assert_non_null(image_job->layout);
    }
    brief->product_name = "Trail Mug";
    brief->brand.name = brief->brand.font_family = "";
    brief->features[0] = (struct feature){ .title = "Closes tight", .description = "", .icon = "" };
    brief->feature_count = 1;
}

static void judge_case(const struct answer_case *row, const struct photo_studio *studio)
{
    bool words = row->words || (row->check && strstr(row->check, "_text"));
    struct image_rules by = rules_of(row->kind, words);
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct image answer = answer_make(row, studio, ANSWER_SIDE);
    const char *rejects;

    assert_non_null(image_job);
    image_job->project.brief.kind = row->kind;
    if (row->close) {
        show_from_near(image_job, row->kind);
    }
    image_job->model_photo = blob_view(studio->photo.data, studio->photo.size);
    image_job->has_photo_print = true;
    if (!row->check) {
        count_right(&by);
    }
    rejects = judge(&by, image_job, &answer);
    count(studio->name, row->name, row->check, rejects, image_job);
    free(image_job);
}

static void judge_products(void)
{
    for (int product = 0; product < ANSWER_PRODUCTS; product++) {
        struct photo_studio studio;

        studio_open(product, &studio);
        for (const struct answer_case *row = answer_cases; row->name; row++) {
            /* Of three products, one shows each fault: a case takes a tenth of a second. */
            bool shown = !row->check || row->asymmetric || (row - answer_cases) % 3 == product;

            if (row->only_tin ? product == 1 : shown && !(row->asymmetric && studio.symmetric)) {
                judge_case(row, &studio);
            }
        }
        studio_close(&studio);
    }
}

/* -- painted text ---------------------------------------------------------------------------- */

static const struct {
    const char *name, *lines;
    bool right;
} texts[] = {
    { "the seller's words", "Trail Mug\nKeeps drinks warm\nLeakproof steel lid\n24 x 9 cm", true },
    { "the same in inches", "Trail Mug\nHeight 9.4 in\nDimensions\nSteel", true },
    { "misspelled words", "Trial Mgu\nKepes driks wrm\nLeekprof steal ldi", false },
    { "an award", "Trail Mug\nAward winning\nLeakproof steel lid", false },
    { "a rank", "Trail Mug\n#1 Best in class\nLeakproof", false },
    { "a discount", "Trail Mug\nNow 50% off\nLeakproof steel lid", false },
    { "other sizes", "Trail Mug\nHeight 42 cm\nWidth 19 cm", false },
    { "another unit", "Trail Mug\n24 in high\nLeakproof steel lid", false },
};

static struct image painted(const char *lines)
{
    struct lettering type = { .weight = WEIGHT_SEMIBOLD, .size = 46, .leading = 1.5 };
    struct canvas canvas;
    struct image out;
    struct error err;

    assert_true(canvas_new(700, 420, &canvas, &err));
    canvas_fill(&canvas, COLOUR_WHITE);
    lettering_draw(&canvas, lines, (struct box){ 40, 30, 640, 380 }, &type);
    assert_true(canvas_image(&canvas, 3, &out, &err));
    canvas_free(&canvas);
    return out;
}

static void judge_text(int i)
{
    struct image_rules by = { .keep = { 700, 420 },
                              .format = "png",
                              .checks = { { .check = "painted_text", .limits = { 3 } } },
                              .check_count = 1 };
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct image answer = painted(texts[i].lines);
    const char *rejects;

    assert_non_null(image_job);
    image_job->painted = true;
    image_job->project.brief = (struct brief){
        .kind = INFOGRAPHIC,
        .product_name = "Trail Mug",
        .description = "A steel mug that keeps drinks warm. 24 x 9 cm.",
        .features = { { .title = "Leakproof lid", .description = "Closes tight" } },
        .feature_count = 1,
    };
    if (texts[i].right) {
        count_right(&by);
    }
    rejects = judge(&by, image_job, &answer);
    count("painted text", texts[i].name, texts[i].right ? NULL : "painted_text", rejects,
          image_job);
    free(image_job);
}

/* -- the table ------------------------------------------------------------------------------- */

static void print_table(void)
{
    print_message("%-18s %14s %9s %7s %14s %9s\n", "check", "wrong answers", "accepted", "missed",
                  "right answers", "rejected");
    for (int i = 0; i < CHECK_ROWS; i++) {
        print_message("%-18s %14d %9d %7d %14d %9d\n", committed[i].check, counts[i].wrong,
                      counts[i].accepted, counts[i].missed, counts[i].right, counts[i].rejected);
    }
}

static void checks_accept_and_reject_as_committed(void **unused)
{
    (void)unused;
    judge_products();
    for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++) {
        judge_text(i);
    }
    print_table();
    for (int i = 0; i < CHECK_ROWS; i++) {
        assert_true(counts[i].wrong > 0 && counts[i].right > 0);
        assert_in_range(counts[i].accepted, 0, committed[i].accepted);
        assert_in_range(counts[i].missed, 0, committed[i].missed);
        assert_in_range(counts[i].rejected, 0, committed[i].rejected);
    }
    assert_int_equal(other_rejections, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_accept_and_reject_as_committed),
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
