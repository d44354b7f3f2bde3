/* test_overview.c - the page and the rows of all products, for complete, missing and hostile
 * records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "demo/products/overview.h"
#include "io/file.h"

#define EVIL "</title><script>alert(1)</script>\\\"'&<img src=x onerror=alert(2)>"

static char folder[] = "/tmp/dr-overview-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[200];
    struct error err;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(file_write(path, text, strlen(text), &err));
}

static cJSON *read_products(struct pack_product *products, int count)
{
    const struct settings_sources from = { .command = "make" };
    struct settings *settings;
    struct error err;
    cJSON *overview;

    assert_true(settings_load(&from, &settings, &err));
    overview = overview_read(&(struct pack_request){
        .settings = settings, .out = folder, .products = products, .count = count });
    settings_free(settings);
    return overview;
}

static void records_become_rows(void **state)
{
    struct pack_product products[] = {
        { .folder = "A", .sku = "A", .name = "Mug", .complete = true },
        { .folder = "B", .sku = "B", .name = "Tray", .marketplace = "etsy" },
        { .folder = "C", .sku = "C", .name = "Bowl" },
    };
    cJSON *overview, *row;

    (void)state;
    put("A/record.json",
        "{\"project\":{\"productName\":\"Mug\"},\"zip\":\"A-amazon.zip\",\"aplus\":{},\"images\":[{"
        "\"type\":\"MAIN_IMAGE\",\"file\":\"main_image.png\"},{\"type\":\"LIFESTYLE\"}],\"jobs\":[{"
        "\"type\":\"generate-image\",\"status\":\"completed\",\"calls\":[{\"usd\":0.25},{\"usd\":0."
        "5}]}]}");
    put("B/record.json",
        "{\"jobs\":[{\"type\":\"generate-complete-pack\",\"status\":\"failed\",\"message\":\"5 of "
        "6\"}"
        ",{\"type\":\"generate-image\",\"image\":\"DIMENSION_DIAGRAM\",\"status\":\"failed\","
        "\"message\":\"Add dimensions.\"}]}");
    error_set(&products[2].fault, ERROR_INTERNAL, "disk full");
    overview = read_products(products, 3);
    row = cJSON_GetArrayItem(overview, 0);
    assert_string_equal(json_peek_text(row, "status"), "complete");
    assert_string_equal(json_peek_text(row, "mainImage"), "main_image.png");
    assert_int_equal(json_peek_int(row, "images", 0), 2);
    assert_true(json_peek_number(row, "usd", 0) == 0.75);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(row, "missing")), 0);
    row = cJSON_GetArrayItem(overview, 1);
    assert_string_equal(json_peek_text(row, "status"), "incomplete");
    assert_string_equal(json_peek_text(row, "name"), "Tray");
    assert_string_equal(json_peek_text(row, "marketplace"), "etsy");
    row = cJSON_GetObjectItem(row, "missing"); /* its pack says nothing that the part does not */
    assert_int_equal(cJSON_GetArraySize(row), 1);
    assert_string_equal(json_peek_text(row->child, "message"), "Add dimensions.");
    row = cJSON_GetArrayItem(overview, 2);
    assert_string_equal(json_peek_text(row, "status"), "not made");
    assert_string_equal(json_peek_text(cJSON_GetObjectItem(row, "missing")->child, "message"),
                        "disk full");
    cJSON_Delete(overview);
}

static void markup_in_texts_is_escaped(void **state)
{
    struct pack_product product = { .folder = "E", .sku = EVIL, .name = EVIL, .marketplace = EVIL };
    struct error err;
    struct text page;
    cJSON *overview;

    (void)state;
    put("E/record.json",
        "{\"zip\":\"" EVIL "\",\"project\":{\"productName\":\"" EVIL
        "\"},\"images\":[{\"type\":\"MAIN_IMAGE\",\"file\":\"" EVIL
        "\"}],\"jobs\":[{\"type\":\"" EVIL "\",\"status\":\"failed\",\"message\":\"" EVIL "\"}]}");
    overview = read_products(&product, 1);
    text_begin(&page, 1 << 20);
    assert_true(overview_page(overview, &page, &err));
    assert_null(strstr(page.data, "<script"));
    assert_null(strstr(page.data, "<img src=x"));
    assert_null(strstr(page.data, "{{"));
    assert_non_null(strstr(page.data, "&lt;script"));
    text_end(&page);
    cJSON_Delete(overview);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct error err;

    (void)state;
    return folder_remove(folder, &err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_become_rows),
        cmocka_unit_test(markup_in_texts_is_escaped),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
