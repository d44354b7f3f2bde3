/* product_folder.h - the names of folders for products, from texts that anyone may have written. */
#ifndef DEMO_PRODUCTS_PRODUCT_FOLDER_H
#define DEMO_PRODUCTS_PRODUCT_FOLDER_H
#include <stdbool.h>
#include <stddef.h>

/* Writes the SKU with every character except ASCII letters, digits, '-', '_' and '.' replaced by a
 * hyphen, and without hyphens and dots at its start. A SKU that is changed by that, is too long, or
 * is the name of a file of a run gets a digest at its end, so that two SKUs do not share a folder.
 * `size`: at least 80. */
void product_folder_name(const char *sku, char *out, size_t size);

/* Returns true if every character can be seen. */
bool product_sku_is_clean(const char *sku);
#endif
