/* overview.c - what a run made of each of its products. */
#include "demo/products/overview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "demo/record.h"
#include "demo/run_folder.h"
#include "io/file.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_wrap.h"

enum { RECORD_BYTES = 8 << 20, PAGE_BYTES = 64 << 20, CELL_BYTES = 400 };

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* -- reading --------------------------------------------------------------------------------- */

static void add_missing(cJSON *missing, const char *part, const char *message)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "part", part);
    cJSON_AddStringToObject(row, "message", message);
    cJSON_AddItemToArray(missing, row);
}

static double cost_of(const cJSON *record)
{
    const cJSON *job, *call;
    double usd = 0;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        cJSON_ArrayForEach(call, member(job, "calls"))
        {
            usd += json_peek_number(call, "usd", 0);
        }
    }
    return usd;
}

/* The pack itself fails with its parts, which say why. */
static void add_failed_jobs(const cJSON *record, cJSON *missing)
{
    const cJSON *job;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        const char *status = json_peek_text(job, "status"), *error = json_peek_text(job, "message");
        const char *type = json_peek_text(job, "type");
        bool is_pack = type && strcmp(type, "generate-complete-pack") == 0;
        char title[80];

        if (status && strcmp(status, "completed") != 0 &&
            (!is_pack || cJSON_GetArraySize(member(record, "jobs")) == 1)) {
            demo_record_title(job, title, sizeof title);
            add_missing(missing, title, error && *error ? error : "it was not made yet");
        }
    }
}

static void add_images(const cJSON *record, cJSON *row)
{
    const cJSON *image;
    int count = 0;

    cJSON_ArrayForEach(image, member(record, "images"))
    {
        const char *type = json_peek_text(image, "type");

        count++;
        if (type && strcmp(type, "MAIN_IMAGE") == 0) {
            json_add_text(row, "mainImage", json_peek_text(image, "file"));
        }
    }
    cJSON_AddNumberToObject(row, "images", count);
}

static cJSON *read_record(const char *out, const struct pack_product *product)
{
    char path[4300];
    struct blob file = { 0 };
    struct error ignored;
    bool missing = false;
    cJSON *record = NULL;

    snprintf(path, sizeof path, "%.4000s/%.100s/" PACK_RECORD_NAME, out, product->folder);
    if (!file_read(path, RECORD_BYTES, &file, &missing, &ignored) || missing ||
        !json_parse_own(file.data, file.size, "the record", &record, &ignored)) {
        record = NULL;
    }
    blob_free(&file);
    return record;
}

static cJSON *read_product(const struct pack_request *request, const struct pack_product *product)
{
    cJSON *record = read_record(request->out, product), *row = cJSON_CreateObject();
    cJSON *missing = cJSON_CreateArray();
    const char *zip = json_peek_text(record, "zip"), *name, *status;
    const char *market = setting_text(request->settings, "marketplace");

    name = json_peek_text(member(record, "project"), "productName");
    cJSON_AddStringToObject(row, "sku", product->sku);
    cJSON_AddStringToObject(row, "name", name ? name : product->name);
    cJSON_AddStringToObject(row, "marketplace",
                            product->marketplace ? product->marketplace : market);
    cJSON_AddStringToObject(row, "folder", product->folder);
    status = product->complete ? "complete" : record ? "incomplete" : "not made";
    cJSON_AddStringToObject(row, "status", status);
    add_images(record, row);
    cJSON_AddBoolToObject(row, "aplus", cJSON_IsObject(member(record, "aplus")));
    cJSON_AddNumberToObject(row, "usd", cost_of(record));
    json_add_text(row, "zip", zip && *zip ? zip : NULL);
    if (product->fault.kind != ERROR_NONE) {
        add_missing(missing, "results", product->fault.text);
    }
    add_failed_jobs(record, missing);
    cJSON_AddItemToObject(row, "missing", missing);
    cJSON_Delete(record);
    return row;
}

