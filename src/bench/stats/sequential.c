/* sequential.c - the boundary and the log ratio's variance by the delta method. */
#include "bench/stats/sequential.h"

#include <math.h>

#define BOUNDARY 2.35 /* a Brownian motion on [0, 1] leaves it with a probability of 3.8 % */
#define FEW 3         /* widens the interval by 3/n, since the variance is estimated */

struct side_means {         /* of one target */
    double value, accepted; /* means per block */
};

static struct side_means side_of(const struct sequential_block *blocks, size_t count, bool second)
{
    struct side_means out = { 0, 0 };

    for (size_t i = 0; i < count; i++) {
        const struct sequential_answer *answer = second ? &blocks[i].b : &blocks[i].a;

        out.value += answer->value / (double)count;
        out.accepted += answer->accepted / (double)count;
    }
    return out;
}

/* Returns by how much the answer changes the log of its side's ratio. The mean over all is 0. */
static double influence(const struct side_means *side, const struct sequential_answer *answer)
{
    return answer->value / side->value - answer->accepted / side->accepted;
}

struct sequential_result sequential_compare(const struct sequential_block *blocks, size_t count,
                                            size_t planned)
{
    struct side_means a = side_of(blocks, count, false), b = side_of(blocks, count, true);
    struct sequential_result out = { .blocks = count };
    double squares = 0, log_ratio, around;

    if (count < SEQUENTIAL_MIN_BLOCKS || count > planned || !(a.value > 0) || !(b.value > 0) ||
        a.accepted == 0 || b.accepted == 0) {
        return out;
    }
    for (size_t i = 0; i < count; i++) {
        double d = influence(&b, &blocks[i].b) - influence(&a, &blocks[i].a);

        squares += d * d;
    }
    log_ratio = log(b.value / b.accepted) - log(a.value / a.accepted);
    around = BOUNDARY * (1 + FEW / (double)count) * sqrt(squares / (double)(count - 1)) *
             sqrt((double)planned) / (double)count;
    out.known = true;
    out.ratio = exp(log_ratio);
    out.range = (struct interval){ .known = true,
                                   .low = exp(log_ratio - around),
                                   .high = exp(log_ratio + around) };
    out.decided = out.range.low > 1 || out.range.high < 1;
    return out;
}
