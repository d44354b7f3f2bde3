/* make_products.h - darkroom make --csv: the packs of all products of a file. */
#ifndef CLI_MAKE_MAKE_PRODUCTS_H
#define CLI_MAKE_MAKE_PRODUCTS_H
#include "demo/products/pack_price.h"
#include "settings/settings.h"

/* Returns the exit status. If it sets *err, a returned 0 stands for the kind of the error. */
int make_products(const struct settings *settings, const char *csv, struct error *err);

/* Shows the price and asks before packs that cost money. Fails if they may cost more than
 * --max-cost. */
bool make_confirm(const struct settings *settings, const struct pack_price *price,
                  struct error *err) MUST_CHECK;
#endif
