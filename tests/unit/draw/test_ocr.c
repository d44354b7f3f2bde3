/* test_ocr.c - text that was drawn on an image is read back, with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/memory.h"
#include "draw/lettering.h"
#include "image/checks/check.h"
#include "image/ocr/ocr_words.h"

static const struct colour ink = { 0.08, 0.08, 0.08 }, paper = { 0.96, 0.96, 0.96 };

static struct image with_text(int width, int height, const char *text, double size)
{
    struct lettering how = { .weight = WEIGHT_SEMIBOLD, .size = size, .colour = ink };
    struct canvas canvas;
    struct image image;
    struct error err;

    assert_true(canvas_new(width, height, &canvas, &err));
    canvas_fill(&canvas, paper);
    if (text) {
        lettering_draw(&canvas, text, (struct box){ 60, 80, width - 100.0, height - 100.0 }, &how);
    }
    assert_true(canvas_image(&canvas, 3, &image, &err));
    canvas_free(&canvas);
    return image;
}

static void join(const struct ocr_text *text, char *out, size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < text->count; i++) {
        size_t used = strlen(out);

        snprintf(out + used, size - used, "%s%s", used ? " " : "", text->words[i].text);
    }
}

static void expect_text(const struct image *image, enum ocr_layout layout, const char *expected)
{
    struct ocr_text text;
    struct error err;
    char joined[400];

    if (!ocr_read(image, "eng", layout, &text, &err)) {
        fail_msg("%s", err.text);
    }
    join(&text, joined, sizeof joined);
    assert_string_equal(joined, expected);
    for (int i = 0; i < text.count; i++) {
        const struct pixel_box *box = &text.words[i].box;

        assert_in_range(box->left, 0, box->right);
        assert_in_range(box->right, 0, image->width - 1);
        assert_in_range(box->top, 0, box->bottom);
        assert_in_range(box->bottom, 0, image->height - 1);
        assert_in_range(text.words[i].confidence, 60, 100);
    }
    ocr_text_free(&text);
}

static void drawn_words_are_read(void **unused)
{
    struct image image = with_text(900, 300, "BEST SELLER -50%", 60);

    (void)unused;
    expect_text(&image, OCR_SCATTERED, "BEST SELLER -50%");
    expect_text(&image, OCR_PAGE, "BEST SELLER -50%");
    image_free(&image);
}

static void image_without_text_has_no_words(void **unused)
{
    struct image image = with_text(600, 400, NULL, 0);

    (void)unused;
    expect_text(&image, OCR_SCATTERED, "");
    image_free(&image);
}

static void large_image_is_read_at_a_smaller_size_with_its_own_coordinates(void **unused)
{
    struct image image = with_text(3600, 1800, "Machine washable", 240);
    struct ocr_text text;
    struct error err;

    (void)unused;
    assert_true(ocr_read(&image, "eng", OCR_SCATTERED, &text, &err));
    assert_int_equal(text.count, 2);
    assert_string_equal(text.words[1].text, "washable");
    assert_in_range(text.words[0].box.left, 40, 120);
    assert_in_range(text.words[1].box.right, 1700, 2600);
    assert_in_range(text.words[0].box.top, 80, 220);
    ocr_text_free(&text);
    image_free(&image);
}

static void smallest_images_are_read(void **unused)
{
    (void)unused;
    for (int edge = 1; edge <= 64; edge += 9) {
        struct image image;
        struct ocr_text text;
        struct error err;

        assert_true(image_new(edge, edge, 4, &image, &err));
        memset(image.pixels, 0, (size_t)edge * (size_t)edge * 4);
        assert_true(ocr_read(&image, "eng", OCR_SCATTERED, &text, &err));
        assert_int_equal(text.count, 0);
        ocr_text_free(&text);
        image_free(&image);
    }
}

static void languages_without_data_are_left_out(void **unused)
{
    struct image image = with_text(600, 200, "Pure wool", 60);
    struct ocr_text text;
    struct error err;

    (void)unused;
    assert_true(ocr_read(&image, "xyz+eng", OCR_SCATTERED, &text, &err));
    assert_int_equal(text.count, 2);
    ocr_text_free(&text);
    assert_false(ocr_read(&image, "xyz", OCR_SCATTERED, &text, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_int_equal(err.cause, OCR_UNAVAILABLE);
    image_free(&image);
}

/* Returns true if foreign text is found in the image of a seller who writes these languages. */
static bool has_foreign_text(const struct image *image, const char *languages)
{
    struct check_subject subject = { .image = image, .languages = languages };
    const struct check_limits limits = { "foreign_text", { 3 } };
    struct check_finding finding;
    struct error ignored;

    return !checks_run(&subject, &limits, 1, &finding, &ignored);
}

