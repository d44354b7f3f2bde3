/* pack.c - simulates packs from the samples of a run. */
#include "bench/report/pack.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "bench/stats/percentile.h"

enum { PACKS = 20000, ATTEMPTS_MAX = 1000 };

struct drawn_answers { /* of one target, the usable ones first */
    double *seconds;
    size_t usable, all;
};

/* Excludes samples that a worker would not retry: never sent, or the end of the run. */
static bool counts(const struct sample *sample)
{
    enum outcome outcome = sample->outcome;

    return !sample->warm_up && outcome != OUTCOME_SHED && outcome != OUTCOME_ABORTED &&
           outcome != OUTCOME_AUTH && outcome != OUTCOME_QUOTA;
}

static void gather(const struct samples *samples, int target, struct drawn_answers *out)
{
    for (int usable = 1; usable >= 0; usable--) {
        for (size_t i = 0; i < samples->count; i++) {
            const struct sample *sample = &samples->rows[i];

            if (sample->entry.target == target && counts(sample) &&
                (sample->outcome == OUTCOME_OK) == usable) {
                out->seconds[out->all++] = (double)sample_usable_us(sample) / 1e6;
            }
        }
        out->usable = usable ? out->all : out->usable;
    }
}

static double draw_image_time(const struct drawn_answers *answers, uint64_t *state)
{
    double sum = 0;

    for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
        size_t at = random_below(state, answers->all);

        sum += answers->seconds[at];
        if (at < answers->usable) {
            break;
        }
    }
    return sum;
}

struct pack pack_of(const struct samples *samples, int target, uint64_t seed)
{
    struct pack out = { .usd = NAN, .usd_text = NAN };
    struct drawn_answers answers = { .seconds = xcalloc(samples->count + 1, sizeof(double)) };
    double *longest = xcalloc(PACKS, sizeof *longest);

    gather(samples, target, &answers);
    for (int i = 0; answers.usable > 0 && i < PACKS; i++) {
        for (int j = 0; j < PACK_IMAGES; j++) {
            double seconds = draw_image_time(&answers, &seed);

            longest[i] = fmax(longest[i], seconds);
            out.sequential += seconds / PACKS;
        }
        out.concurrent += longest[i] / PACKS;
    }
    values_sort(longest, PACKS);
    out.concurrent_p95 = percentile_of(longest, PACKS, 0.95);
    out.known = answers.usable > 0;
    free(answers.seconds);
    free(longest);
    return out;
}
