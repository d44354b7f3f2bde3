/* report_summary.c - the figures of a run as JSON: times in seconds, money in USD. */
#include <math.h>
#include <string.h>

#include "bench/report/report_numbers.h"

static cJSON *percentile_json(const struct tally *tally, int i)
{
    const struct interval *interval = &tally->intervals[i];
    size_t least = percentile_least_count(tally_shares[i], 0.95);
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "value", tally->percentiles[i]);
    json_add_number(json, "low", interval->known ? interval->low : NAN);
    json_add_number(json, "high", interval->known ? interval->high : NAN);
    if (!interval->known && least > tally->count) {
        double more = (double)(least - tally->count);

        cJSON_AddNumberToObject(json, "moreNeeded", more);
        json_add_number(json, "moreCostUsd", more * tally->usd_a_usable);
    }
    return json;
}

static cJSON *checks_json(const struct tally *tally)
{
    cJSON *json = cJSON_CreateObject(), *failed;

    cJSON_AddNumberToObject(json, "images", (double)tally->looked);
    failed = cJSON_AddObjectToObject(json, "failed");
    for (int i = 0; i < LOOKS; i++) {
        cJSON_AddNumberToObject(failed, looks[i].wish.check, (double)tally->looks_failed[i]);
    }
    return json;
}

static cJSON *pack_json(const struct pack *pack)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "images", PACK_IMAGES);
    json_add_number(json, "atOnce", pack->at_once);
    json_add_number(json, "atOnceP95", pack->at_once_p95);
    json_add_number(json, "inTurn", pack->in_turn);
    json_add_number(json, "usd", pack->usd);
    json_add_number(json, "usdText", pack->usd_text);
    return json;
}

static cJSON *window_json(const struct window *window)
{
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "from", window->from);
    json_add_number(json, "to", window->to);
    cJSON_AddNumberToObject(json, "due", (double)window->due);
    cJSON_AddNumberToObject(json, "usable", (double)window->usable);
    cJSON_AddNumberToObject(json, "failed", (double)window->failed);
    cJSON_AddNumberToObject(json, "limited", (double)window->limited);
    cJSON_AddNumberToObject(json, "shed", (double)window->shed);
    json_add_number(json, "p50", window->p50);
    json_add_number(json, "p95", window->p95);
    json_add_number(json, "inFlight", window->in_flight);
    json_add_number(json, "askedPerSecond", window->asked);
    json_add_number(json, "achievedPerSecond", window->achieved);
    return json;
}

static void add_series(cJSON *json, const struct series *series)
{
    const struct difference *drift = &series->drift;
    cJSON *windows = cJSON_AddArrayToObject(json, "windows"), *told;

    for (int i = 0; i < series->count; i++) {
        cJSON_AddItemToArray(windows, window_json(&series->windows[i]));
    }
    json_add_number(json, "limitedFrom", series->limited_from);
    if (!drift->known) {
        cJSON_AddNullToObject(json, "drift");
        return;
    }
    told = cJSON_AddObjectToObject(json, "drift");
    cJSON_AddNumberToObject(told, "usableBefore", (double)series->halves[0]);
    cJSON_AddNumberToObject(told, "usableAfter", (double)series->halves[1]);
    json_add_number(told, "difference", drift->value);
    json_add_number(told, "low", drift->range.low);
    json_add_number(told, "high", drift->range.high);
    cJSON_AddBoolToObject(told, "apart", drift->apart);
    json_add_number(told, "p", drift->p);
}

