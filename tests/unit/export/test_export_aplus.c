/* test_export_aplus.c - A+ modules of the application become those of Amazon's API, and what cannot
 * is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/exit_status.h"
#include "export/export_aplus.h"

static struct export_rules *export_rules;
static struct rules *rules;
static cJSON *project;
static struct export_pack *pack;
static const struct export_request request = { .marketplace = "amazon",
                                               .asin = "B0ABCDEF12",
                                               .locale = "de-DE" };

static int load(void **state)
{
    struct error err;

    (void)state;
    return export_rules_load((const char *)embed_find("assets/exports.json")->data, &export_rules,
                             &err) &&
                   rules_load((const char *)embed_find("assets/rules.json")->data, &rules, &err)
               ? 0
               : -1;
}

static int unload(void **state)
{
    (void)state;
    export_rules_free(export_rules);
    rules_free(rules);
    return 0;
}

/* Plans an export of these modules, each with all its images, and a main image. */
static void plan(const char *modules, bool with_images)
{
    cJSON *images, *row, *module_row;
    struct error err;

    project = cJSON_Parse("{\"id\":\"p1\",\"product\":\"Steel Bottle\",\"user\":\"u1\",\"images\":"
                          "[{\"id\":\"m\",\"type\":\"MAIN_IMAGE\",\"url\":\"x\"}],\"aplus\":{}}");
    cJSON_AddItemToObject(cJSON_GetObjectItem(project, "aplus"), "modules", cJSON_Parse(modules));
    images = cJSON_AddArrayToObject(project, "moduleImages");
    for (int i = 0; with_images && i < 6 * 4; i++) {
        row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "id", "g");
        cJSON_AddStringToObject(row, "url", "x");
        module_row = cJSON_AddObjectToObject(row, "module");
        cJSON_AddNumberToObject(module_row, "module", i / 4);
        cJSON_AddNumberToObject(module_row, "slot", i % 4);
        cJSON_AddItemToArray(images, row);
    }
    pack = calloc(1, sizeof *pack);
    assert_non_null(pack);
    pack->arena = arena_new();
    pack->request = &request;
    pack->export_rules = export_rules;
    pack->rules = rules;
    pack->project = project;
    assert_true(export_rules_market(export_rules, "amazon", &pack->market, &err));
    assert_true(export_plan(pack, &err));
}

/* Builds the document as if each image had been made in the size of its slot. */
static const cJSON *build(void)
{
    for (int i = 0; i < pack->file_count; i++) {
        pack->files[i].made = pack->files[i].url != NULL;
        pack->files[i].size = pack->files[i].slot;
    }
    export_aplus_build(pack);
    return cJSON_GetObjectItem(cJSON_GetObjectItem(pack->aplus, "contentDocument"),
                               "contentModuleList");
}

static void close_pack(void)
{
    export_pack_free(pack);
    arena_free(pack->arena);
    free(pack);
    cJSON_Delete(project);
}

static const cJSON *at(const cJSON *tree, const char *path)
{
    char copy[200], *saved = NULL;

    snprintf(copy, sizeof copy, "%s", path);
    for (char *key = strtok_r(copy, ".", &saved); key; key = strtok_r(NULL, ".", &saved)) {
        tree = cJSON_IsArray(tree) ? cJSON_GetArrayItem(tree, atoi(key))
                                   : cJSON_GetObjectItemCaseSensitive(tree, key);
    }
    return tree;
}

static const char *text_at(const cJSON *tree, const char *path)
{
    const char *text = cJSON_GetStringValue(at(tree, path));

    return text ? text : "(none)";
}

static bool has_note(const char *word)
{
    const cJSON *note;

    cJSON_ArrayForEach(note, pack->notes)
    {
        if (strstr(note->valuestring, word)) {
            return true;
        }
    }
    return false;
}

#define BODY "\"bodyText\":\"One thing is here. Another one is there. A third follows. The end.\""
#define FOUR "\"imageDescriptions\":[\"Front\",\"Back\",\"Lid\",\"Base\"]"
#define SIDEBAR                                                                                    \
    "{\"type\":\"standard-single-image-sidebar\",\"content\":{\"headline\":\"About it\"," BODY     \
    ",\"sidebar\":[\"Steel\",\"Lid\"],\"imageDescriptions\":[\"The bottle\"]}}"
