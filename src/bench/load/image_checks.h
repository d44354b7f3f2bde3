/* image_checks.h - the checks of src/image that mean something for an image of any prompt.
 *
 * Those that the worker cannot mend make an image unusable; the others are told: the worker
 * flattens what is transparent, and writes a smaller file. */
#ifndef BENCH_LOAD_IMAGE_CHECKS_H
#define BENCH_LOAD_IMAGE_CHECKS_H
#include "image/checks/check.h"

enum { IMAGE_CHECKS = 5 };

struct image_check {
    struct check_limits limits;
    bool required; /* else it is only told */
};
extern const struct image_check image_checks[IMAGE_CHECKS];

/* Bit i of *failed stands for looks[i]. False where one that must hold does not: ERROR_OUTPUT in
 * its words. */
bool image_checks_run(const struct check_subject *subject, unsigned *failed,
                      struct error *err) MUST_CHECK;

/* "sharpness file_size"; empty where none failed. */
enum { IMAGE_CHECKS_TEXT = 80 };
const char *image_checks_text(unsigned failed, char out[IMAGE_CHECKS_TEXT]);
#endif
