/* eta.c - two windows, a minute and five: the faster one tells the least, the slower the most. */
#include "term/eta.h"

#include <math.h>

enum { SECOND_US = 1000000, SHORT_S = 60, LONG_S = 300, LEAST_S = 3 };

static int last(const struct eta *pace)
{
    return (pace->first + pace->count - 1) % ETA_SAMPLES;
}

void eta_add_sample(struct eta *pace, int64_t now_us, int64_t ended)
{
    if (pace->count > 0 && now_us - pace->at_us[last(pace)] < SECOND_US) {
        return;
    }
    if (pace->count == ETA_SAMPLES) {
        pace->first = (pace->first + 1) % ETA_SAMPLES;
        pace->count--;
    }
    pace->count++;
    pace->at_us[last(pace)] = now_us;
    pace->ended[last(pace)] = ended;
}

double eta_rate(const struct eta *pace, int window_s)
{
    int newest = last(pace), from;

    if (pace->count < 2) {
        return -1;
    }
    from = pace->first;
    for (int i = 0; i + 1 < pace->count; i++) { /* the youngest sample that is old enough */
        int at = (pace->first + i) % ETA_SAMPLES;

        if (pace->at_us[newest] - pace->at_us[at] >= (int64_t)window_s * SECOND_US) {
            from = at;
        }
    }
    if (pace->at_us[newest] - pace->at_us[from] < (int64_t)LEAST_S * SECOND_US) {
        return -1;
    }
    return (double)(pace->ended[newest] - pace->ended[from]) * SECOND_US /
           (double)(pace->at_us[newest] - pace->at_us[from]);
}

bool eta_remaining(const struct eta *pace, int64_t left, double p95_s, double *least, double *most)
{
    double recent = eta_rate(pace, SHORT_S), longer = eta_rate(pace, LONG_S);
    double fast = fmax(recent, longer), slow = fmin(recent, longer);

    if (left == 0) {
        *least = *most = 0;
        return true;
    }
    if (slow <= 0) {
        return false;
    }
    *least = (double)left / fast;
    *most = (double)left / slow + p95_s;
    return true;
}
