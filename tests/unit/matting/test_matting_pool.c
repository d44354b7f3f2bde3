/* test_matting_pool.c - the operator's cut-out model: what it may do, what it may not, and when its
 * masks are trusted. Uses a fake ONNX Runtime, whose model files name a behaviour, and a real one
 * where DARKROOM_ONNXRUNTIME names it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/cut_out/cut_out.h"
#include "image/memory_budget.h"
#include "matting/matting_pool.h"
#include "matting/matting_server.h"

static char folder[] = "/tmp/darkroom-matting-XXXXXX";

static const char *path_in_folder(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(path_in_folder(name), "we");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

/* Opens a model of the fake runtime. Its mask is taken as it is. */
static bool open_model(const char *behaviour, struct matting_state *state, struct error *err)
{
    const struct matting_config config = { .model = path_in_folder("model.onnx"),
                                           .library = FAKE_ONNXRUNTIME };

    write_text("model.onnx", behaviour);
    write_text("model.onnx.json", "{\"seconds\": 2, \"memory_mb\": 64}");
    path_in_folder("model.onnx");
    return matting_pool_open(&config, state, err);
}

static void must_open(const char *behaviour)
{
    struct matting_state state;
    struct error err = { .text = "" };

    if (!open_model(behaviour, &state, &err)) {
        fail_msg("%s: %s", behaviour, err.text);
    }
}

/* -- photos ------------------------------------------------------------------------------------ */

enum { EDGE = 512, RADIUS = 150 };

static bool in_disc(int x, int y)
{
    int dx = x - EDGE / 2, dy = y - EDGE / 2;

    return dx * dx + dy * dy < RADIUS * RADIUS;
}

/* A disc on a plain backdrop, whose lower half has another grey. */
static struct image photo_of(uint8_t backdrop, uint8_t upper, uint8_t lower)
{
    struct image photo;
    struct error err;

    assert_true(image_new(EDGE, EDGE, 3, &photo, &err));
    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            uint8_t level = !in_disc(x, y) ? backdrop : y < EDGE / 2 ? upper : lower;

            memset(photo.pixels + ((size_t)y * EDGE + (size_t)x) * 3, level, 3);
        }
    }
    return photo;
}

static double overlap_with_disc(const struct image *cut)
{
    long both = 0, either = 0;

    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            bool kept = cut->pixels[((size_t)y * EDGE + (size_t)x) * 4 + 3] >= 128;

            both += kept && in_disc(x, y);
            either += kept || in_disc(x, y);
        }
    }
    return (double)both / (double)either;
}

static void expect_mask(const struct image *photo, struct cut_mask *mask)
{
    struct error err = { .text = "" };

    if (!cut_mask_find(photo, mask, &err)) {
        fail_msg("no mask: %s", err.text);
    }
}

