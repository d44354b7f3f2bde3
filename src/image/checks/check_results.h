/* check_results.h - check results as an image's metadata keeps them, in short words. */
#ifndef IMAGE_CHECKS_CHECK_RESULTS_H
#define IMAGE_CHECKS_CHECK_RESULTS_H
#include <cjson/cJSON.h>
#include <stdbool.h>

struct verdict_line {
    bool passed;
    char name[40];    /* "file size" */
    char value[60];   /* "1.2 MB": what was measured */
    const char *says; /* the check's own sentence; borrowed */
};

enum { VERDICT_LINES = 16 };

/* The checks of an image: {"metadata": {"checks": [...]}, "width", "height"}; returns how many. */
int verdict_lines(const cJSON *image, struct verdict_line out[VERDICT_LINES]);
int verdict_passed(const struct verdict_line *lines, int count);

/* "1.2 MB", "340 kB" */
void verdict_bytes(double bytes, char *out, unsigned long size);
#endif
