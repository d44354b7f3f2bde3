/* make_price.h - shows what packs cost, and asks before they are made. */
#ifndef CLI_MAKE_MAKE_PRICE_H
#define CLI_MAKE_MAKE_PRICE_H
#include "demo/products/pack_price.h"
#include "settings/settings.h"

/* Prints each image and text of a single pack with its price, and the sum. */
bool make_print_price(const struct settings *settings, const struct pack_price *price,
                      struct error *err) MUST_CHECK;

/* Shows the price and asks before packs that cost money. Fails if they may cost more than
 * --max-cost. */
bool make_confirm(const struct settings *settings, const struct pack_price *price,
                  struct error *err) MUST_CHECK;
#endif
