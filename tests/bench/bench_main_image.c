/* bench_main_image.c - processor time from a model's answer to a composed and checked image, for
 * each form of answer, without the checks that read text: they are measured apart.
 *
 * Processor time, since other work on the machine prolongs wall-clock time; the floor in the same
 * round says how slow the machine was: the same answer decoded, scaled to the stored size and
 * encoded, and the stored file decoded again if it is a JPEG. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/embed.h"
#include "image/resize.h"
#include "jobs/types/image_job.h"
#include "lib/answer_cases.h"

enum { ROUNDS = 7, SIDE = 1024, BOTTLE = 0 };

struct course {
    const char *name, *answer, *marketplace, *format;
    bool jpeg; /* the answer is one */
};

static const struct course courses[] = {
    { "transparent main image", "as asked", "amazon", "png", false },
    { "opaque main image", "on white", "amazon", "png", false },
    { "JPEG answer", "on white", "amazon", "png", true },
    { "JPEG main image", "as asked", "ebay", "jpeg", false },
    { "JPEG main image, opaque", "on white", "ebay", "jpeg", false },
    { "scene", "scene", "amazon", "png", false },
};

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench_main_image: %s failed\n", what);
        exit(1);
    }
}

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct blob make_answer(const struct course *course, const struct photo_studio *studio,
                               enum image_kind *kind)
{
    const struct answer_case *row = answer_cases;
    struct image image;
    struct blob out;
    struct error err;

    while (strcmp(row->name, course->answer) != 0) {
        row++;
    }
    *kind = row->kind;
    image = answer_make(row, studio, SIDE);
    must(course->jpeg ? image_encode_jpeg(&image, 95, true, &out, &err)
                      : image_encode_png(&image, true, &out, &err),
         "an answer");
    image_free(&image);
    return out;
}

/* Returns the rules with either the checks that read text, or all others. */
static struct image_rules rules_of(const struct rules *rules, const struct course *course,
                                   enum image_kind kind, bool text)
{
    const struct image_rules *found;
    struct image_rules out;
    struct error err;

    must(rules_for(rules, course->marketplace, kind, &found, &err), "the rules");
    out = *found;
    out.format = course->format;
    out.check_count = 0;
    for (int i = 0; i < found->check_count; i++) {
        if (text || !check_find(found->checks[i].check)->slow) {
            out.checks[out.check_count++] = found->checks[i];
        }
    }
    return out;
}

static double finish_ms(const struct image_rules *rules, enum image_kind kind,
                        const struct blob *answer, const struct photo_studio *studio,
                        struct size *stored)
{
    static const struct model model = { .tasks = TASK_EDIT };
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct error err;
    double began;

    must(image_job != NULL, "memory");
    image_job->rules = rules;
    image_job->target_size = rules->keep;
    if (kind == LIFESTYLE) { /* the answer is smaller than the marketplace wants */
        image_job->target_size = (struct size){ SIDE * 7 / 4, SIDE };
    }
    image_job->project.brief.kind = kind;
    image_job->model_photo = blob_view(studio->photo.data, studio->photo.size);
    image_job->has_photo_print = true;
    image_job->request.model = &model;
    image_job->request.photo_count = 1;
    must(blob_copy(&image_job->result.content, answer->data, answer->size, &err), "memory");
    began = cpu_ms();
    if (!image_finish(image_job, &err)) {
        fprintf(stderr, "bench_main_image: %s\n", err.text);
        exit(1);
    }
    began = cpu_ms() - began;
    *stored = image_job->stored_size;
    blob_free(&image_job->file);
    free(image_job);
    return began;
}

static double floor_ms(const struct course *course, const struct blob *answer, struct size size)
{
    struct image made, scaled, again;
    struct blob file;
    struct error err;
    double began = cpu_ms();

    must(image_decode(answer, NULL, &made, NULL, &err) &&
             image_scale(&made, size.width, size.height, &scaled, &err),
         "decoding");
    if (strcmp(course->format, "jpeg") == 0) {
        struct image flat = { 0 };

        must(scaled.channels == 3 || image_flatten(&scaled, &flat, &err), "flattening");
        must(image_encode_jpeg(flat.pixels ? &flat : &scaled, 92, true, &file, &err) &&
                 image_decode(&file, NULL, &again, NULL, &err),
             "JPEG");
        image_free(&again);
        image_free(&flat);
    } else {
        must(image_encode_png(&scaled, true, &file, &err), "PNG");
    }
    began = cpu_ms() - began;
    image_free(&made);
    image_free(&scaled);
    blob_free(&file);
    return began;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

static void run(const struct course *course, const struct rules *rules,
                const struct photo_studio *studio)
{
    enum image_kind kind;
    struct blob answer = make_answer(course, studio, &kind);
    struct image_rules fast = rules_of(rules, course, kind, false);
    struct image_rules all = rules_of(rules, course, kind, true);
    double whole[ROUNDS], least[ROUNDS], text[ROUNDS];
    struct size stored;

    for (int i = 0; i < ROUNDS; i++) {
        whole[i] = finish_ms(&fast, kind, &answer, studio, &stored);
        least[i] = floor_ms(course, &answer, stored);
        text[i] = i % 3 == 0 ? finish_ms(&all, kind, &answer, studio, &stored) - whole[i] : text[0];
    }
    printf("%-26s %4d x %-4d %7.1f %7.1f %6.2f %9.0f\n", course->name, stored.width, stored.height,
           median(whole), median(least), median(whole) / median(least), median(text));
    blob_free(&answer);
}

int main(int argc, char **argv)
{
    const struct embedded *file = embed_find("assets/rules.json");
    struct photo_studio studio;
    struct rules *rules;
    struct error err;

    must(file && rules_load((const char *)file->data, &rules, &err), "rules.json");
    studio_open(BOTTLE, &studio);
    printf("processor ms, median of %d rounds; text: what the checks that read text add\n", ROUNDS);
    printf("%-26s %11s %7s %7s %6s %9s\n", "answer", "stored", "checked", "floor", "ratio", "text");
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        if (argc < 2 || strcmp(argv[1], courses[i].name) == 0) {
            run(&courses[i], rules, &studio);
        }
    }
    studio_close(&studio);
    rules_free(rules);
    return 0;
}
