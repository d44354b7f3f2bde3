/* bench_composed.c - processor time from a model's plate to a typeset and checked image, for each
 * image type with text, over all its layouts and three products. Without the checks that read text:
 * they are measured apart.
 *
 * The floor in the same round says how slow the machine was: the same plate decoded and scaled to
 * the stored size, and the stored file decoded and encoded again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/embed.h"
#include "image/resize.h"
#include "jobs/types/image_job.h"
#include "lib/compose_products.h"
#include "lib/test_plates.h"

enum { ROUNDS = 5, PRODUCTS = 3, LAYOUTS = 8, COURSES = PRODUCTS * LAYOUTS };
enum { BACKDROP = 226 /* level of the photo's */, JPEG_QUALITY = 92 };

static const enum image_kind kinds[] = { INFOGRAPHIC, FEATURE_HIGHLIGHT, COMPARISON_CHART,
                                         DIMENSION_DIAGRAM, A_PLUS_MODULE };

struct course { /* a layout and a product */
    const struct image_layout *layout;
    const struct brief *brief;
    enum image_kind kind;
    struct image_rules fast, all; /* without and with the checks that read text */
    struct blob photo, plate;
};

struct times { /* in ms */
    double whole[COURSES], least[COURSES], text[COURSES];
    int count;
};

static void must(bool good, const char *what, const struct error *err)
{
    if (!good) {
        fprintf(stderr, "bench_composed: %s failed: %s\n", what, err->text);
        exit(1);
    }
}

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* -- what a seller and a model send ------------------------------------------------------------ */

/* Draws the product alone, on a grey backdrop. */
static struct blob take_photo(int product)
{
    struct image drawn, photo;
    struct error err;
    struct blob out;
    size_t count;

    must(draw_test_plate(product, true, (struct box){ 0.15, 0.15, 0.7, 0.7 }, &drawn, &err) &&
             image_new(drawn.width, drawn.height, 3, &photo, &err),
         "a photo", &err);
    count = (size_t)photo.width * (size_t)photo.height;
    for (size_t i = 0; i < count * 3; i++) {
        const uint8_t *from = drawn.pixels + i / 3 * 4;

        photo.pixels[i] = (uint8_t)((from[i % 3] * from[3] + BACKDROP * (255 - from[3])) / 255);
    }
    must(image_encode_jpeg(&photo, JPEG_QUALITY, false, &out, &err), "a photo", &err);
    image_free(&drawn);
    image_free(&photo);
    return out;
}

/* Draws the plate in the size that is requested for the layout. */
static struct blob make_plate(const struct course *course, int product)
{
    bool alone = course->layout->plate == PLATE_CUT_OUT;
    struct size stored = course->fast.keep, size = layout_plate_size(course->layout, stored);
    struct box whole = { 0.05, 0.05, 0.9, 0.9 };
    struct box box = alone ? whole : layout_form(course->layout, stored)->product;
    struct image drawn, plate;
    struct error err;
    struct blob out = { 0 };

    must(draw_test_plate(product, alone, box, &drawn, &err) &&
             image_cover(&drawn, size.width, size.height, &plate, &err) &&
             image_encode_png(&plate, true, &out, &err),
         "a plate", &err);
    image_free(&drawn);
    image_free(&plate);
    return out;
}

static struct image_rules rules_of(const struct rules *rules, enum image_kind kind, bool text)
{
    const struct image_rules *found;
    struct image_rules out;
    struct error err;

    must(rules_for(rules, "amazon", kind, &found, &err), "the rules", &err);
    out = *found;
    out.check_count = 0;
    for (int i = 0; i < found->check_count; i++) {
        if (text || !check_find(found->checks[i].check)->slow) {
            out.checks[out.check_count++] = found->checks[i];
        }
    }
    return out;
}

/* -- times ------------------------------------------------------------------------------------- */

/* Sets the stored file. An image that a check rejects ends the measurement. */
static double finish_ms(const struct course *course, const struct image_rules *rules,
                        struct blob *file)
{
    static const struct model model = { .tasks = TASK_EDIT };
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct error err = { .text = "" };
    double began;