static void add_figures(cJSON *json, const struct tally *tally)
{
    cJSON *outcomes, *percentiles;

    cJSON_AddNumberToObject(json, "issued", (double)tally->issued);
    outcomes = cJSON_AddObjectToObject(json, "outcomes");
    for (int i = 0; i < OUTCOMES; i++) {
        cJSON_AddNumberToObject(outcomes, outcome_names[i], (double)tally->outcomes[i]);
    }
    percentiles = cJSON_AddObjectToObject(json, "usable");
    for (int i = 0; i < TALLY_SHARES; i++) {
        cJSON_AddItemToObject(percentiles, tally_share_names[i], percentile_json(tally, i));
    }
    json_add_number(json, "mean", tally->summary.mean);
    json_add_number(json, "deviation", tally->summary.deviation);
    json_add_number(json, "least", tally->summary.least);
    json_add_number(json, "most", tally->summary.most);
    json_add_number(json, "first", tally->first);
}

static void add_hedge(cJSON *json, const struct hedge *hedge)
{
    cJSON *twice;

    if (!hedge->known) {
        cJSON_AddNullToObject(json, "hedge");
        return;
    }
    twice = cJSON_AddObjectToObject(json, "hedge");
    json_add_number(twice, "after", hedge->after);
    json_add_number(twice, "p99", hedge->p99);
    json_add_number(twice, "more", hedge->more);
}

cJSON *report_tally(const struct tally *tally)
{
    cJSON *json = cJSON_CreateObject(), *phases, *overhead, *partial;

    cJSON_AddStringToObject(json, "target", tally->target->name);
    add_figures(json, tally);
    phases = cJSON_AddObjectToObject(json, "phases");
    for (int i = 0; i < PHASES; i++) {
        json_add_number(phases, phase_names[i], tally->phases[i]);
    }
    json_add_number(json, "server", tally->server);
    json_add_number(json, "partials", tally->partials);
    partial = cJSON_AddObjectToObject(json, "firstPartial");
    json_add_number(partial, "p50", tally->first_partial[0]);
    json_add_number(partial, "p95", tally->first_partial[1]);
    json_add_number(json, "ratePerSecond", tally->rate);
    json_add_number(json, "makespan", tally->makespan);
    overhead = cJSON_AddObjectToObject(json, "overhead");
    json_add_number(overhead, "p50", tally->overhead[0]);
    json_add_number(overhead, "p99", tally->overhead[1]);
    json_add_number(overhead, "most", tally->overhead[2]);
    json_add_number(json, "costUsd",
                    tally->cost_microusd < 0 ? NAN : (double)tally->cost_microusd / 1e6);
    json_add_number(json, "usdAnAnswer", tally->usd_an_answer);
    json_add_number(json, "usdAUsable", tally->usd_a_usable);
    cJSON_AddNumberToObject(json, "tokensIn", (double)tally->tokens_in);
    cJSON_AddNumberToObject(json, "tokensOut", (double)tally->tokens_out);
    json_add_number(json, "bytes", tally->bytes);
    cJSON_AddNumberToObject(json, "reused", (double)tally->reused);
    cJSON_AddNumberToObject(json, "sameImages", (double)tally->twins);
    cJSON_AddItemToObject(json, "checks", checks_json(tally));
    if (tally->pack.known) {
        cJSON_AddItemToObject(json, "pack", pack_json(&tally->pack));
    } else {
        cJSON_AddNullToObject(json, "pack");
    }
    add_hedge(json, &tally->hedge);
    add_series(json, &tally->series);
    return json;
}

cJSON *report_summary(const struct report *report)
{
    cJSON *json = report_run(report), *tallies = cJSON_AddArrayToObject(json, "tallies"), *said;
    struct text verdicts;
    char *line, *saved = NULL;

    for (int i = 0; i < report->plan->target_count; i++) {
        cJSON_AddItemToArray(tallies, report_tally(&report->tallies[i]));
    }
    text_begin(&verdicts, 1 << 20);
    report_verdicts(report, &verdicts);
    said = cJSON_AddArrayToObject(json, "verdicts");
    for (line = strtok_r(verdicts.data, "\n", &saved); line; line = strtok_r(NULL, "\n", &saved)) {
        cJSON_AddItemToArray(said, cJSON_CreateString(line));
    }
    text_end(&verdicts);
    return json;
}
