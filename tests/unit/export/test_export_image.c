/* test_export_image.c - images are extended and scaled down, never enlarged or cut; a file that
 * fits stays as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "export/export_image.h"

/* Left half and right half have a colour each. */
static struct blob stored(int width, int height, bool jpeg)
{
    struct image image;
    struct blob file;
    struct error err;

    assert_true(image_new(width, height, 3, &image, &err));
    for (int i = 0; i < width * height; i++) {
        memset(image.pixels + (size_t)i * 3, i % width < width / 2 ? 200 : 40, 3);
    }
    assert_true(jpeg ? image_encode_jpeg(&image, 90, false, &file, &err)
                     : image_encode_png(&image, false, &file, &err));
    image_free(&image);
    return file;
}

static struct image made(struct blob *file, const struct export_target *target,
                         struct export_image *out)
{
    struct image image = { 0 };
    struct error err;

    if (!export_image_make(file, target, out, &err) ||
        !image_decode(&out->file, NULL, &image, NULL, &err)) {
        fail_msg("%s", err.text);
    }
    blob_free(file);
    return image;
}

static int value_at(const struct image *image, int x, int y)
{
    return image->pixels[((size_t)y * (size_t)image->width + (size_t)x) * 3];
}

static void file_that_fits_is_not_changed(void **state)
{
    struct blob file = stored(800, 800, true), copy;
    const struct export_target target = { .square = true, .longest = 1000, .max_bytes = 1 << 20 };
    struct export_image out;
    struct image image;
    struct error err;

    (void)state;
    assert_true(blob_copy(&copy, file.data, file.size, &err));
    image = made(&file, &target, &out);
    assert_int_equal(out.file.size, copy.size);
    assert_memory_equal(out.file.data, copy.data, copy.size);
    assert_string_equal(out.change, "as stored");
    blob_free(&copy);
    blob_free(&out.file);
    image_free(&image);
}

/* Inserts bytes after the start of a JPEG, or appends them. */
static struct blob with_bytes(struct blob *file, bool at_end, const void *bytes, size_t size)
{
    struct blob out;
    struct error err;
    size_t at = at_end ? file->size : 2;

    assert_true(blob_new(&out, file->size + size, &err));
    memcpy(out.data, file->data, at);
    memcpy(out.data + at, bytes, size);
    memcpy(out.data + at + size, file->data + at, file->size - at);
    blob_free(file);
    return out;
}

static void data_of_cameras_is_not_exported(void **state)
{
    static const char exif[] = "\xff\xe1\0\x1e"
                               "Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0SECRET12";
    const struct export_target target = { .longest = 1000 };

    (void)state;
    for (int at_end = 0; at_end < 2; at_end++) {
        struct blob file = stored(400, 300, true);
        struct export_image out;
        struct image image;

        file = with_bytes(&file, at_end, at_end ? "SECRET12" : exif, at_end ? 8 : sizeof exif - 1);
        image = made(&file, &target, &out);
        assert_string_equal(out.change, "encoded again");
        assert_null(memmem(out.file.data, out.file.size, "SECRET", 6));
        assert_int_equal(image.width, 400);
        blob_free(&out.file);
        image_free(&image);
    }
}

static void module_image_that_fits_is_not_changed(void **state)
{
    const struct export_target target = { .slot = { 300, 300 }, .sharp = 2, .max_bytes = 1 << 20 };
    struct export_image out;
    struct error err;

    (void)state;
    for (int side = 200; side <= 700; side += 100) {
        struct blob file = stored(side, side, true);
        bool good = export_image_make(&file, &target, &out, &err);

        assert_int_equal(good, side >= 300);
        assert_int_equal(good && strcmp(out.change, "as stored") == 0, side >= 300 && side <= 600);
        blob_free(&file);
        blob_free(&out.file);
    }
}

