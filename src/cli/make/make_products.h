/* make_products.h - darkroom make --csv: the packs of all products of a file. */
#ifndef CLI_MAKE_MAKE_PRODUCTS_H
#define CLI_MAKE_MAKE_PRODUCTS_H
#include "settings/settings.h"

/* Returns the exit status. If it sets *err, a returned 0 stands for the kind of the error. */
int make_products(const struct settings *settings, const char *csv, struct error *err);
#endif
