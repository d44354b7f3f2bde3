/* image_checks.h - the checks of src/image that apply to an image of any prompt.
 *
 * A failed required check makes an image unusable. A failed optional check is only reported,
 * because the worker corrects it: it flattens transparency and writes a smaller file. */
#ifndef BENCH_LOAD_IMAGE_CHECKS_H
#define BENCH_LOAD_IMAGE_CHECKS_H
#include "image/checks/check.h"

enum { IMAGE_CHECKS = 5, IMAGE_CHECKS_TEXT = 80 };

struct image_check {
    struct check_limits limits;
    bool required;
};
extern const struct image_check image_checks[IMAGE_CHECKS];

/* Sets bit i of *failed for each image_checks[i] that failed. Returns false with ERROR_OUTPUT and
 * the check's own sentence if a required check failed. */
bool image_checks_run(const struct check_subject *subject, unsigned *failed,
                      struct error *err) MUST_CHECK;

/* Writes the names of failed checks, "sharpness file_size"; empty if none failed. */
const char *image_checks_text(unsigned failed, char out[IMAGE_CHECKS_TEXT]);
#endif