#define FOUR_IMAGES                                                                                \
    "{\"type\":\"standard-four-images-text\",\"content\":{\"headline\":\"All sides\"," BODY        \
    "," FOUR "}}"

static void modules_have_amazons_form(void **state)
{
    const cJSON *list;

    (void)state;
    plan("[" SIDEBAR "," FOUR_IMAGES "]", true);
    assert_int_equal(pack->file_count, 1 + 2 + 4);
    assert_string_equal(pack->files[1].name, "aplus/B0ABCDEF12.APLUS.1.1.jpg");
    list = build();
    assert_int_equal(cJSON_GetArraySize(list), 2);
    assert_string_equal(text_at(list, "0.contentModuleType"), "STANDARD_IMAGE_SIDEBAR");
    assert_string_equal(text_at(list, "0.standardImageSidebar.headline.value"), "About it");
    assert_string_equal(
        text_at(list, "0.standardImageSidebar.descriptionTextBlock.body.textList.0.value"),
        "One thing is here. Another one is there. A third follows. The end.");
    assert_string_equal(text_at(list,
                                "0.standardImageSidebar.sidebarListBlock.textList.1.text.value"),
                        "Lid");
    assert_int_equal(
        at(list, "0.standardImageSidebar.sidebarListBlock.textList.1.position")->valueint, 2);
    assert_string_equal(
        text_at(list, "0.standardImageSidebar.imageCaptionBlock.image.uploadDestinationId"),
        "aplus/B0ABCDEF12.APLUS.1.1.jpg");
    assert_string_equal(text_at(list, "0.standardImageSidebar.imageCaptionBlock.image.altText"),
                        "The bottle");
    assert_int_equal(at(list, "0.standardImageSidebar.sidebarImageTextBlock.image."
                              "imageCropSpecification.size.width.value")
                         ->valueint,
                     350);
    assert_string_equal(text_at(list, "1.contentModuleType"), "STANDARD_FOUR_IMAGE_TEXT");
    assert_string_equal(text_at(list, "1.standardFourImageText.block4.body.textList.0.value"),
                        "The end.");
    assert_string_equal(text_at(list, "1.standardFourImageText.block3.image.altText"), "Lid");
    assert_string_equal(text_at(pack->aplus, "contentDocument.locale"), "de-DE");
    assert_string_equal(text_at(pack->aplus, "contentDocument.name"), "Steel Bottle");
    assert_false(pack->incomplete);
    close_pack();
}

static void module_without_images_becomes_text(void **state)
{
    const cJSON *list;

    (void)state;
    plan("[" SIDEBAR "]", false);
    list = build();
    assert_string_equal(text_at(list, "0.contentModuleType"), "STANDARD_TEXT");
    assert_string_equal(text_at(list, "0.standardText.body.textList.2.value"), "Lid");
    assert_true(pack->incomplete);
    assert_true(has_note("--aplus --module-images"));
    assert_int_equal(export_status(pack), EXIT_STATUS_SOME_FAILED);
    close_pack();
}

static void modules_that_amazon_rejects_are_left_out(void **state)
{
    const cJSON *list;

    (void)state;
    plan("[{\"type\":\"standard-unknown\",\"content\":{\"headline\":\"x\"}}," FOUR_IMAGES
         ",{\"type\":\"standard-single-image-specs\",\"content\":{\"headline\":\"Facts\","
         "\"specifications\":{\"Warranty\":\"2 years\"}}},{\"type\":\"standard-four-images-text\","
         "\"content\":{\"headline\":\"Buy now\"," FOUR "}}]",
         true);
    list = build();
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_true(has_note("A+ module 1 is left out"));
    assert_true(has_note("A+ module 3 is left out"));
    assert_true(has_note("A+ module 4 is left out"));
    assert_true(pack->incomplete);
    close_pack();
}

static void sixth_module_is_left_out(void **state)
{
    (void)state;
    plan("[" SIDEBAR "," FOUR_IMAGES "," SIDEBAR "," FOUR_IMAGES "," SIDEBAR "," FOUR_IMAGES "]",
         true);
    assert_int_equal(cJSON_GetArraySize(build()), 5);
    assert_true(has_note("A+ module 6 is left out: Amazon takes 5 modules"));
    close_pack();
}

