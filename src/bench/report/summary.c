/* summary.c - computes the results of each target from the samples. */
#include "bench/report/summary.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

#define CONFIDENCE 0.95

const double summary_percentiles[SUMMARY_PERCENTILES] = { 0.5, 0.75, 0.9, 0.95, 0.99, 0.999 };
const char *const summary_percentile_names[SUMMARY_PERCENTILES] = { "p50", "p75", "p90",
                                                                    "p95", "p99", "p99.9" };
const char *const phase_names[PHASES] = { "queue", "dns",     "connect", "tls",   "send",
                                          "wait",  "receive", "parse",   "check", "store" };

static double positive(int64_t us)
{
    return us > 0 ? (double)us / 1e6 : 0;
}

/* Each phase ends where the next begins; a phase that did not happen takes no time. */
static void add_phases(struct target_summary *summary, const struct sample *sample)
{
    const struct http_times *t = &sample->times;
    const int64_t ends[] = { t->dns_us,        t->connect_us,
                             t->tls_us,        t->pretransfer_us,
                             t->first_byte_us, sample->ended_us - sample->started_us };
    int64_t at = 0;

    summary->phases[PHASE_QUEUE] +=
        positive(sample->started_us - sample->due_us + sample->slot_idle_us);
    for (int i = 0; i < 6; i++) {
        summary->phases[PHASE_DNS + i] += positive(ends[i] - at);
        at = ends[i] > at ? ends[i] : at;
    }
    summary->phases[PHASE_PARSE] += positive(sample->read_us);
    summary->phases[PHASE_CHECK] += positive(sample->check_us);
    summary->phases[PHASE_STORE] += positive(sample->store_us);
}

static void add_cost(struct target_summary *summary, const struct sample *sample)
{
    if (sample->cost_microusd >= 0 && summary->cost_microusd >= 0) {
        summary->cost_microusd += sample->cost_microusd;
    } else if (sample->cost_microusd < 0 && sample->status == 200) {
        summary->cost_microusd = -1;
    }
}

static void add_tokens(struct target_summary *summary, const struct usage *usage)
{
    const int64_t in[] = { usage->text_in, usage->text_cached, usage->image_in,
                           usage->image_cached };
    const int64_t out[] = { usage->text_out, usage->image_out };

    for (int i = 0; i < 4; i++) {
        summary->tokens_in += in[i] > 0 ? in[i] : 0;
    }
    for (int i = 0; i < 2; i++) {
        summary->tokens_out += out[i] > 0 ? out[i] : 0;
    }
}

/* The first request includes name lookup and connection setup. */
static void note_first_request(struct target_summary *summary, const struct sample *sample)
{
    const struct http_times *t = &sample->times;
    int64_t connected = t->tls_us > t->connect_us ? t->tls_us : t->connect_us;

    if (sample->entry.block == 0 && sample->outcome == OUTCOME_OK) {
        summary->first = (double)sample_usable_us(sample) / 1e6;
        summary->first_connect = positive(connected);
    }
}

static void add_checks(struct target_summary *summary, const struct sample *sample)
{
    summary->checked += sample->checked;
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        summary->checks_failed[i] += sample->checks_failed >> i & 1;
    }
}

static void add_yield(struct target_summary *summary, const struct sample *sample)
{
    bool known = sample->cost_microusd >= 0;

    if (sample->outcome == OUTCOME_SHED || sample->outcome == OUTCOME_ABORTED) {
        return;
    }
    summary->usd_unknown |= !known && sample->status == 200;
    yield_add(&summary->usd, known ? (double)sample->cost_microusd / 1e6 : 0, sample->accepted);
    yield_add(&summary->seconds, positive(sample_took_us(sample)), sample->accepted);
}

static void add_sample(struct target_summary *summary, const struct sample *sample)
{
    note_first_request(summary, sample);
    add_cost(summary, sample);
    if (sample->warm_up) {
        return;
    }
    summary->issued++;
    summary->outcomes[sample->outcome]++;
    add_tokens(summary, &sample->usage);
    summary->connections_reused += sample->times.reused && sample->outcome != OUTCOME_SHED;
    summary->duplicates += sample->duplicate_of >= 0;
    add_checks(summary, sample);
    add_yield(summary, sample);
    if (sample->outcome != OUTCOME_OK) {
        return;
    }
    summary->usable[summary->count++] = (double)sample_usable_us(sample) / 1e6;
    summary->bytes += (double)sample->bytes;
    summary->partials_received += sample->partials_received;
    summary->server += (double)sample->processing_ms / 1e3;
    if (sample->processing_ms < 0 || summary->target->partial_images > 0) {
        summary->server = NAN; /* the header of a stream is sent before the work is done */
    }
    add_phases(summary, sample);
}

/* Returns the sorted values of a target's samples without the warm-up; the caller frees them. */
static double *values_of(const struct samples *samples, int target,
                         double (*value)(const struct sample *sample), size_t *count)
{
    double *values = xcalloc(samples->count + 1, sizeof(double));

    *count = 0;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];
        double one = sample->entry.target == target && !sample->warm_up ? value(sample) : NAN;

        if (!isnan(one)) {
            values[(*count)++] = one;
        }
    }
    values_sort(values, *count);
    return values;
}

