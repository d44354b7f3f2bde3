/* check.h - questions that an image must answer before it is stored: a table, one file each.
 *
 * To add one: write check_<name>.c, add CHECK(<name>) to checks.inc, name it in assets/rules.json.
 */
#ifndef IMAGE_CHECKS_CHECK_H
#define IMAGE_CHECKS_CHECK_H
#include "image/ground.h"

enum { CHECK_LIMITS = 4, CHECKS_MAX = 16 };

struct check_subject { /* what is looked at: borrowed */
    const struct image *image;
    struct image_facts facts;
    size_t file_bytes;
    int want_width, want_height; /* what is to be stored */
    const struct ground *ground; /* NULL; checks_run finds it, once, where a check needs it */
};

struct finding {
    const char *check; /* its name */
    bool passed;
    double measured;
    double limit;
    char says[120]; /* "2.1 % of the background is not white": how it failed, or what was seen */
};

struct check {
    const char *name;
    const char *source; /* where the rule comes from */
    const char *limits; /* what its limits mean, for people who edit rules.json */
    int limit_count;
    bool needs_ground; /* asks which pixels are ground: NULL in the subject where no memory was */
    void (*run)(const struct check_subject *subject, const double *limits, struct finding *out);
};

extern const struct check *const checks[]; /* NULL-ended */
const struct check *check_find(const char *name);

struct check_wish { /* one check to run, with limits (a row of rules.json) */
    const char *check;
    double limits[CHECK_LIMITS];
};

/* Runs them in order and gives all findings; returns false when one failed (then *err holds
 * ERROR_OUTPUT in the first failed check's own words). */
bool checks_run(const struct check_subject *subject, const struct check_wish *wishes, int count,
                struct finding *findings, struct error *err) MUST_CHECK;
#endif
