/* overview.h - what a run made of each of its products: as a page, as JSON and as a table. */
#ifndef DEMO_PRODUCTS_OVERVIEW_H
#define DEMO_PRODUCTS_OVERVIEW_H
#include <cjson/cJSON.h>

#include "base/text.h"
#include "demo/pack_run.h"

/* Reads the records in the folders of the products. Returns [{sku, name, marketplace, folder,
 * status (complete, incomplete or not made), images, aplus, usd, zip, mainImage, missing: [{part,
 * message}]}]. The caller frees it. */
cJSON *overview_read(const struct pack_request *request);

/* Writes the page. The caller calls text_begin on `out`. */
bool overview_page(const cJSON *overview, struct text *out, struct error *err) MUST_CHECK;

/* Writes the page and the rows as JSON into the folder of the run. */
bool overview_save(const cJSON *overview, struct results_folder *folder,
                   struct error *err) MUST_CHECK;

/* Prints a table, the missing parts, and where the results are; or one JSON object per product and
 * one with the totals. Returns true if every pack is complete. */
bool overview_print(const cJSON *overview, const char *folder, bool json);
#endif
