/* batch_price.h - chooses the models of a batch and estimates its cost and duration. */
#ifndef BATCH_BATCH_PRICE_H
#define BATCH_BATCH_PRICE_H
#include "batch/regenerate.h"

/* Fills regenerate->models from --model, the --from image, or the default. */
bool batch_price_models(struct regenerate *regenerate, struct error *err) MUST_CHECK;
/* Fills regenerate->rows and estimate from the price table and the calls of the last 30 days. */
bool batch_price_estimate(struct regenerate *regenerate, struct error *err) MUST_CHECK;
/* Returns the number of candidates per image: --variants for each model. */
int batch_price_candidates(const struct regenerate *regenerate);
#endif
