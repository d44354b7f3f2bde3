/* product_folder.c - the names of folders for products. */
#include "demo/products/product_folder.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/unicode/character.h"

enum { KEPT = 60, DIGITS = 8 };

/* Files of a run, which lie beside the folders. */
static const char *const reserved[] = { "index.html", "products.json" };

static bool is_safe(char c)
{
    return strchr("-_.", c) ? c != '\0' : (unsigned char)c < 128 && isalnum((unsigned char)c);
}

void product_folder_name(const char *sku, char *out, size_t size)
{
    bool changed = sku[0] == '\0' || strlen(sku) > KEPT;
    char digest[DIGEST_TEXT];
    size_t used = 0;

    for (const char *at = sku; *at && used < KEPT && used + 1 < size; at++) {
        char c = is_safe(*at) ? *at : '-';

        changed = changed || c != *at;
        if (used > 0 || (c != '.' && c != '-')) {
            out[used++] = c;
        } else {
            changed = true;
        }
    }
    out[used] = '\0';
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        changed = changed || strcasecmp(out, reserved[i]) == 0;
    }
    if (changed) {
        digest_hex(sku, strlen(sku), digest);
        snprintf(out + used, size - used, "%s%.*s", used > 0 ? "-" : "", DIGITS, digest);
    }
}

bool product_sku_is_clean(const char *sku)
{
    while (*sku) {
        enum character_class class;

        sku += character_read(sku, &class, NULL);
        if (class != CHARACTER_VISIBLE) {
            return false;
        }
    }
    return true;
}
