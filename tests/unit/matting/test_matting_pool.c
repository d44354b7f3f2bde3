/* test_matting_pool.c - the operator's cut-out model: what it may do, what it may not, and when its
 * masks are trusted. Uses a fake ONNX Runtime, whose model files name a behaviour. */
#include "lib/matting_cases.h"

#include "image/cut_out/cut_out.h"
#include "image/memory_budget.h"
#include "matting/matting_server.h"

/* Opens a model of the fake runtime. Its mask is taken as it is. */
static bool open_model(const char *behaviour, struct matting_state *state, struct error *err)
{
    const struct matting_config config = { .model = path_in_folder("model.onnx"),
                                           .library = FAKE_ONNXRUNTIME };

    write_text("model.onnx", behaviour);
    write_text("model.onnx.json", "{\"seconds\": 1, \"memory_mb\": 64}");
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
        { "crash-at-load", "model.onnx' cannot be loaded" },
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
#if !defined(__SANITIZE_ADDRESS__) /* it reserves terabytes, so that no limit is possible */
        { "greedy", "Failed to allocate memory" },
#endif
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
    };

    if (argc > 1 && strcmp(argv[1], MATTING_COMMAND) == 0) {
        return matting_serve(argc - 2, argv + 2);
    }
    if (!mkdtemp(folder)) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
