/* stored_run.c - reads lines of JSON, of this format version and earlier ones. */
#include "bench/report/stored_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "bench/report/report.h"

enum { OLDEST_SCHEMA = 1, LINE_BYTES = 1 << 20, SUMMARY_BYTES = 4 << 20 };
static const double seconds_max = 1e7, usd_max = 1e6, rate_max = 1e6;

struct stored_sample {
    const char *target;
    enum outcome outcome;
    bool warm_up, accepted;
    double usable, took, usd; /* NAN if not usable, if unknown */
    int64_t status;
};

/* -- adding ------------------------------------------------------------------------------------ */

/* Returns whether the text is UTF-8 without control characters and shorter than `capacity`. */
static bool is_plain(const char *text, size_t capacity)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return strlen(text) < capacity && utf8_length(text) != SIZE_MAX;
}

static struct stored_target *target_of(struct stored_run *run, const char *name, struct error *err)
{
    for (int i = 0; i < run->count; i++) {
        if (strcmp(run->targets[i].name, name) == 0) {
            return &run->targets[i];
        }
    }
    if (name[0] == '\0' || !is_plain(name, TARGET_NAME)) {
        error_set(err, ERROR_INPUT, "a target's name is empty, too long, or not plain text");
        return NULL;
    }
    if (run->count == TARGETS_MAX) {
        error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
        return NULL;
    }
    snprintf(run->targets[run->count].name, TARGET_NAME, "%s", name);
    return &run->targets[run->count++];
}

static void add_usable(struct stored_target *target, double seconds)
{
    if (target->count == target->capacity) {
        size_t capacity = target->capacity ? target->capacity * 2 : 256;

        target->usable = xrealloc(target->usable, capacity * sizeof *target->usable);
        target->capacity = capacity;
    }
    target->usable[target->count++] = seconds;
}

static bool take(struct stored_run *run, const struct stored_sample *sample, struct error *err)
{
    struct stored_target *target = target_of(run, sample->target, err);
    bool ok = sample->outcome == OUTCOME_OK;

    if (!target) {
        return false;
    }
    if (sample->warm_up || sample->outcome == OUTCOME_SHED || sample->outcome == OUTCOME_ABORTED) {
        return true;
    }
    target->requests++;
    target->cost_unknown |= sample->status == 200 && isnan(sample->usd);
    yield_add(&target->cost, isnan(sample->usd) ? 0 : sample->usd, sample->accepted);
    target->seconds_unknown |= isnan(sample->took);
    yield_add(&target->seconds, isnan(sample->took) ? 0 : sample->took, sample->accepted);
    if (ok) {
        add_usable(target, sample->usable);
    }
    return true;
}

static void finish(struct stored_run *run)
{
    for (int i = 0; i < run->count; i++) {
        values_sort(run->targets[i].usable, run->targets[i].count);
    }
}

static void name_load(struct stored_run *run, int64_t concurrency, double rate,
                      const char *arrivals)
{
    if (concurrency > 0) {
        snprintf(run->load, sizeof run->load, "%lld in flight", (long long)concurrency);
    } else {
        snprintf(run->load, sizeof run->load, "%g per second, %.12s", rate, arrivals);
    }
}

/* -- reading ----------------------------------------------------------------------------------- */

/* Version 1 used other keys and outcome names. A sample does not state its version, and with --json
 * the run comes last, so each line is read by the names it contains. */
static const char *key_in(const cJSON *line, const char *key, const char *version_1_key)
{
    return cJSON_HasObjectItem(line, key) ? key : version_1_key;
}

static const struct {
    const char *name;
    enum outcome outcome;
} version_1_outcomes[] = {
    { "wrong", OUTCOME_INVALID },
    { "rate", OUTCOME_RATE_LIMITED },
    { "quota", OUTCOME_QUOTA },
    { "auth", OUTCOME_AUTH },
    { "bad request", OUTCOME_BAD_REQUEST },
    { "server", OUTCOME_SERVER_ERROR },
    { "network", OUTCOME_NETWORK_ERROR },
};

