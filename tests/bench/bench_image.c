/* bench_image.c - time from a model's response to a checked, stored file, compared with a
 * straightforward implementation.
 *
 * Both start with the JSON of an images response and end with a complete file on disk, with the
 * same checks in between. They alternate in each round; medians are printed. The straightforward
 * implementation (image_straight.h) writes no AI marker and does not validate the structure of a
 * file. The worker's code runs twice: with decoder processes, as in a worker, and without them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/random.h"
#include "bench/image_straight.h"
#include "decoder/decoder_pool.h"
#include "decoder/decoder_server.h"
#include "image/resize.h"
#include "io/file.h"
#include "jobs/types/image_job.h"

enum { ROUNDS = 21, PHASES = 6, ENCODE = 3 };

static const double contrast = 2, sharpness = 1;
static const char *const names[PHASES] = { "JSON, base64", "decode", "crop, scale",
                                           "encode, mark", "check",  "store" };

struct way { /* microseconds of each round */
    double whole[ROUNDS], part[PHASES][ROUNDS];
    size_t bytes;
};

struct course {
    const char *name;
    int width, height; /* of the received image; 1024 x 1024 are stored */
    char *answer;
    size_t answer_size, file_size;
    const char *folder;
    int round;
    struct way ours, straight;
    struct way separate; /* ours, decoded in a decoder process: only `whole` is set */
};

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench_image: %s failed\n", what);
        exit(1);
    }
}

/* Smooth shapes with sensor noise: a PNG of about 1.7 MB at 1024 x 1024. */
static void photograph(struct image *image)
{
    uint64_t state = 3;

    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            uint8_t *p = image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * 3;
            double light = 128 + 70 * sin(x / 90.0) * cos(y / 130.0) + 20 * sin((x + 2 * y) / 17.0);
            double noise = random_normal(&state);

            for (int c = 0; c < 3; c++) {
                double value = light + 12 * c + 2 * noise + 2 * random_normal(&state);

                p[c] = (uint8_t)fmin(255, fmax(0, value));
            }
        }
    }
}

static void make_answer(struct course *course)
{
    static const char head[] = "{\n  \"created\": 1761224400,\n  \"background\": \"opaque\",\n"
                               "  \"data\": [\n    {\n      \"b64_json\": \"";
    static const char tail[] =
        "\"\n    }\n  ],\n  \"output_format\": \"png\",\n  \"quality\": \"high\",\n  \"usage\": "
        "{\"input_tokens\": 812, \"input_tokens_details\": {\"image_tokens\": 640, "
        "\"text_tokens\": 172}, \"output_tokens\": 4160, \"total_tokens\": 4972}\n}";
    struct image image;
    struct blob file, text;
    struct error err;

    must(image_new(course->width, course->height, 3, &image, &err), "a picture");
    photograph(&image);
    must(straight_encode(&image, &file), "a PNG");
    must(base64_encode(file.data, file.size, &text, &err), "base64");
    course->file_size = file.size;
    course->answer_size = sizeof head - 1 + text.size + sizeof tail - 1;
    course->answer = malloc(course->answer_size + 1);
    must(course->answer != NULL, "memory");
    memcpy(course->answer, head, sizeof head - 1);
    memcpy(course->answer + sizeof head - 1, text.data, text.size);
    memcpy(course->answer + sizeof head - 1 + text.size, tail, sizeof tail);
    image_free(&image);
    blob_free(&file);
    blob_free(&text);
}

/* Adds the time since the last call to a phase; -1 for none. */
static void lap(struct course *course, struct way *way, int phase)
{
    static int64_t last;
    int64_t now = clock_mono_us();

    if (phase >= 0) {
        way->part[phase][course->round] += (double)(now - last);
    }
    last = now;
}

static void store(const struct course *course, const struct blob *file)
{
    char path[300];
    struct error err;

    snprintf(path, sizeof path, "%s/image.png", course->folder);
    must(file_write(path, file->data, file->size, &err), "writing a file");
}

static void read_answer(const struct course *course, struct op *op, struct model_result *result)
{
    struct endpoint at = { .provider = provider_find("openai") };
    struct model_request order = { .task = TASK_IMAGE, .at = &at };
    struct error err;

    must(provider_find("openai")->read_response(&order, op, result, &err) == READ_DONE,
         "the answer");
    (void)course;
}