static void images_are_extended_to_a_square(void **state)
{
    struct blob file = stored(400, 600, false);
    const struct export_target target = { .square = true, .longest = 1000 };
    struct export_image out;
    struct image image = made(&file, &target, &out);

    (void)state;
    assert_int_equal(image.width, 600);
    assert_int_equal(image.height, 600);
    assert_in_range(value_at(&image, 10, 300), 198, 202);  /* the left edge's colour */
    assert_in_range(value_at(&image, 590, 300), 38, 42);   /* the right edge's */
    assert_in_range(value_at(&image, 150, 300), 198, 202); /* the image is in the middle */
    assert_in_range(value_at(&image, 450, 300), 38, 42);
    assert_int_equal(out.stored_size.width, 400);
    assert_non_null(strstr(out.change, "extended to a square"));
    blob_free(&out.file);
    image_free(&image);
}

static void images_are_scaled_down_and_never_up(void **state)
{
    const struct export_target target = { .longest = 300 };
    struct blob large = stored(600, 400, false), small = stored(200, 100, false);
    struct export_image out;
    struct image image = made(&large, &target, &out);

    (void)state;
    assert_int_equal(image.width, 300);
    assert_int_equal(image.height, 200);
    blob_free(&out.file);
    image_free(&image);
    image = made(&small, &target, &out);
    assert_int_equal(image.width, 200);
    assert_int_equal(image.height, 100);
    blob_free(&out.file);
    image_free(&image);
}

static void module_images_have_the_shape_of_their_slot(void **state)
{
    static const struct size slots[] = { { 300, 400 }, { 350, 175 }, { 220, 220 }, { 300, 300 } };

    (void)state;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        const struct export_target target = { .slot = slots[i], .sharp = 2 };
        struct blob file = stored(600, 600, false);
        struct export_image out;
        struct image image = made(&file, &target, &out);

        assert_true(image.width >= slots[i].width && image.width <= 2 * slots[i].width);
        assert_true(image.height >= slots[i].height && image.height <= 2 * slots[i].height);
        assert_in_range(image.width * 100 / image.height,
                        slots[i].width * 100 / slots[i].height - 1,
                        slots[i].width * 100 / slots[i].height + 1);
        blob_free(&out.file);
        image_free(&image);
    }
}

static void image_that_is_too_small_for_its_slot_fails(void **state)
{
    const struct export_target target = { .slot = { 970, 600 }, .sharp = 2 };
    struct blob file = stored(900, 500, false);
    struct export_image out;
    struct error err;

    (void)state;
    assert_false(export_image_make(&file, &target, &out, &err));
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_non_null(strstr(err.text, "900 x 500"));
    blob_free(&file);
}

static void images_of_models_are_marked(void **state)
{
    const struct export_target target = { .ai_made = true };
    struct export_image out;
    struct image_facts facts;
    struct error err;

    (void)state;
    for (int jpeg = 0; jpeg < 2; jpeg++) {
        struct blob file = stored(300, 300, jpeg);

        assert_true(export_image_make(&file, &target, &out, &err));
        assert_true(image_inspect(&out.file, &(struct image_bounds){ 0 }, &facts, &err));
        assert_int_equal(facts.format, FORMAT_JPEG);
        assert_true(facts.ai_mark);
        blob_free(&file);
        blob_free(&out.file);
    }
}

static void broken_file_is_named(void **state)
{
    struct blob file = blob_text("<html>gone</html>");
    struct export_image out;
    struct error err;

    (void)state;
    assert_false(export_image_make(&file, &(struct export_target){ 0 }, &out, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_that_fits_is_not_changed),
        cmocka_unit_test(data_of_cameras_is_not_exported),
        cmocka_unit_test(module_image_that_fits_is_not_changed),
        cmocka_unit_test(images_are_extended_to_a_square),
        cmocka_unit_test(images_are_scaled_down_and_never_up),
        cmocka_unit_test(module_images_have_the_shape_of_their_slot),
        cmocka_unit_test(image_that_is_too_small_for_its_slot_fails),
        cmocka_unit_test(images_of_models_are_marked),
        cmocka_unit_test(broken_file_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