cJSON *overview_read(const struct pack_request *request)
{
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < request->count; i++) {
        cJSON_AddItemToArray(rows, read_product(request, &request->products[i]));
    }
    return rows;
}

/* -- printing -------------------------------------------------------------------------------- */

static bool is_complete(const cJSON *row)
{
    const char *status = json_peek_text(row, "status");

    return status && strcmp(status, "complete") == 0;
}

static void count_all(const cJSON *overview, int *complete, double *usd)
{
    const cJSON *row;

    *complete = 0;
    *usd = 0;
    cJSON_ArrayForEach(row, overview)
    {
        *complete += is_complete(row);
        *usd += json_peek_number(row, "usd", 0);
    }
}

static void print_table(const cJSON *overview)
{
    static const struct column columns[] = { { "sku", "SKU", 24 },      { "name", "NAME", 32 },
                                             { "status", "STATUS", 0 }, { "images", "IMAGES", 0 },
                                             { "usd", "USD", 0 },       { "folder", "FOLDER", 0 } };
    cJSON *rows = cJSON_CreateArray();
    const cJSON *row, *missing;

    cJSON_ArrayForEach(row, overview)
    {
        cJSON *shown = cJSON_CreateObject();
        char usd[24];

        snprintf(usd, sizeof usd, "%.2f", json_peek_number(row, "usd", 0));
        json_add_text(shown, "sku", json_peek_text(row, "sku"));
        json_add_text(shown, "name", json_peek_text(row, "name"));
        json_add_text(shown, "status", json_peek_text(row, "status"));
        cJSON_AddNumberToObject(shown, "images", json_peek_number(row, "images", 0));
        cJSON_AddStringToObject(shown, "usd", usd);
        json_add_text(shown, "folder", json_peek_text(row, "folder"));
        cJSON_AddItemToArray(rows, shown);
    }
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
    cJSON_ArrayForEach(row, overview)
    {
        cJSON_ArrayForEach(missing, member(row, "missing"))
        {
            const char *sku = json_peek_text(row, "sku"), *part = json_peek_text(missing, "part");
            const char *message = json_peek_text(missing, "message");
            char text[1400];

            snprintf(text, sizeof text, "%.200s: %.100s: %.1000s", sku ? sku : "", part ? part : "",
                     message ? message : "");
            printf("\n");
            term_print_wrapped(stdout, STYLE_WARN, text);
        }
    }
}

bool overview_print(const cJSON *overview, const char *folder, bool json)
{
    int count = cJSON_GetArraySize(overview), complete;
    double usd;

    count_all(overview, &complete, &usd);
    if (json) {
        table_json(stdout, overview, "product");
        printf("{\"event\":\"product-total\",\"total\":true,\"products\":%d,\"complete\":%d,"
               "\"usd\":%.6f}\n",
               count, complete, usd);
        return complete == count;
    }
    print_table(overview);
    printf("\n%d product%s: %d complete", count, count == 1 ? "" : "s", complete);
    if (complete < count) {
        printf(", %d with missing parts", count - complete);
    }
    printf("; %.2f USD\n\nOpen     %s/index.html  all products, with their pages and ZIPs\n", usd,
           folder);
    if (complete < count) {
        run_folder_print_log(folder);
        printf("Next     Change the texts as the messages say, and run the same command again:\n"
               "         it makes only what is missing\n");
    }
    return complete == count;
}

/* -- saving ---------------------------------------------------------------------------------- */

bool overview_save(const cJSON *overview, struct results_folder *folder, struct error *err)
{
    char *json = cJSON_Print(overview);
    struct text page;
    bool good;

    text_begin(&page, PAGE_BYTES);
    good = results_folder_clear(folder, err) && overview_page(overview, &page, err) &&
           results_folder_put(folder, "index.html", page.data, page.size, err) &&
           results_folder_put(folder, "products.json", json, strlen(json), err);
    text_end(&page);
    cJSON_free(json);
    return good;
}
