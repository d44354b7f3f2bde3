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
#include "model/aplus.h"
#include "model/features.h"
#include "model/wording.h"
#include "providers/provider.h"

struct product {
    const char *name, *category, *description;
};

static const struct product products[] = {
    { "Steel Bottle", "Drinkware",
      "Double walls of steel keep drinks cold. The lid closes tight. A wide mouth takes ice. "
      "24 x 7 cm. It fits a bag." },
    { "Oak Chair", "Furniture", "A chair of solid oak. The seat is 45 cm high. It holds 120 kg." },
    { "Cup", "", "" },
    { "X", "Y", "a. b! c? d" },
    { "Trinkflasche aus Edelstahl",
      "Haushalt & K\xc3\xbc"
      "che",
      "Doppelwandig, h\xc3\xa4lt Getr\xc3\xa4nke lange kalt. Besser als "
      "herk\xc3\xb6mmliche Flaschen. Auslaufsicher dank Schraubverschluss. 24 x 7 cm." },
    { "Bouteille isotherme", "Cuisine",
      "Garde les boissons fra\xc3\xae"
      "ches. Sans BPA. Le bouchon ferme bien. 24 cm de haut." },
    { "Botella de acero", "Cocina",
      "Mantiene las bebidas fr\xc3\xad"
      "as. \xc2\xa1Oferta! Env\xc3\xado gratis. Tapa segura." },
    { "\xe7\x9c\x9f\xe7\xa9\xba\xe3\x83\x9c\xe3\x83\x88\xe3\x83\xab", "",
      "\xe8\xbb\xbd\xe3\x81\x84\xe3\x80\x82\xe5\xba\x83\xe5\x8f\xa3\xe3\x80\x82" },
    { "\xd8\xb2\xd8\xac\xd8\xa7\xd8\xac\xd8\xa9", "",
      "\xd8\xb2\xd8\xac\xd8\xa7\xd8\xac\xd8\xa9 \xd9\x85\xd8\xa7\xd8\xa1. 24 x 7 cm." },
    { "Amazon best seller cup", "Sale",
      "BEST SELLER!!! Only $12.99! Free shipping. 5-star reviews from customers. Buy now. Better "
      "than competitors and ordinary cups." },
    { "Quote \"x\" <b>bold</b>", "A&B",
      "It is \"good\" & <i>fine</i>.\n\n\tIt {{name}} holds %s. <script>alert(1)</script> "
      "[link](https://evil.example.com)." },
    { "Cup \xe2\x80\xae"
      "evil\xe2\x80\xac",
      "Mugs\xe2\x80\x8b",
      "A cup\xe2\x80\x8b of clay.\xe2\x81\xa6 It is "
      "glazed.\xe2\x81\xa9 &lt;img src=x onerror=alert(1)&gt; It holds tea." },
    { "Mail me", "", "Write to sales@example.com or visit www.example.com. A free gift for you." },
    { "New Lamp", "Lighting", "The latest lamp. Now in black. It gives warm light at 2700 K." },
    { "Yoga Mat", "Sports", "Size: 183 x 61 cm. Weight: 1.2 kg. Size: 6 mm thick. It rolls up." },
    { "Backpack 20 l", "Bags", "It has two straps. It has a pocket. It has a zip. It is light." },
    { "Dog Bed", "Pets", "Soft filling. The cover comes off. It goes into the washing machine." },
    { "Knife, 20 cm", "Kitchen", "A blade of 20 cm. The handle is 12 cm long. Hand wash it." },
    { "Headphones", "Audio", "40 mm drivers. 30 hours of music. They fold. Cable of 1.2 m." },
    { "Plant Pot", "Garden", "Clay pot with a saucer. 18 cm wide, 16 cm high. Frost-proof." },
    { "Candle", "Home", "Burns for 40 hours. Soy wax. Smells of cedar. Glass of 9 x 8 cm." },
    { "Keyboard", "Computers", "84 keys. Connects to three devices. Battery of 4000 mAh." },
    { "Blanket", "Bedding", "Wool from Portugal. 130 x 180 cm. It keeps warm in winter." },
    { "Tent", "Outdoor", "For two persons. Weighs 2.1 kg. Water column of 3000 mm." },
    { "Puzzle", "Toys", "1000 pieces. 68 x 48 cm when complete. For ages 10 and up." },
};

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

static const char *write_text(const struct brief *brief, const char *schema, struct arena *arena)
{
    const struct provider *provider = provider_find("offline");
    static const struct model model = { .id = "offline-text" };
    struct model_request request = { .task = TASK_TEXT,
                                     .model = &model,
                                     .prompt = "",
                                     .key = "k",
                                     .brief = brief,
                                     .schema_name = schema,
                                     .arena = arena };
    struct model_result result = { 0 };
    struct op op = { 0 };
    struct error err;
    const char *text;

    assert_true(provider->request(&request, &op, &err) && op.work.run(op.work.arg, &err) &&
                provider->read_response(&request, &op, &result, &err) == READ_DONE);
    op_clear(&op);
    text = arena_bytes(arena, result.content.data, result.content.size);
    blob_free(&result.content);
    return text;
}

/* Text as it comes from the database: cleaned by brief_text. */
static struct brief brief_of(const struct product *product, struct arena *arena)
{
    struct brief brief = { .product_name = brief_text(product->name, 500, arena),
                           .description = brief_text(product->description, 8000, arena),
                           .category = brief_text(product->category, 200, arena),
                           .style = "" };

    brief.dimension_count =
        dimensions_find(brief.description, "", arena, brief.dimensions, BRIEF_DIMENSIONS);
    return brief;
}

static void fifty_pages_have_the_types_that_the_application_reads(void **state)
{
    int pages = 0;

    (void)state;
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        for (int premium = 0; premium < 2; premium++) {
            struct arena *arena = arena_new();
            struct brief brief = brief_of(&products[i], arena);
            const char *canonical, *faults, *json;
            struct aplus page;
            struct error err;

            assert_true(features_read(write_text(&brief, "features", arena), arena, &brief,
                                      &canonical, &err));
            json = write_text(&brief, premium ? "aplus_premium" : "aplus", arena);
            if (!aplus_read(json, premium, &brief, arena, &page, &faults, &err)) {
                fail_msg("'%s': %s", products[i].name, faults);
            }
            assert_page(page.modules, premium);
            pages++;
            arena_free(arena);
        }
    }
    assert_int_equal(pages, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_pages_have_the_types_that_the_application_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
