/* product_list.c - reads a CSV file of products and collects the faults of all rows. */
#include "demo/products/product_list.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/edit_distance.h"
#include "base/memory.h"
#include "base/unicode/text_encoding.h"
#include "demo/products/product_folder.h"
#include "demo/results_folder.h"
#include "io/csv.h"
#include "io/file.h"

enum { CSV_BYTES = 16 << 20, PATH_BYTES = 4000 };

enum column { SKU, PHOTOS, NAME, TEXT, MARKETPLACE, CATEGORY, BRAND, COLOURS, LOGO, COLUMNS };

/* The first name is the one in messages; the others are accepted. */
static const char *const column_names[COLUMNS][4] = {
    [SKU] = { "sku" },
    [PHOTOS] = { "photos", "photo", "images", "image" },
    [NAME] = { "name", "title" },
    [TEXT] = { "text", "description" },
    [MARKETPLACE] = { "marketplace" },
    [CATEGORY] = { "category" },
    [BRAND] = { "brand" },
    [COLOURS] = { "brand-colors", "brand_colors", "brand colors" },
    [LOGO] = { "logo" },
};

struct reading {
    const struct product_list_options *options;
    struct product_list *list;
    const char *folder;  /* of the CSV file, with a slash at its end; or "" */
    int places[COLUMNS]; /* of the columns in a record; -1: not there */
    int line;            /* of the row that is read */
};

static void add_fault(struct reading *reading, const char *column, const char *text)
{
    cJSON *fault = cJSON_CreateObject();

    cJSON_AddNumberToObject(fault, "line", reading->line);
    cJSON_AddStringToObject(fault, "column", column);
    cJSON_AddStringToObject(fault, "message", text);
    cJSON_AddItemToArray(reading->list->faults, fault);
}

static void report(void *context, const char *part, const struct error *fault)
{
    add_fault(context, part, fault->text);
}

/* -- header ---------------------------------------------------------------------------------- */

/* Removes white space at both ends, in place. */
static char *trim(char *text)
{
    size_t size;

    text += strspn(text, " \t\r\n");
    for (size = strlen(text); size > 0 && strchr(" \t\r\n", text[size - 1]);) {
        text[--size] = '\0';
    }
    return text;
}

static int find_column(const char *name)
{
    for (int i = 0; i < COLUMNS; i++) {
        for (int j = 0; j < 4 && column_names[i][j]; j++) {
            if (strcasecmp(column_names[i][j], name) == 0) {
                return i;
            }
        }
    }
    return -1;
}

static void report_missing(struct reading *reading, int column)
{
    struct closest_match match = { .to = column_names[column][0] };
    const cJSON *ignored;
    char text[200];

    cJSON_ArrayForEach(ignored, reading->list->ignored)
    {
        closest_match_try(&match, ignored->valuestring);
    }
    snprintf(text, sizeof text, "there is no column '%s'%s%.60s%s", column_names[column][0],
             match.word ? "; is it the one named '" : "", match.word ? match.word : "",
             match.word ? "'?" : "");
    add_fault(reading, column_names[column][0], text);
}

static bool read_header(struct reading *reading, const struct csv_record *header)
{
    char text[200];

    for (int i = 0; i < COLUMNS; i++) {
        reading->places[i] = -1;
    }
    reading->line = header->line;
    for (int i = 0; i < header->field_count; i++) {
        const char *name = trim(header->fields[i]);
        int column = find_column(name);

        if (column < 0) {
            if (*name) {
                cJSON_AddItemToArray(reading->list->ignored, cJSON_CreateString(name));
            }
        } else if (reading->places[column] >= 0) {
            snprintf(text, sizeof text, "there are two columns '%s'", column_names[column][0]);
            add_fault(reading, column_names[column][0], text);
        } else {
            reading->places[column] = i;
        }
    }
    for (int i = SKU; i <= TEXT; i++) {
        if (reading->places[i] < 0) {
            report_missing(reading, i);
        }
    }
    return cJSON_GetArraySize(reading->list->faults) == 0;
}

/* -- rows ------------------------------------------------------------------------------------ */

/* The value of a column, or "". */
static char *value_of(const struct reading *reading, const struct csv_record *record,
                      enum column column)
{
    static char none[1];
    int place = reading->places[column];

