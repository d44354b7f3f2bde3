/* stored_run.c - from lines of JSON to the figures' raw material. */
#include "bench/report/stored_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { SCHEMA = 1, LINE_BYTES = 1 << 20, SUMMARY_BYTES = 4 << 20 };
static const double seconds_most = 1e7, usd_most = 1e6, rate_most = 1e6;

struct stored_sample { /* one sample, as it counts */
    const char *target;
    enum outcome outcome;
    bool warm_up;
    double usable, usd; /* NAN: none, not known */
    int64_t status;
};

/* -- taking ------------------------------------------------------------------------------------ */

/* Fit to be shown on a terminal, and to fit into `room`. */
static bool is_plain(const char *text, size_t capacity)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return strlen(text) < capacity && utf8_length(text) != SIZE_MAX;
}

static struct stored_target *target_of(struct stored_run *stored_run, const char *name,
                                       struct error *err)
{
    for (int i = 0; i < stored_run->count; i++) {
        if (strcmp(stored_run->targets[i].name, name) == 0) {
            return &stored_run->targets[i];
        }
    }
    if (name[0] == '\0' || !is_plain(name, TARGET_NAME)) {
        error_set(err, ERROR_INPUT, "a target's name is empty, too long, or not plain text");
        return NULL;
    }
    if (stored_run->count == TARGETS_MAX) {
        error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
        return NULL;
    }
    snprintf(stored_run->targets[stored_run->count].name, TARGET_NAME, "%s", name);
    return &stored_run->targets[stored_run->count++];
}

static bool add_usable(struct stored_target *target, double seconds, struct error *err)
{
    if (target->count == target->capacity) {
        size_t capacity = target->capacity ? target->capacity * 2 : 256;
        double *more = realloc(target->usable, capacity * sizeof *more);

        if (!more) {
            return error_set(err, ERROR_INTERNAL, "no memory for the run");
        }
        target->usable = more;
        target->capacity = capacity;
    }
    target->usable[target->count++] = seconds;
    return true;
}

static bool take(struct stored_run *stored_run, const struct stored_sample *seen, struct error *err)
{
    struct stored_target *target = target_of(stored_run, seen->target, err);
    bool ok = seen->outcome == OUTCOME_OK;

    if (!target) {
        return false;
    }
    if (seen->warm_up || seen->outcome == OUTCOME_SHED || seen->outcome == OUTCOME_ABORTED) {
        return true;
    }
    target->requests++;
    target->cost_unknown |= seen->status == 200 && isnan(seen->usd);
    cost_totals_add(&target->price, isnan(seen->usd) ? 0 : seen->usd, ok);
    return !ok || add_usable(target, seen->usable, err);
}

static void finish(struct stored_run *stored_run)
{
    for (int i = 0; i < stored_run->count; i++) {
        values_sort(stored_run->targets[i].usable, stored_run->targets[i].count);
    }
}

static void name_load(struct stored_run *stored_run, int64_t concurrency, double rate,
                      const char *arrivals)
{
    if (concurrency > 0) {
        snprintf(stored_run->load, sizeof stored_run->load, "%lld in flight",
                 (long long)concurrency);
    } else {
        snprintf(stored_run->load, sizeof stored_run->load, "%g a second, %.12s", rate, arrivals);
    }
}

/* -- reading ----------------------------------------------------------------------------------- */

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
    return error_set(err, ERROR_INPUT, "there is no outcome '%.40s'", name);
}

static bool read_sample(const cJSON *line, struct stored_run *stored_run, struct error *err)
{
    struct stored_sample seen;

    if (!json_text(line, "target", &seen.target, err) || !outcome_read(line, &seen.outcome, err) ||
        !json_bool_or(line, "warmUp", false, &seen.warm_up, err) ||
        !number_within(line, "usable", seconds_most, &seen.usable, err) ||
        !number_within(line, "usd", usd_most, &seen.usd, err) ||
        !json_int_or(line, "status", 0, 999, 0, &seen.status, err)) {
        return false;
    }
    if ((seen.outcome == OUTCOME_OK) == isnan(seen.usable)) {
        return error_set(err, ERROR_INPUT, "outcome and 'usable' contradict each other");
    }
    return take(stored_run, &seen, err);
}

