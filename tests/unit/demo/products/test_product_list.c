/* test_product_list.c - a CSV file becomes products, or all its faults are named at once. */
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
#include "demo/products/product_folder.h"
#include "demo/products/product_list.h"
#include "io/file.h"

static char folder[] = "/tmp/dr-list-XXXXXX";
static char csv_path[100], out_path[100];
static struct rules *rules;

static void put(const char *name, const void *data, size_t size)
{
    char path[200];
    struct error err;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(file_write(path, data, size, &err));
}

static struct product_list read_list(const char *text)
{
    const struct product_list_options options = { .rules = rules, .out = out_path };
    struct product_list list;
    struct error err = { 0 };

    put("products.csv", text, strlen(text));
    if (!product_list_read(csv_path, &options, &list, &err)) {
        fail_msg("%s", err.text);
    }
    return list;
}

static bool has_fault(const struct product_list *list, int line, const char *column,
                      const char *text)
{
    const cJSON *fault;

    cJSON_ArrayForEach(fault, list->faults)
    {
        if (json_peek_int(fault, "line", -1) == line &&
            strcmp(json_peek_text(fault, "column"), column) == 0 &&
            strstr(json_peek_text(fault, "message"), text)) {
            return true;
        }
    }
    return false;
}

static void rows_become_products(void **state)
{
    struct product_list list = read_list("Name;SKU;Photos;TEXT;Marketplace;Price\r\n"
                                         "Clay mug;MUG-1; a.jpg | b.jpg ;mug.txt;Etsy;12,50\r\n"
                                         "Tray;T 2;a.jpg;\"A tray.\r\nHeight: 2 cm.\";;\r\n");
    struct product_input input;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(cJSON_GetArraySize(list.faults), 0);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.rows[0].sku, "MUG-1");
    assert_string_equal(list.rows[0].folder, "MUG-1");
    assert_string_equal(list.rows[0].marketplace, "etsy");
    assert_int_equal(list.rows[0].source.photo_count, 2);
    assert_null(list.rows[1].marketplace);
    assert_string_equal(cJSON_GetArrayItem(list.ignored, 0)->valuestring, "Price");
    assert_true(product_list_load(&list, 0, &input, &err));
    assert_string_equal(json_peek_text(input.product, "description"), "A mug of clay.");
    product_input_free(&input);
    assert_true(product_list_load(&list, 1, &input, &err));
    assert_string_equal(json_peek_text(input.product, "description"), "A tray.\nHeight: 2 cm.");
    product_input_free(&input);
    product_list_free(&list);
}

static void changed_marketplace_changes_the_product(void **state)
{
    struct product_list first = read_list("sku,photos,name,text\n1,a.jpg,Mug,A mug.\n");
    struct product_list second =
        read_list("sku,photos,name,text,marketplace\n1,a.jpg,Mug,A mug.,ebay\n");

    (void)state;
    assert_string_equal(first.rows[0].identity, second.rows[0].identity);
    assert_string_not_equal(first.rows[0].inputs, second.rows[0].inputs);
    product_list_free(&first);
    product_list_free(&second);
}

static void all_faults_are_named_with_their_lines(void **state)
{
    struct product_list list = read_list("sku,photos,name,text,marketplace\n"
                                         ",a.jpg,Mug,A mug.,\n"
                                         "1,none.jpg;notes.jpg,,missing.txt,amazn\n"
                                         "2,,Mug,,\n"
                                         "one,a.jpg,Mug,A mug.,\n"
                                         "ONE,a.jpg,Mug,A mug.,\n"
                                         "3,a.jpg,Mug,A mug.,,surplus\n"
                                         "4,a.jpg,\"Mug\"x,A mug.,\n");

    (void)state;
    assert_true(has_fault(&list, 2, "sku", "needs a SKU"));
    assert_true(has_fault(&list, 3, "photos", "none.jpg"));
    assert_true(has_fault(&list, 3, "photos", "notes.jpg' cannot be used as a photo"));
    assert_true(has_fault(&list, 3, "name", "the product's name is missing"));
    assert_true(has_fault(&list, 3, "text", "missing.txt"));
    assert_true(has_fault(&list, 3, "marketplace", "unknown marketplace 'amazn'"));
    assert_true(has_fault(&list, 4, "photos", "1 to 8 photos"));
    assert_true(has_fault(&list, 4, "text", "the text is empty"));
    assert_true(has_fault(&list, 6, "sku", "that of line 5"));
    assert_true(has_fault(&list, 7, "", "more fields than the first line"));
    assert_true(has_fault(&list, 8, "", "closing quotation mark"));
    assert_int_equal(cJSON_GetArraySize(list.faults), 11);
    product_list_free(&list);
}

