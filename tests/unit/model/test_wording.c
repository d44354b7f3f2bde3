/* test_wording.c - forbidden words in A+ content, and similar allowed words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/wording.h"

static void forbidden_words_are_found(void **state)
{
    static const char *const texts[][2] = {
        { "The best PRICE in town", "price" },
        { "on sale today", "sale" },
        { "Free Shipping!", "free shipping" },
        { "Buy now.", "buy now" },
        { "(guaranteed)", "guaranteed" },
        { "our warranty", "warranty" },
        { "a best-seller since", "best-seller" },
        { "#1 in homes", "#1" },
        { "read our reviews", "reviews" },
        { "five-star comfort", "five-star" },
        { "an eco-friendly mug", "eco-friendly" },
        { "see www.example.com", "www." },
        { "https://example.com", "https://" },
        { "an Amazon favourite", "amazon" },
        { "brand new colours", "brand new" },
        { "only $12", "a price" },
        { "only $ 12", "a price" },
        { "12\xe2\x82\xac each", "a price" },
        { "12 \xe2\x82\xac each", "a price" },
        { "\xc2\xa3"
          "5",
          "a price" },
        { "for 12 USD", "a price" },
        { "5 dollars", "a price" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *found = wording_forbidden(texts[i][0], false);

        if (!found || strcmp(found, texts[i][1]) != 0) {
            fail_msg("\"%s\": wanted '%s', got '%s'", texts[i][0], texts[i][1],
                     found ? found : "nothing");
        }
    }
}

static void similar_words_are_allowed(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "$",
        "USD",
        "5",
        "priceless",
        "a wholesaler",
        "salesman",
        "Amazonian wood",
        "freestanding",
        "reviewer",
        "cheaply",
        "12 eurostyle",
        "unguaranteed",
        "the latests",
        "a 5-stage filter",
        "number 12",
        "a $ sign",
        "\xc3\xa9sale\xc3\xa9", /* letters of other scripts count as letters */
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *found = wording_forbidden(texts[i], true);

        if (found) {
            fail_msg("\"%s\": found '%s'", texts[i], found);
        }
    }
}

static void comparisons_are_forbidden_in_standard_only(void **state)
{
    (void)state;
    assert_string_equal(wording_forbidden("stronger than other brands", true), "other brands");
    assert_null(wording_forbidden("stronger than other brands", false));
    assert_string_equal(wording_forbidden("No COMPETITOR has it", true), "competitor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forbidden_words_are_found),
        cmocka_unit_test(similar_words_are_allowed),
        cmocka_unit_test(comparisons_are_forbidden_in_standard_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
