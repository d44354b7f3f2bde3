/* load_search.c - doubling, bisection, and confirmation by an exact binomial test. */
#include "bench/stats/load_search.h"

#include <math.h>

#define SHARE 0.05 /* of requests above p95 */
#define ALPHA 0.05 /* of all confirmations together */

enum { CONFIRMATIONS = 4, ALLOWED = 2 };

/* Returns the probability of at most `hits` of `of` requests, each with a probability of SHARE. */
static double at_most(int hits, int of)
{
    double sum = 0;

    for (int k = 0; k <= hits; k++) {
        sum += exp(lgamma(of + 1.0) - lgamma(k + 1.0) - lgamma(of - k + 1.0) + k * log(SHARE) +
                   (of - k) * log1p(-SHARE));
    }
    return sum;
}

int load_search_confirm_requests(int allowed, double alpha)
{
    int requests = allowed + 1;

    while (at_most(allowed, requests) > alpha) {
        requests++;
    }
    return requests;
}

/* Confirms with as many allowed requests as can be paid: a load that is good passes more often. */
static struct load_step confirm(const struct load_search *search, int affordable)
{
    double alpha = ALPHA / pow(2, search->confirmations + 1);

    for (int allowed = ALLOWED; allowed >= 0; allowed--) {
        int requests = load_search_confirm_requests(allowed, alpha);

        if (requests <= affordable) {
            return (struct load_step){ .kind = LOAD_STEP_CONFIRM,
                                       .level = search->passed,
                                       .requests = requests,
                                       .allowed = allowed };
        }
    }
    return (struct load_step){ .kind = LOAD_STEP_OVER };
}

/* Enough requests that the load is reached, and stays for a while. */
static int sample_requests(int level)
{
    return level * 3 > LOAD_SEARCH_MIN ? level * 3 : LOAD_SEARCH_MIN;
}

/* Returns the next load to sample; 0 if the search has ended. */
static int next_level(const struct load_search *search)
{
    int low = search->passed, high = search->exceeded, level;

    if (search->confirmations > 0) {
        return 0;
    }
    if (high == 0) {
        level = low == 0 ? 1 : low * 2 < search->highest ? low * 2 : search->highest;
        return level > low ? level : 0;
    }
    /* loads that differ by less than 10 % look equal in short samples */
    return high - low > 1 && high - low > low / 10 ? (low + high) / 2 : 0;
}

struct load_step load_search_next(const struct load_search *search, int affordable)
{
    int level = search->over || search->confirmed ? 0 : next_level(search);
    int left = affordable - sample_requests(level);

    if (search->over || search->confirmed) {
        return (struct load_step){ .kind = LOAD_STEP_OVER };
    }
    if (level > 0 && left >= load_search_confirm_requests(0, ALPHA / 2)) {
        int requests = sample_requests(level);

        return (struct load_step){ .kind = LOAD_STEP_SAMPLE,
                                   .level = level,
                                   .requests = requests,
                                   .allowed = (int)(requests * SHARE) };
    }
    return search->passed > 0 && search->confirmations < CONFIRMATIONS
               ? confirm(search, affordable)
               : (struct load_step){ .kind = LOAD_STEP_OVER };
}

void load_search_record(struct load_search *search, const struct load_step *step, int exceeded)
{
    bool good = exceeded <= step->allowed;
    int lower = step->level - (step->level >= 16 ? step->level / 8 : 1);

    if (step->kind == LOAD_STEP_SAMPLE && good) {
        search->passed = step->level;
    } else if (!good) {
        search->exceeded = step->level;
    }
    if (step->kind == LOAD_STEP_CONFIRM && good) {
        search->confirmed = step->level;
    } else if (step->kind == LOAD_STEP_CONFIRM) {
        search->confirmations++;
        search->passed = lower;
    }
    search->over = search->confirmed > 0 || (search->exceeded == 1 && step->level == 1);
}
