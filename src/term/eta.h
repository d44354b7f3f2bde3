/* eta.h - estimates the remaining time of a batch from the rate of the last minutes. The result is
 * a range, because the last items take as long as they take. No I/O. */
#ifndef TERM_ETA_H
#define TERM_ETA_H
#include <stdbool.h>
#include <stdint.h>

enum { ETA_SAMPLES = 320 };

struct eta { /* zero-initialized: no samples */
    int64_t at_us[ETA_SAMPLES], ended[ETA_SAMPLES];
    int first, count;
};

/* Records that `ended` items have ended so far. Keeps at most one sample per second, of the last
 * five minutes. */
void eta_add_sample(struct eta *eta, int64_t now_us, int64_t ended);

/* Items per second over the last `window_s` seconds; negative if there are too few samples. */
double eta_rate(const struct eta *eta, int window_s);

/* Estimates the seconds until `left` more items have ended. p95_s: p95 duration of one item, 0 if
 * unknown. False if no estimate is possible, because no item ended recently. */
bool eta_remaining(const struct eta *eta, int64_t left, double p95_s, double *min_s, double *max_s);
#endif
