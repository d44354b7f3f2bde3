/* test_matting_model.c - descriptions of cut-out models, and what they do to numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "matting/matting_model.h"

static void models_are_known_by_name(void **unused)
{
    static const struct {
        const char *path;
        int side;
        double mean, std;
        bool divide_by_max, sigmoid, stretch;
    } cases[] = {
        { "/models/u2net.onnx", 320, 0.485, 0.229, true, false, true },
        { "/models/u2netp.onnx", 320, 0.485, 0.229, true, false, true },
        { "/models/isnet-general-use.onnx", 1024, 0.5, 1, false, false, true },
        { "/models/BiRefNet-general-epoch_244.onnx", 1024, 0.485, 0.229, false, true, false },
        { "/models/RMBG-1.4.onnx", 1024, 0.5, 1, false, false, true },
        { "/models/bria-rmbg-2.0.onnx", 1024, 0.485, 0.229, false, false, true },
    };
    struct matting_model model;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(matting_model_by_name(cases[i].path, &model));
        assert_int_equal(model.width, cases[i].side);
        assert_int_equal(model.height, cases[i].side);
        assert_true(model.mean[0] == cases[i].mean);
        assert_true(model.std[0] == cases[i].std);
        assert_int_equal(model.divide_by_max, cases[i].divide_by_max);
        assert_int_equal(model.sigmoid, cases[i].sigmoid);
        assert_int_equal(model.stretch, cases[i].stretch);
    }
    assert_false(
        matting_model_by_name("/u2net/model.onnx", &model)); /* the folder does not count */
}

static void json_replaces_what_it_names(void **unused)
{
    struct blob json = blob_text("{\"width\": 512, \"mean\": [0.1, 0.2, 0.3], \"memory_mb\": 300}");
    struct matting_model model;
    struct error err;

    (void)unused;
    assert_true(matting_model_by_name("isnet.onnx", &model));
    assert_true(matting_model_read(&json, &model, &err));
    assert_int_equal(model.width, 512);
    assert_int_equal(model.height, 1024);
    assert_true(model.mean[2] == 0.3);
    assert_true(model.std[2] == 1);
    assert_int_equal(model.memory_mb, 300);
    assert_true(model.stretch);
}

static void invalid_json_is_named(void **unused)
{
    static const char *const cases[][2] = {
        { "[1]", "expected an object" },
        { "{\"widht\": 512}", "'widht'" },
        { "{\"width\": 100000}", "'width'" },
        { "{\"mean\": [1, 2]}", "'mean'" },
        { "{\"std\": [1, 0, 1]}", "'std'" },
        { "{\"std\": \"1\"}", "'std'" },
        { "{\"sigmoid\": 1}", "'sigmoid'" },
        { "{\"output\": -1}", "'output'" },
        { "{", "JSON" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct blob json = blob_text(cases[i][0]);
        struct matting_model model = { .width = 16 };
        struct error err;

        assert_false(matting_model_read(&json, &model, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (!strstr(err.text, cases[i][1])) {
            fail_msg("%s: '%s' does not contain '%s'", cases[i][0], err.text, cases[i][1]);
        }
    }
}

static void unknown_model_needs_a_description(void **unused)
{
    struct matting_model model;
    struct error err;

    (void)unused;
    assert_false(matting_model_describe("/nonexistent/model.onnx", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "/nonexistent/model.onnx"));
    assert_non_null(strstr(err.hint, ".json"));
}

static void size_of_the_model_itself_wins(void **unused)
{
    struct matting_model model;
    struct error err;

    (void)unused;
    assert_true(matting_model_by_name("isnet.onnx", &model));
    assert_true(matting_model_set_size("isnet.onnx", 512, 0, &model, &err));
    assert_int_equal(model.width, 512);
    assert_int_equal(model.height, 1024);
    assert_false(matting_model_by_name("other.onnx", &model));
    assert_false(matting_model_set_size("other.onnx", 0, 0, &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(matting_model_set_size("other.onnx", 4096, 4096, &model, &err));
}

static void input_is_normalised_by_plane(void **unused)
{
    static const uint8_t pixels[] = { 255, 0, 51, 102, 204, 255 };
    struct matting_model model = {
        .width = 2, .height = 1, .mean = { 0.5, 0, 0.2 }, .std = { 0.5, 1, 2 }
    };
    const float expected[] = { 1, -0.2F, 0, 0.8F, 0, 0.4F };
    float planes[6];

    (void)unused;
    matting_model_input(&model, pixels, planes);
    for (int i = 0; i < 6; i++) {
        assert_true(fabsf(planes[i] - expected[i]) < 1e-5F);
    }
}

static void input_is_divided_by_the_largest_value(void **unused)
{
    static const uint8_t pixels[] = { 50, 100, 25 };
    struct matting_model model = {
        .width = 1, .height = 1, .std = { 1, 1, 1 }, .divide_by_max = true
    };
    float planes[3];

    (void)unused;
    matting_model_input(&model, pixels, planes);
    assert_true(fabsf(planes[0] - 0.5F) < 1e-6F);
    assert_true(fabsf(planes[1] - 1) < 1e-6F);
    assert_true(fabsf(planes[2] - 0.25F) < 1e-6F);
}

static void expect_alpha(struct matting_model model, float first, float second, int alpha_first,
                         int alpha_second)
{
    float mask[] = { first, second };
    uint8_t rgba[8] = { 0 };

    model.width = 2;
    model.height = 1;
    assert_true(matting_model_alpha(&model, mask, rgba));
    assert_int_equal(rgba[3], alpha_first);
    assert_int_equal(rgba[7], alpha_second);
}

static void output_becomes_alpha(void **unused)
{
    (void)unused;
    expect_alpha((struct matting_model){ 0 }, 0, 1, 0, 255);
    expect_alpha((struct matting_model){ 0 }, -3, 7, 0, 255);
    expect_alpha((struct matting_model){ .sigmoid = true }, -20, 0, 0, 128);
    expect_alpha((struct matting_model){ .stretch = true }, 0.1F, 0.9F, 0, 255);
    /* A model that is certain of nothing found nothing. */
    expect_alpha((struct matting_model){ .stretch = true }, 0.1F, 0.3F, 26, 77);
    expect_alpha((struct matting_model){ .stretch = true }, 0.96F, 0.96F, 245, 245);
}

static void output_that_is_no_number_is_rejected(void **unused)
{
    struct matting_model model = { .width = 2, .height = 1 };
    float mask[] = { 0, NAN };
    uint8_t rgba[8];

    (void)unused;
    assert_false(matting_model_alpha(&model, mask, rgba));
    mask[1] = INFINITY;
    assert_false(matting_model_alpha(&model, mask, rgba));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_are_known_by_name),
        cmocka_unit_test(json_replaces_what_it_names),
        cmocka_unit_test(invalid_json_is_named),
        cmocka_unit_test(unknown_model_needs_a_description),
        cmocka_unit_test(size_of_the_model_itself_wins),
        cmocka_unit_test(input_is_normalised_by_plane),
        cmocka_unit_test(input_is_divided_by_the_largest_value),
        cmocka_unit_test(output_becomes_alpha),
        cmocka_unit_test(output_that_is_no_number_is_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