static void long_lists_become_paragraphs(void **state)
{
    char modules[4000], item[200] = "";
    const cJSON *list;

    (void)state;
    memset(item, 'x', 120); /* a bullet of Amazon has 100 characters */
    snprintf(
        modules, sizeof modules,
        "[{\"type\":\"standard-single-image-highlights\",\"content\":{\"headline\":\"Points\"," BODY
        ",\"bullets\":[\"%s\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"],"
        "\"imageDescriptions\":[\"x\"]}},{\"type\":\"standard-single-image-specs\","
        "\"content\":{\"headline\":\"Facts\"," BODY
        ",\"specifications\":{\"Size\":\"24 cm\",\"Mass\":\"300 g\"},"
        "\"imageDescriptions\":[\"x\"]}}]",
        item);
    plan(modules, true);
    list = build();
    assert_int_equal(cJSON_GetArraySize(
                         at(list,
                            "0.standardSingleImageHighlights.bulletedListBlock.block.textList")),
                     8);
    assert_string_equal(text_at(list,
                                "0.standardSingleImageHighlights.textBlock2.body.textList.0.value"),
                        item);
    assert_string_equal(text_at(list,
                                "0.standardSingleImageHighlights.textBlock2.body.textList.1.value"),
                        "9");
    assert_string_equal(text_at(list, "1.standardSingleImageSpecsDetail.specificationListBlock."
                                      "block.textList.1.text.value"),
                        "Mass: 300 g");
    assert_false(has_note("shortened"));
    close_pack();
}

static void text_that_does_not_fit_is_reported(void **state)
{
    char modules[4000], body[1000] = "";

    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(body + strlen(body), sizeof body - strlen(body), "This is sentence %d here. ", i);
    }
    snprintf(modules, sizeof modules,
             "[{\"type\":\"standard-single-image-sidebar\",\"content\":{\"headline\":\"About it\","
             "\"bodyText\":\"%s\",\"imageDescriptions\":[\"x\"]}}]",
             body);
    plan(modules, true);
    build();
    assert_true(has_note("A+ module 1 is shortened"));
    close_pack();
}

static void premium_and_comparison_say_what_they_became(void **state)
{
    const cJSON *list;

    (void)state;
    plan("[{\"type\":\"premium-video\",\"content\":{\"headline\":\"A film\"," BODY
         ",\"imageDescriptions\":[\"x\"]}},{\"type\":\"standard-comparison-table\",\"content\":{"
         "\"headline\":\"With it\",\"bullets\":[\"A\",\"B\"],\"imageDescriptions\":[\"x\"]}}]",
         true);
    list = build();
    assert_string_equal(text_at(list, "0.contentModuleType"), "STANDARD_HEADER_IMAGE_TEXT");
    assert_string_equal(text_at(list, "0.standardHeaderImageText.block.body.textList.0.value"),
                        "One thing is here. Another one is there. A third follows. The end.");
    assert_string_equal(text_at(list, "1.contentModuleType"), "STANDARD_SINGLE_IMAGE_HIGHLIGHTS");
    assert_true(has_note("no premium modules"));
    assert_true(has_note("comparison table"));
    close_pack();
}

static void content_of_any_form_is_survived(void **state)
{
    static const char *const forms[] = {
        "null",
        "[]",
        "{}",
        "\"text\"",
        "[null,1,\"x\",[],{}]",
        "[{\"type\":1,\"content\":[]}]",
        "[{\"type\":\"standard-four-images-text\"}]",
        "[{\"type\":\"standard-four-images-text\",\"content\":{\"headline\":7,\"bodyText\":[]}}]",
        ("[{\"type\":\"standard-single-image-sidebar\",\"content\":{\"sidebar\":\"text\","
         "\"imageDescriptions\":{}}}]"),
        "[{\"type\":\"standard-single-image-specs\",\"content\":{\"specifications\":[{\"a\":1}]}}]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (int images = 0; images < 2; images++) {
            plan(forms[i], images);
            build();
            close_pack();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_have_amazons_form),
        cmocka_unit_test(module_without_images_becomes_text),
        cmocka_unit_test(modules_that_amazon_rejects_are_left_out),
        cmocka_unit_test(sixth_module_is_left_out),
        cmocka_unit_test(long_lists_become_paragraphs),
        cmocka_unit_test(text_that_does_not_fit_is_reported),
        cmocka_unit_test(premium_and_comparison_say_what_they_became),
        cmocka_unit_test(content_of_any_form_is_survived),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
