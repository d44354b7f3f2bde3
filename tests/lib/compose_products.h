/* compose_products.h - twelve products in four languages, and brands of many colours. */
#ifndef TESTS_LIB_COMPOSE_PRODUCTS_H
#define TESTS_LIB_COMPOSE_PRODUCTS_H
#include "model/brief.h"

enum { TEST_PRODUCTS = 12 };

struct test_product {
    const char *language; /* as Tesseract names it */
    struct brief brief;
};

extern const struct test_product test_products[TEST_PRODUCTS];
#endif
