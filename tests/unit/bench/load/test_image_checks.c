/* Required checks make an image unusable, optional checks are only reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bench/load/image_checks.h"

enum { EDGE = 64 };

static bool check(int channels, bool pattern, size_t file_bytes, int want, unsigned *failed,
                  struct error *err)
{
    struct image image;
    bool good;

    assert_true(image_new(EDGE, EDGE, channels, &image, err));
    memset(image.pixels, 120, (size_t)EDGE * EDGE * (size_t)channels);
    for (int i = 0; pattern && i < EDGE * EDGE; i++) {
        memset(image.pixels + i * channels, (i / 4 + i / EDGE / 4) % 2 ? 240 : 20, 3);
    }
    *err = (struct error){ .kind = ERROR_NONE };
    good = image_checks_run(&(struct check_subject){ .image = &image,
                                                     .file_bytes = file_bytes,
                                                     .target_width = want,
                                                     .target_height = want },
                            failed, err);
    image_free(&image);
    return good;
}

static void only_required_checks_make_an_image_unusable(void **unused)
{
    char text[IMAGE_CHECKS_TEXT];
    struct error err;
    unsigned failed;

    (void)unused;
    assert_true(check(3, true, 1000, EDGE, &failed, &err));
    assert_string_equal(image_checks_text(failed, text), "");
    assert_true(
        check(4, true, 11000000, EDGE, &failed, &err)); /* optional: the worker corrects them */
    assert_string_equal(image_checks_text(failed, text), "alpha file_size");
    assert_false(check(3, true, 1000, EDGE * 2, &failed, &err));
    assert_string_equal(image_checks_text(failed, text), "dimensions");
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_string_equal(err.text, "64 x 64 pixels; 128 x 128 are required");
    assert_false(check(3, false, 1000, EDGE, &failed, &err));
    assert_string_equal(image_checks_text(failed, text), "blank sharpness");
    assert_non_null(strstr(err.text, "blank"));
    assert_int_equal(strlen(image_checks_text((1u << IMAGE_CHECKS) - 1, text)), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_required_checks_make_an_image_unusable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
