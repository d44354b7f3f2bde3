/* product_list.h - the products of a CSV file: one per row, with its photos, name, text and
 * marketplace. */
#ifndef DEMO_PRODUCTS_PRODUCT_LIST_H
#define DEMO_PRODUCTS_PRODUCT_LIST_H
#include "base/arena.h"
#include "demo/product_input.h"
#include "model/rules.h"

enum { PRODUCT_SKU = 100, PRODUCT_FOLDER = 80 };

struct product_row {
    int line; /* in the file */
    const char *sku;
    const char *marketplace; /* NULL: that of the settings */
    struct product_source source;
    const char *photos[ORDER_PHOTOS];
    char folder[PRODUCT_FOLDER]; /* the SKU as the name of a folder; unique */
    char identity[DIGEST_TEXT];  /* of the photos */
    char inputs[DIGEST_TEXT];    /* of photos, texts and marketplace */
};

struct product_list_options {
    const struct rules *rules;              /* that know the marketplaces */
    const char *category, *brand, *colours; /* of rows without them; may be NULL */
    const char *logo;                       /* the same, a path */
    const char *out; /* folder for the results; each folder in it must be usable */
};

struct product_list {
    struct product_row *rows;
    int count;
    struct arena *arena;
    cJSON *faults;   /* [{line, column, fault}]: line 0 is the whole file */
    cJSON *ignored;  /* names of columns that are not read */
    bool from_latin; /* the file was read as Windows-1252 */
};

/* Reads the file and every photo and text that it names, with paths relative to its folder. Faults
 * of its content are collected in `faults`, and then there is nothing to make. ERROR_INPUT if it
 * cannot be read at all. Call product_list_free also after a failure. */
bool product_list_read(const char *path, const struct product_list_options *options,
                       struct product_list *out, struct error *err) MUST_CHECK;
/* Reads photos and text of one product again. ERROR_INPUT if they have changed since. Call
 * product_input_free also after a failure. */
bool product_list_load(const struct product_list *list, int number, struct product_input *out,
                       struct error *err) MUST_CHECK;
void product_list_free(struct product_list *list);
#endif
