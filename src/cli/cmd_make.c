/* cmd_make.c - darkroom make: complete packs for products of one's own, without an application. */
#include <stdio.h>
#include <string.h>

#include "app/cut_out_model.h"
#include "app/pack_plan.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/make/make_price.h"
#include "cli/make/make_products.h"
#include "cli/make/make_zip.h"
#include "demo/demo_summary.h"
#include "demo/product_input.h"
#include "demo/record.h"
#include "io/file.h"
#include "term/table.h"

enum { RECORD_BYTES = 8 << 20 };

/* -- the folder of an earlier run ------------------------------------------------------------ */

/* Sets *found to the record if the folder has the complete pack of these photos and texts, which
 * need not be made again; else to NULL. Fails if it has the pack of other photos, which would be
 * lost. The caller deletes *found. */
static bool check_folder(const struct settings *settings, const char *out,
                         const struct product_input *input, cJSON **found, struct error *err)
{
    char path[4200];
    struct blob file = { 0 };
    cJSON *record = NULL;
    struct error ignored;
    bool missing = false, other = false, complete = false;
    const char *photos;

    *found = NULL;
    snprintf(path, sizeof path, "%.4000s/" PACK_RECORD_NAME, out);
    if (!file_read(path, RECORD_BYTES, &file, &missing, err) || missing) {
        return missing;
    }
    if (json_parse(file.data, file.size, "the record", &record, &ignored)) {
        photos = json_peek_text(record, "photos");
        other = !photos || strcmp(photos, input->identity) != 0;
        complete = demo_record_serves(record, input->inputs,
                                      provider_find(setting_text(settings, "provider")));
    }
    blob_free(&file);
    if (complete && !other) {
        *found = record;
    } else {
        cJSON_Delete(record);
    }
    if (other) {
        error_set(err, ERROR_INPUT, "'%.200s' holds the pack of another product", out);
        return error_hint(err, "Choose another folder with --out.");
    }
    return true;
}

/* -- command -------------------------------------------------------------------------------- */

static bool read_input(const struct settings *settings, int argc, char **argv,
                       struct product_input *input, struct error *err)
{
    struct product_source source = { .photos = (const char *const *)argv,
                                     .photo_count = argc,
                                     .name = setting_text(settings, "name"),
                                     .text = setting_text(settings, "text"),
                                     .category = setting_text(settings, "category"),
                                     .brand = setting_text(settings, "brand"),
                                     .colours = setting_text(settings, "brand-colors"),
                                     .logo = setting_text(settings, "logo") };

    *input = (struct product_input){ .product = NULL };
    if (!source.name || !source.text) {
        error_set(err, ERROR_INPUT, "a product needs %s", source.name ? "a text" : "a name");
        return error_hint(err, "darkroom make photo.jpg --name \"Steel bottle\" --text "
                               "description.txt.");
    }
    return product_input_read(&source, input, err);
}

static bool load(void *context, int number, struct order *order, struct error *err)
{
    const struct product_input *input = context;

    (void)number;
    (void)err;
    *order = input->order;
    return true;
}

static void unload(void *context, int number)
{
    (void)context; /* one product: it is freed at the end */
    (void)number;
}

static int print_result(const struct pack_request *request, struct results_folder *folder,
                        const cJSON *record, struct error *err)
{
    (void)err;
    return demo_summary_print_result(record, folder->path, setting_flag(request->settings, "json"),
                                     false);
}