static const struct image_rules rules = {
    .keep = { 1024, 1024 },
    .format = "png",
    .checks = { { .check = "dimensions", .limits = { 500, 10000 } },
                { .check = "ratio", .limits = { 0.01 } },
                { .check = "blank", .limits = { 2 } },
                { .check = "alpha", .limits = { 0 } },
                { .check = "sharpness", .limits = { 1 } },
                { .check = "file_size", .limits = { 10e6 } } },
    .check_count = 6,
};

/* Copies the response for each round, as the network would deliver it. */
static struct op answered(const struct course *course)
{
    struct op op = { .kind = OP_HTTP };
    struct error err;

    must(blob_copy(&op.http_response.body, course->answer, course->answer_size, &err), "memory");
    op.http_response.status = 200;
    return op;
}

/* Runs the worker's code: the provider's parser, image_finish, a file. */
static void run_ours(struct course *course, struct way *way)
{
    struct op op = answered(course);
    int64_t begun = clock_mono_us();
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct error err;

    must(image_job != NULL, "memory");
    image_job->rules = &rules;
    image_job->target_size = rules.keep;
    read_answer(course, &op, &image_job->result);
    must(image_finish(image_job, &err), "image_finish");
    store(course, &image_job->file);
    way->whole[course->round] = (double)(clock_mono_us() - begun);
    way->bytes = image_job->file.size;
    blob_free(&image_job->file);
    free(image_job);
    op_clear(&op);
}

/* Measures the parts of image_finish one by one. */
static void run_our_pieces(struct course *course)
{
    bool kept = course->width == rules.keep.width;
    struct way *way = &course->ours;
    struct op op = answered(course);
    struct model_result result = { 0 };
    struct image made, fit;
    struct check_finding findings[CHECKS_MAX];
    struct check_limits limits[CHECKS_MAX];
    struct image_facts facts;
    struct blob file;
    struct error err;

    lap(course, way, -1);
    read_answer(course, &op, &result);
    lap(course, way, 0);
    must(image_decode(&result.content, NULL, &made, &facts, &err), "image_decode");
    lap(course, way, 1);
    if (kept) {
        fit = made;
        must(image_mark(&result.content, &facts, &file, &err), "image_mark");
    } else {
        must(image_cover(&made, 1024, 1024, &fit, &err), "image_cover");
        image_free(&made);
        lap(course, way, 2);
        must(image_encode_png(&fit, true, &file, &err), "image_encode_png");
    }
    lap(course, way, 3);
    for (int i = 0; i < rules.check_count; i++) {
        limits[i].check = rules.checks[i].check;
        memcpy(limits[i].limits, rules.checks[i].limits, sizeof limits[i].limits);
    }
    must(checks_run(&(struct check_subject){ .image = &fit,
                                             .facts = facts,
                                             .file_bytes = file.size,
                                             .target_width = 1024,
                                             .target_height = 1024 },
                    limits, rules.check_count, findings, &err),
         "checks");
    lap(course, way, 4);
    store(course, &file);
    lap(course, way, 5);
    image_free(&fit);
    blob_free(&file);
    blob_free(&result.content);
    op_clear(&op);
}

static void straight_fit(const struct image *in, struct image *out)
{
    int side = in->width < in->height ? in->width : in->height, keep = 1024;
    size_t row = (size_t)side * 3;
    float *full = malloc(row * (size_t)side * sizeof *full);
    float *across = malloc((size_t)keep * 3 * (size_t)side * sizeof *across);
    float *done = malloc((size_t)keep * 3 * (size_t)keep * sizeof *done);
    struct error err;

    must(full && across && done && image_new(keep, keep, 3, out, &err), "memory");
    for (int y = 0; y < side; y++) {
        const uint8_t *from =
            in->pixels + ((size_t)(y + (in->height - side) / 2) * (size_t)in->width +
                          (size_t)(in->width - side) / 2) *
                             3;

        for (size_t i = 0; i < row; i++) {
            full[(size_t)y * row + i] = from[i];
        }
    }
    straight_scale(full, across, (struct straight_axis){ side, side, keep, 3 });
    straight_scale(across, done, (struct straight_axis){ 1, side, keep, keep * 3 });
    for (size_t i = 0; i < (size_t)keep * (size_t)keep * 3; i++) {
        out->pixels[i] = (uint8_t)fminf(255, fmaxf(0, done[i] + 0.5F));
    }
    free(full);
    free(across);
    free(done);
}

