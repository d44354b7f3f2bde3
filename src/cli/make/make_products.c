/* make_products.c - darkroom make --csv: the packs of all products of a file. */
#include "cli/make/make_products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/data_files.h"
#include "base/exit_status.h"
#include "base/json.h"
#include "base/memory.h"
#include "cli/make/make_price.h"
#include "cli/make/make_zip.h"
#include "demo/products/overview.h"
#include "demo/products/product_list.h"
#include "demo/record.h"
#include "io/file.h"
#include "term/table.h"
#include "term/term.h"

enum { RECORD_BYTES = 8 << 20 };

#define LIST_IDENTITY "products of a CSV file" /* of a run folder */

struct product_run {
    const struct settings *settings;
    struct product_list list;
    struct product_input loaded;
    struct pack_product *products;
    char out[4000];
};

/* -- faults ---------------------------------------------------------------------------------- */

static void print_faults(const struct settings *settings, const char *csv, const cJSON *faults)
{
    const cJSON *fault;

    if (setting_flag(settings, "json")) {
        table_json(stdout, faults, "list-fault");
        return;
    }
    cJSON_ArrayForEach(fault, faults)
    {
        const char *column = json_peek_text(fault, "column");
        int line = (int)json_peek_int(fault, "line", 0);
        char place[40] = "";

        if (line > 0) {
            snprintf(place, sizeof place, ":%d", line);
        }
        fprintf(stderr, "%s%s: %s%s%s\n", term_text(csv, false), place, column ? column : "",
                column && *column ? ": " : "", term_text(json_peek_text(fault, "message"), false));
    }
}

static void print_notes(const char *csv, const struct product_list *list)
{
    const cJSON *name;

    if (list->from_latin) {
        fprintf(stderr,
                "darkroom: '%s' is not UTF-8; it is read as Windows-1252 (Latin-1). If letters are "
                "wrong, save it as CSV UTF-8\n",
                term_text(csv, false));
    }
    cJSON_ArrayForEach(name, list->ignored)
    {
        fprintf(stderr, "darkroom: the column '%s' is not used\n",
                term_text(name->valuestring, false));
    }
}

/* -- products -------------------------------------------------------------------------------- */

/* Returns whether the folder has the complete pack of these photos and texts, which need not be
 * made again. */
static bool has_pack(const struct product_run *run, const struct product_row *row)
{
    char path[4200];
    struct blob file = { 0 };
    struct error ignored;
    bool missing = false, complete = false;
    cJSON *record = NULL;

    snprintf(path, sizeof path, "%s/%s/" PACK_RECORD_NAME, run->out, row->folder);
    if (file_read(path, RECORD_BYTES, &file, &missing, &ignored) && !missing &&
        json_parse_own(file.data, file.size, "the record", &record, &ignored)) {
        complete = demo_record_serves(record, row->inputs,
                                      provider_find(setting_text(run->settings, "provider")));
    }
    cJSON_Delete(record);
    blob_free(&file);
    return complete;
}

static void fill_products(struct product_run *run)
{
    bool force = setting_flag(run->settings, "force");

    run->products = xcalloc((size_t)run->list.count, sizeof *run->products);
    for (int i = 0; i < run->list.count; i++) {
        const struct product_row *row = &run->list.rows[i];

        run->products[i] = (struct pack_product){ .folder = row->folder,
                                                  .sku = row->sku,
                                                  .name = row->source.name,
                                                  .marketplace = row->marketplace,
                                                  .identity = row->identity,
                                                  .inputs = row->inputs,
                                                  .skip = !force && has_pack(run, row) };
    }
}

static bool load(void *context, int number, struct order *order, struct error *err)
{
    struct product_run *run = context;
    bool good = product_list_load(&run->list, number, &run->loaded, err);

    *order = run->loaded.order;
    return good;
}

static void unload(void *context, int number)
{
    struct product_run *run = context;

    (void)number;
    product_input_free(&run->loaded);
    run->loaded = (struct product_input){ .product = NULL };
}

static int print_overview(const struct pack_request *request, struct results_folder *folder,
                          const cJSON *record, struct error *err)
{
    cJSON *overview = overview_read(request);
    bool complete = false;

    (void)record;
    if (overview_save(overview, folder, err)) {
        complete = overview_print(overview, request->out, setting_flag(request->settings, "json"));
    }
    cJSON_Delete(overview);
    return err->kind != ERROR_NONE ? 0 : complete ? EXIT_STATUS_OK : EXIT_STATUS_SOME_FAILED;
}

