/* report_json.c - run, samples and figures as JSON: times in seconds, money in USD. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "bench/compare.h"
#include "bench/report.h"

enum { SCHEMA = 1 };

/* A number that is none is null: JSON has no NAN. */
static void add_number(cJSON *object, const char *name, double value)
{
    if (isfinite(value)) {
        cJSON_AddNumberToObject(object, name, value);
    } else {
        cJSON_AddNullToObject(object, name);
    }
}

static void add_seconds(cJSON *object, const char *name, int64_t us)
{
    add_number(object, name, us < 0 ? NAN : (double)us / 1e6);
}

static const char *task_name(enum task task)
{
    return task == TASK_TEXT ? "text" : task == TASK_EDIT ? "edit" : "image";
}

static cJSON *target_json(const struct target *target)
{
    cJSON *json = cJSON_CreateObject();
    char size[32];

    cJSON_AddStringToObject(json, "name", target->name);
    cJSON_AddStringToObject(json, "provider", target->provider->name);
    cJSON_AddStringToObject(json, "model", target->model->id);
    cJSON_AddStringToObject(json, "task", task_name(target->task));
    if (target->task != TASK_TEXT) {
        snprintf(size, sizeof size, "%dx%d", target->size.width, target->size.height);
        cJSON_AddStringToObject(json, "size", size);
    }
    if (target->quality) {
        cJSON_AddStringToObject(json, "quality", target->quality);
    }
    return json;
}

cJSON *report_run(const struct report *report)
{
    const struct plan *plan = report->plan;
    const struct standing *standing = report->standing;
    cJSON *json = cJSON_CreateObject(), *targets;
    char began[25];

    clock_format(report->began_wall_ms, began);
    cJSON_AddNumberToObject(json, "schema", SCHEMA);
    cJSON_AddStringToObject(json, "tool", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(json, "began", began);
    cJSON_AddStringToObject(json, "command", report->command);
    cJSON_AddStringToObject(json, "load", plan->concurrency > 0 ? "closed" : "open");
    cJSON_AddNumberToObject(json, "concurrency", plan->concurrency);
    cJSON_AddNumberToObject(json, "rate", plan->rate);
    cJSON_AddStringToObject(json, "arrivals", plan->arrivals == ARRIVALS_EVEN ? "even" : "poisson");
    cJSON_AddNumberToObject(json, "warmUp", plan->warm_up);
    cJSON_AddNumberToObject(json, "seed", (double)plan->seed);
    cJSON_AddNumberToObject(json, "prompts", plan->workload->prompt_count);
    add_seconds(json, "seconds", standing->ended_us);
    cJSON_AddNumberToObject(json, "inFlightMost", standing->in_flight_peak);
    add_number(json, "spentUsd", standing->spent_unknown ? NAN : (double)standing->spent / 1e6);
    if (standing->stopped_why) {
        cJSON_AddStringToObject(json, "stoppedBecause", standing->stopped_why);
    }
    add_number(json, "cpuShare",
               standing->now_us > 0 ? (double)standing->cpu_us / (double)standing->now_us : NAN);
    add_seconds(json, "longestTurnOfLoop", standing->turn_longest_us);
    targets = cJSON_AddArrayToObject(json, "targets");
    for (int i = 0; i < plan->target_count; i++) {
        cJSON_AddItemToArray(targets, target_json(&plan->targets[i]));
    }
    return json;
}

static void add_phases(cJSON *json, const struct sample *sample)
{
    const struct http_times *t = &sample->times;

    add_seconds(json, "name", t->name_us);
    add_seconds(json, "connected", t->connect_us);
    add_seconds(json, "tls", t->tls_us);
    add_seconds(json, "sent", t->sent_us);
    add_seconds(json, "firstByte", t->first_byte_us);
    add_seconds(json, "lastByte", sample->ended_us - sample->begun_us);
    add_seconds(json, "read", sample->read_us);
    add_seconds(json, "check", sample->check_us);
    add_number(json, "server",
               sample->processing_ms < 0 ? NAN : (double)sample->processing_ms / 1e3);
    add_seconds(json, "overhead", sample_overhead_us(sample));
    cJSON_AddBoolToObject(json, "reused", t->reused);
}

static void add_usage(cJSON *json, const struct usage *usage)
{
    cJSON_AddNumberToObject(json, "textIn", (double)usage->text_in);
    cJSON_AddNumberToObject(json, "imageIn", (double)usage->image_in);
    cJSON_AddNumberToObject(json, "textOut", (double)usage->text_out);
    cJSON_AddNumberToObject(json, "imageOut", (double)usage->image_out);
}

/* Every sample has every key, in one order: a line of CSV is the same. */
cJSON *report_sample(const struct report *report, const struct sample *sample)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "n", sample->sequence);
    cJSON_AddStringToObject(json, "target", report->plan->targets[sample->turn.target].name);
    cJSON_AddNumberToObject(json, "block", sample->turn.block);
    cJSON_AddNumberToObject(json, "prompt", sample->turn.prompt);
    cJSON_AddBoolToObject(json, "warmUp", sample->warm_up);
    cJSON_AddStringToObject(json, "outcome", outcome_names[sample->outcome]);
    add_seconds(json, "due", sample->due_us);
    add_seconds(json, "begun", sample->begun_us);
    add_seconds(json, "usable",
                sample->outcome == OUTCOME_OK ? sample_usable_us(sample) : (int64_t)-1);
    add_phases(json, sample);
    cJSON_AddNumberToObject(json, "status", sample->status);
    cJSON_AddNumberToObject(json, "http", sample->http_version / 10.0);
    cJSON_AddNumberToObject(json, "bytes", (double)sample->bytes);
    cJSON_AddNumberToObject(json, "width", sample->width);
    cJSON_AddNumberToObject(json, "height", sample->height);
    add_usage(json, &sample->usage);
    add_number(json, "usd", sample->cost_microusd < 0 ? NAN : (double)sample->cost_microusd / 1e6);
    cJSON_AddStringToObject(json, "requestId", sample->request_id);
    cJSON_AddStringToObject(json, "sha256", sample->sha256);
    cJSON_AddNumberToObject(json, "sameAs", sample->same_as);
    cJSON_AddStringToObject(json, "error", sample->error);
    return json;
}