static void expect_rejected(const char *behaviour, struct image photo, const char *why)
{
    struct cut_mask mask;
    struct error err;

    must_open(behaviour);
    assert_false(cut_mask_find(&photo, &mask, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    if (!strstr(err.text, why)) {
        fail_msg("%s: '%s' does not contain '%s'", behaviour, err.text, why);
    }
    assert_null(mask.alpha);
    matting_pool_close();
    image_free(&photo);
}

/* -- masks ------------------------------------------------------------------------------------- */

static void product_of_the_backdrops_colour_is_cut_out(void **unused)
{
    struct image photo = photo_of(250, 245, 245), cut;
    struct cut_mask mask;
    struct error err;

    (void)unused;
    assert_false(image_cut_out(&photo, &cut, &err)); /* colours do not show the outline */
    assert_false(cut_mask_find(&photo, &mask, &err));
    must_open("outline");
    expect_mask(&photo, &mask);
    matting_pool_close();
    assert_true(image_cut_out_by_mask(&photo, &mask, &cut, &err));
    assert_true(overlap_with_disc(&cut) >= 0.97);
    assert_int_equal(cut.pixels[3], 0);
    assert_int_equal(cut.pixels[((size_t)EDGE / 2 * EDGE + EDGE / 2) * 4], 245);
    cut_mask_free(&mask);
    image_free(&cut);
    image_free(&photo);
}

static void mask_fits_the_photo_at_another_size(void **unused)
{
    struct image small = photo_of(250, 120, 120), large, cut;
    struct cut_mask mask;
    struct error err;

    (void)unused;
    must_open("outline");
    expect_mask(&small, &mask);
    matting_pool_close();
    assert_true(image_new(EDGE * 2, EDGE * 2, 3, &large, &err));
    for (int y = 0; y < EDGE * 2; y++) {
        for (int x = 0; x < EDGE * 2; x++) {
            memcpy(large.pixels + ((size_t)y * EDGE * 2 + (size_t)x) * 3,
                   small.pixels + ((size_t)(y / 2) * EDGE + (size_t)(x / 2)) * 3, 3);
        }
    }
    assert_true(image_cut_out_by_mask(&large, &mask, &cut, &err));
    assert_int_equal(cut.pixels[((size_t)EDGE * EDGE * 2 + EDGE) * 4 + 3], 255);
    assert_int_equal(cut.pixels[3], 0);
    cut_mask_free(&mask);
    image_free(&small);
    image_free(&large);
    image_free(&cut);
}

static void uncertain_masks_are_rejected(void **unused)
{
    (void)unused;
    expect_rejected("upper-half", photo_of(250, 120, 60), "background is not plain");
    expect_rejected("upper-half", photo_of(250, 120, 235), "plain");
    expect_rejected("left-half", photo_of(250, 120, 120), "mirrored photo");
    expect_rejected("everything", photo_of(250, 120, 120), "too little background");
    expect_rejected("fades", photo_of(250, 120, 120), "not certain");
    expect_rejected("outline", photo_of(250, 250, 250), "no product");
}

static void mask_around_more_than_the_product_is_rejected(void **unused)
{
    struct image photo = photo_of(250, 120, 120);
    struct cut_mask mask = { .width = 64, .height = 64, .agreement = 1 };
    struct image cut;
    struct error err;

    (void)unused;
    mask.alpha = calloc(64, 64);
    for (int i = 0; i < 64 * 64; i++) { /* a square around the disc */
        mask.alpha[i] = i % 64 >= 8 && i % 64 < 56 && i / 64 >= 8 && i / 64 < 56 ? 255 : 0;
    }
    assert_false(image_cut_out_by_mask(&photo, &mask, &cut, &err));
    assert_non_null(strstr(err.text, "outline is not distinct"));
    cut_mask_free(&mask);
    image_free(&photo);
}

static void photo_of_a_scene_is_rejected(void **unused)
{
    struct image photo = photo_of(250, 120, 120);

    (void)unused;
    for (int i = 0; i < EDGE * EDGE; i++) {
        if (!in_disc(i % EDGE, i / EDGE)) {
            memset(photo.pixels + (size_t)i * 3, (i % EDGE / 32 + i / EDGE / 32) % 2 ? 200 : 90, 3);
        }
    }
    expect_rejected("outline", photo, "background is not plain");
}

/* -- models that fail -------------------------------------------------------------------------- */

static void model_that_cannot_be_used_is_a_configuration_error(void **unused)
{
    static const char *const cases[][2] = {
        { "refuse", "Protobuf parsing failed" },
        { "two-inputs", "more than one input" },
        { "byte-input", "1 x 3 x height x width floats" },
        { "flat-input", "1 x 3 x height x width floats" },
        { "wrong-size", "mask of 128 x 128 floats" },
        { "wrong-type", "mask of 128 x 128 floats" },
        { "no-tensor", "mask of 128 x 128 floats" },
        { "no-output", "gives no mask" },
        { "no-numbers", "no numbers" },
        { "error", "Non-zero status code" },
        { "crash", "ended its process with signal" },
        { "loop", "too much processor time" },
        { "greedy", "Failed to allocate memory" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct matting_state state;
        struct error err = { .kind = ERROR_NONE };

        if (open_model(cases[i][0], &state, &err)) {
            fail_msg("%s is accepted", cases[i][0]);
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_true(err.hint[0]);
        if (!strstr(err.text, cases[i][1])) {
            fail_msg("%s: '%s' does not contain '%s'", cases[i][0], err.text, cases[i][1]);
        }
    }
}

static void model_that_fails_on_one_photo_serves_the_next(void **unused)
{
    struct image photo = photo_of(250, 120, 120), plain = photo_of(250, 250, 250);
    struct cut_mask mask;
    struct error err;

    (void)unused;
    must_open("crash-on-photo");
    assert_false(cut_mask_find(&photo, &mask, &err));
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_non_null(strstr(err.text, "ended its process with signal"));
    assert_false(cut_mask_find(&plain, &mask, &err));
    assert_int_equal(err.kind, ERROR_INPUT); /* a mask, which finds no product */
    matting_pool_close();
    image_free(&photo);
    image_free(&plain);
}

static void model_can_neither_open_a_file_nor_start_a_process(void **unused)
{
    struct matting_state state;
    struct error err;

    (void)unused;
    if (!open_model("outline", &state, &err) || state.seccomp_error != 0) {
        matting_pool_close();
        skip();
    }
    matting_pool_close();
    must_open("spy");
    matting_pool_close();
}

static void memory_of_the_model_must_fit_the_budget(void **unused)
{
    struct matting_state state;
    struct error err;

    (void)unused;
    memory_budget_set(32 << 20);
    assert_false(open_model("outline", &state, &err));
    memory_budget_set(0);
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "--memory"));
}

static void missing_files_are_named(void **unused)
{
    char model[200];
    struct matting_config config = { .model = model };
    struct matting_state state;
    struct error err;

    (void)unused;
    write_text("u2net.onnx", "outline");
    snprintf(model, sizeof model, "%s", path_in_folder("u2net.onnx"));
    config.library = "/nonexistent/libonnxruntime.so";
    assert_false(matting_pool_open(&config, &state, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "--cutout-runtime '/nonexistent/libonnxruntime.so'"));
    config.library = model; /* a file that is no library */
    assert_false(matting_pool_open(&config, &state, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "ONNX Runtime"));
    assert_non_null(strstr(err.hint, "--cutout-runtime"));
    config.library = FAKE_ONNXRUNTIME;
    config.model = "/nonexistent/u2net.onnx";
    assert_false(matting_pool_open(&config, &state, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "--cutout-model '/nonexistent/u2net.onnx'"));
}

/* -- a real runtime ------------------------------------------------------------------------------
 */

/* Writers of protocol buffers: a field of bytes, a field of a number. */
static size_t put_number(uint8_t *to, uint64_t value)
{
    size_t size = 0;

    do {
        to[size++] = (uint8_t)((value & 127) | (value > 127 ? 128 : 0));
        value >>= 7;
    } while (value > 0);
    return size;
}

struct message {
    uint8_t data[1024];
    size_t size;
};

static void add_bytes(struct message *to, int field, const void *data, size_t size)
{
    to->size += put_number(to->data + to->size, (uint64_t)field << 3 | 2);
    to->size += put_number(to->data + to->size, size);
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void add_text(struct message *to, int field, const char *text)
{
    add_bytes(to, field, text, strlen(text));
}

static void add_message(struct message *to, int field, const struct message *part)
{
    add_bytes(to, field, part->data, part->size);
}

static void add_number(struct message *to, int field, uint64_t value)
{
    to->size += put_number(to->data + to->size, (uint64_t)field << 3);
    to->size += put_number(to->data + to->size, value);
}

/* A ValueInfoProto of floats. */
static struct message value_of(const char *name, int channels)
{
    const int sides[] = { 1, channels, 128, 128 };
    struct message shape = { .size = 0 }, tensor = { .size = 0 }, type = { .size = 0 };
    struct message value = { .size = 0 };

    for (int i = 0; i < 4; i++) {
        struct message dimension = { .size = 0 };

        add_number(&dimension, 1, (uint64_t)sides[i]);
        add_message(&shape, 1, &dimension);
    }
    add_number(&tensor, 1, 1); /* FLOAT */
    add_message(&tensor, 2, &shape);
    add_message(&type, 1, &tensor);
    add_text(&value, 1, name);
    add_message(&value, 2, &type);
    return value;
}

static struct message constant_of(const char *name, const float *values, int count, bool kernel)
{
    struct message tensor = { .size = 0 };
    const int sides[] = { 1, count, 1, 1 };

    for (int i = kernel ? 0 : 3; i < 4; i++) {
        add_number(&tensor, 1, (uint64_t)sides[i]);
    }
    add_number(&tensor, 2, 1); /* FLOAT */
    add_text(&tensor, 8, name);
    add_bytes(&tensor, 9, values, (size_t)count * sizeof *values);
    return tensor;
}

static struct message node_of(const char *op, const char *const *inputs, const char *output)
{
    struct message node = { .size = 0 };

    for (; *inputs; inputs++) {
        add_text(&node, 1, *inputs);
    }
    add_text(&node, 2, output);
    add_text(&node, 4, op);
    return node;
}

/* mask = sigmoid(30 - 40 * (red + green + blue) / 3): pixels darker than 0.75 are product. */
static struct message dark_pixels_model(void)
{
    static const float kernel[] = { -40 / 3.0F, -40 / 3.0F, -40 / 3.0F }, bias[] = { 30 };
    static const char *const conv_inputs[] = { "image", "kernel", "bias", NULL };
    static const char *const sigmoid_inputs[] = { "logit", NULL };
    struct message graph = { .size = 0 }, opset = { .size = 0 }, model = { .size = 0 };
    struct message part = node_of("Conv", conv_inputs, "logit");

    add_message(&graph, 1, &part);
    part = node_of("Sigmoid", sigmoid_inputs, "mask");
    add_message(&graph, 1, &part);
    add_text(&graph, 2, "dark");
    part = constant_of("kernel", kernel, 3, true);
    add_message(&graph, 5, &part);
    part = constant_of("bias", bias, 1, false);
    add_message(&graph, 5, &part);
    part = value_of("image", 3);
    add_message(&graph, 11, &part);
    part = value_of("mask", 1);
    add_message(&graph, 12, &part);
    add_number(&model, 1, 7); /* version of the format */
    add_message(&model, 7, &graph);
    add_number(&opset, 2, 13);
    add_message(&model, 8, &opset);
    return model;
}

static void real_runtime_runs_a_model(void **unused)
{
    struct matting_config config = { .library = getenv("DARKROOM_ONNXRUNTIME") };
    struct message model = dark_pixels_model();
    struct image photo = photo_of(250, 120, 120), cut;
    struct matting_state state;
    struct cut_mask mask;
    struct error err;

    (void)unused;
    write_file("dark.onnx", model.data, model.size);
    write_text("dark.onnx.json", "{\"memory_mb\": 256}");
    config.model = path_in_folder("dark.onnx");
    if (!matting_pool_open(&config, &state, &err)) {
        image_free(&photo);
        if (!config.library && strstr(err.text, "cannot be loaded")) {
            skip(); /* ONNX Runtime is not installed */
        }
        fail_msg("%s", err.text);
    }
    assert_int_equal(state.width, 128);
    expect_mask(&photo, &mask);
    matting_pool_close();
    assert_true(image_cut_out_by_mask(&photo, &mask, &cut, &err));
    assert_true(overlap_with_disc(&cut) >= 0.97);
    cut_mask_free(&mask);
    image_free(&photo);
    image_free(&cut);
}

static int remove_folder(void **unused)
{
    static const char *const names[] = { "model.onnx", "model.onnx.json", "u2net.onnx", "dark.onnx",
                                         "dark.onnx.json" };

    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(path_in_folder(names[i]));
    }
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_of_the_backdrops_colour_is_cut_out),
        cmocka_unit_test(mask_fits_the_photo_at_another_size),
        cmocka_unit_test(uncertain_masks_are_rejected),
        cmocka_unit_test(mask_around_more_than_the_product_is_rejected),
        cmocka_unit_test(photo_of_a_scene_is_rejected),
        cmocka_unit_test(model_that_cannot_be_used_is_a_configuration_error),
        cmocka_unit_test(model_that_fails_on_one_photo_serves_the_next),
        cmocka_unit_test(model_can_neither_open_a_file_nor_start_a_process),
        cmocka_unit_test(memory_of_the_model_must_fit_the_budget),
        cmocka_unit_test(missing_files_are_named),
        cmocka_unit_test(real_runtime_runs_a_model),
    };

    if (argc > 1 && strcmp(argv[1], MATTING_COMMAND) == 0) {
        return matting_serve(argc - 2, argv + 2);
    }
    if (!mkdtemp(folder)) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
