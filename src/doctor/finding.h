/* finding.h - the result of a check: what was found, and what to do about it. */
#ifndef DOCTOR_FINDING_H
#define DOCTOR_FINDING_H
#include "base/error.h"

/* DOCTOR_SKIP: the check could not run, because an earlier one failed. */
enum doctor_status { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL, DOCTOR_SKIP };

struct doctor_finding {
    enum doctor_status status;
    char text[400];
    char hint[300]; /* what to do; may be empty */
};

/* Sets status and text, and clears the hint. */
void doctor_finding_set(struct doctor_finding *out, enum doctor_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_finding_hint(struct doctor_finding *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Makes a failure of an error's text and hint. */
void doctor_finding_from_error(struct doctor_finding *out, const struct error *err);
#endif