static void missing_columns_are_named(void **state)
{
    struct product_list list = read_list("sku,fotos,name\n1,a.jpg,Mug\n");

    (void)state;
    assert_true(has_fault(&list, 1, "photos", "is it the one named 'fotos'?"));
    assert_true(has_fault(&list, 1, "text", "there is no column 'text'"));
    product_list_free(&list);
    list = read_list("sku,photos,name,text,SKU\n");
    assert_true(has_fault(&list, 1, "sku", "two columns"));
    product_list_free(&list);
    list = read_list("sku,photos,name,text\n");
    assert_true(has_fault(&list, 0, "", "no product"));
    product_list_free(&list);
    list = read_list("");
    assert_true(has_fault(&list, 0, "", "empty"));
    product_list_free(&list);
}

static void folder_names_are_safe_and_differ(void **state)
{
    static const char *const unsafe[] = {
        "../../etc/passwd", "..",       ".darkroom", "a/b", "a b", "index.html",
        "Products.JSON",    "\xc3\xa9", "-rf\n",     ""
    };
    char long_sku[200], out[PRODUCT_FOLDER], other[PRODUCT_FOLDER];

    (void)state;
    product_folder_name("MUG-1_a.2", out, sizeof out);
    assert_string_equal(out, "MUG-1_a.2");
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        product_folder_name(unsafe[i], out, sizeof out);
        assert_string_not_equal(out, unsafe[i]);
        assert_int_not_equal(out[0], '.');
        assert_null(strchr(out, '/'));
        assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_."),
                         strlen(out));
    }
    product_folder_name("a/b", out, sizeof out);
    product_folder_name("a b", other, sizeof other);
    assert_string_not_equal(out, other);
    memset(long_sku, 'x', sizeof long_sku);
    long_sku[199] = '\0';
    product_folder_name(long_sku, out, sizeof out);
    assert_true(strlen(out) < PRODUCT_FOLDER - 1);
    long_sku[150] = '\0';
    product_folder_name(long_sku, other, sizeof other);
    assert_string_not_equal(out, other);
}

static void folder_with_other_files_is_a_fault(void **state)
{
    struct product_list list;

    (void)state;
    put("out/7/thesis.tex", "x", 1);
    list = read_list("sku,photos,name,text\n7,a.jpg,Mug,A mug.\n");
    assert_true(has_fault(&list, 2, "sku", "darkroom did not write"));
    product_list_free(&list);
}

static int set_up(void **state)
{
    const struct embedded *photo = embed_find("assets/demo/product.jpg");
    struct error err;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(csv_path, sizeof csv_path, "%s/products.csv", folder);
    snprintf(out_path, sizeof out_path, "%s/out", folder);
    put("a.jpg", photo->data, photo->size);
    put("b.jpg", photo->data, photo->size);
    put("notes.jpg", "not a photo", 11);
    put("mug.txt", "A mug of clay.", 14);
    return rules_load((const char *)embed_find("assets/rules.json")->data, &rules, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct error err;

    (void)state;
    rules_free(rules);
    return folder_remove(folder, &err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_products),
        cmocka_unit_test(changed_marketplace_changes_the_product),
        cmocka_unit_test(all_faults_are_named_with_their_lines),
        cmocka_unit_test(missing_columns_are_named),
        cmocka_unit_test(folder_names_are_safe_and_differ),
        cmocka_unit_test(folder_with_other_files_is_a_fault),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