static double overhead_of(const struct sample *sample)
{
    return sample->outcome == OUTCOME_SHED ? NAN : positive(sample_overhead_us(sample));
}

static double first_partial_of(const struct sample *sample)
{
    return sample->outcome == OUTCOME_OK && sample->partials_received > 0
               ? positive(sample->started_us - sample->due_us + sample->times.first_event_us)
               : NAN;
}

static void fill_times(struct target_summary *summary, const struct samples *samples, int target)
{
    size_t count;
    double *values = values_of(samples, target, overhead_of, &count);

    if (count > 0) {
        summary->overhead[0] = percentile_of(values, count, 0.5);
        summary->overhead[1] = percentile_of(values, count, 0.99);
        summary->overhead[2] = values[count - 1];
    }
    free(values);
    values = values_of(samples, target, first_partial_of, &count);
    summary->first_partial[0] = percentile_of(values, count, 0.5);
    summary->first_partial[1] = percentile_of(values, count, 0.95);
    free(values);
}

/* Closed loop: slots divided by the mean time that a request occupies one. This excludes the drain
 * at the end, when slots are free. Open loop: usable answers divided by the time in which requests
 * were due. */
static double steady_rate(const struct load_plan *plan, const struct run_progress *progress,
                          const struct samples *samples, size_t usable)
{
    double busy = 0;

    if (plan->concurrency == 0) {
        int64_t span = progress->stopped_us - progress->first_us;

        return span > 0 ? (double)usable * 1e6 / (double)span : NAN;
    }
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        busy += sample->warm_up ? 0 : positive(sample->ended_us - sample->due_us);
    }
    return busy > 0 ? plan->concurrency * (double)usable / busy : NAN;
}

static void finish(struct target_summary *summary)
{
    double count = summary->count > 0 ? (double)summary->count : NAN;
    size_t answers = 0;

    values_sort(summary->usable, summary->count);
    summary->stats = sample_stats_of(summary->usable, summary->count);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        summary->percentiles[i] =
            percentile_of(summary->usable, summary->count, summary_percentiles[i]);
        summary->intervals[i] = percentile_interval(summary->usable, summary->count,
                                                    summary_percentiles[i], CONFIDENCE);
    }
    summary->hedge = hedge_of(summary->usable, summary->count);
    for (int i = 0; i < PHASES; i++) {
        summary->phases[i] /= count;
    }
    if (summary->phases[PHASE_STORE] == 0) { /* no image was kept: the time is unknown, not 0 */
        summary->phases[PHASE_STORE] = NAN;
    }
    summary->bytes /= count;
    summary->partials_received /= count;
    summary->server /= count;
    for (int i = 0; i < OUTCOMES; i++) {
        answers += i != OUTCOME_SHED ? summary->outcomes[i] : 0;
    }
    summary->usd_per_answer = summary->cost_microusd < 0 || answers == 0
                                  ? NAN
                                  : (double)summary->cost_microusd / 1e6 / (double)answers;
    summary->usd_per_usable =
        summary->cost_microusd < 0 ? NAN : (double)summary->cost_microusd / 1e6 / count;
}

/* A pack needs one text answer for its six images; its cost is that of the first text target. */
static void price_packs(struct target_summary *summaries, int count)
{
    double text = NAN;

    for (int i = count - 1; i >= 0; i--) {
        text = summaries[i].target->task == TASK_TEXT ? summaries[i].usd_per_usable : text;
    }
    for (int i = 0; i < count; i++) {
        summaries[i].pack.usd = PACK_IMAGES * summaries[i].usd_per_usable;
        summaries[i].pack.usd_text = text;
    }
}

void target_summaries_make(const struct load_plan *plan, const struct run_progress *progress,
                           const struct samples *samples, struct target_summary *out)
{
    for (int i = 0; i < plan->target_count; i++) {
        out[i] = (struct target_summary){ .target = &plan->targets[i],
                                          .usable = xcalloc(samples->count + 1, sizeof(double)),
                                          .first = NAN,
                                          .first_connect = NAN };
    }
    for (size_t i = 0; i < samples->count; i++) {
        add_sample(&out[samples->rows[i].entry.target], &samples->rows[i]);
    }
    for (int i = 0; i < plan->target_count; i++) {
        finish(&out[i]);
        fill_times(&out[i], samples, i);
        out[i].rate = steady_rate(plan, progress, samples, out[i].count);
        out[i].makespan = positive(progress->ended_us - progress->first_us);
        if (out[i].target->task != TASK_TEXT) {
            out[i].pack = pack_of(samples, i, plan->seed);
        }
        series_make(plan, progress, samples, i, &out[i].series);
    }
    price_packs(out, plan->target_count);
}

void target_summaries_free(struct target_summary *summaries, int count)
{
    for (int i = 0; i < count; i++) {
        free(summaries[i].usable);
    }
}
