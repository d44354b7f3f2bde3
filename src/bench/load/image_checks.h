/* image_checks.h - the checks of src/image that mean something for an image of any prompt.
 *
 * Those that the worker cannot mend make an image unusable; the others are told: the worker
 * flattens what is transparent, and writes a smaller file. */
#ifndef BENCH_LOAD_IMAGE_CHECKS_H
#define BENCH_LOAD_IMAGE_CHECKS_H
#include "image/checks/check.h"

enum { LOOKS = 5 };

struct look {
    struct check_wish wish;
    bool must; /* else it is only told */
};
extern const struct look looks[LOOKS];

/* Bit i of *failed stands for looks[i]. False where one that must hold does not: ERROR_OUTPUT in
 * its words. */
bool looks_run(const struct check_subject *subject, unsigned *failed, struct error *err) MUST_CHECK;

/* "sharpness file_size"; empty where none failed. */
enum { LOOKS_TEXT = 80 };
const char *looks_text(unsigned failed, char out[LOOKS_TEXT]);
#endif
