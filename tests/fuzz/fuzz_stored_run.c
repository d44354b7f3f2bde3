/* fuzz_stored_run.c - arbitrary bytes as a stored run, and arbitrary text as rules over its
 * figures. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/report/figure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool good)
{
    if (!good) {
        abort();
    }
}

static void try_target(const struct stored_target *target)
{
    static const struct figure figures[] = {
        { FIGURE_PERCENTILE, 0.95 }, { FIGURE_MEAN, 0 }, { FIGURE_ERRORS, 0 }, { FIGURE_USD, 0 }
    };

    demand(target->name[0] && utf8_length(target->name) != SIZE_MAX);
    demand(target->count <= target->requests && target->cost.answers == target->requests);
    for (size_t i = 0; i < target->count; i++) {
        demand(target->usable[i] >= 0 && isfinite(target->usable[i]));
    }
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        struct difference d = figure_compare(&figures[i], target, target, 4);
        char verdict[FIGURE_VERDICT];

        demand(!d.known || (isfinite(d.range.low) && isfinite(d.range.high) && !d.significant));
        demand(figure_verdict(&figures[i], &d, verdict)[0]);
        demand(figure_of(&figures[i], target) >= 0 || isnan(figure_of(&figures[i], target)));
    }
}

static void try_rules(const uint8_t *data, size_t size)
{
    struct figure_rule rules[RULES_MAX];
    struct error err = { 0 };
    char text[100];
    int count;

    size = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!figure_rules_read(text, rules, &count, &err)) {
        demand(err.kind == ERROR_INPUT && err.text[0]);
        return;
    }
    demand(count > 0 && count <= RULES_MAX);
    for (int i = 0; i < count; i++) {
        demand(isfinite(rules[i].max) && rules[i].max >= 0);
        demand(rules[i].figure.kind != FIGURE_PERCENTILE ||
               (rules[i].figure.share > 0 && rules[i].figure.share < 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stored_run run;
    struct error err = { 0 };

    try_rules(data, size);
    if (!stored_run_read((const char *)data, size, &run, &err)) {
        demand(err.kind == ERROR_INPUT && err.text[0] && utf8_length(err.text) != SIZE_MAX);
        return 0;
    }
    demand(run.count > 0 && run.count <= TARGETS_MAX && run.load[0]);
    for (int i = 0; i < run.count; i++) {
        try_target(&run.targets[i]);
    }
    stored_run_free(&run);
    return 0;
}