static bool read_run(const cJSON *line, struct stored_run *stored_run, struct error *err)
{
    const char *load, *arrivals, *why;
    int64_t concurrency;
    double rate;

    if (stored_run->load[0]) {
        error_set(err, ERROR_INPUT, "a second run begins");
        return error_hint(err, "Compare one run with one; of a sweep, one level's folder.");
    }
    if (json_peek_int(line, "schema", 0) != SCHEMA) {
        error_set(err, ERROR_INPUT, "its schema is not %d", SCHEMA);
        return error_hint(err, "Another version of darkroom has written it.");
    }
    if (!json_text(line, "load", &load, err) ||
        !json_int_or(line, "concurrency", 0, 1000000, 0, &concurrency, err) ||
        !number_within(line, "rate", rate_most, &rate, err) ||
        !json_text_or(line, "arrivals", "poisson", &arrivals, err) ||
        !json_text_or(line, "stoppedBecause", "", &why, err)) {
        return false;
    }
    if ((strcmp(load, "closed") == 0) != (concurrency > 0)) {
        return error_set(err, ERROR_INPUT, "'load' and 'concurrency' contradict each other");
    }
    if (!is_plain(arrivals, 12) || !is_plain(why, sizeof stored_run->stopped)) {
        return error_set(err, ERROR_INPUT, "a text is too long, or not plain");
    }
    name_load(stored_run, concurrency, isnan(rate) ? 0 : rate, arrivals);
    snprintf(stored_run->stopped, sizeof stored_run->stopped, "%s", why);
    return true;
}

static bool read_line(const char *text, size_t size, struct stored_run *stored_run,
                      struct error *err)
{
    cJSON *line = NULL;
    bool good = size <= LINE_BYTES
                    ? json_parse(text, size, "it", &line, err)
                    : error_set(err, ERROR_INPUT, "it is longer than %d bytes", LINE_BYTES);

    if (good) {
        good = cJSON_HasObjectItem(line, "schema") ? read_run(line, stored_run, err)
                                                   : read_sample(line, stored_run, err);
    }
    cJSON_Delete(line);
    return good;
}

/* What else of ours may have been meant: a summary is one value over many lines. */
static bool is_summary(const char *text, size_t size)
{
    struct error ignored;
    cJSON *json = NULL;
    bool yes = size <= SUMMARY_BYTES && json_parse(text, size, "it", &json, &ignored) &&
               cJSON_HasObjectItem(json, "tallies");

    cJSON_Delete(json);
    return yes;
}

static bool read_lines(const char *text, size_t size, struct stored_run *stored_run,
                       struct error *err)
{
    const char *end = text + size;
    int number = 0;

    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        struct error why = { .kind = ERROR_NONE };

        number++;
        if (length > 0 && !read_line(at, length, stored_run, &why)) {
            error_set(err, why.kind == ERROR_INTERNAL ? ERROR_INTERNAL : ERROR_INPUT,
                      "line %d: %.200s", number, why.text);
            return error_hint(err, "%s",
                              why.hint[0] ? why.hint
                                          : "Runs are the samples.jsonl of `darkroom bench --out`, "
                                            "or the output of its --json.");
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
        error_set(err, ERROR_INPUT, "this is a summary, and figures are compared by their samples");
        return error_hint(err, "Give the folder, or its samples.jsonl.");
    }
    good = read_lines(text, size, out, err);
    if (good && !out->load[0]) {
        good = error_set(err, ERROR_INPUT, "no run of darkroom bench stands in it");
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
    for (int i = 0; good && i < plan->target_count; i++) { /* also those that nobody answered */
        good = target_of(out, plan->targets[i].name, err) != NULL;
    }
    for (size_t i = 0; good && i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];
        struct stored_sample seen = { .target = plan->targets[sample->entry.target].name,
                                      .outcome = sample->outcome,
                                      .warm_up = sample->warm_up,
                                      .usable = (double)sample_usable_us(sample) / 1e6,
                                      .usd = sample->cost_microusd < 0
                                                 ? NAN
                                                 : (double)sample->cost_microusd / 1e6,
                                      .status = sample->status };

        good = take(out, &seen, err);
    }
    if (!good) {
        stored_run_free(out);
        return false;
    }
    finish(out);
    return true;
}

void stored_run_free(struct stored_run *stored_run)
{
    for (int i = 0; i < stored_run->count; i++) {
        free(stored_run->targets[i].usable);
    }
    *stored_run = (struct stored_run){ 0 };
}

const struct stored_target *stored_run_find(const struct stored_run *stored_run, const char *name)
{
    for (int i = 0; i < stored_run->count; i++) {
        if (strcmp(stored_run->targets[i].name, name) == 0) {
            return &stored_run->targets[i];
        }
    }
    return NULL;
}
