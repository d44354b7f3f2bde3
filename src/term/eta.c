/* eta.c - rates over one minute and over five: the faster gives the lower bound, the slower the
 * upper bound. */
#include "term/eta.h"

#include <math.h>

enum { SECOND_US = 1000000, SHORT_S = 60, LONG_S = 300, MIN_WINDOW_S = 3 };

static int last(const struct eta *eta)
{
    return (eta->first + eta->count - 1) % ETA_SAMPLES;
}

void eta_add_sample(struct eta *eta, int64_t now_us, int64_t ended)
{
    if (eta->count > 0 && now_us - eta->at_us[last(eta)] < SECOND_US) {
        return;
    }
    if (eta->count == ETA_SAMPLES) {
        eta->first = (eta->first + 1) % ETA_SAMPLES;
        eta->count--;
    }
    eta->count++;
    eta->at_us[last(eta)] = now_us;
    eta->ended[last(eta)] = ended;
}

double eta_rate(const struct eta *eta, int window_s)
{
    int newest = last(eta), from;

    if (eta->count < 2) {
        return -1;
    }
    from = eta->first;
    for (int i = 0; i + 1 < eta->count; i++) { /* the newest sample that is old enough */
        int at = (eta->first + i) % ETA_SAMPLES;

        if (eta->at_us[newest] - eta->at_us[at] >= (int64_t)window_s * SECOND_US) {
            from = at;
        }
    }
    if (eta->at_us[newest] - eta->at_us[from] < (int64_t)MIN_WINDOW_S * SECOND_US) {
        return -1;
    }
    return (double)(eta->ended[newest] - eta->ended[from]) * SECOND_US /
           (double)(eta->at_us[newest] - eta->at_us[from]);
}

bool eta_remaining(const struct eta *eta, int64_t left, double p95_s, double *min_s, double *max_s)
{
    double recent = eta_rate(eta, SHORT_S), longer = eta_rate(eta, LONG_S);
    double fast = fmax(recent, longer), slow = fmin(recent, longer);

    if (left == 0) {
        *min_s = *max_s = 0;
        return true;
    }
    if (slow <= 0) {
        return false;
    }
    *min_s = (double)left / fast;
    *max_s = (double)left / slow + p95_s;
    return true;
}
