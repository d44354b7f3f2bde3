/* report_summary.c - the results of a run as JSON: times in seconds, money in USD. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "bench/report/report.h"

static cJSON *percentile_json(const struct target_summary *summary, int i)
{
    const struct interval *interval = &summary->intervals[i];
    size_t needed = percentile_min_count(summary_percentiles[i], 0.95);
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "value", summary->percentiles[i]);
    json_add_number(json, "low", interval->known ? interval->low : NAN);
    json_add_number(json, "high", interval->known ? interval->high : NAN);
    if (!interval->known && needed > summary->count) {
        double more = (double)(needed - summary->count);

        cJSON_AddNumberToObject(json, "moreNeeded", more);
        json_add_number(json, "moreCostUsd", more * summary->usd_per_usable);
    }
    return json;
}

static cJSON *yield_json(const struct yield_totals *totals, bool unknown)
{
    struct interval interval = yield_interval(totals, 0.95);
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "value", unknown ? NAN : yield_per_accepted(totals));
    json_add_number(json, "low", interval.known && !unknown ? interval.low : NAN);
    json_add_number(json, "high", interval.known && !unknown ? interval.high : NAN);
    return json;
}

static cJSON *headline_json(const struct target_summary *summary)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "accepted", (double)summary->seconds.accepted);
    cJSON_AddNumberToObject(json, "requests", (double)summary->seconds.answers);
    cJSON_AddItemToObject(json, "secondsPerAccepted", yield_json(&summary->seconds, false));
    cJSON_AddItemToObject(json, "usdPerAccepted", yield_json(&summary->usd, summary->usd_unknown));
    return json;
}

static cJSON *checks_json(const struct target_summary *summary)
{
    cJSON *json = cJSON_CreateObject(), *failed;

    cJSON_AddNumberToObject(json, "images", (double)summary->checked);
    failed = cJSON_AddObjectToObject(json, "failed");
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        cJSON_AddNumberToObject(failed, image_checks[i].limits.check,
                                (double)summary->checks_failed[i]);
    }
    return json;
}

static cJSON *pack_json(const struct pack *pack)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "images", PACK_IMAGES);
    json_add_number(json, "concurrent", pack->concurrent);
    json_add_number(json, "concurrentP95", pack->concurrent_p95);
    json_add_number(json, "sequential", pack->sequential);
    json_add_number(json, "costUsd", pack->usd);
    json_add_number(json, "textCostUsd", pack->usd_text);
    return json;
}

static cJSON *window_json(const struct time_window *window)
{
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "from", window->from);
    json_add_number(json, "to", window->to);
    cJSON_AddNumberToObject(json, "due", (double)window->due);
    cJSON_AddNumberToObject(json, "usable", (double)window->usable);
    cJSON_AddNumberToObject(json, "failed", (double)window->failed);
    cJSON_AddNumberToObject(json, "rateLimited", (double)window->rate_limited);
    cJSON_AddNumberToObject(json, "shed", (double)window->shed);
    json_add_number(json, "p50", window->p50);
    json_add_number(json, "p95", window->p95);
    json_add_number(json, "inFlight", window->in_flight);
    json_add_number(json, "duePerSecond", window->due_rate);
    json_add_number(json, "usablePerSecond", window->usable_rate);
    return json;
}

static void add_series(cJSON *json, const struct series *series)
{
    const struct difference *drift = &series->drift;
    cJSON *windows = cJSON_AddArrayToObject(json, "windows"), *json_drift;

    for (int i = 0; i < series->count; i++) {
        cJSON_AddItemToArray(windows, window_json(&series->windows[i]));
    }
    json_add_number(json, "firstRateLimitAt", series->first_429_at);
    if (!drift->known) {
        cJSON_AddNullToObject(json, "drift");
        return;
    }
    json_drift = cJSON_AddObjectToObject(json, "drift");
    cJSON_AddNumberToObject(json_drift, "usableFirstHalf", (double)series->halves[0]);
    cJSON_AddNumberToObject(json_drift, "usableSecondHalf", (double)series->halves[1]);
    json_add_number(json_drift, "difference", drift->value);
    json_add_number(json_drift, "low", drift->range.low);
    json_add_number(json_drift, "high", drift->range.high);
    cJSON_AddBoolToObject(json_drift, "significant", drift->significant);
    json_add_number(json_drift, "p", drift->p);
}

static void add_figures(cJSON *json, const struct target_summary *summary)
{
    cJSON *outcomes, *percentiles;

    cJSON_AddNumberToObject(json, "issued", (double)summary->issued);
    outcomes = cJSON_AddObjectToObject(json, "outcomes");
    for (int i = 0; i < OUTCOMES; i++) {
        cJSON_AddNumberToObject(outcomes, outcome_names[i], (double)summary->outcomes[i]);
    }
    percentiles = cJSON_AddObjectToObject(json, "percentiles");
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        cJSON_AddItemToObject(percentiles, summary_percentile_names[i],
                              percentile_json(summary, i));
    }
    json_add_number(json, "mean", summary->stats.mean);
    json_add_number(json, "standardDeviation", summary->stats.standard_deviation);
    json_add_number(json, "min", summary->stats.min);
    json_add_number(json, "max", summary->stats.max);
    json_add_number(json, "firstRequest", summary->first);
}

static void add_hedge(cJSON *json, const struct hedge *hedge)
{
    cJSON *json_hedge;

    if (!hedge->known) {
        cJSON_AddNullToObject(json, "hedge");
        return;
    }
    json_hedge = cJSON_AddObjectToObject(json, "hedge");
    json_add_number(json_hedge, "after", hedge->after);
    json_add_number(json_hedge, "p99", hedge->p99);
    json_add_number(json_hedge, "extraRequests", hedge->extra_share);
}

cJSON *report_target_summary(const struct target_summary *summary)
{
    cJSON *json = cJSON_CreateObject(), *phases, *overhead, *partial;

    cJSON_AddStringToObject(json, "target", summary->target->name);
    cJSON_AddItemToObject(json, "headline", headline_json(summary));
    add_figures(json, summary);
    phases = cJSON_AddObjectToObject(json, "phases");
    for (int i = 0; i < PHASES; i++) {
        json_add_number(phases, phase_names[i], summary->phases[i]);
    }
    json_add_number(json, "serverTime", summary->server);
    json_add_number(json, "partialImages", summary->partials_received);
    partial = cJSON_AddObjectToObject(json, "firstPartialImage");
    json_add_number(partial, "p50", summary->first_partial[0]);
    json_add_number(partial, "p95", summary->first_partial[1]);
    json_add_number(json, "usablePerSecond", summary->rate);
    json_add_number(json, "makespan", summary->makespan);
    overhead = cJSON_AddObjectToObject(json, "overhead");
    json_add_number(overhead, "p50", summary->overhead[0]);
    json_add_number(overhead, "p99", summary->overhead[1]);
    json_add_number(overhead, "max", summary->overhead[2]);
    json_add_number(json, "costUsd",
                    summary->cost_microusd < 0 ? NAN : (double)summary->cost_microusd / 1e6);
    json_add_number(json, "costPerAnswerUsd", summary->usd_per_answer);
    json_add_number(json, "costPerUsableUsd", summary->usd_per_usable);
    cJSON_AddNumberToObject(json, "inputTokens", (double)summary->tokens_in);
    cJSON_AddNumberToObject(json, "outputTokens", (double)summary->tokens_out);
    json_add_number(json, "responseBytes", summary->bytes);
    cJSON_AddNumberToObject(json, "connectionsReused", (double)summary->connections_reused);
    cJSON_AddNumberToObject(json, "duplicateImages", (double)summary->duplicates);
    cJSON_AddItemToObject(json, "checks", checks_json(summary));
    if (summary->pack.known) {
        cJSON_AddItemToObject(json, "pack", pack_json(&summary->pack));
    } else {
        cJSON_AddNullToObject(json, "pack");
    }
    add_hedge(json, &summary->hedge);
    add_series(json, &summary->series);
    return json;
}

static cJSON *comparison_json(const struct report *report)
{
    const struct sequential_result *result = &report->until_decided->result;
    cJSON *json = cJSON_CreateObject();

    cJSON_AddBoolToObject(json, "decided", result->decided);
    cJSON_AddNumberToObject(json, "pairs", (double)result->blocks);
    cJSON_AddNumberToObject(json, "plannedPairs", report->plan->requests);
    json_add_number(json, "ratio", result->known ? result->ratio : NAN);
    json_add_number(json, "low", result->known ? result->range.low : NAN);
    json_add_number(json, "high", result->known ? result->range.high : NAN);
    return json;
}

cJSON *report_summary(const struct report *report)
{
    cJSON *json = report_run(report), *summaries = cJSON_AddArrayToObject(json, "results"),
          *json_verdicts;
    struct text verdicts;
    char *line, *saved = NULL;

    for (int i = 0; i < report->plan->target_count; i++) {
        cJSON_AddItemToArray(summaries, report_target_summary(&report->summaries[i]));
    }
    if (report->until_decided) {
        cJSON_AddItemToObject(json, "comparison", comparison_json(report));
    }
    text_begin(&verdicts, 1 << 20);
    report_verdicts(report, &verdicts);
    json_verdicts = cJSON_AddArrayToObject(json, "verdicts");
    for (line = strtok_r(verdicts.data, "\n", &saved); line; line = strtok_r(NULL, "\n", &saved)) {
        cJSON_AddItemToArray(json_verdicts, cJSON_CreateString(line));
    }
    text_end(&verdicts);
    return json;
}