static int make(const struct settings *settings, struct product_input *input, struct error *err)
{
    const char *out = setting_text(settings, "out");
    struct pack_product product = { .identity = input->identity, .inputs = input->inputs };
    struct pack_request request = { .settings = settings,
                                    .command = "make",
                                    .out = out ? out : input->folder,
                                    .products = &product,
                                    .count = 1,
                                    .identity = input->identity,
                                    .log_to_file = !setting_flag(settings, "verbose"),
                                    .max_cost_microusd =
                                        (int64_t)(setting_number(settings, "max-cost") * 1e6),
                                    .context = input,
                                    .load = load,
                                    .unload = unload,
                                    .finish = make_zip,
                                    .print = print_result };
    struct pack_price price = { .rows = NULL };
    cJSON *found;
    int status = 0;

    if (!results_folder_check(request.out, err) ||
        !check_folder(settings, request.out, input, &found, err)) {
        return 0;
    }
    if (found && !setting_flag(settings, "force")) {
        fprintf(stderr, "darkroom: the pack in '%.200s' is complete; --force makes it again\n",
                request.out);
        if (setting_flag(settings, "json")) {
            table_json(stdout, found, "record");
        }
    } else if (pack_price_make(settings, &product, 1, &price, err)) {
        if (setting_flag(settings, "dry-run")) {
            (void)!make_print_price(settings, &price, err);
        } else if (make_confirm(settings, &price, err)) {
            status = pack_run(&request, err);
        }
    }
    pack_price_free(&price);
    cJSON_Delete(found);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const char *csv = setting_text(settings, "csv");
    struct product_input input;
    int status = 0;

    if (csv && argc > 0) {
        error_set(err, ERROR_INPUT, "--csv and photos were both given");
        error_hint(err, "Leave the photos out: the file names those of each product.");
        return 0;
    }
    if (csv) {
        return make_products(settings, csv, err);
    }
    if (argc == 0) {
        error_set(err, ERROR_INPUT, "a product needs a photo");
        error_hint(err, "darkroom make photo.jpg --name \"Steel bottle\" --text description.txt, "
                        "or --csv products.csv for many.");
        return 0;
    }
    if (read_input(settings, argc, argv, &input, err)) {
        status = make(settings, &input, err);
    }
    product_input_free(&input);
    return status;
}

static const char *const settings_taken[] = {
    "csv",
    "name",
    "text",
    "category",
    "brand",
    "brand-colors",
    "logo",
    "out",
    "force",
    "module-images",
    PLAN_SETTINGS,
    "asin",
    "sku",
    "locale",
    "export-rules",
    CUT_OUT_MODEL_SETTINGS,
    PROVIDER_SETTINGS,
    NETWORK_SETTINGS,
    "prompts",
    "jobs",
    "concurrency",
    "pool-threads",
    "profile",
    "dry-run",
    "max-cost",
    "yes",
    "verbose",
    "log-level",
    "json",
    "color",
    NULL,
};

const struct command command_make = {
    .name = "make",
    .arguments = "[PHOTO...]",
    .summary = "make complete packs for your own products, without an application",
    .examples = "  darkroom make mug.jpg --name \"Clay mug\" --text mug.txt  # placeholders, free\n"
                "  darkroom make front.heic side.heic --name \"Clay mug\" --text mug.txt \\\n"
                "    --provider openai --quality medium --out mug  # real models\n"
                "  darkroom make mug.jpg --name \"Clay mug\" --text mug.txt --dry-run\n"
                "  darkroom make --csv products.csv --dry-run  # many products: the price\n"
                "  darkroom make --csv products.csv --provider openai --max-cost 40\n",
    .notes = "The folder gets the images, the A+ content, a page that shows all of them, a\n"
             "ZIP for the marketplace as `darkroom export` makes it, and record.json. If the\n"
             "command is interrupted, or an image fails, run it again: it continues, makes\n"
             "only what is missing, and pays for nothing twice. The text may be changed for\n"
             "that, for example to add dimensions.\n"
             "\n"
             "--csv takes a table with the columns sku, photos (several with ; or | between\n"
             "them), name, text (the text itself or a file), and perhaps marketplace,\n"
             "category, brand, brand-colors and logo. Paths are relative to the file. All\n"
             "faults are reported before anything is made. The folder --out gets one folder\n"
             "per SKU and a page with all products.\n",
    .settings = settings_taken,
    .output = output_make,
    .common = "csv name text brand out provider quality marketplace dry-run max-cost yes",
    .max_arguments = ORDER_PHOTOS,
    .run = run,
};
