/* cmd_make.c - darkroom make: a complete pack for a product of one's own, without an application.
 */
#include <stdio.h>
#include <string.h>

#include "app/cut_out_model.h"
#include "app/pack_plan.h"
#include "app/program_path.h"
#include "base/json.h"
#include "cli/command.h"
#include "demo/pack_run.h"
#include "demo/product_input.h"
#include "export/export_report.h"
#include "export/export_run.h"
#include "io/file.h"
#include "term/confirm.h"
#include "term/table.h"

enum { RECORD_BYTES = 8 << 20, PRICE_TEXT = 200 };

/* -- price ---------------------------------------------------------------------------------- */

static bool estimate(const struct settings *settings, struct pack_plan *plan, struct error *err)
{
    *plan = (struct pack_plan){ .settings = settings, .with_aplus = true };
    return pack_plan_build(plan, err);
}

static void price_text(const struct settings *settings, const struct pack_plan *plan,
                       char out[PRICE_TEXT])
{
    bool modules = setting_flag(settings, "module-images");

    snprintf(out, PRICE_TEXT, "%.2f to %.2f USD%s%s, without retries", (double)plan->min_cost / 1e6,
             (double)plan->max_cost / 1e6, plan->unknown ? " plus unknown prices" : "",
             modules ? " plus the images of A+ modules" : "");
}

static bool is_free(const struct pack_plan *plan)
{
    return plan->max_cost == 0 && !plan->unknown;
}

/* Shows the price and asks before a pack that costs money. */
static bool confirm_price(const struct settings *settings, const struct pack_plan *plan,
                          struct error *err)
{
    char price[PRICE_TEXT], question[PRICE_TEXT + 80];
    enum answer answer;

    if (is_free(plan)) {
        return true;
    }
    price_text(settings, plan, price);
    if (setting_flag(settings, "yes")) {
        fprintf(stderr, "price: %s\n", price);
        return true;
    }
    snprintf(question, sizeof question, "Make the pack for %s?", price);
    answer = confirm(question);
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "this costs %s, but there is no terminal to confirm it", price);
        return error_hint(err, "Check with --dry-run, then use --yes.");
    }
    return answer == ANSWER_YES || error_set(err, ERROR_INPUT, "not started: nothing was paid");
}

static void print_price(const struct settings *settings, const struct pack_plan *plan)
{
    static const struct column columns[] = { { "what", "ITEM", 0 },
                                             { "model", "MODEL", 0 },
                                             { "storedSize", "SIZE", 0 },
                                             { "usd", "USD", 0 } };
    char price[PRICE_TEXT];

    price_text(settings, plan, price);
    if (setting_flag(settings, "json")) {
        table_json(stdout, plan->rows);
        printf("{\"total\":true,\"usdMin\":%.6f,\"usdMax\":%.6f,\"complete\":%s}\n",
               (double)plan->min_cost / 1e6, (double)plan->max_cost / 1e6,
               plan->unknown ? "false" : "true");
    } else {
        table_print(stdout, plan->rows, columns, 4);
        printf("\nprice: %s\n", price);
    }
}

/* -- the folder of an earlier run ------------------------------------------------------------ */

/* Sets *complete if the folder has the complete pack of these photos and texts. Fails if it has the
 * pack of other photos, which would be lost. */
static bool check_folder(const char *out, const struct product_input *input, bool *complete,
                         struct error *err)
{
    char path[4200];
    struct blob file = { 0 };
    cJSON *record = NULL;
    struct error ignored;
    bool missing = false, other = false;
    const char *photos, *inputs;

    *complete = false;
    snprintf(path, sizeof path, "%.4000s/" PACK_RECORD_NAME, out);
    if (!file_read(path, RECORD_BYTES, &file, &missing, err) || missing) {
        return missing;
    }
    if (json_parse(file.data, file.size, "the record", &record, &ignored)) {
        photos = json_peek_text(record, "photos");
        inputs = json_peek_text(record, "inputs");
        other = !photos || strcmp(photos, input->identity) != 0;
        *complete = inputs && strcmp(inputs, input->inputs) == 0 &&
                    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "complete"));
    }
    cJSON_Delete(record);
    blob_free(&file);
    if (other) {
        error_set(err, ERROR_INPUT, "'%.200s' holds the pack of another product", out);
        return error_hint(err, "Choose another folder with --out.");
    }
    return true;
}

