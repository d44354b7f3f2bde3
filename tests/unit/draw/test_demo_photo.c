/* test_demo_photo.c - the demo photo has a plain backdrop and shows the complete product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "draw/demo_photo.h"
#include "image/compose.h"
#include "image/cut_out/cut_out.h"

static void photo_is_plain_and_can_be_cut_out(void **state)
{
    struct image photo, cut;
    struct error err;
    int clear = 0, full = 0;

    (void)state;
    assert_true(demo_photo_draw(400, &photo, &err));
    assert_true(image_cut_out(&photo, &cut, &err));
    for (int i = 0; i < 400 * 400; i++) {
        clear += cut.pixels[i * 4 + 3] == 0;
        full += cut.pixels[i * 4 + 3] == 255;
    }
    assert_in_range(full, 400 * 400 * 18 / 100, 400 * 400 * 30 / 100); /* only the bottle */
    assert_in_range(clear, 400 * 400 * 65 / 100, 400 * 400 * 82 / 100);
    assert_int_equal(cut.pixels[(200 * 400 + 200) * 4 + 3], 255);
    image_free(&photo);
    image_free(&cut);
}

static int photo_write(const char *path)
{
    struct image photo = { 0 };
    struct blob file = { 0 };
    struct error err;
    FILE *out = fopen(path, "wb");
    bool good = out && demo_photo_draw(1600, &photo, &err) &&
                image_encode_jpeg(&photo, 93, false, &file, &err) &&
                fwrite(file.data, 1, file.size, out) == file.size;

    image_free(&photo);
    blob_free(&file);
    return out && fclose(out) == 0 && good ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(photo_is_plain_and_can_be_cut_out),
    };

    return argc > 1 ? photo_write(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