    must(image_job != NULL, "memory", &err);
    image_job->rules = rules;
    image_job->target_size = rules->keep;
    image_job->layout = course->layout;
    image_job->project.brief = *course->brief;
    image_job->project.brief.kind = course->kind;
    image_job->model_photo = blob_view(course->photo.data, course->photo.size);
    image_job->has_photo_print = true;
    image_job->request.model = &model;
    image_job->request.photo_count = 1;
    must(blob_copy(&image_job->result.content, course->plate.data, course->plate.size, &err),
         "memory", &err);
    began = cpu_ms();
    must(image_finish(image_job, &err), course->layout->name, &err);
    began = cpu_ms() - began;
    *file = blob_move(&image_job->file);
    blob_free(&image_job->plate.file);
    free(image_job);
    return began;
}

static double floor_ms(const struct course *course, const struct blob *file)
{
    struct image plate, scaled, stored;
    struct error err;
    struct blob out;
    double began = cpu_ms();

    must(image_decode(&course->plate, NULL, &plate, NULL, &err) &&
             image_decode(file, NULL, &stored, NULL, &err) &&
             image_scale(&plate, stored.width, stored.height, &scaled, &err),
         "decoding", &err);
    must(strcmp(course->fast.format, "jpeg") == 0
             ? image_encode_jpeg(&stored, JPEG_QUALITY, true, &out, &err)
             : image_encode_png(&stored, true, &out, &err),
         "encoding", &err);
    began = cpu_ms() - began;
    image_free(&plate);
    image_free(&scaled);
    image_free(&stored);
    blob_free(&out);
    return began;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

static void measure(const struct course *course, struct times *out)
{
    double whole[ROUNDS], least[ROUNDS], with_text;
    struct blob file;

    for (int i = 0; i < ROUNDS; i++) {
        whole[i] = finish_ms(course, &course->fast, &file);
        least[i] = floor_ms(course, &file);
        blob_free(&file);
    }
    with_text = finish_ms(course, &course->all, &file);
    blob_free(&file);
    out->whole[out->count] = median(whole, ROUNDS);
    out->least[out->count] = median(least, ROUNDS);
    out->text[out->count] = with_text - out->whole[out->count];
    out->count++;
}

static void run(enum image_kind kind, const struct rules *rules)
{
    struct times times = { .count = 0 };
    struct course course = { .kind = kind,
                             .fast = rules_of(rules, kind, false),
                             .all = rules_of(rules, kind, true) };
    double whole, least;

    for (int i = 0; i < LAYOUTS && (course.layout = layout_at(layouts_builtin(), kind, i)); i++) {
        for (int product = 0; product < PRODUCTS; product++) {
            course.brief = &test_products[product].brief;
            course.photo = take_photo(product);
            course.plate = make_plate(&course, product);
            measure(&course, &times);
            blob_free(&course.photo);
            blob_free(&course.plate);
        }
    }
    whole = median(times.whole, times.count);
    least = median(times.least, times.count);
    printf("%-18s %4d x %-4d %8.1f %8.1f %8.1f %6.2f %6.0f\n", kind_name(kind),
           course.fast.keep.width, course.fast.keep.height, whole, times.whole[times.count - 1],
           least, whole / least, median(times.text, times.count));
}

int main(int argc, char **argv)
{
    const struct embedded *file = embed_find("assets/rules.json");
    struct rules *rules;
    struct error err;

    must(file && rules_load((const char *)file->data, &rules, &err), "rules.json", &err);
    printf("processor ms, median of layouts and products, each of %d rounds; text: what the checks "
           "that read text add\n",
           ROUNDS);
    printf("%-18s %11s %8s %8s %8s %6s %6s\n", "image type", "stored", "checked", "highest",
           "floor", "ratio", "text");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (argc < 2 || strcmp(argv[1], kind_name(kinds[i])) == 0) {
            run(kinds[i], rules);
        }
    }
    rules_free(rules);
    return 0;
}