    return place >= 0 && place < record->field_count ? trim(record->fields[place]) : none;
}

static const char *value_or(const struct reading *reading, const struct csv_record *record,
                            enum column column, const char *fallback)
{
    const char *value = value_of(reading, record, column);

    return *value ? arena_text(reading->list->arena, value) : fallback;
}

static const char *path_of(const struct reading *reading, const char *value)
{
    return arena_printf(reading->list->arena, "%s%s", value[0] == '/' ? "" : reading->folder,
                        value);
}

/* A text is a path if it ends as the name of a text file, or if such a file exists. */
static bool is_path(const struct reading *reading, const char *value)
{
    size_t size = strlen(value);
    struct stat file;

    if (size == 0 || size > 300 || strpbrk(value, "\r\n")) {
        return false;
    }
    return (size > 4 && !strchr(value, ' ') && strcasecmp(value + size - 4, ".txt") == 0) ||
           (size > 3 && !strchr(value, ' ') && strcasecmp(value + size - 3, ".md") == 0) ||
           (stat(path_of(reading, value), &file) == 0 && S_ISREG(file.st_mode));
}

static void read_photos(struct reading *reading, char *value, struct product_row *row)
{
    char text[80], *rest = value;

    for (char *photo; (photo = strsep(&rest, ";|"));) {
        photo = trim(photo);
        if (*photo && row->source.photo_count == ORDER_PHOTOS) {
            snprintf(text, sizeof text, "more than %d photos", ORDER_PHOTOS);
            add_fault(reading, "photos", text);
            return;
        }
        if (*photo) {
            row->photos[row->source.photo_count++] = path_of(reading, photo);
        }
    }
}

static void check_sku(struct reading *reading, const struct product_row *row)
{
    const struct product_list *list = reading->list;
    char text[200];

    if (!*row->sku) {
        add_fault(reading, "sku", "a row needs a SKU");
    } else if (strlen(row->sku) > PRODUCT_SKU) {
        snprintf(text, sizeof text, "the SKU is longer than %d bytes", PRODUCT_SKU);
        add_fault(reading, "sku", text);
    } else if (!product_sku_is_clean(row->sku)) {
        add_fault(reading, "sku", "the SKU contains control characters");
    }
    for (int i = 0; *row->sku && i < list->count; i++) {
        if (strcasecmp(list->rows[i].sku, row->sku) == 0 ||
            strcasecmp(list->rows[i].folder, row->folder) == 0) {
            snprintf(text, sizeof text, "the SKU '%.60s' is that of line %d", row->sku,
                     list->rows[i].line);
            add_fault(reading, "sku", text);
            return;
        }
    }
}

static void check_marketplace(struct reading *reading, const struct product_row *row)
{
    const struct image_rules *rules;
    struct error err;

    if (row->marketplace &&
        !rules_for(reading->options->rules, row->marketplace, MAIN_IMAGE, &rules, &err)) {
        add_fault(reading, "marketplace", err.text);
    }
}

static void check_folder(struct reading *reading, const struct product_row *row)
{
    char path[PATH_BYTES + PRODUCT_FOLDER];
    struct error err;

    snprintf(path, sizeof path, "%.*s/%s", PATH_BYTES - 2, reading->options->out, row->folder);
    if (!results_folder_check(path, &err)) {
        add_fault(reading, "sku", err.text);
    }
}

/* Reads the files, to find faults and digests. Their content is freed: a list of products may be
 * larger than the memory. */
static void check_files(struct reading *reading, struct product_row *row)
{
    struct product_input input;
    char *digests;

    if (product_input_check(&row->source, &input, report, reading)) {
        memcpy(row->identity, input.identity, sizeof row->identity);
        digests = arena_printf(reading->list->arena, "%s %s", input.inputs,
                               row->marketplace ? row->marketplace : "");
        digest_hex(digests, strlen(digests), row->inputs);
    }
    product_input_free(&input);
}

