/* bench_gate.c - --baseline and --fail-if: checks the results of a run against bounds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/memory.h"
#include "bench/command/bench.h"
#include "bench/report/figure.h"

struct bench_gate {
    struct figure_rule rules[RULES_MAX];
    int rule_count;
    bool has_baseline;
    struct stored_run baseline;
};

static const struct stored_target *before_of(const struct bench_gate *gate, const char *name)
{
    return gate->has_baseline ? stored_run_find(&gate->baseline, name) : NULL;
}

/* Checks before the run that the baseline has every figure that the rules need. */
static bool baseline_covers(const struct bench_gate *gate, const struct load_plan *plan,
                            struct error *err)
{
    int covered = 0;

    for (int i = 0; i < plan->target_count; i++) {
        const struct stored_target *before = before_of(gate, plan->targets[i].name);

        for (int j = 0; before && j < gate->rule_count; j++) {
            if (!isfinite(figure_rule_bound(&gate->rules[j], before))) {
                return error_set(err, ERROR_INPUT, "the baseline has no %s of '%s'",
                                 gate->rules[j].figure.kind == FIGURE_USD ? "price"
                                                                          : "usable answer",
                                 before->name);
            }
        }
        covered += before != NULL;
        if (!before) {
            fprintf(stderr, "baseline: no target '%s' in it\n", plan->targets[i].name);
        }
    }
    if (covered == 0) {
        error_set(err, ERROR_INPUT, "the baseline has none of these targets");
        return error_hint(err, "It has '%.60s'. name=... sets a target's name.",
                          gate->baseline.targets[0].name);
    }
    return true;
}

static bool read_rules(const struct settings *settings, struct bench_gate *gate, struct error *err)
{
    if (!figure_rules_read(setting_text(settings, "fail-if"), gate->rules, &gate->rule_count,
                           err)) {
        return false;
    }
    for (int i = 0; i < gate->rule_count && !gate->has_baseline; i++) {
        if (gate->rules[i].relative) {
            error_set(err, ERROR_INPUT, "--fail-if '%s' needs a --baseline", gate->rules[i].text);
            return error_hint(err, "Or use an absolute bound, like p95>20s or errors>5%%.");
        }
    }
    return true;
}

static bool read_gate(const struct settings *settings, const struct load_plan *plan,
                      struct bench_gate *gate, struct error *err)
{
    const char *baseline = setting_text(settings, "baseline");

    if (setting_text(settings, "sweep")) {
        return error_set(err, ERROR_INPUT,
                         "--sweep makes several runs, --baseline and --fail-if check one");
    }
    if (baseline) {
        if (!bench_read_run(baseline, &gate->baseline, err)) {
            return false;
        }
        gate->has_baseline = true;
    }
    return read_rules(settings, gate, err) && (!baseline || baseline_covers(gate, plan, err));
}

bool bench_gate_new(const struct settings *settings, const struct load_plan *plan,
                    struct bench_gate **out, struct error *err)
{
    bool wanted = setting_text(settings, "baseline") ||
                  strcmp(setting_source(settings, "fail-if"), "default") != 0;

    *out = NULL;
    if (!wanted) {
        return true;
    }
    *out = xcalloc(1, sizeof **out);
    return read_gate(settings, plan, *out, err);
}

void bench_gate_free(struct bench_gate *gate)
{
    if (gate && gate->has_baseline) {
        stored_run_free(&gate->baseline);
    }
    free(gate);
}

/* Prints one line per rule and target, also if the figure is within its bound. */
static bool check_rule(const struct figure_rule *rule, const struct stored_target *before,
                       const struct stored_target *now, int pairs)
{
    const struct figure *figure = &rule->figure;
    double bound = figure_rule_bound(rule, before), is = figure_of(figure, now);
    bool good = is <= bound; /* false if unknown, without usable answers */
    char name[FIGURE_NAME], was_text[FIGURE_TEXT], is_text[FIGURE_TEXT], verdict[FIGURE_VERDICT];

    figure_name(figure, name);
    figure_value(figure, is, is_text);
    if (before) {
        struct difference d = figure_compare(figure, before, now, pairs);

        fprintf(stderr, "baseline: %s: %s was %s and is %s: %s %s; %s\n", now->name, name,
                figure_value(figure, figure_of(figure, before), was_text), is_text,
                good ? "within" : "exceeds", rule->text, figure_verdict(figure, &d, verdict));
    } else {
        fprintf(stderr, "bounds: %s: %s is %s: %s %s\n", now->name, name, is_text,
                good ? "within" : "exceeds", rule->text);
    }
    return good;
}

int bench_gate_check(const struct bench_gate *gate, const struct report *report, struct error *err)
{
    struct stored_run now;
    int status = 0;

    if (!stored_run_of(report->plan, report->progress, report->samples, &now, err)) {
        return 0;
    }
    if (gate->has_baseline) {
        bench_warn_differences(&gate->baseline, &now, "baseline");
    }
    for (int i = 0; i < now.count; i++) {
        const struct stored_target *before = before_of(gate, now.targets[i].name);

        for (int j = 0; j < gate->rule_count; j++) {
            if ((before || !gate->rules[j].relative) &&
                !check_rule(&gate->rules[j], before, &now.targets[i],
                            now.count * gate->rule_count)) {
                status = EXIT_STATUS_CHECK;
            }
        }
    }
    stored_run_free(&now);
    return status;
}
