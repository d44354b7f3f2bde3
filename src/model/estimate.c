/* estimate.c - estimates cost and duration from recorded calls and the price table. */
#include "model/estimate.h"

#include <math.h>
#include <string.h>

const struct usage usual_features = { 900, 0, 0, 0, 700, 0, 0 };
const struct usage usual_aplus = { 1600, 0, 0, 0, 2600, 0, 0 };
static const struct usage usual_translation = { 700, 0, 0, 0, 900, 0, 0 };

/* Assumed input of an image call: the prompt, and a photo as vision models count it. */
static const struct usage usual_input = { 450, 0, 323, 0, 0, 0, 0 };

enum { MIN_PRICES = 3, MIN_CALLS = 50, FEATURE_MS = 4000, DAY_SECONDS = 24 * 3600 };

static const double p95_deviations = 1.645; /* standard deviations from median to 95th percentile */
static const double slack = 1.15; /* upper bound of the duration, relative to the estimate */

struct totals { /* sums over recorded calls */
    int64_t count, good, priced, timed;
    double usd, ms, p95_ms;
};

/* Returns the mean of a log-normal distribution, from median and 95th percentile. */
static double mean_ms(const struct recorded_calls *calls)
{
    double sigma = 0;

    if (calls->p50_ms > 0 && calls->p95_ms > calls->p50_ms) {
        sigma = log(calls->p95_ms / calls->p50_ms) / p95_deviations;
    }
    return calls->p50_ms * exp(sigma * sigma / 2);
}

static void totals_add(struct totals *pool, const struct recorded_calls *calls)
{
    double count = (double)calls->count;

    pool->count += calls->count;
    pool->good += calls->good;
    if (calls->usd >= 0) {
        pool->priced += calls->count;
        pool->usd += calls->usd * count;
    }
    if (calls->p50_ms > 0) {
        pool->timed += calls->count;
        pool->ms += mean_ms(calls) * count;
        pool->p95_ms = fmax(pool->p95_ms, calls->p95_ms);
    }
}

static bool same_calls(const struct recorded_calls *calls, const struct estimate_row *row)
{
    return row->translation || /* a text has neither size nor quality */
           (calls->size.width == row->size.width && calls->size.height == row->size.height &&
            strcmp(calls->quality, row->quality ? row->quality : "") == 0);
}

/* Returns the price of a call by the price table: the image and its typical input. */
static double table_usd(const struct estimate_row *row)
{
    const struct model *model = row->model;
    int64_t image, input, text;

    if (row->translation) {
        text = catalog_cost(model, &usual_translation, 0);
        return text < 0 ? -1 : (double)text / 1e6;
    }
    image = catalog_estimate(model, row->size, row->quality);
    input = model->usd_per_image >= 0 ? 0 : catalog_cost(model, &usual_input, 0);
    return image < 0 || input < 0 ? -1 : (double)(image + input) / 1e6;
}

/* Returns the number of calls per image, from the first of these that has enough calls: the same
 * calls, calls of the same model, all calls. */
static double calls_each(const struct totals *const pools[3], int max_calls, bool *recorded)
{
    for (int i = 0; i < 3; i++) {
        if (pools[i]->count >= MIN_CALLS && pools[i]->good > 0) {
            double each = (double)pools[i]->count / (double)pools[i]->good;

            *recorded = true;
            return each < max_calls ? each : max_calls;
        }
    }
    *recorded = false;
    return 1;
}

