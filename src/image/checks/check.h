/* check.h - checks that an image must pass before it is stored: a table, with one file per check.
 *
 * To add one: write check_<name>.c, add CHECK(<name>) to checks.inc, and name it in
 * assets/rules.json. */
#ifndef IMAGE_CHECKS_CHECK_H
#define IMAGE_CHECKS_CHECK_H
#include "image/ground.h"

enum { CHECK_LIMITS = 4, CHECKS_MAX = 16 };

struct check_subject { /* input of a check; pointers are borrowed */
    const struct image *image;
    struct image_facts facts;
    size_t file_bytes;
    int target_width, target_height; /* size of the stored image, in pixels */
    const struct ground
        *ground; /* NULL until checks_run computes it for the first check that needs it */
};

struct check_finding {
    const char *check; /* name of the check */
    bool passed;
    double measured;
    double limit;
    char message[120]; /* what was measured, or how it failed: "2.1 % of the background is not
                          white" */
};

struct check {
    const char *name;
    const char *source; /* source of the rule */
    const char *limits; /* meaning of its limits, for people who edit rules.json */
    int limit_count;
    bool needs_ground; /* needs subject->ground, which is NULL if memory ran out */
    void (*run)(const struct check_subject *subject, const double *limits,
                struct check_finding *out);
};

extern const struct check *const checks[]; /* ends with NULL */
const struct check *check_find(const char *name);

struct check_limits { /* a row of rules.json: a check to run, with its limits */
    const char *check;
    double limits[CHECK_LIMITS];
};

/* Runs the checks in order and writes all findings. Returns false if one fails; *err then holds
 * ERROR_OUTPUT with the message of the first failed check. */
bool checks_run(const struct check_subject *subject, const struct check_limits *limits, int count,
                struct check_finding *findings, struct error *err) MUST_CHECK;
#endif
