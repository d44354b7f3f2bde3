/* backdrop_fit.h - the function of a backdrop from samples, by robust least squares. */
#ifndef IMAGE_CUT_OUT_BACKDROP_FIT_H
#define IMAGE_CUT_OUT_BACKDROP_FIT_H
#include "image/cut_out/backdrop.h"

/* Values of a sample: powers of x and y, as many as the function has terms; three channels; zeros,
 * so that they fill whole vectors. */
enum { BACKDROP_VALUES = 20 };

struct backdrop_sample {
    float x, y; /* -1 to 1 */
    float value[3];
    float weight;                   /* of the sample; set by backdrop_fit() */
    double values[BACKDROP_VALUES]; /* the same */
};

/* Fits repeatedly; samples beyond three times the median residual lose their weight. Reads
 * out->degree, which is 2 or 4; sets terms and noise. Returns false if memory runs out. */
bool backdrop_fit(struct backdrop_sample *samples, int count, struct backdrop *out);

/* Returns how far the sample is from the function: the largest difference of a channel. */
double backdrop_residual(const struct backdrop *backdrop, const struct backdrop_sample *sample);
#endif
