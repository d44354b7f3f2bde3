/* image_checks.c - the checks and their limits, which are the most tolerant of assets/rules.json.
 */
#include "bench/load/image_checks.h"

#include <stdio.h>

const struct image_check image_checks[IMAGE_CHECKS] = {
    { { "dimensions", { 1, 100000 } }, true }, { { "blank", { 2 } }, true },
    { { "sharpness", { 1 } }, true },          { { "alpha", { 0 } }, false },
    { { "file_size", { 10e6 } }, false },
};

bool image_checks_run(const struct check_subject *subject, unsigned *failed, struct error *err)
{
    struct check_limits limits[IMAGE_CHECKS];
    struct check_finding findings[IMAGE_CHECKS];
    struct error why = { .kind = ERROR_NONE };
    bool all, good = true;

    *failed = 0;
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        limits[i] = image_checks[i].limits;
    }
    all = checks_run(subject, limits, IMAGE_CHECKS, findings, &why);
    if (!all && why.kind != ERROR_OUTPUT) { /* a check could not run */
        *err = why;
        return false;
    }
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        *failed |= findings[i].passed ? 0 : 1u << i;
        if (!findings[i].passed && image_checks[i].required && good) {
            good = error_set(err, ERROR_OUTPUT, "%s", findings[i].message);
        }
    }
    return good;
}

const char *image_checks_text(unsigned failed, char out[IMAGE_CHECKS_TEXT])
{
    size_t size = 0;

    out[0] = '\0';
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        if (failed & 1u << i) {
            size += (size_t)snprintf(out + size, IMAGE_CHECKS_TEXT - size, "%s%s", size ? " " : "",
                                     image_checks[i].limits.check);
        }
    }
    return out;
}
