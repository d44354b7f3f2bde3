/* check_skip.h - for checks that may lack what they compare with. */
#ifndef IMAGE_CHECKS_CHECK_SKIP_H
#define IMAGE_CHECKS_CHECK_SKIP_H
#include "image/checks/check.h"

/* Sets a finding that passes without a measurement. Returns true. */
bool check_skip(struct check_finding *out, const char *why);
/* For checks with needs_product: returns true, with such a finding, if there is no match. */
bool check_lacks_match(const struct check_subject *subject, struct check_finding *out);
#endif
