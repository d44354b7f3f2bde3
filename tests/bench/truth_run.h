/* truth_run.h - runs darkroom bench and compares each sample with the journal of the server. */
#ifndef TESTS_TRUTH_RUN_H
#define TESTS_TRUTH_RUN_H
#include <math.h>

#include "bench/server.h"
#include "bench/stats/percentile.h"

struct values { /* seconds */
    double *at;
    size_t count;
};

struct truth_run {
    struct values usable, service,
        truth;                 /* time to usable; from start to last byte; of the server */
    struct values differences; /* service - truth of each request */
    /* lost: in the journal but in no sample; unknown: in no journal, or with another status */
    int shed, others, lost, unknown;
    double p[3]; /* p50, p90, p99 as reported by bench */
};

static const double truth_shares[3] = { 0.5, 0.9, 0.99 };

static inline void values_add(struct values *values, double value)
{
    if ((values->count & (values->count - 1)) == 0) { /* double at powers of two */
        values->at = realloc(values->at, (values->count ? values->count * 2 : 1) * sizeof(double));
        if (!values->at) {
            exit(1);
        }
    }
    values->at[values->count++] = value;
}

static inline double values_at(struct values *values, double share)
{
    values_sort(values->at, values->count);
    return percentile_of(values->at, values->count, share);
}

static inline double truth_number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static inline void truth_sample(struct truth_run *run, const cJSON *sample,
                                const struct journal_read *journal, size_t *found)
{
    const char *outcome = json_peek_text(sample, "outcome");
    const struct truth *truth = truth_of(journal, json_peek_text(sample, "requestId"));
    double service = truth_number(sample, "lastByte");

    if (strcmp(outcome, "shed") == 0) {
        run->shed++;
        return;
    }
    *found += truth != NULL;
    run->unknown += !truth || truth->status != (int)json_peek_int(sample, "status", 0);
    if (strcmp(outcome, "ok") != 0 || !truth) {
        run->others++;
        return;
    }
    values_add(&run->usable, truth_number(sample, "timeToUsable"));
    values_add(&run->service, service);
    values_add(&run->truth, truth->took);
    values_add(&run->differences, service - truth->took);
}

static inline void truth_summary(struct truth_run *run, const cJSON *summary)
{
    static const char *const names[] = { "p50", "p90", "p99" };
    const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(summary, "results"), 0);
    const cJSON *usable = cJSON_GetObjectItem(result, "percentiles");

    for (int i = 0; i < 3; i++) {
        run->p[i] = truth_number(cJSON_GetObjectItem(usable, names[i]), "value");
    }
}

/* Sends text requests, whose evaluation takes almost no time. `meanwhile` is called while bench
 * runs; it may be NULL. */
static inline struct truth_run truth_go(const struct server *server, const char *self,
                                        const char *flags, void (*meanwhile)(const struct server *))
{
    struct truth_run run = { 0 };
    struct journal_read journal;
    char command[700], *line = NULL;
    struct child child;
    cJSON **lines = NULL;
    size_t room = 0, count = 0, found = 0, models = 0;
    int status;

    snprintf(command, sizeof command,
             "%s bench --target openai:gpt-6-luna,name=t --max-cost 1000000 --json %s",
             child_darkroom(self), flags);
    child = child_start(-1, command);
    if (meanwhile) {
        meanwhile(server);
    }
    while (getline(&line, &room, child.out) > 0) {
        lines = realloc(lines, (count + 1) * sizeof(cJSON *));
        lines[count++] = cJSON_Parse(line);
    }
    status = child_end(&child, false);
    if (status != 0 || count < 2) {
        fprintf(stderr, "darkroom bench exited with %d: %s\n", status, command);
        exit(1);
    }
    journal = server_journal(server);
    for (size_t i = 0; i + 1 < count; i++) {
        truth_sample(&run, lines[i], &journal, &found);
        cJSON_Delete(lines[i]);
    }
    for (size_t i = 0; i < journal.count; i++) {
        models += strcmp(journal.rows[i].route, "models") == 0;
    }
    run.lost = (int)(journal.count - models - found);
    truth_summary(&run, lines[count - 1]);
    cJSON_Delete(lines[count - 1]);
    free(journal.rows);
    free(lines);
    free(line);
    return run;
}

static inline void truth_free(struct truth_run *run)
{
    free(run->usable.at);
    free(run->service.at);
    free(run->truth.at);
    free(run->differences.at);
}
#endif
