/* product_input.h - the product that a person names on the command line: photos, name, text. */
#ifndef DEMO_PRODUCT_INPUT_H
#define DEMO_PRODUCT_INPUT_H
#include "base/digest.h"
#include "demo/order.h"

enum { PRODUCT_NAME = 200, PRODUCT_TEXT_BYTES = 64 * 1024 };

struct product_source {
    const char *const *photos; /* paths */
    int photo_count;
    const char *name, *category; /* category may be NULL */
    const char *text;            /* path of the description, or NULL */
    const char *description;     /* the description itself, if `text` is NULL */
    const char *brand;           /* name of the brand, or NULL */
    const char *colours;         /* "#primary,#secondary,#accent" of the brand, or NULL */
    const char *logo;            /* path of the brand's logo, or NULL */
};

struct product_input {
    cJSON *product;
    struct order_photo photos[ORDER_PHOTOS];
    char names[ORDER_PHOTOS][24];
    struct order_photo logo;
    char logo_name[24];
    struct order order;         /* points into this struct */
    char identity[DIGEST_TEXT]; /* of the photos */
    char inputs[DIGEST_TEXT];   /* of photos, texts and brand */
    char folder[PRODUCT_NAME];  /* the name as that of a folder */
};

/* Receives a fault of a product: `part` is name, text, brand-colors, logo or photos. */
typedef void product_fault_report(void *context, const char *part, const struct error *fault);

/* Reads photos, text and logo. ERROR_INPUT names the file that cannot be used and what to do. Call
 * product_input_free also after a failure. */
bool product_input_read(const struct product_source *source, struct product_input *out,
                        struct error *err) MUST_CHECK;
/* The same, but reports every fault. Returns false if there was one. */
bool product_input_check(const struct product_source *source, struct product_input *out,
                         product_fault_report *report, void *context) MUST_CHECK;
void product_input_free(struct product_input *input);
#endif
