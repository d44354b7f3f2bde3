/* summary.c - from samples to figures. */
#include "bench/report/summary.h"

#include <math.h>
#include <stdlib.h>

#define CONFIDENCE 0.95

const double tally_shares[TALLY_SHARES] = { 0.5, 0.75, 0.9, 0.95, 0.99, 0.999 };
const char *const tally_share_names[TALLY_SHARES] = { "p50", "p75", "p90", "p95", "p99", "p99.9" };
const char *const phase_names[PHASES] = { "queue", "name",    "connect", "TLS",   "send",
                                          "wait",  "receive", "read",    "check", "stored" };

static double positive(int64_t us)
{
    return us > 0 ? (double)us / 1e6 : 0;
}

/* Each phase ends where the next begins; one that did not happen takes no time. */
static void add_phases(struct tally *tally, const struct sample *sample)
{
    const struct http_times *t = &sample->times;
    const int64_t ends[] = { t->name_us, t->connect_us,    t->tls_us,
                             t->sent_us, t->first_byte_us, sample->ended_us - sample->begun_us };
    int64_t at = 0;

    tally->phases[PHASE_QUEUE] += positive(sample->begun_us - sample->due_us + sample->empty_us);
    for (int i = 0; i < 6; i++) {
        tally->phases[PHASE_NAME + i] += positive(ends[i] - at);
        at = ends[i] > at ? ends[i] : at;
    }
    tally->phases[PHASE_READ] += positive(sample->read_us);
    tally->phases[PHASE_CHECK] += positive(sample->check_us);
    tally->phases[PHASE_STORE] += positive(sample->store_us);
}

static void add_money(struct tally *tally, const struct sample *sample)
{
    if (sample->cost_microusd >= 0 && tally->cost_microusd >= 0) {
        tally->cost_microusd += sample->cost_microusd;
    } else if (sample->cost_microusd < 0 && sample->status == 200) {
        tally->cost_microusd = -1;
    }
}

static void add_tokens(struct tally *tally, const struct usage *usage)
{
    const int64_t in[] = { usage->text_in, usage->text_cached, usage->image_in,
                           usage->image_cached };
    const int64_t out[] = { usage->text_out, usage->image_out };

    for (int i = 0; i < 4; i++) {
        tally->tokens_in += in[i] > 0 ? in[i] : 0;
    }
    for (int i = 0; i < 2; i++) {
        tally->tokens_out += out[i] > 0 ? out[i] : 0;
    }
}

/* A first request finds nothing warm: no name, no connection, perhaps no model. */
static void note_first(struct tally *tally, const struct sample *sample)
{
    const struct http_times *t = &sample->times;
    int64_t connected = t->tls_us > t->connect_us ? t->tls_us : t->connect_us;

    if (sample->turn.block == 0 && sample->outcome == OUTCOME_OK) {
        tally->first = (double)sample_usable_us(sample) / 1e6;
        tally->first_connect = positive(connected);
    }
}

static void add_looks(struct tally *tally, const struct sample *sample)
{
    tally->looked += sample->looked;
    for (int i = 0; i < LOOKS; i++) {
        tally->looks_failed[i] += sample->looks_failed >> i & 1;
    }
}

static void add_sample(struct tally *tally, const struct sample *sample)
{
    note_first(tally, sample);
    add_money(tally, sample);
    if (sample->warm_up) {
        return;
    }
    tally->issued++;
    tally->outcomes[sample->outcome]++;
    add_tokens(tally, &sample->usage);
    tally->reused += sample->times.reused && sample->outcome != OUTCOME_SHED;
    tally->twins += sample->same_as >= 0;
    add_looks(tally, sample);
    if (sample->outcome != OUTCOME_OK) {
        return;
    }
    tally->usable[tally->count++] = (double)sample_usable_us(sample) / 1e6;
    tally->bytes += (double)sample->bytes;
    tally->partials += sample->partials;
    tally->server += (double)sample->processing_ms / 1e3;
    if (sample->processing_ms < 0 || tally->target->partial_images > 0) {
        tally->server = NAN; /* the head of a stream goes before the work is done */
    }
    add_phases(tally, sample);
}

/* Sorted values of a target's samples, those of the warm-up left out; the caller frees. */
static double *values_of(const struct samples *samples, int target,
                         double (*value)(const struct sample *sample), size_t *count)
{
    double *values = calloc(samples->count + 1, sizeof(double));

    *count = 0;
    if (!values) {
        abort();
    }
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];
        double one = sample->turn.target == target && !sample->warm_up ? value(sample) : NAN;

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
    return sample->outcome == OUTCOME_OK && sample->partials > 0
               ? positive(sample->begun_us - sample->due_us + sample->times.first_event_us)
               : NAN;
}