static cJSON *percentile_json(const struct tally *tally, int i)
{
    const struct interval *interval = &tally->intervals[i];
    size_t least = percentile_least_count(tally_shares[i], 0.95);
    cJSON *json = cJSON_CreateObject();

    add_number(json, "value", tally->percentiles[i]);
    add_number(json, "low", interval->known ? interval->low : NAN);
    add_number(json, "high", interval->known ? interval->high : NAN);
    if (!interval->known && least > tally->count) {
        double more = (double)(least - tally->count);

        cJSON_AddNumberToObject(json, "moreNeeded", more);
        add_number(json, "moreCostUsd", more * tally->usd_a_usable);
    }
    return json;
}

static cJSON *tally_json(const struct tally *tally)
{
    cJSON *json = cJSON_CreateObject(), *outcomes, *percentiles, *phases, *overhead;

    cJSON_AddStringToObject(json, "target", tally->target->name);
    cJSON_AddNumberToObject(json, "issued", (double)tally->issued);
    outcomes = cJSON_AddObjectToObject(json, "outcomes");
    for (int i = 0; i < OUTCOMES; i++) {
        cJSON_AddNumberToObject(outcomes, outcome_names[i], (double)tally->outcomes[i]);
    }
    percentiles = cJSON_AddObjectToObject(json, "usable");
    for (int i = 0; i < TALLY_SHARES; i++) {
        cJSON_AddItemToObject(percentiles, tally_share_names[i], percentile_json(tally, i));
    }
    add_number(json, "mean", tally->summary.mean);
    add_number(json, "deviation", tally->summary.deviation);
    add_number(json, "least", tally->summary.least);
    add_number(json, "most", tally->summary.most);
    phases = cJSON_AddObjectToObject(json, "phases");
    for (int i = 0; i < PHASES; i++) {
        add_number(phases, phase_names[i], tally->phases[i]);
    }
    add_number(json, "server", tally->server);
    add_number(json, "ratePerSecond", tally->rate);
    add_number(json, "makespan", tally->makespan);
    overhead = cJSON_AddObjectToObject(json, "overhead");
    add_number(overhead, "p50", tally->overhead[0]);
    add_number(overhead, "p99", tally->overhead[1]);
    add_number(overhead, "most", tally->overhead[2]);
    add_number(json, "costUsd",
               tally->cost_microusd < 0 ? NAN : (double)tally->cost_microusd / 1e6);
    add_number(json, "usdAnAnswer", tally->usd_an_answer);
    add_number(json, "usdAUsable", tally->usd_a_usable);
    cJSON_AddNumberToObject(json, "tokensIn", (double)tally->tokens_in);
    cJSON_AddNumberToObject(json, "tokensOut", (double)tally->tokens_out);
    add_number(json, "bytes", tally->bytes);
    cJSON_AddNumberToObject(json, "reused", (double)tally->reused);
    cJSON_AddNumberToObject(json, "sameImages", (double)tally->twins);
    return json;
}

cJSON *report_summary(const struct report *report)
{
    cJSON *json = report_run(report), *tallies = cJSON_AddArrayToObject(json, "tallies"), *said;
    struct text verdicts;
    char *line, *saved = NULL;

    for (int i = 0; i < report->plan->target_count; i++) {
        cJSON_AddItemToArray(tallies, tally_json(&report->tallies[i]));
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