static bool number_within(const cJSON *line, const char *key, double max, double *out,
                          struct error *err)
{
    if (!json_number_or(line, key, NAN, out, err)) {
        return false;
    }
    return isnan(*out) || (*out >= 0 && *out <= max) ||
           error_set(err, ERROR_INPUT, "'%s' is %g", key, *out);
}

static bool outcome_read(const cJSON *line, enum outcome *out, struct error *err)
{
    const char *name;

    if (!json_text(line, "outcome", &name, err)) {
        return false;
    }
    for (int i = 0; i < OUTCOMES; i++) {
        if (strcmp(name, outcome_names[i]) == 0) {
            *out = (enum outcome)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof version_1_outcomes / sizeof *version_1_outcomes; i++) {
        if (strcmp(name, version_1_outcomes[i].name) == 0) {
            *out = version_1_outcomes[i].outcome;
            return true;
        }
    }
    return error_set(err, ERROR_INPUT, "unknown outcome '%.40s'", name);
}

/* Returns how long the request took: until it was usable, or until it had failed. */
static bool read_took(const cJSON *line, struct stored_sample *sample, struct error *err)
{
    double due, started, last;

    if (!number_within(line, "due", seconds_max, &due, err) ||
        !number_within(line, key_in(line, "started", "begun"), seconds_max, &started, err) ||
        !number_within(line, "lastByte", seconds_max, &last, err)) {
        return false;
    }
    sample->took = sample->outcome == OUTCOME_OK ? sample->usable : fmax(0, started - due) + last;
    return json_bool_or(line, "accepted", sample->outcome == OUTCOME_OK, &sample->accepted, err);
}

static bool read_sample(const cJSON *line, struct stored_run *run, struct error *err)
{
    struct stored_sample sample;

    if (!json_text(line, "target", &sample.target, err) ||
        !outcome_read(line, &sample.outcome, err) ||
        !json_bool_or(line, "warmUp", false, &sample.warm_up, err) ||
        !number_within(line, key_in(line, "timeToUsable", "usable"), seconds_max, &sample.usable,
                       err) ||
        !number_within(line, key_in(line, "costUsd", "usd"), usd_max, &sample.usd, err) ||
        !json_int_or(line, "status", 0, 999, 0, &sample.status, err) ||
        !read_took(line, &sample, err)) {
        return false;
    }
    if ((sample.outcome == OUTCOME_OK) == isnan(sample.usable) ||
        (sample.accepted && sample.outcome != OUTCOME_OK)) {
        return error_set(err, ERROR_INPUT,
                         "the outcome contradicts the time to usable or the acceptance");
    }
    return take(run, &sample, err);
}

static bool read_run(const cJSON *line, struct stored_run *run, struct error *err)
{
    const char *load, *arrivals, *why;
    int64_t concurrency, version;
    double rate;

    if (run->load[0]) {
        error_set(err, ERROR_INPUT, "the file contains a second run");
        return error_hint(err,
                          "Compare two single runs. For a sweep, name the folder of one level.");
    }
    version = json_peek_int(line, "schema", 0);
    if (version < OLDEST_SCHEMA || version > REPORT_SCHEMA) {
        error_set(err, ERROR_INPUT, "its schema is not %d to %d", OLDEST_SCHEMA, REPORT_SCHEMA);
        return error_hint(err, "A newer version of darkroom has written it.");
    }
    if (!json_text(line, "load", &load, err) ||
        !json_int_or(line, "concurrency", 0, 1000000, 0, &concurrency, err) ||
        !number_within(line, "rate", rate_max, &rate, err) ||
        !json_text_or(line, "arrivals", "poisson", &arrivals, err) ||
        !json_text_or(line, key_in(line, "stopReason", "stoppedBecause"), "", &why, err)) {
        return false;
    }
    if ((strcmp(load, "closed") == 0) != (concurrency > 0)) {
        return error_set(err, ERROR_INPUT, "'load' and 'concurrency' contradict each other");
    }
    if (!is_plain(arrivals, 12) || !is_plain(why, sizeof run->stopped)) {
        return error_set(err, ERROR_INPUT, "a text is too long or not plain");
    }
    name_load(run, concurrency, isnan(rate) ? 0 : rate, arrivals);
    snprintf(run->stopped, sizeof run->stopped, "%s", why);
    return true;
}

static bool read_line(const char *text, size_t size, struct stored_run *run, struct error *err)
{
    cJSON *line = NULL;
    bool good = size <= LINE_BYTES
                    ? json_parse(text, size, "it", &line, err)
                    : error_set(err, ERROR_INPUT, "it is longer than %d bytes", LINE_BYTES);

    if (good) {
        good = cJSON_HasObjectItem(line, "schema") ? read_run(line, run, err)
                                                   : read_sample(line, run, err);
    }
    cJSON_Delete(line);
    return good;
}

/* Recognises summary.json, which is one value over many lines, to report a better error. */
static bool is_summary(const char *text, size_t size)
{
    struct error ignored;
    cJSON *json = NULL;
    bool yes = size <= SUMMARY_BYTES && json_parse(text, size, "it", &json, &ignored) &&
               (cJSON_HasObjectItem(json, "results") || cJSON_HasObjectItem(json, "tallies"));

    cJSON_Delete(json);
    return yes;
}

static bool read_lines(const char *text, size_t size, struct stored_run *run, struct error *err)
{
    const char *end = text + size;
    int number = 0;

    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        struct error why = { .kind = ERROR_NONE };

        number++;
        if (length > 0 && !read_line(at, length, run, &why)) {
            error_set(err, why.kind == ERROR_INTERNAL ? ERROR_INTERNAL : ERROR_INPUT,
                      "line %d: %.200s", number, why.text);
            return error_hint(err, "%s",
                              why.hint[0] ? why.hint
                                          : "A run is the samples.jsonl of `darkroom bench --out`, "
                                            "or the output of --json.");
        }
        at += length + (stop ? 1 : 0);
    }
    return true;
}

