/* test_product_input.c - photos and texts as people have them become an order, or are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "demo/product_input.h"
#include "io/file.h"

static char folder[] = "/tmp/dr-product-XXXXXX";
static char photo_path[100], text_path[100];

static void put(const char *path, const void *data, size_t size)
{
    struct error err;

    assert_true(file_write(path, data, size, &err));
}

static struct product_source source_of(const char *name, const char *text)
{
    static const char *photos[1];

    photos[0] = photo_path;
    put(text_path, text, strlen(text));
    return (struct product_source){
        .photos = photos, .photo_count = 1, .name = name, .text = text_path
    };
}

static void expect_refused(const struct product_source *source, const char *why)
{
    struct product_input input;
    struct error err = { 0 };

    assert_false(product_input_read(source, &input, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    if (!strstr(err.text, why)) {
        fail_msg("'%s' does not say '%s'", err.text, why);
    }
    product_input_free(&input);
}

static void text_loses_what_cannot_be_seen(void **state)
{
    struct product_source source =
        source_of("Mug", "\xef\xbb\xbfHolds 350 ml.\r\nHeight: 9\xe2\x80\x8b cm\t\x1b[31m");
    struct product_input input;
    struct error err = { 0 };

    (void)state;
    assert_true(product_input_read(&source, &input, &err));
    assert_string_equal(json_peek_text(input.product, "description"),
                        "Holds 350 ml.\nHeight: 9 cm\t[31m");
    assert_string_equal(json_peek_text(input.product, "productName"), "Mug");
    assert_null(cJSON_GetObjectItemCaseSensitive(input.product, "brandKit"));
    product_input_free(&input);
}

static void folder_is_named_by_the_product(void **state)
{
    static const char *const names[][2] = {
        { "Steel Bottle, 750 ml", "steel-bottle-750-ml" },
        { "../../etc/passwd", "etc-passwd" },
        { "\xd8\xb2\xd8\xac\xd8\xa7\xd8\xac\xd8\xa9", "product" },
        { "--rf *", "rf" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct product_source source = source_of(names[i][0], "A mug.");
        struct product_input input;
        struct error err = { 0 };

        assert_true(product_input_read(&source, &input, &err));
        assert_string_equal(input.folder, names[i][1]);
        product_input_free(&input);
    }
}

static void identity_is_that_of_the_photos(void **state)
{
    struct product_source source = source_of("Mug", "A mug.");
    struct product_input first, second;
    struct error err = { 0 };

    (void)state;
    assert_true(product_input_read(&source, &first, &err));
    source = source_of("Mug", "A mug. Height: 9 cm.");
    assert_true(product_input_read(&source, &second, &err));
    assert_string_equal(first.identity, second.identity);
    assert_string_not_equal(first.inputs, second.inputs);
    product_input_free(&first);
    product_input_free(&second);
}

static void brand_has_up_to_three_colours(void **state)
{
    static const char *const wrong[] = { "red",      "#12345",
                                         "#1234567", "#123456;#123456",
                                         "#12345g",  "#111111,#222222,#333333,#444444" };
    struct product_source source = source_of("Mug", "A mug.");
    struct product_input input;
    struct error err = { 0 };
    const cJSON *brand;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        source.colours = wrong[i];
        expect_refused(&source, "--brand-colors");
    }
    source.colours = "#14515a,#e8efec";
    source.brand = "Kiln";
    assert_true(product_input_read(&source, &input, &err));
    brand = cJSON_GetObjectItemCaseSensitive(input.product, "brandKit");
    assert_string_equal(json_peek_text(brand, "name"), "Kiln");
    assert_string_equal(json_peek_text(brand, "secondaryColor"), "#e8efec");
    assert_null(json_peek_text(brand, "accentColor"));
    product_input_free(&input);
}

/* The logo is part of the order and of what a pack is made from. */
static void logo_is_read_for_the_brand(void **state)
{
    struct product_source source = source_of("Mug", "A mug.");
    struct product_input without, with;
    struct error err = { 0 };

    (void)state;
    assert_true(product_input_read(&source, &without, &err));
    assert_null(without.order.logo);
    source.logo = photo_path;
    assert_true(product_input_read(&source, &with, &err));
    assert_non_null(with.order.logo);
    assert_string_equal(with.order.logo->name, "logo.jpg");
    assert_true(with.order.logo->file.size > 1000 && with.order.logo->width > 100);
    assert_string_equal(json_peek_text(cJSON_GetObjectItemCaseSensitive(with.product, "brandKit"),
                                       "name"),
                        "Mug");
    assert_string_equal(without.identity, with.identity);
    assert_string_not_equal(without.inputs, with.inputs);
    product_input_free(&without);
    product_input_free(&with);
    source = source_of("Mug", "A mug.");
    source.logo = "/nonexistent/logo.png";
    expect_refused(&source, "/nonexistent/logo.png");
    source.logo = text_path;
    expect_refused(&source, "cannot be used as a logo");
}

static void unusable_files_are_named(void **state)
{
    struct product_source source = source_of("Mug", "A mug.");
    const char *many[ORDER_PHOTOS + 1];
    char long_name[PRODUCT_NAME + 2];

    (void)state;
    source.text = "/nonexistent/mug.txt";
    expect_refused(&source, "/nonexistent/mug.txt");
    source = source_of("Mug", " \n");
    expect_refused(&source, "contains no text");
    source = source_of("Mug", "caf\xe9");
    expect_refused(&source, "not text in UTF-8");
    source = source_of("Mug", "A mug.");
    source.photos = (const char *const[]){ text_path };
    expect_refused(&source, "cannot be used as a photo");
    source.photos = (const char *const[]){ "/nonexistent/mug.jpg" };
    expect_refused(&source, "/nonexistent/mug.jpg");
    for (int i = 0; i <= ORDER_PHOTOS; i++) {
        many[i] = photo_path;
    }
    source.photos = many;
    source.photo_count = ORDER_PHOTOS + 1;
    expect_refused(&source, "1 to 8 photos");
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    source = source_of(long_name, "A mug.");
    expect_refused(&source, "product's name is too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_loses_what_cannot_be_seen),
        cmocka_unit_test(folder_is_named_by_the_product),
        cmocka_unit_test(identity_is_that_of_the_photos),
        cmocka_unit_test(brand_has_up_to_three_colours),
        cmocka_unit_test(logo_is_read_for_the_brand),
        cmocka_unit_test(unusable_files_are_named),
    };
    const struct embedded *photo = embed_find("assets/demo/product.jpg");
    struct error err;
    int failed;

    if (!mkdtemp(folder)) {
        return 1;
    }
    snprintf(photo_path, sizeof photo_path, "%s/photo.jpg", folder);
    snprintf(text_path, sizeof text_path, "%s/text.txt", folder);
    if (!file_write(photo_path, photo->data, photo->size, &err)) {
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return folder_remove(folder, &err) ? failed : 1;
}