/* -- command --------------------------------------------------------------------------------- */

static bool check_flags(const struct settings *settings, struct error *err)
{
    static const char *const single[] = { "name", "text", "asin", "sku" };

    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (setting_text(settings, single[i])) {
            error_set(err, ERROR_INPUT, "--%s is for one product; --csv has many", single[i]);
            return error_hint(err, "Leave it out: the columns of the file say it.");
        }
    }
    return true;
}

/* The folder of the results: --out, or the name of the file without its ending. */
static void name_folder(const struct settings *settings, const char *csv, char *out, size_t size)
{
    const char *given = setting_text(settings, "out"), *slash = strrchr(csv, '/'), *dot;
    const char *name = slash ? slash + 1 : csv;

    dot = strrchr(name, '.');
    if (given) {
        snprintf(out, size, "%s", given);
    } else if (dot && dot > name) {
        snprintf(out, size, "%.*s", (int)(dot - name), name);
    } else {
        snprintf(out, size, "%.200s-packs", name);
    }
}

static bool read_list(struct product_run *run, const char *csv, struct error *err)
{
    const struct settings *settings = run->settings;
    struct product_list_options options = { .category = setting_text(settings, "category"),
                                            .brand = setting_text(settings, "brand"),
                                            .colours = setting_text(settings, "brand-colors"),
                                            .logo = setting_text(settings, "logo"),
                                            .out = run->out };
    struct rules *rules = NULL;
    int faults;
    bool good = rules_from_settings(settings, &rules, err);

    options.rules = rules;
    good = good && product_list_read(csv, &options, &run->list, err);
    rules_free(rules);
    if (!good) {
        return false;
    }
    print_notes(csv, &run->list);
    faults = cJSON_GetArraySize(run->list.faults);
    if (faults > 0) {
        print_faults(settings, csv, run->list.faults);
        return error_set(err, ERROR_INPUT, "'%.200s' has %d fault%s; nothing was made", csv, faults,
                         faults == 1 ? "" : "s");
    }
    return true;
}

/* The results of an earlier run, for programs: they get the same objects as from that run. */
static void print_complete(const struct pack_request *request)
{
    cJSON *overview;

    if (setting_flag(request->settings, "json")) {
        for (int i = 0; i < request->count; i++) {
            request->products[i].complete = true;
        }
        overview = overview_read(request);
        (void)overview_print(overview, request->out, true);
        cJSON_Delete(overview);
    }
}

static int make_list(struct product_run *run, struct error *err)
{
    const struct settings *settings = run->settings;
    struct pack_request request = { .settings = settings,
                                    .command = "make",
                                    .out = run->out,
                                    .products = run->products,
                                    .count = run->list.count,
                                    .identity = LIST_IDENTITY,
                                    .log_to_file = !setting_flag(settings, "verbose"),
                                    .max_cost_microusd =
                                        (int64_t)(setting_number(settings, "max-cost") * 1e6),
                                    .context = run,
                                    .load = load,
                                    .unload = unload,
                                    .finish = make_zip,
                                    .print = print_overview };
    struct pack_price price;
    int status = 0;

    if (!results_folder_check(run->out, err)) {
        return 0;
    }
    if (!pack_price_make(settings, run->products, run->list.count, &price, err)) {
        pack_price_free(&price);
        return 0;
    }
    if (price.products == 0) {
        fprintf(stderr, "darkroom: all %d packs in '%s' are complete; --force makes them again\n",
                price.complete, term_text(run->out, false));
        print_complete(&request);
    } else if (setting_flag(settings, "dry-run")) {
        if (setting_flag(settings, "json")) {
            pack_price_json(&price);
        } else {
            pack_price_print(&price, stdout);
        }
    } else {
        pack_price_print(&price, stderr);
        status = make_confirm(settings, &price, err) ? pack_run(&request, err) : 0;
    }
    pack_price_free(&price);
    return status;
}

int make_products(const struct settings *settings, const char *csv, struct error *err)
{
    struct product_run run = { .settings = settings };
    int status = 0;

    if (!check_flags(settings, err)) {
        return 0;
    }
    name_folder(settings, csv, run.out, sizeof run.out);
    if (read_list(&run, csv, err)) {
        fill_products(&run);
        status = make_list(&run, err);
    }
    product_list_free(&run.list);
    free(run.products);
    return status;
}
