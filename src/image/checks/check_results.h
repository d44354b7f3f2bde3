/* check_results.h - check results as stored in an image's metadata, formatted for people. */
#ifndef IMAGE_CHECKS_CHECK_RESULTS_H
#define IMAGE_CHECKS_CHECK_RESULTS_H
#include <cjson/cJSON.h>
#include <stdbool.h>

struct check_result {
    bool passed;
    char name[40];       /* "file size" */
    char value[60];      /* measured value: "1.2 MB" */
    const char *message; /* the check's own message; borrowed */
};

enum { CHECK_RESULTS_MAX = 32 };

/* Reads the checks of an image, {"metadata": {"checks": [...]}, "width", "height"}, without those
 * that could not be performed. Returns their number. */
int check_results_read(const cJSON *image, struct check_result out[CHECK_RESULTS_MAX]);
int check_results_passed(const struct check_result *lines, int count);

/* Formats a number of bytes: "1.2 MB", "340 kB". */
void bytes_text(double bytes, char *out, unsigned long size);
#endif
