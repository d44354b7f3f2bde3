/* wilson.c - computes the interval from its closed form. */
#include "base/statistics/wilson.h"

#include <math.h>

struct share_interval wilson_interval(int64_t hits, int64_t of, double z)
{
    double n = (double)of, p = of > 0 ? (double)hits / n : 0;
    double middle = p + z * z / (2 * n), around = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

    return (struct share_interval){
        .low = hits == 0 ? 0 : (middle - around) / (1 + z * z / n),
        .high = hits == of ? 1 : (middle + around) / (1 + z * z / n),
    };
}
