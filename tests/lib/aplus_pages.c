/* aplus_pages.c - fifty A+ pages, written by the offline provider for varied products. */
#include "lib/aplus_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/aplus.h"
#include "model/features.h"
#include "providers/provider.h"

static const struct page_product {
    const char *name, *category, *description;
} products[] = {
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
    { "Knife, 20 cm", "Cutlery", "A blade of 20 cm. The handle is 12 cm long. Hand wash it." },
    { "Headphones", "Audio", "40 mm drivers. 30 hours of music. They fold. Cable of 1.2 m." },
    { "Plant Pot", "Garden", "Clay pot with a saucer. 18 cm wide, 16 cm high. Frost-proof." },
    { "Candle", "Home", "Burns for 40 hours. Soy wax. Smells of cedar. Glass of 9 x 8 cm." },
    { "Keyboard", "Computers", "84 keys. Connects to three devices. Battery of 4000 mAh." },
    { "Blanket", "Bedding", "Wool from Portugal. 130 x 180 cm. It keeps warm in winter." },
    { "Tent", "Outdoor", "For two persons. Weighs 2.1 kg. Water column of 3000 mm." },
    { "Puzzle", "Toys", "1000 pieces. 68 x 48 cm when complete. For ages 10 and up." },
};

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
static struct brief brief_of(const struct page_product *product, struct arena *arena)
{
    struct brief brief = { .product_name = brief_text(product->name, 500, arena),
                           .description = brief_text(product->description, 8000, arena),
                           .category = brief_text(product->category, 200, arena),
                           .style = "" };

    brief.dimension_count =
        dimensions_find(brief.description, "", arena, brief.dimensions, BRIEF_DIMENSIONS);
    return brief;
}

void aplus_pages(void (*check)(const struct aplus_page *page, void *context), void *context)
{
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        for (int premium = 0; premium < 2; premium++) {
            struct arena *arena = arena_new();
            struct brief brief = brief_of(&products[i], arena);
            const char *canonical, *faults, *json;
            struct aplus content;
            struct error err;

            assert_true(features_read(write_text(&brief, "features", arena), arena, &brief,
                                      &canonical, &err));
            json = write_text(&brief, premium ? "aplus_premium" : "aplus", arena);
            if (!aplus_read(json, premium, &brief, arena, &content, &faults, &err)) {
                fail_msg("'%s': %s", products[i].name, faults);
            }
            check(&(struct aplus_page){ products[i].name, content.modules, premium }, context);
            arena_free(arena);
        }
    }
}
