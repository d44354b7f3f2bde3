/* test_export_pages.c - fifty A+ pages as documents of Amazon's API: the definitions of
 * lib/aplus_content.json hold, and no headline and no list item is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "export/export_aplus.h"
#include "io/file.h"
#include "lib/aplus_pages.h"
#include "lib/schema.h"

struct pages {
    struct export_rules *export_rules;
    struct rules *rules;
    cJSON *schema;
    int count, images;
};

static const struct export_request request = { .marketplace = "amazon",
                                               .asin = "B0ABCDEF12",
                                               .locale = "en-US" };

/* A project with a main image, and with an image for each slot of the modules, or for none. */
static cJSON *project_of(const struct aplus_page *page, bool with_images)
{
    cJSON *project = cJSON_CreateObject(), *list, *row, *aplus;

    cJSON_AddStringToObject(project, "id", "p1");
    cJSON_AddStringToObject(project, "product", page->product);
    list = cJSON_AddArrayToObject(project, "images");
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "type", "MAIN_IMAGE");
    cJSON_AddStringToObject(row, "url", "x");
    cJSON_AddItemToArray(list, row);
    list = cJSON_AddArrayToObject(project, "moduleImages");
    for (int i = 0; with_images && i < 6 * 4; i++) {
        row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "url", "x");
        aplus = cJSON_AddObjectToObject(row, "module");
        cJSON_AddNumberToObject(aplus, "module", i / 4);
        cJSON_AddNumberToObject(aplus, "slot", i % 4);
        cJSON_AddItemToArray(list, row);
    }
    aplus = cJSON_AddObjectToObject(project, "aplus");
    cJSON_AddItemToObject(aplus, "modules", cJSON_Parse(page->modules));
    return project;
}

static bool has_text(const cJSON *tree, const char *text)
{
    const cJSON *child;

    if (cJSON_IsString(tree) && strstr(tree->valuestring, text)) {
        return true;
    }
    cJSON_ArrayForEach(child, tree)
    {
        if (has_text(child, text)) {
            return true;
        }
    }
    return false;
}

static void assert_kept(const struct export_pack *pack, const cJSON *content)
{
    static const char *const keys[] = { "headline", "bullets", "sidebar", "specifications" };
    const cJSON *item;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(content, keys[i]);

        if (cJSON_IsString(value) && !has_text(pack->aplus, value->valuestring)) {
            fail_msg("'%s' is not in the document", value->valuestring);
        }
        cJSON_ArrayForEach(item, value)
        {
            if (!has_text(pack->aplus, item->valuestring)) {
                fail_msg("'%s' is not in the document", item->valuestring);
            }
        }
    }
}

static void check_document(const struct aplus_page *page, bool with_images, struct pages *pages)
{
    struct export_pack *pack = calloc(1, sizeof *pack);
    cJSON *project = project_of(page, with_images);
    const cJSON *module;
    struct error err;

    assert_non_null(pack);
    pack->arena = arena_new();
    pack->request = &request;
    pack->export_rules = pages->export_rules;
    pack->rules = pages->rules;
    pack->project = project;
    assert_true(export_rules_market(pages->export_rules, "amazon", &pack->market, &err));
    assert_true(export_plan(pack, &err));
    for (int i = 0; i < pack->file_count; i++) {
        pack->files[i].made = pack->files[i].url != NULL;
        pack->files[i].size = pack->files[i].slot;
        pages->images += pack->files[i].made;
    }
    export_aplus_build(pack);
    if (!schema_holds(pages->schema, "PostContentDocumentRequest", pack->aplus, &err)) {
        fail_msg("'%s': %s", page->product, err.text);
    }
    cJSON_ArrayForEach(module,
                       cJSON_GetObjectItem(cJSON_GetObjectItem(project, "aplus"), "modules"))
    {
        assert_kept(pack, cJSON_GetObjectItemCaseSensitive(module, "content"));
    }
    export_pack_free(pack);
    arena_free(pack->arena);
    free(pack);
    cJSON_Delete(project);
}

static void check_page(const struct aplus_page *page, void *context)
{
    struct pages *pages = context;

    check_document(page, true, pages);
    check_document(page, false, pages);
    pages->count++;
}

static void fifty_pages_are_documents_of_amazons_api(void **state)
{
    struct pages pages = { 0 };
    char path[500];
    struct blob file;
    struct error err;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/lib/aplus_content.json", getenv("DARKROOM_SOURCE"));
    assert_true(file_read(path, 1 << 20, &file, NULL, &err));
    assert_true(json_parse(file.data, file.size, "the schema", &pages.schema, &err));
    assert_true(export_rules_load((const char *)embed_find("assets/exports.json")->data,
                                  &pages.export_rules, &err));
    assert_true(
        rules_load((const char *)embed_find("assets/rules.json")->data, &pages.rules, &err));
    aplus_pages(check_page, &pages);
    assert_int_equal(pages.count, 50);
    assert_true(pages.images > 300);
    export_rules_free(pages.export_rules);
    rules_free(pages.rules);
    cJSON_Delete(pages.schema);
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_pages_are_documents_of_amazons_api),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