static void run_straight(struct course *course)
{
    bool kept = course->width == rules.keep.width;
    struct way *way = &course->straight;
    int64_t begun = clock_mono_us();
    struct image made, fit;
    struct blob came, file;

    lap(course, way, -1);
    must(straight_answer(course->answer, course->answer_size, &came), "straight_answer");
    lap(course, way, 0);
    must(straight_decode(&came, &made), "straight_decode");
    lap(course, way, 1);
    if (kept) {
        fit = made;
        file = blob_move(&came);
    } else {
        straight_fit(&made, &fit);
        image_free(&made);
        lap(course, way, 2);
        must(straight_encode(&fit, &file), "straight_encode");
        lap(course, way, 3);
    }
    must(straight_check(&fit, contrast, sharpness), "straight_check");
    lap(course, way, 4);
    store(course, &file);
    lap(course, way, 5);
    way->whole[course->round] = (double)(clock_mono_us() - begun);
    way->bytes = file.size;
    image_free(&fit);
    blob_free(&file);
    blob_free(&came);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_ms(const double *values)
{
    double sorted[ROUNDS];

    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, by_value);
    return sorted[ROUNDS / 2] / 1000;
}

/* The decoder processes run as long as a worker, so their start is not part of a round. */
static void run_separate(struct course *course)
{
    struct decoder_pool_config config = { .processes = 1 };
    struct error err;

    must(decoder_pool_open(&config, &err), "starting a decoder process");
    run_ours(course, &course->separate); /* the first image touches fresh memory */
    run_ours(course, &course->separate);
    decoder_pool_close();
}

static void print_separate(const struct course *course, double ours)
{
    double separate = median_ms(course->separate.whole);

    printf("  %-14s %9.2f %9s   ratio %.2f to darkroom, %+.2f ms\n", "own process", separate, "",
           separate / ours, separate - ours);
}

static void run(struct course *course)
{
    double ours, straight;

    make_answer(course);
    for (course->round = 0; course->round < ROUNDS; course->round++) {
        run_straight(course);
        run_ours(course, &course->ours);
        run_separate(course);
        run_our_pieces(course);
    }
    ours = median_ms(course->ours.whole);
    straight = median_ms(course->straight.whole);
    printf("%s: %d x %d, a PNG of %.2f MB\n", course->name, course->width, course->height,
           (double)course->file_size / 1e6);
    printf("  %-14s %9s %9s\n", "ms (median)", "darkroom", "simple");
    for (int i = 0; i < PHASES; i++) {
        printf("  %-14s %9.2f %9.2f\n", names[i], median_ms(course->ours.part[i]),
               median_ms(course->straight.part[i]));
    }
    printf("  %-14s %9.2f %9.2f   ratio %.2f\n", "total", ours, straight, ours / straight);
    print_separate(course, ours);
    if (course->width !=
        rules.keep
            .width) { /* encoding with zlib's default level dominates the simple implementation */
        double our_rest = ours - median_ms(course->ours.part[ENCODE]);
        double rest = straight - median_ms(course->straight.part[ENCODE]);

        printf("  %-14s %9.2f %9.2f   ratio %.2f\n", "without encode", our_rest, rest,
               our_rest / rest);
    }
    printf("  %-14s %9.2f %9.2f\n", "MB stored", (double)course->ours.bytes / 1e6,
           (double)course->straight.bytes / 1e6);
    free(course->answer);
}

int main(int argc, char **argv)
{
    static struct course courses[] = {
        { .name = "kept unchanged, with the marker", .width = 1024, .height = 1024 },
        { .name = "cropped and scaled to 1024 x 1024", .width = 1536, .height = 1280 },
    };
    char folder[] = "/tmp/bench-image-XXXXXX";
    struct error err;

    if (argc == 2 && strcmp(argv[1], DECODER_COMMAND) == 0) {
        return decoder_serve(decode_planned);
    }
    must(mkdtemp(folder) != NULL, "a folder");
    printf("median of %d alternating rounds\n", ROUNDS);
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        courses[i].folder = folder;
        run(&courses[i]);
    }
    must(folder_remove(folder, &err), "removing a folder");
    return 0;
}