/* -- ZIP for the marketplace ------------------------------------------------------------------ */

/* Adds the ZIP that `darkroom export` would write, and says in the record what it lacks. */
static bool add_zip(const struct pack_results *results, struct error *err)
{
    struct export_progress progress = { .stop = results->stop };
    struct export_run run;
    char name[EXPORT_ID + 40], path[4400];
    bool written = false, good;

    good = export_run_open(&run, results->settings, err);
    run.request.asin_follows = true; /* the product may have none yet */
    good = good && export_run_load(&run, results->session, results->project, err);
    if (good) {
        snprintf(name, sizeof name, "%.60s-%.30s.zip", results->project, run.request.marketplace);
        good = results_folder_add(results->folder, name, path, sizeof path, err) &&
               export_run_write(&run, path, true, &progress, &written, err);
    }
    if (good) {
        cJSON_AddItemToObject(results->record, "export", export_report_json(&run.pack));
        cJSON_AddStringToObject(results->record, "zip", written ? name : "");
    }
    export_run_close(&run);
    return good;
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
                                     .colours = setting_text(settings, "brand-colors") };

    *input = (struct product_input){ .product = NULL };
    if (!source.name || !source.text) {
        error_set(err, ERROR_INPUT, "a product needs %s", source.name ? "a text" : "a name");
        return error_hint(err, "darkroom make photo.jpg --name \"Steel bottle\" --text "
                               "description.txt.");
    }
    return product_input_read(&source, input, err);
}

static int make(const struct settings *settings, const struct product_input *input,
                struct error *err)
{
    const char *out = setting_text(settings, "out");
    struct pack_request request = { .settings = settings,
                                    .command = "make",
                                    .order = &input->order,
                                    .out = out ? out : input->folder,
                                    .identity = input->identity,
                                    .inputs = input->inputs,
                                    .finish = add_zip };
    struct pack_plan plan;
    bool complete;
    int status = 0;

    if (!check_folder(request.out, input, &complete, err)) {
        return 0;
    }
    if (complete && !setting_flag(settings, "force")) {
        fprintf(stderr, "darkroom: the pack in '%.200s' is complete; --force makes it again\n",
                request.out);
        return 0;
    }
    if (!estimate(settings, &plan, err)) {
        pack_plan_free(&plan);
        return 0;
    }
    if (setting_flag(settings, "dry-run")) {
        print_price(settings, &plan);
    } else if (confirm_price(settings, &plan, err)) {
        status = pack_run(&request, err);
    }
    pack_plan_free(&plan);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct product_input input;
    int status = 0;

    if (read_input(settings, argc, argv, &input, err)) {
        status = make(settings, &input, err);
    }
    product_input_free(&input);
    return status;
}

static const char *const settings_taken[] = {
    "name",
    "text",
    "category",
    "brand",
    "brand-colors",
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
    "dry-run",
    "yes",
    "log-level",
    "json",
    "color",
    NULL,
};

const struct command command_make = {
    .name = "make",
    .arguments = "PHOTO...",
    .summary = "make a complete pack for your own product, without an application",
    .examples = "  darkroom make mug.jpg --name \"Clay mug\" --text mug.txt  # placeholders, free\n"
                "  darkroom make front.heic side.heic --name \"Clay mug\" --text mug.txt \\\n"
                "    --provider openai --quality medium --out mug  # real models\n"
                "  darkroom make mug.jpg --name \"Clay mug\" --text mug.txt --dry-run\n",
    .notes = "The folder gets the images, the A+ content, a page that shows all of them, a\n"
             "ZIP for the marketplace as `darkroom export` makes it, and record.json. If the\n"
             "command is interrupted, or an image fails, run it again: it continues, makes\n"
             "only what is missing, and pays for nothing twice. The text may be changed for\n"
             "that, for example to add dimensions.\n",
    .settings = settings_taken,
    .common = "name text brand out provider quality marketplace dry-run yes",
    .min_arguments = 1,
    .max_arguments = ORDER_PHOTOS,
    .run = run,
};
