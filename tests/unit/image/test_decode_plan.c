/* test_decode_plan.c - images are decoded at a smaller size where the caller allows it, and no
 * decode needs more memory than its plan says. */
#include "lib/bombs.h"
#include "lib/test_images.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <webp/encode.h>

#include "image/decode_plan.h"
#include "image/memory_budget.h"

enum { SIDE = 1024, HIGH = 767 };

static struct blob jpeg_of(const struct image *image)
{
    struct blob file;
    struct error err;

    assert_true(image_encode_jpeg(image, 92, false, &file, &err));
    return file;
}

static struct blob webp_of(const struct image *image, bool lossless)
{
    struct blob file = { 0 };
    uint8_t *data = NULL;
    int stride = image->width * 3;
    size_t size =
        lossless ? WebPEncodeLosslessRGB(image->pixels, image->width, image->height, stride, &data)
                 : WebPEncodeRGB(image->pixels, image->width, image->height, stride, 90, &data);

    put(&file, data, size);
    WebPFree(data);
    return file;
}

/* The mean of squares of `by` pixels, computed the slow way. */
static int mean_at(const struct image *image, int x, int y, int c, int by)
{
    int sum = 0, count = 0;

    for (int dy = 0; dy < by && y * by + dy < image->height; dy++) {
        for (int dx = 0; dx < by && x * by + dx < image->width; dx++) {
            sum +=
                image->pixels[((y * by + dy) * image->width + x * by + dx) * image->channels + c];
            count++;
        }
    }
    return (sum + count / 2) / count;
}

