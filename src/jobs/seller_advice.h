/* seller_advice.h - what a seller can do about an image that a pack lacks, for the message with
 * which the pack ends. */
#ifndef JOBS_SELLER_ADVICE_H
#define JOBS_SELLER_ADVICE_H
#include "base/error.h"

/* In an advice, the place of the missing images: "the infographic and the main image". */
#define SELLER_ADVICE_WHAT "{what}"

/* Returns a sentence with SELLER_ADVICE_WHAT for an error; static. */
const char *seller_advice(const struct error *error);
#endif
