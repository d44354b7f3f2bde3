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

struct seen { /* one sample, as it counts */
    const char *target;
    enum outcome outcome;
    bool warm_up;
    double usable, usd; /* NAN: none, not known */
    int64_t status;
};

/* -- taking ------------------------------------------------------------------------------------ */

/* Fit to be shown on a terminal, and to fit into `room`. */
static bool is_plain(const char *text, size_t room)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return strlen(text) < room && utf8_length(text) != SIZE_MAX;
}

static struct past_target *target_of(struct past *past, const char *name, struct error *err)
{
    for (int i = 0; i < past->count; i++) {
        if (strcmp(past->targets[i].name, name) == 0) {
            return &past->targets[i];
        }
    }
    if (name[0] == '\0' || !is_plain(name, TARGET_NAME)) {
        error_set(err, ERROR_INPUT, "a target's name is empty, too long, or not plain text");
        return NULL;
    }
    if (past->count == TARGETS_MAX) {
        error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
        return NULL;
    }
    snprintf(past->targets[past->count].name, TARGET_NAME, "%s", name);
    return &past->targets[past->count++];
}

static bool add_usable(struct past_target *target, double seconds, struct error *err)
{
    if (target->count == target->room) {
        size_t room = target->room ? target->room * 2 : 256;
        double *more = realloc(target->usable, room * sizeof *more);

        if (!more) {
            return error_set(err, ERROR_INTERNAL, "no memory for the run");
        }
        target->usable = more;
        target->room = room;
    }
    target->usable[target->count++] = seconds;
    return true;
}

static bool take(struct past *past, const struct seen *seen, struct error *err)
{
    struct past_target *target = target_of(past, seen->target, err);
    bool ok = seen->outcome == OUTCOME_OK;

    if (!target) {
        return false;
    }
    if (seen->warm_up || seen->outcome == OUTCOME_SHED || seen->outcome == OUTCOME_ABORTED) {
        return true;
    }
    target->asked++;
    target->price_unknown |= seen->status == 200 && isnan(seen->usd);
    price_add(&target->price, isnan(seen->usd) ? 0 : seen->usd, ok);
    return !ok || add_usable(target, seen->usable, err);
}

static void finish(struct past *past)
{
    for (int i = 0; i < past->count; i++) {
        values_sort(past->targets[i].usable, past->targets[i].count);
    }
}

static void name_load(struct past *past, int64_t concurrency, double rate, const char *arrivals)
{
    if (concurrency > 0) {
        snprintf(past->load, sizeof past->load, "%lld in flight", (long long)concurrency);
    } else {
        snprintf(past->load, sizeof past->load, "%g a second, %.12s", rate, arrivals);
    }
}

/* -- reading ----------------------------------------------------------------------------------- */

static bool number_within(const cJSON *line, const char *key, double most, double *out,
                          struct error *err)
{
    if (!json_number_or(line, key, NAN, out, err)) {
        return false;
    }
    return isnan(*out) || (*out >= 0 && *out <= most) ||
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

static bool read_sample(const cJSON *line, struct past *past, struct error *err)
{
    struct seen seen;

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
    return take(past, &seen, err);
}

static bool read_run(const cJSON *line, struct past *past, struct error *err)
{
    const char *load, *arrivals, *why;
    int64_t concurrency;
    double rate;

    if (past->load[0]) {
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
    if (!is_plain(arrivals, 12) || !is_plain(why, sizeof past->stopped)) {
        return error_set(err, ERROR_INPUT, "a text is too long, or not plain");
    }
    name_load(past, concurrency, isnan(rate) ? 0 : rate, arrivals);
    snprintf(past->stopped, sizeof past->stopped, "%s", why);
    return true;
}

static bool read_line(const char *text, size_t size, struct past *past, struct error *err)
{
    cJSON *line = NULL;
    bool good = size <= LINE_BYTES
                    ? json_parse(text, size, "it", &line, err)
                    : error_set(err, ERROR_INPUT, "it is longer than %d bytes", LINE_BYTES);

    if (good) {
        good = cJSON_HasObjectItem(line, "schema") ? read_run(line, past, err)
                                                   : read_sample(line, past, err);
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

static bool read_lines(const char *text, size_t size, struct past *past, struct error *err)
{
    const char *end = text + size;
    int number = 0;

    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        struct error why = { .kind = ERROR_NONE };

        number++;
        if (length > 0 && !read_line(at, length, past, &why)) {
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

bool past_read(const char *text, size_t size, struct past *out, struct error *err)
{
    bool good;

    *out = (struct past){ 0 };
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
        past_free(out);
        return false;
    }
    finish(out);
    return true;
}

bool past_of_run(const struct plan *plan, const struct standing *standing,
                 const struct samples *samples, struct past *out, struct error *err)
{
    bool good = true;

    *out = (struct past){ 0 };
    name_load(out, plan->concurrency, plan->rate,
              plan->arrivals == ARRIVALS_EVEN ? "even" : "poisson");
    snprintf(out->stopped, sizeof out->stopped, "%s",
             standing->stopped_why ? standing->stopped_why : "");
    for (int i = 0; good && i < plan->target_count; i++) { /* also those that nobody answered */
        good = target_of(out, plan->targets[i].name, err) != NULL;
    }
    for (size_t i = 0; good && i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];
        struct seen seen = { .target = plan->targets[sample->turn.target].name,
                             .outcome = sample->outcome,
                             .warm_up = sample->warm_up,
                             .usable = (double)sample_usable_us(sample) / 1e6,
                             .usd = sample->cost_microusd < 0 ? NAN
                                                              : (double)sample->cost_microusd / 1e6,
                             .status = sample->status };

        good = take(out, &seen, err);
    }
    if (!good) {
        past_free(out);
        return false;
    }
    finish(out);
    return true;
}

void past_free(struct past *past)
{
    for (int i = 0; i < past->count; i++) {
        free(past->targets[i].usable);
    }
    *past = (struct past){ 0 };
}

const struct past_target *past_find(const struct past *past, const char *name)
{
    for (int i = 0; i < past->count; i++) {
        if (strcmp(past->targets[i].name, name) == 0) {
            return &past->targets[i];
        }
    }
    return NULL;
}
