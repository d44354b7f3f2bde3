/* check_cases.h - an image for each check that it must reject. */
#ifndef TESTS_LIB_CHECK_CASES_H
#define TESTS_LIB_CHECK_CASES_H
#include "image/image.h"

enum { CHECK_CASE_SIDE = 1000 };

struct check_case {
    const char *check;
    struct image (*unfitting)(void);
    size_t file_bytes;
    struct image (*photo)(void); /* the seller's; also an image that passes the check */
    const char *seller;          /* the text that the model was asked to paint; NULL: none */
    bool scene;                  /* the product's place in the image is not known */
};

extern const struct check_case check_cases[]; /* ends with a row without a check */

struct image check_case_filled(int width, int height, int channels, uint8_t value);
struct image check_case_fitting(void); /* passes every check */
#endif
