/* eta.h - how fast work goes, and when it will be done: by the last minutes, not by the mean since
 * the beginning, and told as a range, for the last ones take as long as they take. Pure. */
#ifndef TERM_ETA_H
#define TERM_ETA_H
#include <stdbool.h>
#include <stdint.h>

enum { ETA_SAMPLES = 320 };

struct eta { /* zeroed: nothing is known */
    int64_t at_us[ETA_SAMPLES], ended[ETA_SAMPLES];
    int first, count;
};

/* So many have ended by now. One sample a second is kept, of the last five minutes. */
void eta_add_sample(struct eta *pace, int64_t now_us, int64_t ended);

/* A second, over the last `window_s`; negative: not known yet. */
double eta_rate(const struct eta *pace, int window_s);

/* Seconds until `left` more have ended; p95_s: how long one takes at most, as a rule (0: not
 * known). False where it cannot be told: nothing has ended for a while. */
bool eta_remaining(const struct eta *pace, int64_t left, double p95_s, double *least, double *most);
#endif