static void read_row(struct reading *reading, const struct csv_record *record)
{
    struct product_list *list = reading->list;
    const struct product_list_options *options = reading->options;
    struct product_row *row = &list->rows[list->count];
    const char *text, *logo;
    char *marketplace;

    reading->line = record->line;
    *row = (struct product_row){ .line = record->line };
    if (record->fault) {
        add_fault(reading, "", record->fault);
        return;
    }
    row->sku = arena_text(list->arena, value_of(reading, record, SKU));
    row->source.name = arena_text(list->arena, value_of(reading, record, NAME));
    text = arena_text(list->arena, value_of(reading, record, TEXT));
    if (is_path(reading, text)) {
        row->source.text = path_of(reading, text);
    } else {
        row->source.description = text;
    }
    marketplace = arena_text(list->arena, value_of(reading, record, MARKETPLACE));
    for (char *at = marketplace; *at; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    row->marketplace = *marketplace ? marketplace : NULL;
    row->source.category = value_or(reading, record, CATEGORY, options->category);
    row->source.brand = value_or(reading, record, BRAND, options->brand);
    row->source.colours = value_or(reading, record, COLOURS, options->colours);
    logo = value_of(reading, record, LOGO);
    row->source.logo = *logo ? path_of(reading, logo) : options->logo;
    row->source.photos = row->photos;
    product_folder_name(row->sku, row->folder, sizeof row->folder);
    check_sku(reading, row);
    read_photos(reading, value_of(reading, record, PHOTOS), row);
    check_marketplace(reading, row);
    check_folder(reading, row);
    check_files(reading, row);
    list->count++;
}

static void read_rows(struct reading *reading, const struct csv *csv)
{
    if (csv->count == 0) {
        add_fault(reading, "", "the file is empty");
    } else if (csv->records[0].fault) {
        reading->line = csv->records[0].line;
        add_fault(reading, "", csv->records[0].fault);
    } else if (read_header(reading, &csv->records[0])) {
        int columns = csv->records[0].field_count;

        reading->list->rows = xcalloc((size_t)csv->count, sizeof *reading->list->rows);
        for (int i = 1; i < csv->count; i++) {
            struct csv_record *record = &csv->records[i];

            for (int j = columns; j < record->field_count && !record->fault; j++) {
                record->fault =
                    *record->fields[j] ? "it has more fields than the first line" : NULL;
            }
            read_row(reading, record);
        }
        if (csv->count == 1) {
            reading->line = 0;
            add_fault(reading, "", "the file has no product below its first line");
        }
    }
}

/* -- file ------------------------------------------------------------------------------------ */

/* The folder of a file, with a slash at its end; "" for a name without one. */
static const char *folder_of(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');

    return slash ? arena_printf(arena, "%.*s", (int)(slash + 1 - path), path) : "";
}

bool product_list_read(const char *path, const struct product_list_options *options,
                       struct product_list *out, struct error *err)
{
    struct reading reading = { .options = options, .list = out };
    struct blob file = { 0 }, text = { 0 };
    enum text_encoding encoding;
    struct error why = { .kind = ERROR_NONE };
    struct csv csv = { 0 };
    bool good;

    *out = (struct product_list){ .arena = arena_new(),
                                  .faults = cJSON_CreateArray(),
                                  .ignored = cJSON_CreateArray() };
    reading.folder = folder_of(path, out->arena);
    if (!file_read(path, CSV_BYTES, &file, NULL, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    good = text_to_utf8(file.data, file.size, &text, &encoding, &why) &&
           csv_read((const char *)text.data, &csv, &why);
    blob_free(&file);
    if (good) {
        out->from_latin = encoding == ENCODING_WINDOWS_1252;
        read_rows(&reading, &csv);
    } else {
        error_set(err, ERROR_INPUT, "'%.200s' cannot be used: %.200s", path, why.text);
        if (why.hint[0]) {
            error_hint(err, "%s", why.hint);
        }
    }
    csv_free(&csv);
    blob_free(&text);
    return good;
}

bool product_list_load(const struct product_list *list, int number, struct product_input *out,
                       struct error *err)
{
    const struct product_row *row = &list->rows[number];

    if (!product_input_read(&row->source, out, err)) {
        return false;
    }
    return strcmp(out->identity, row->identity) == 0 ||
           error_set(err, ERROR_INPUT, "the photos of '%.60s' have changed since the start",
                     row->sku);
}

void product_list_free(struct product_list *list)
{
    free(list->rows);
    cJSON_Delete(list->faults);
    cJSON_Delete(list->ignored);
    arena_free(list->arena);
    *list = (struct product_list){ 0 };
}
