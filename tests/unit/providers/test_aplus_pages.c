/* test_aplus_pages.c - fifty A+ pages of varied products, languages and hostile texts, held against
 * what the application's preview and export read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/unicode/character.h"
#include "lib/aplus_pages.h"
#include "model/wording.h"

/* One text of a page: UTF-8, visible, without markup, and within its length. */
static void assert_text(const cJSON *item, size_t least, size_t most)
{
    const char *text = cJSON_GetStringValue(item);

    assert_non_null(text);
    assert_in_range(utf8_length(text), least, most);
    for (const char *at = text; *at;) {
        enum character_class class;
        size_t size = character_read(at, &class, NULL);

        assert_int_equal(class, CHARACTER_VISIBLE);
        assert_false(at[0] == '<' && (strchr("/!?", at[1]) || strncmp(at, "<b", 2) == 0 ||
                                      strncmp(at, "<i", 2) == 0 || strncmp(at, "<s", 2) == 0));
        at += size;
    }
    assert_null(strstr(text, "]("));
    if (wording_forbidden(text, true)) {
        fail_msg("'%s' in: %s", wording_forbidden(text, true), text);
    }
}

static size_t assert_texts(const cJSON *list, size_t most_together)
{
    const cJSON *item;
    size_t total = 0;

    assert_true(cJSON_IsArray(list));
    cJSON_ArrayForEach(item, list)
    {
        assert_text(item, 1, most_together);
        total += utf8_length(item->valuestring);
    }
    assert_in_range(total, 1, most_together);
    return total;
}

static void assert_specifications(const cJSON *object)
{
    const cJSON *value;
    size_t total = 0;

    assert_true(cJSON_IsObject(object));
    assert_true(cJSON_GetArraySize(object) > 0);
    cJSON_ArrayForEach(value, object)
    {
        assert_text(value, 1, 1500);
        assert_true(value->string[0] != '\0');
        total += utf8_length(value->string) + utf8_length(value->valuestring);
        assert_ptr_equal(cJSON_GetObjectItemCaseSensitive(object, value->string), value);
    }
    assert_in_range(total, 1, 1500);
}

static bool is_type(const cJSON *module, const char *type)
{
    return strcmp(json_peek_text(module, "type"), type) == 0;
}

/* The rows of the table of types: each field that is there has the type that the application's code
 * calls methods of. */
static void assert_module(const cJSON *module)
{
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(module, "content");
    const cJSON *bullets = cJSON_GetObjectItemCaseSensitive(content, "bullets");
    const cJSON *sidebar = cJSON_GetObjectItemCaseSensitive(content, "sidebar");
    const cJSON *specs = cJSON_GetObjectItemCaseSensitive(content, "specifications");
    const cJSON *images = cJSON_GetObjectItemCaseSensitive(content, "imageDescriptions");
    bool four =
        is_type(module, "standard-four-images-text") || is_type(module, "premium-image-carousel");
    bool table = is_type(module, "standard-comparison-table");
    char expected[80];

    assert_true(cJSON_IsObject(content));
    assert_text(cJSON_GetObjectItemCaseSensitive(content, "headline"), 10, 50);
    if (!table) {
        assert_text(cJSON_GetObjectItemCaseSensitive(content, "bodyText"), 50, 2000);
    }
    if (bullets) {
        assert_texts(bullets, table ? 2000 : 1000);
    }
    if (sidebar) {
        assert_texts(sidebar, 500);
    }
    if (specs) {
        assert_specifications(specs);
    }
    assert_int_equal(!!sidebar, is_type(module, "standard-single-image-sidebar"));
    assert_int_equal(!!specs, is_type(module, "standard-single-image-specs"));
    assert_true(cJSON_IsArray(images));
    assert_int_equal(cJSON_GetArraySize(images), four ? 4 : table ? 2 : 1);
    snprintf(expected, sizeof expected, "default-%s", json_peek_text(module, "type"));
    assert_string_equal(json_peek_text(module, "templateId"),
                        sidebar                                        ? "single-image-sidebar-1"
                        : is_type(module, "standard-four-images-text") ? "four-images-text-1"
                                                                       : expected);
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(module, "template")));
}

static int modules_of_type(const cJSON *page, const char *type)
{
    const cJSON *module;
    int count = 0;

    cJSON_ArrayForEach(module, page)
    {
        count += is_type(module, type);
    }
    return count;
}

static void assert_page(const char *modules, bool premium)
{
    struct error err;
    const cJSON *module;
    cJSON *page;

    assert_true(json_parse(modules, strlen(modules), "modules", &page, &err));
    assert_true(cJSON_IsArray(page));
    assert_in_range(cJSON_GetArraySize(page), 4, 6);
    cJSON_ArrayForEach(module, page)
    {
        assert_module(module);
        assert_true(premium || modules_of_type(page, json_peek_text(module, "type")) == 1);
    }
    if (!premium) { /* the export finds these two */
        assert_int_equal(modules_of_type(page, "standard-single-image-sidebar"), 1);
        assert_int_equal(modules_of_type(page, "standard-four-images-text"), 1);
    }
    cJSON_Delete(page);
}

static void check_page(const struct aplus_page *page, void *context)
{
    assert_page(page->modules, page->premium);
    ++*(int *)context;
}

static void fifty_pages_have_the_types_that_the_application_reads(void **state)
{
    int pages = 0;

    (void)state;
    aplus_pages(check_page, &pages);
    assert_int_equal(pages, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_pages_have_the_types_that_the_application_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