static void text_in_the_script_of_the_seller_is_foreign_too(void **unused)
{
    struct image arabic = with_text(700, 260, "تخفيضات كبيرة", 80);
    struct image english = with_text(700, 260, "Big discounts", 80);

    (void)unused;
    assert_true(has_foreign_text(&arabic, "eng+ara"));
    assert_true(has_foreign_text(&english, "eng+ara"));
    assert_true(has_foreign_text(&english, NULL));
    image_free(&arabic);
    image_free(&english);
}

static void letters_of_several_bytes_count_once(void **unused)
{
    struct ocr_word three = { .confidence = 95, .text = "ماء" },
                    one = { .confidence = 95, .text = "水" };

    (void)unused;
    assert_int_equal(word_legible(&three), 3);
    assert_int_equal(word_legible(&one), 0);
}

static void *read_in_thread(void *arg)
{
    struct ocr_text text;
    struct error err;
    bool good = ocr_read(arg, "eng", OCR_SCATTERED, &text, &err) && text.count == 3;

    if (good) {
        ocr_text_free(&text);
    }
    return good ? arg : NULL;
}

static void threads_read_at_the_same_time(void **unused)
{
    struct image image = with_text(700, 200, "Made of cotton", 60);
    pthread_t threads[5];
    void *result;

    (void)unused;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, read_in_thread, &image), 0);
    }
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, &image);
    }
    image_free(&image);
}

static void words_that_another_image_shows_are_known(void **unused)
{
    struct ocr_word read[] = { { .confidence = 95, .text = "SALE" },
                               { .confidence = 91, .text = "Juicy" },
                               { .confidence = 90, .text = "-50%" },
                               { .confidence = 40, .text = "wrong" },
                               { .confidence = 80, .text = "iii" } };
    struct ocr_word shown[] = { { .confidence = 30, .text = "juicv" } };
    struct ocr_text photo = { shown, 1, NULL };
    int letters;

    (void)unused;
    assert_int_equal(word_legible(&read[0]), 4);
    assert_int_equal(word_legible(&read[2]), 0); /* two digits */
    assert_int_equal(word_legible(&read[3]), 0); /* read without confidence */
    assert_int_equal(word_legible(&read[4]), 0);
    assert_true(word_is_known("Juicy", &photo));
    assert_false(word_is_known("SALE", &photo));
    assert_int_equal(word_errors("Juicy", &photo, &letters), 1);
    assert_int_equal(word_errors("\xe2\x80\x98"
                                 "Juicv\xc2\xab",
                                 &photo, &letters),
                     0); /* quotes */
    assert_int_equal(letters, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawn_words_are_read),
        cmocka_unit_test(image_without_text_has_no_words),
        cmocka_unit_test(large_image_is_read_at_a_smaller_size_with_its_own_coordinates),
        cmocka_unit_test(smallest_images_are_read),
        cmocka_unit_test(languages_without_data_are_left_out),
        cmocka_unit_test(words_that_another_image_shows_are_known),
        cmocka_unit_test(text_in_the_script_of_the_seller_is_foreign_too),
        cmocka_unit_test(letters_of_several_bytes_count_once),
        cmocka_unit_test(threads_read_at_the_same_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
