/* compose_products.h - products in four languages, with brands of light and dark colours. */
#ifndef TESTS_LIB_COMPOSE_PRODUCTS_H
#define TESTS_LIB_COMPOSE_PRODUCTS_H
#include "model/brief.h"

struct test_product {
    const char *language; /* as tesseract names it */
    struct brief brief;
};

#define FEATURE(feature_title, feature_description, feature_priority)                              \
    {                                                                                              \
        .title = (feature_title), .description = (feature_description),                            \
        .priority = (feature_priority), .icon = ""                                                 \
    }

static const struct test_product test_products[] = {
    { "eng",
      { .product_name = "Insulated Steel Bottle, 750 ml",
        .brand = { .name = "Northwind",
                   .primary = "#1d3557",
                   .secondary = "#eef2f5",
                   .accent = "#e07a2f",
                   .font_family = "",
                   .logo_url = "" },
        .features = { FEATURE("Double-Wall Vacuum Insulation",
                              "Keeps drinks cold for 24 hours and hot for 12.", 10),
                      FEATURE("Leak-Proof Screw Lid", "The silicone seal holds in any bag.", 9),
                      FEATURE("Brushed Steel Body", "18/8 stainless steel, free of BPA.", 8),
                      FEATURE("Wide Mouth Opening", "Takes ice cubes and a brush.", 7),
                      FEATURE("Carry Loop", "Lifts with one finger.", 6),
                      FEATURE("Dishwasher Safe", "Lid and bottle, upper rack.", 5) },
        .feature_count = 6 } },
    { "deu",
      { .product_name = "Edelstahl-Isolierflasche mit Schraubverschluss",
        .brand = { .name = "Nordlicht",
                   .primary = "#f2c14e",
                   .secondary = "#fffaf0",
                   .accent = "#b23a48",
                   .font_family = "",
                   .logo_url = "" },
        .features = { FEATURE("Doppelwandige Hochvakuumisolierung",
                              "Hält Getränke 24 Stunden kalt und 12 Stunden heiß.", 10),
                      FEATURE("Auslaufsicherer Schraubverschluss",
                              "Die Silikondichtung hält in jeder Tasche dicht.", 9),
                      FEATURE("Lebensmittelechter Edelstahl", "Rostfrei und ohne BPA.", 8),
                      FEATURE("Spülmaschinengeeignet", "Flasche und Deckel.", 7),
                      FEATURE("Trageschlaufe", "Leicht zu tragen.", 6),
                      FEATURE("Weithalsöffnung", "Für Eiswürfel und Bürste.", 5) },
        .feature_count = 6 } },
    { "fra",
      { .product_name = "Gourde isotherme en acier inoxydable, 750 ml",
        .brand = { .name = "",
                   .primary = "",
                   .secondary = "",
                   .accent = "",
                   .font_family = "",
                   .logo_url = "" },
        .features = { FEATURE("Isolation sous vide à double paroi",
                              "Garde les boissons froides 24 heures.", 10),
                      FEATURE("Bouchon à vis étanche", "Le joint tient dans un sac.", 9),
                      FEATURE("Acier brossé inoxydable", "Sans BPA.", 8),
                      FEATURE("Large ouverture", "Pour les glaçons.", 7),
                      FEATURE("Anneau de transport", "Se porte d'un doigt.", 6) },
        .feature_count = 5 } },
    { "ara",
      { .product_name = "زجاجة فولاذية معزولة للماء",
        .brand = { .name = "شمال",
                   .primary = "#12372a",
                   .secondary = "#f4f7f2",
                   .accent = "#d9a441",
                   .font_family = "",
                   .logo_url = "" },
        .features = { FEATURE("عزل مزدوج الجدار", "تحافظ على برودة المشروبات لمدة 24 ساعة.", 10),
                      FEATURE("غطاء محكم ضد التسرب", "لا يتسرب الماء في الحقيبة.", 9),
                      FEATURE("فولاذ مقاوم للصدأ", "خال من المواد الضارة.", 8),
                      FEATURE("فتحة واسعة", "تناسب مكعبات الثلج.", 7),
                      FEATURE("حلقة للحمل", "سهلة الحمل باليد.", 6),
                      FEATURE("سهلة التنظيف", "مناسبة لغسالة الصحون.", 5) },
        .feature_count = 6 } },
};

enum { TEST_PRODUCTS = sizeof test_products / sizeof *test_products };
#endif
