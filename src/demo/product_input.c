/* product_input.c - reads the files of a product. */
#include "demo/product_input.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/unicode/character.h"
#include "image/image.h"
#include "io/file.h"

enum { PHOTO_BYTES = 50 << 20, LOGO_BYTES = 8 << 20, DIGESTS = (ORDER_PHOTOS + 1) * DIGEST_TEXT };

static bool read_photo(const char *path, int number, struct product_input *out, struct error *err)
{
    const struct image_bounds bounds = { .from_seller = true };
    struct order_photo *photo = &out->photos[number];
    struct image_facts facts;
    struct error why;

    if (!file_read(path, PHOTO_BYTES, &photo->file, NULL, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    out->order.photo_count = number + 1;
    if (!image_inspect(&photo->file, &bounds, &facts, &why)) {
        error_set(err, ERROR_INPUT, "'%.200s' cannot be used as a photo: %s", path, why.text);
        return error_hint(err, "Photos are JPEG, PNG, WebP, HEIC, AVIF or TIFF files.");
    }
    if (number == 0) {
        snprintf(out->names[0], sizeof out->names[0], "photo.%s", format_extension(facts.format));
    } else {
        snprintf(out->names[number], sizeof out->names[number], "photo-%d.%s", number + 1,
                 format_extension(facts.format));
    }
    photo->name = out->names[number];
    photo->width = facts.width;
    photo->height = facts.height;
    return true;
}

static bool read_photos(const struct product_source *source, struct product_input *out,
                        char *digests, product_fault_report *report, void *context)
{
    struct error fault;
    bool good = true;

    if (source->photo_count < 1 || source->photo_count > ORDER_PHOTOS) {
        error_set(&fault, ERROR_INPUT, "a product has 1 to %d photos", ORDER_PHOTOS);
        report(context, "photos", &fault);
        return false;
    }
    for (int i = 0; i < source->photo_count; i++) {
        if (read_photo(source->photos[i], i, out, &fault)) {
            digest_hex(out->photos[i].file.data, out->photos[i].file.size,
                       digests + (size_t)i * (DIGEST_TEXT - 1));
        } else {
            report(context, "photos", &fault);
            good = false;
        }
    }
    if (good) {
        digest_hex(digests, strlen(digests), out->identity);
    }
    return good;
}

/* Removes what cannot be seen, such as a byte order mark, and checks that it is UTF-8. */
static bool clean_text(char *text, struct error *err)
{
    char *to = text;

    for (const char *at = text; *at;) {
        enum character_class class;
        size_t size = character_read(at, &class, NULL);
        bool line = *at == '\n' || *at == '\t';

        if (class == CHARACTER_INVALID) {
            return error_set(err, ERROR_INPUT, "it is not text in UTF-8");
        }
        if (class == CHARACTER_VISIBLE || line) {
            memmove(to, at, size);
            to += size;
        }
        at += size;
    }
    *to = '\0';
    return true;
}

static bool read_text_file(const char *path, char **out, struct error *err)
{
    struct blob file = { 0 };
    struct error why;

    if (!file_read(path, PRODUCT_TEXT_BYTES, &file, NULL, err)) {
        err->kind = ERROR_INPUT;
        return error_hint(err, "The text is a file with the description of the product: --text "
                               "description.txt.");
    }
    *out = xstrndup((const char *)file.data, file.size);
    blob_free(&file);
    return clean_text(*out, &why) ||
           error_set(err, ERROR_INPUT, "'%.200s' cannot be used: %s", path, why.text);
}

static bool read_text(const struct product_source *source, char **out, struct error *err)
{
    const char *name = source->text ? source->text : "the text";

    if (source->text) {
        if (!read_text_file(source->text, out, err)) {
            return false;
        }
    } else {
        const char *description = source->description ? source->description : "";

        if (strlen(description) > PRODUCT_TEXT_BYTES) {
            return error_set(err, ERROR_INPUT, "the text is longer than %d bytes",
                             PRODUCT_TEXT_BYTES);
        }
        *out = xstrdup(description);
        if (!clean_text(*out, err)) {
            return false;
        }
    }
    if ((*out)[strspn(*out, " \n\t")] == '\0') {
        error_set(err, ERROR_INPUT, source->text ? "'%.200s' contains no text" : "%s is empty",
                  name);
        return error_hint(err, "Describe the product in it: what it is, its features, its "
                               "dimensions.");
    }
    return true;
}

static bool add_colours(cJSON *brand, const char *colours, struct error *err)
{
    static const char *const names[] = { "primaryColor", "secondaryColor", "accentColor" };
    char value[8];
    int count = 0;

    while (colours && *colours && count < 3) {
        int used = 0;

        if (sscanf(colours, "%7[#0-9a-fA-F]%n", value, &used) != 1 || used != 7 ||
            value[0] != '#' || strchr(value + 1, '#') || (colours[7] && colours[7] != ',')) {
            break;
        }
        cJSON_AddStringToObject(brand, names[count++], value);
        colours += colours[7] ? 8 : 7;
    }
    return !colours || !*colours ||
           error_set(err, ERROR_INPUT, "--brand-colors are up to three colours: #14515a,#e8efec");
}

/* The digest of the logo becomes part of the product, so that another logo is another input. */
static bool add_logo(const char *path, struct product_input *out, struct error *err)
{
    cJSON *brand = cJSON_GetObjectItemCaseSensitive(out->product, "brandKit");
    const struct image_bounds bounds = { .from_seller = true };
    struct order_photo *logo = &out->logo;
    char digest[DIGEST_TEXT];
    struct image_facts facts;
    struct error why;

    if (!file_read(path, LOGO_BYTES, &logo->file, NULL, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (!image_inspect(&logo->file, &bounds, &facts, &why)) {
        error_set(err, ERROR_INPUT, "'%.200s' cannot be used as a logo: %s", path, why.text);
        return error_hint(err, "A logo is a PNG, best with a transparent background, or a JPEG or "
                               "WebP file. Export vector graphics as PNG.");
    }
    snprintf(out->logo_name, sizeof out->logo_name, "logo.%s", format_extension(facts.format));
    logo->name = out->logo_name;
    logo->width = facts.width;
    logo->height = facts.height;
    out->order.logo = logo;
    digest_hex(logo->file.data, logo->file.size, digest);
    cJSON_AddStringToObject(brand, "logo", digest);
    return true;
}

static bool fill_product(const struct product_source *source, const char *text,
                         struct product_input *out, struct error *err)
{
    out->product = cJSON_CreateObject();
    cJSON_AddStringToObject(out->product, "productName", source->name);
    cJSON_AddStringToObject(out->product, "description", text);
    if (source->category) {
        cJSON_AddStringToObject(out->product, "productCategory", source->category);
    }
    if (source->brand || source->colours || source->logo) {
        cJSON *brand = cJSON_AddObjectToObject(out->product, "brandKit");

        cJSON_AddStringToObject(brand, "name", source->brand ? source->brand : source->name);
        return add_colours(brand, source->colours, err);
    }
    return true;
}

static bool check_name(const char *name, struct error *err)
{
    char copy[PRODUCT_NAME + 1];
    size_t letters = utf8_length(name);

    if (!name[strspn(name, " \t")]) {
        return error_set(err, ERROR_INPUT, "the product's name is missing");
    }
    if (strlen(name) > PRODUCT_NAME) {
        return error_set(err, ERROR_INPUT,
                         "the product's name is too long: shorten it to %zu letters or fewer",
                         letters == SIZE_MAX ? PRODUCT_NAME
                                             : letters * PRODUCT_NAME / strlen(name));
    }
    snprintf(copy, sizeof copy, "%s", name);
    return (clean_text(copy, err) && strcmp(copy, name) == 0 && !strchr(name, '\n')) ||
           error_set(err, ERROR_INPUT, "the name of the product contains control characters");
}

/* Letters and digits of ASCII in lower case, anything else as single hyphens. */
static void make_folder_name(const char *name, char *out, size_t size)
{
    size_t used = 0;

    for (; *name && used + 1 < size && used < 60; name++) {
        if (isalnum((unsigned char)*name) && (unsigned char)*name < 128) {
            out[used++] = (char)tolower((unsigned char)*name);
        } else if (used > 0 && out[used - 1] != '-') {
            out[used++] = '-';
        }
    }
    while (used > 0 && out[used - 1] == '-') {
        used--;
    }
    out[used] = '\0';
    if (used == 0) {
        snprintf(out, size, "product");
    }
}

static bool is_fine(bool good, const char *part, const struct error *fault,
                    product_fault_report *report, void *context)
{
    if (!good) {
        report(context, part, fault);
    }
    return good;
}

bool product_input_check(const struct product_source *source, struct product_input *out,
                         product_fault_report *report, void *context)
{
    char digests[DIGESTS] = "", *text = NULL, *product = NULL;
    struct error fault;
    bool good;

    *out = (struct product_input){ .product = NULL };
    make_folder_name(source->name, out->folder, sizeof out->folder);
    good = is_fine(check_name(source->name, &fault), "name", &fault, report, context);
    good &= is_fine(read_text(source, &text, &fault), "text", &fault, report, context);
    good &= is_fine(fill_product(source, text ? text : "", out, &fault), "brand-colors", &fault,
                    report, context);
    good &= !source->logo ||
            is_fine(add_logo(source->logo, out, &fault), "logo", &fault, report, context);
    good &= read_photos(source, out, digests, report, context);
    if (good) {
        product = cJSON_PrintUnformatted(out->product);
        digest_hex(product, strlen(product), digests + strlen(digests));
        digest_hex(digests, strlen(digests), out->inputs);
        out->order.project = out->folder;
        out->order.product = out->product;
        out->order.photos = out->photos;
    }
    cJSON_free(product);
    free(text);
    return good;
}

static void keep_first(void *context, const char *part, const struct error *fault)
{
    struct error *first = context;

    (void)part;
    if (first->kind == ERROR_NONE) {
        *first = *fault;
    }
}

bool product_input_read(const struct product_source *source, struct product_input *out,
                        struct error *err)
{
    *err = (struct error){ .kind = ERROR_NONE };
    return product_input_check(source, out, keep_first, err);
}

void product_input_free(struct product_input *input)
{
    for (int i = 0; i < input->order.photo_count; i++) {
        blob_free(&input->photos[i].file);
    }
    blob_free(&input->logo.file);
    cJSON_Delete(input->product);
}
