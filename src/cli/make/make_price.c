/* make_price.c - the price of packs on the terminal, and the question before they are made. */
#include "cli/make/make_price.h"

#include <stdio.h>

#include "app/pack_plan.h"
#include "app/provider_endpoint.h"
#include "term/confirm.h"
#include "term/table.h"

enum { PRICE_TEXT = 300 };

bool make_print_price(const struct settings *settings, const struct pack_price *price,
                      struct error *err)
{
    static const struct column columns[] = { { "what", "ITEM", 0 },
                                             { "model", "MODEL", 0 },
                                             { "storedSize", "SIZE", 0 },
                                             { "usd", "USD", 0 } };
    struct pack_plan plan = { .settings = settings, .with_aplus = true };
    bool good = pack_plan_build(&plan, err);
    char text[300];

    if (good && setting_flag(settings, "json")) {
        pack_plan_json(&plan);
        pack_price_json(price);
    } else if (good) {
        pack_price_text(price, text, sizeof text);
        table_print(stdout, plan.rows, columns, 4);
        printf("\nprice: %s%s\n", text,
               setting_flag(settings, "module-images") ? ", plus the images of A+ modules" : "");
    }
    pack_plan_free(&plan);
    return good;
}

/* A missing key is reported before the question, so that no answer is in vain. */
static bool check_providers(const struct settings *settings, struct error *err)
{
    const char *image = setting_text(settings, "provider");
    const char *text = setting_text(settings, "text-provider");
    const char *const names[] = { image, text ? text : image };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct provider *provider = provider_find(names[i]);
        struct endpoint endpoint;

        if (!provider) {
            return error_set(err, ERROR_CONFIG, "no provider has the name '%.40s'", names[i]);
        }
        provider_endpoint(settings, provider, &endpoint);
        if (!provider_check(provider, &endpoint, err)) {
            return false;
        }
    }
    return true;
}

bool make_confirm(const struct settings *settings, const struct pack_price *price,
                  struct error *err)
{
    double most = setting_number(settings, "max-cost");
    char text[PRICE_TEXT], question[PRICE_TEXT + 80];
    enum answer answer;

    if (setting_text(settings, "max-cost") && (double)price->max_cost / 1e6 > most) {
        error_set(err, ERROR_INPUT, "this may cost %.2f USD, more than --max-cost %.2f",
                  (double)price->max_cost / 1e6, most);
        return error_hint(err, "Make fewer products, choose a lower --quality, or raise it.");
    }
    if (!check_providers(settings, err)) {
        return false;
    }
    if (pack_price_is_free(price)) {
        return true;
    }
    pack_price_text(price, text, sizeof text);
    if (setting_flag(settings, "yes")) {
        fprintf(stderr, "price: %s\n", text);
        return true;
    }
    if (setting_text(settings, "csv")) { /* whose price is on the screen already */
        snprintf(question, sizeof question, "Make %d pack%s?", price->products,
                 price->products == 1 ? "" : "s");
    } else {
        snprintf(question, sizeof question, "price: %s\nMake the pack?", text);
    }
    answer = confirm(question);
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "this costs %s, but there is no terminal to confirm it", text);
        return error_hint(err, "Check with --dry-run, then use --yes.");
    }
    return answer == ANSWER_YES || error_set(err, ERROR_INPUT, "not started: nothing was paid");
}