static void fill_row(const struct estimate_options *options, struct estimate_row *row)
{
    struct totals same = { 0 }, model = { 0 }, all = { 0 };
    const struct totals *const pools[3] = { &same, &model, &all }, *timed;

    for (int i = 0; i < options->recorded_count; i++) {
        const struct recorded_calls *calls = &options->recorded[i];
        bool of_model = strcmp(calls->provider, row->provider) == 0 &&
                        strcmp(calls->model, row->model->id) == 0;

        if (strcmp(calls->step, row->translation ? "translate" : "generate") != 0) {
            continue;
        }
        totals_add(&all, calls);
        if (of_model) {
            totals_add(&model, calls);
        }
        if (of_model && same_calls(calls, row)) {
            totals_add(&same, calls);
        }
    }
    row->recorded = same.priced >= MIN_PRICES;
    row->usd_each = row->recorded ? same.usd / (double)same.priced : table_usd(row);
    row->usd_each *= options->batch_api && row->usd_each > 0 ? row->model->batch_share : 1;
    row->calls_each =
        calls_each(pools, row->max_calls > 0 && !options->batch_api ? row->max_calls : 1,
                   &row->calls_recorded); /* a batch calls once per image */
    timed = same.timed ? &same : &model;
    row->ms_each = timed->timed ? timed->ms / (double)timed->timed : -1;
    row->p95_ms = timed->timed ? timed->p95_ms : -1;
}

static double features_usd(const struct estimate_options *options)
{
    struct totals pool = { 0 };
    int64_t cost;

    for (int i = 0; i < options->recorded_count; i++) {
        if (strcmp(options->recorded[i].step, "extract_features") == 0 &&
            strcmp(options->recorded[i].model, options->features->id) == 0) {
            totals_add(&pool, &options->recorded[i]);
        }
    }
    if (pool.priced >= MIN_PRICES) {
        return pool.usd / (double)pool.priced;
    }
    cost = catalog_cost(options->features, &usual_features, 0);
    return cost < 0 ? 0 : (double)cost / 1e6;
}

/* Computes the number of images that need a model: minimum, expected, maximum. */
static void count_model_images(const struct estimate_options *options,
                               const struct estimate_row *row, double out[3])
{
    double most = (double)(row->images - row->made_locally), perhaps = (double)row->undecided;

    out[2] = most;
    out[0] = most - perhaps;
    out[1] = most - (options->local_share > 0 ? perhaps * options->local_share : 0);
    if (options->local_share >= 0) {
        out[0] = out[2] = out[1];
    }
}

static void estimate_time(const struct estimate_options *options, double work_ms, double tail_ms,
                          struct estimate *out)
{
    double seconds = work_ms / 1000 / (options->concurrency > 0 ? options->concurrency : 1);

    if (options->rate > 0) {
        seconds = fmax(seconds, (double)out->items / options->rate);
    }
    out->seconds_min = seconds;
    out->seconds_max = options->batch_api ? DAY_SECONDS : seconds * slack + tail_ms / 1000;
}

void estimate_make(const struct estimate_options *options, struct estimate_row *rows, int count,
                   struct estimate *out)
{
    double feature_usd = options->features ? features_usd(options) : 0, work_ms = 0, tail_ms = 0,
           calls = 0;

    *out = (struct estimate){ .price_known = true, .time_known = true };
    for (int i = 0; i < count; i++) {
        struct estimate_row *row = &rows[i];
        double asked[3], usd;

        fill_row(options, row);
        count_model_images(options, row, asked);
        out->items += row->images;
        out->price_known = out->price_known && (row->usd_each >= 0 || asked[2] == 0);
        usd = fmax(row->usd_each, 0) * row->calls_each;
        out->usd_min += asked[0] * usd + (double)row->without_features * feature_usd;
        out->usd += asked[1] * usd + (double)row->without_features * feature_usd;
        out->usd_max += asked[2] * usd + (double)row->without_features * feature_usd;
        *(row->recorded ? &out->recorded : &out->from_price_table) +=
            row->images - row->made_locally;
        calls += asked[1] * row->calls_each;
        out->time_known = out->time_known && (row->ms_each >= 0 || asked[2] == 0);
        work_ms += asked[1] * row->calls_each * fmax(row->ms_each, 0) +
                   (double)(row->without_features * FEATURE_MS);
        tail_ms = fmax(tail_ms, row->p95_ms);
    }
    out->calls = (int64_t)llround(calls);
    estimate_time(options, work_ms, tail_ms, out);
}
