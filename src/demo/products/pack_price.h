/* pack_price.h - what the packs of many products cost together, and how long they take. */
#ifndef DEMO_PRODUCTS_PACK_PRICE_H
#define DEMO_PRODUCTS_PACK_PRICE_H
#include <cjson/cJSON.h>
#include <stdio.h>

#include "demo/pack_run.h"

struct pack_price {
    cJSON *rows;                 /* [{marketplace, products, images, texts, usd, usdMin, usdMax}] */
    int products, images, texts; /* to make */
    int complete;                /* products that have their pack already */
    int64_t min_cost, max_cost;  /* microdollars, without retries */
    bool unknown;                /* a price is missing in the catalog */
    double seconds[2];           /* from, to; 0: no calls, or unknown */
    bool rough;                  /* the time is not from measured calls: see pack_price.c */
};

/* Adds up the packs of the products that are not to be skipped. Reads --profile if it is set. Call
 * pack_price_free also after a failure. */
bool pack_price_make(const struct settings *settings, const struct pack_product *products,
                     int count, struct pack_price *out, struct error *err) MUST_CHECK;
/* Prints the rows and the sum to a stream. */
void pack_price_print(const struct pack_price *price, FILE *to);
void pack_price_json(const struct pack_price *price);
/* "3.20 to 3.90 USD, without retries", and the time if it is known. */
void pack_price_text(const struct pack_price *price, char *out, size_t size);
bool pack_price_is_free(const struct pack_price *price);
void pack_price_free(struct pack_price *price);
#endif