static void take_times(struct tally *tally, const struct samples *samples, int target)
{
    size_t count;
    double *values = values_of(samples, target, overhead_of, &count);

    if (count > 0) {
        tally->overhead[0] = percentile_of(values, count, 0.5);
        tally->overhead[1] = percentile_of(values, count, 0.99);
        tally->overhead[2] = values[count - 1];
    }
    free(values);
    values = values_of(samples, target, first_partial_of, &count);
    tally->first_partial[0] = percentile_of(values, count, 0.5);
    tally->first_partial[1] = percentile_of(values, count, 0.95);
    free(values);
}

/* Closed loop: places over the mean time that one is held; the drain at the end, when places
 * stand empty, says nothing of the provider. Open loop: what came of the requests that were due,
 * over the time in which they were. */
static double steady_rate(const struct plan *plan, const struct standing *standing,
                          const struct samples *samples, size_t usable)
{
    double busy = 0;

    if (plan->concurrency == 0) {
        int64_t span = standing->stopped_us - standing->first_us;

        return span > 0 ? (double)usable * 1e6 / (double)span : NAN;
    }
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        busy += sample->warm_up ? 0 : positive(sample->ended_us - sample->due_us);
    }
    return busy > 0 ? plan->concurrency * (double)usable / busy : NAN;
}

static void finish(struct tally *tally)
{
    double count = tally->count > 0 ? (double)tally->count : NAN;
    size_t answers = 0;

    values_sort(tally->usable, tally->count);
    tally->summary = summary_of(tally->usable, tally->count);
    for (int i = 0; i < TALLY_SHARES; i++) {
        tally->percentiles[i] = percentile_of(tally->usable, tally->count, tally_shares[i]);
        tally->intervals[i] =
            percentile_interval(tally->usable, tally->count, tally_shares[i], CONFIDENCE);
    }
    tally->hedge = hedge_of(tally->usable, tally->count);
    for (int i = 0; i < PHASES; i++) {
        tally->phases[i] /= count;
    }
    if (tally->phases[PHASE_STORE] == 0) { /* nothing was kept: no time, not none of it */
        tally->phases[PHASE_STORE] = NAN;
    }
    tally->bytes /= count;
    tally->partials /= count;
    tally->server /= count;
    for (int i = 0; i < OUTCOMES; i++) {
        answers += i != OUTCOME_SHED ? tally->outcomes[i] : 0;
    }
    tally->usd_an_answer = tally->cost_microusd < 0 || answers == 0
                               ? NAN
                               : (double)tally->cost_microusd / 1e6 / (double)answers;
    tally->usd_a_usable =
        tally->cost_microusd < 0 ? NAN : (double)tally->cost_microusd / 1e6 / count;
}

/* The text of a pack is made once for its six images: by the first text target, where there is
 * one. */
static void price_packs(struct tally *tallies, int count)
{
    double text = NAN;

    for (int i = count - 1; i >= 0; i--) {
        text = tallies[i].target->task == TASK_TEXT ? tallies[i].usd_a_usable : text;
    }
    for (int i = 0; i < count; i++) {
        tallies[i].pack.usd = PACK_IMAGES * tallies[i].usd_a_usable;
        tallies[i].pack.usd_text = text;
    }
}

void tallies_make(const struct plan *plan, const struct standing *standing,
                  const struct samples *samples, struct tally *out)
{
    for (int i = 0; i < plan->target_count; i++) {
        out[i] = (struct tally){ .target = &plan->targets[i],
                                 .usable = calloc(samples->count + 1, sizeof(double)),
                                 .first = NAN,
                                 .first_connect = NAN };
        if (!out[i].usable) {
            abort();
        }
    }
    for (size_t i = 0; i < samples->count; i++) {
        add_sample(&out[samples->rows[i].turn.target], &samples->rows[i]);
    }
    for (int i = 0; i < plan->target_count; i++) {
        finish(&out[i]);
        take_times(&out[i], samples, i);
        out[i].rate = steady_rate(plan, standing, samples, out[i].count);
        out[i].makespan = positive(standing->ended_us - standing->first_us);
        if (out[i].target->task != TASK_TEXT) {
            out[i].pack = pack_of(samples, i, plan->seed);
        }
        series_make(plan, standing, samples, i, &out[i].series);
    }
    price_packs(out, plan->target_count);
}

void tallies_free(struct tally *tallies, int count)
{
    for (int i = 0; i < count; i++) {
        free(tallies[i].usable);
    }
}
