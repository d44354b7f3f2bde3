/* fuzz_catalog.c - arbitrary bytes as models.json and rules.json; accepted files must give
 * plausible sizes and costs. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/catalog.h"
#include "model/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_model(const struct model *model)
{
    static const struct size needs[] = { { 1, 1 },     { 1024, 1024 }, { 10000, 1 },
                                         { 1, 10000 }, { 2200, 2200 }, { 1024, 1792 } };
    const struct usage usage = { 1, 2, 3, 4, 5, INT64_MAX, 0 };
    struct size ask;
    struct error err;

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (catalog_size(model, needs[i], &ask, &err) && (ask.width < 1 || ask.height < 1)) {
            abort();
        }
        if (catalog_estimate(model, needs[i], "high") < -1) {
            abort();
        }
    }
    if (catalog_cost(model, &usage, 1) < -1 ||
        (!catalog_is_available(model, 0, &err) && !err.text[0])) {
        abort();
    }
    catalog_quality(model, "hd");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct catalog *catalog;
    struct rules *rules;
    const struct image_rules *one;
    const struct model *model;
    struct error err;

    if (!text) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (catalog_load(text, &catalog, &err)) {
        for (int i = 0; (model = catalog_at(catalog, i)) != NULL; i++) {
            check_model(model);
        }
        catalog_default(catalog, "p", "image");
        catalog_free(catalog);
    } else if (err.kind != ERROR_CONFIG || !err.text[0]) {
        abort();
    }
    if (rules_load(text, &rules, &err)) {
        for (int i = 0; rules_for(rules, "m", (enum image_kind)i, &one, &err) && i < IMAGE_KINDS;
             i++) {
            if (!one->format || one->keep.width < 1 || one->check_count > RULE_CHECKS) {
                abort();
            }
        }
        if (rules_module_size(rules, "a").width < 1) {
            abort();
        }
        rules_free(rules);
    } else if (err.kind != ERROR_CONFIG || !err.text[0]) {
        abort();
    }
    free(text);
    return 0;
}
