/* test_known_text.c - words and amounts that an image may show, because the seller wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/ocr/known_text.h"

static struct known_text seller;

static int set_up(void **state)
{
    static const char *const texts[] = {
        "Trail Mug, 750 ml",
        "Steel mug. 24 x 9 x 8,5 cm, weighs 1,200 g. 100% steel, 18/8. Ø 7 cm.",
        NULL,
        "Größe für Gürtel; USB3 port; BPA-free; kangaroo pocket; washable",
    };

    (void)state;
    return known_text_open(texts, 4, &seller) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    known_text_close(&seller);
    return 0;
}

/* Returns true if each token of the text is the seller's. */
static bool has_all(const char *text)
{
    struct painted_token token;
    bool all = true;

    while (painted_token_next(&text, &token)) {
        all = (token.is_amount ? known_text_has_amount(&seller, &token.amount)
                               : known_text_has_word(&seller, &token)) &&
              all;
    }
    return all;
}

static void words_of_the_seller_are_known(void **unused)
{
    static const char *const known[] = {
        "TRAIL MUG",        "bpa free", "Kangaroo pockets", "Wash",  "Größe", "Grobe", "USB3",
        "height and width", "Mugs",     "steel,",           "Tra1l",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!has_all(known[i])) {
            fail_msg("'%s'", known[i]);
        }
    }
}

static void other_words_are_not_known(void **unused)
{
    static const char *const foreign[] = { "Kangaruu",  "Trial",        "Mgu", "best", "award",
                                           "free gift", "machine-free", "FDA", "USB4", "stell" };

    (void)unused;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (has_all(foreign[i])) {
            fail_msg("'%s'", foreign[i]);
        }
    }
}

static void amounts_of_the_seller_are_known(void **unused)
{
    static const char *const known[] = { "24 cm",  "24",     "9 cm",   "8.5 cm", "9.4 in", "9.4\"",
                                         "1200 g", "1.2 kg", "100 %",  "18/8",   "240 mm", "750ml",
                                         "3",      "3.3 in", "Ø 7 cm", "42 oz" };

    (void)unused;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!has_all(known[i])) {
            fail_msg("'%s'", known[i]);
        }
    }
}

static void other_amounts_are_not_known(void **unused)
{
    static const char *const foreign[] = { "42 cm", "24 in",  "50%", "$24",   "#1",
                                           "24 kg", "10 in",  "90",  "19.99", "75 ml",
                                           "€ 9",   "100 cm", "9 %" };

    (void)unused;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (has_all(foreign[i])) {
            fail_msg("'%s'", foreign[i]);
        }
    }
}

static void languages_follow_the_letters(void **unused)
{
    static const char *const arabic[] = { "زجاجة ماء", NULL, "Straße und Garçon" };
    char languages[KNOWN_LANGUAGES];
    struct known_text other;

    (void)unused;
    known_text_languages(arabic, 3, languages);
    assert_string_equal(languages, "eng+ara+deu+fra");
    known_text_languages(arabic, 1, languages);
    assert_string_equal(languages, "eng+ara");
    known_text_languages(NULL, 0, languages);
    assert_string_equal(languages, "eng");
    assert_false(seller.other_scripts);
    assert_true(known_text_open(arabic, 1, &other));
    assert_true(other.other_scripts);
    known_text_close(&other);
}

static void any_bytes_are_read(void **unused)
{
    char text[200];
    const char *list = text;
    struct known_text other;

    (void)unused;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i + 1 < sizeof text; i++) {
            text[i] = (char)(1 + (round * 131 + (int)i * (37 + round)) % 255);
        }
        text[sizeof text - 1] = '\0';
        assert_true(known_text_open(&list, 1, &other));
        (void)has_all(text);
        known_text_close(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_seller_are_known),
        cmocka_unit_test(other_words_are_not_known),
        cmocka_unit_test(amounts_of_the_seller_are_known),
        cmocka_unit_test(other_amounts_are_not_known),
        cmocka_unit_test(languages_follow_the_letters),
        cmocka_unit_test(any_bytes_are_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