static void expect_reduced(struct blob file, const struct image *original, int by, int tolerance)
{
    struct image_bounds bounds = { .enough_edge = SIDE / by };
    struct image_facts facts;
    struct image image;
    struct error err = { 0 };

    if (!image_decode(&file, &bounds, &image, &facts, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(image.width, (original->width + by - 1) / by);
    assert_int_equal(image.height, (original->height + by - 1) / by);
    assert_int_equal(facts.width, original->width); /* of the file */
    assert_int_equal(facts.height, original->height);
    for (int y = 0; y < image.height; y++) {
        for (int x = 0; x < image.width; x++) {
            for (int c = 0; c < 3; c++) {
                int got = image.pixels[(y * image.width + x) * image.channels + c];
                int want = mean_at(original, x, y, c, by);

                if (abs(got - want) > tolerance) {
                    fail_msg("by %d at %d, %d: %d, not %d", by, x, y, got, want);
                }
            }
        }
    }
    image_free(&image);
    blob_free(&file);
}

static void every_format_is_reduced_to_means(void **unused)
{
    struct image image = scene(SIDE, HIGH, 3, 0);

    (void)unused;
    /* without the jumps of the test image, which lossy formats blur */
    for (int i = 0; i < SIDE * HIGH; i++) {
        image.pixels[i * 3] = (uint8_t)(i % SIDE / 5);
        image.pixels[i * 3 + 1] = (uint8_t)(i / SIDE / 4);
        image.pixels[i * 3 + 2] = 90;
    }
    for (int by = 2; by <= 8; by *= 2) {
        expect_reduced(png_of(&image, 5, 5000), &image, by, 0);
        expect_reduced(jpeg_of(&image), &image, by, 5);
        expect_reduced(webp_of(&image, false), &image, by, 6);
        expect_reduced(webp_of(&image, true), &image, by, 2);
    }
    image_free(&image);
}

static void transparent_pixels_do_not_colour_their_neighbours(void **unused)
{
    struct image image, small;
    struct blob file;
    struct error err;

    (void)unused;
    assert_true(image_new(64, 64, 4, &image, &err));
    for (int i = 0; i < 64 * 64; i++) { /* green and opaque, or red and transparent */
        memcpy(image.pixels + i * 4, i % 2 ? "\xff\0\0\0" : "\0\xff\0\xff", 4);
    }
    file = png_of(&image, 0, 5000);
    assert_true(
        image_decode(&file, &(struct image_bounds){ .enough_edge = 32 }, &small, NULL, &err));
    assert_int_equal(small.width, 32);
    for (int i = 0; i < 32 * 32; i++) {
        assert_memory_equal(small.pixels + i * 4, "\0\xff\0\x80", 4);
    }
    image_free(&small);
    image_free(&image);
    blob_free(&file);
}

static void interlaced_images_are_reduced(void **unused)
{
    struct blob file = bomb_png(300, 200, true);
    struct image small;
    struct error err;

    (void)unused;
    assert_true(
        image_decode(&file, &(struct image_bounds){ .enough_edge = 70 }, &small, NULL, &err));
    assert_int_equal(small.width, 75);
    assert_int_equal(small.height, 50);
    image_free(&small);
    blob_free(&file);
}

static void memory_decides_between_enough_and_least(void **unused)
{
    struct blob file = bomb_png(4000, 3000, false);
    struct image_bounds bounds = { .enough_edge = 2000, .least_edge = 1000 };
    struct decode_plan plan;
    struct error err;

    (void)unused;
    assert_true(decode_plan_make(&file, NULL, SIZE_MAX, &plan, &err));
    assert_int_equal(plan.reduce, 1);
    assert_true(decode_plan_make(&file, &bounds, SIZE_MAX, &plan, &err));
    assert_int_equal(plan.reduce, 2);
    assert_true(decode_plan_make(&file, &bounds, plan.memory - 1, &plan, &err));
    assert_int_equal(plan.reduce, 4);
    assert_int_equal(plan.width, 1000);
    assert_false(decode_plan_make(&file, &bounds, plan.memory - 1, &plan, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_int_equal(err.cause, IMAGE_TOO_LARGE);
    blob_free(&file);
}

static void an_image_holds_its_share_until_it_is_freed(void **unused)
{
    struct blob file = bomb_png(400, 300, false), broken = bomb_png(400, 300, false);
    struct image image;
    struct error err;

    (void)unused;
    memory_budget_set(100 << 20);
    assert_true(image_decode(&file, NULL, &image, NULL, &err));
    assert_true(memory_budget_state().used >= 400 * 300 * 3);
    image_free(&image);
    assert_int_equal(memory_budget_state().used, 0);
    memset(broken.data + 45, 0, broken.size - 80);
    assert_false(image_decode(&broken, NULL, &image, NULL, &err));
    assert_int_equal(memory_budget_state().used, 0);
    memory_budget_set(1 << 20);
    assert_false(image_decode(&file, NULL, &image, NULL, &err));
    assert_int_equal(err.cause, IMAGE_TOO_LARGE);
    memory_budget_set(0);
    blob_free(&file);
    blob_free(&broken);
}

#if !defined(__SANITIZE_ADDRESS__)
static long peak_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Decodes in a child, whose peak is not that of earlier tests. Returns 0, or what was wrong. */
static int decode_in_child(const struct blob *file, const struct decode_plan *plan)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        long before_kb;
        struct image image;
        struct error err;

        malloc_trim(0);
        before_kb = peak_kb();
        if (!decode_planned(file, plan, NULL, &image, &err)) {
            _exit(1);
        }
        _exit((size_t)(peak_kb() - before_kb) * 1024 <= plan->memory ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

/* The peak of a child begins with what its parent has, so the files are large. */
static void no_decode_needs_more_memory_than_planned(void **unused)
{
    struct image noise = scene(2600, 2000, 3, 30);
    struct blob files[] = { bomb_png(9900, 9900, false), bomb_png(3000, 3000, true),
                            bomb_jpeg(9000, 0, false),   bomb_jpeg(5000, 0, true),
                            png_of(&noise, 5, 1 << 16),  jpeg_of(&noise),
                            webp_of(&noise, false),      webp_of(&noise, true) };

    (void)unused;
    image_free(&noise);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        for (int edge = 0; edge <= 1200; edge += 1200) {
            struct image_bounds bounds = { .max_pixels = 100000000, .enough_edge = edge };
            struct decode_plan plan;
            struct error err = { 0 };
            int wrong;

            if (!decode_plan_make(&files[i], &bounds, SIZE_MAX, &plan, &err)) {
                fail_msg("%zu: %s", i, err.text);
            }
            wrong = i == 0 && edge == 0 ? 0 : decode_in_child(&files[i], &plan);
            if (wrong) {
                fail_msg("file %zu, edge %d: %s than %zu bytes", i, edge,
                         wrong == 2 ? "needs more" : "fails with less", plan.memory);
            }
            if (edge > 0 && i != 3) { /* the coefficients of a progressive JPEG are all kept */
                assert_true(plan.memory < 100 << 20);
            }
        }
        blob_free(&files[i]);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_reduced_to_means),
        cmocka_unit_test(transparent_pixels_do_not_colour_their_neighbours),
        cmocka_unit_test(interlaced_images_are_reduced),
        cmocka_unit_test(memory_decides_between_enough_and_least),
        cmocka_unit_test(an_image_holds_its_share_until_it_is_freed),
#if !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(no_decode_needs_more_memory_than_planned),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