bool stored_run_read(const char *text, size_t size, struct stored_run *out, struct error *err)
{
    bool good;

    *out = (struct stored_run){ 0 };
    if (is_summary(text, size)) {
        error_set(err, ERROR_INPUT, "this is a summary, and runs are compared by their samples");
        return error_hint(err, "Give the folder, or its samples.jsonl.");
    }
    good = read_lines(text, size, out, err);
    if (good && !out->load[0]) {
        good = error_set(err, ERROR_INPUT, "it contains no run of darkroom bench");
    } else if (good && out->count == 0) {
        good = error_set(err, ERROR_INPUT, "the run has no sample");
    }
    if (!good) {
        stored_run_free(out);
        return false;
    }
    finish(out);
    return true;
}

bool stored_run_of(const struct load_plan *plan, const struct run_progress *progress,
                   const struct samples *samples, struct stored_run *out, struct error *err)
{
    bool good = true;

    *out = (struct stored_run){ 0 };
    name_load(out, plan->concurrency, plan->rate,
              plan->arrivals == ARRIVALS_EVEN ? "even" : "poisson");
    snprintf(out->stopped, sizeof out->stopped, "%s",
             progress->stopped_why ? progress->stopped_why : "");
    for (int i = 0; good && i < plan->target_count; i++) { /* also targets without answers */
        good = target_of(out, plan->targets[i].name, err) != NULL;
    }
    for (size_t i = 0; good && i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];
        struct stored_sample stored = { .target = plan->targets[sample->entry.target].name,
                                        .outcome = sample->outcome,
                                        .warm_up = sample->warm_up,
                                        .accepted = sample->accepted,
                                        .usable = (double)sample_usable_us(sample) / 1e6,
                                        .took = (double)sample_took_us(sample) / 1e6,
                                        .usd = sample->cost_microusd < 0
                                                   ? NAN
                                                   : (double)sample->cost_microusd / 1e6,
                                        .status = sample->status };

        good = take(out, &stored, err);
    }
    if (!good) {
        stored_run_free(out);
        return false;
    }
    finish(out);
    return true;
}

void stored_run_free(struct stored_run *run)
{
    for (int i = 0; i < run->count; i++) {
        free(run->targets[i].usable);
    }
    *run = (struct stored_run){ 0 };
}

const struct stored_target *stored_run_find(const struct stored_run *run, const char *name)
{
    for (int i = 0; i < run->count; i++) {
        if (strcmp(run->targets[i].name, name) == 0) {
            return &run->targets[i];
        }
    }
    return NULL;
}
