/* cmd_regenerate.c - darkroom regenerate: makes images again as candidates of a batch. */
#include <stdio.h>
#include <string.h>

#include "app/data_files.h"
#include "app/log_settings.h"
#include "app/worker_setup.h"
#include "batch/batch_price.h"
#include "batch/batch_run.h"
#include "batch/batch_text_only.h"
#include "batch/command_line.h"
#include "batch/operator.h"
#include "batch/price_report.h"
#include "batch/select.h"
#include "batch/select_like.h"
#include "cli/command.h"
#include "jobs/engine/model_call.h"
#include "term/table.h"

enum { COMMAND_BYTES = 8000 };

static const char *const selection_flags[] = { "where",  "sql",          "project",   "user",
                                               "type",   "style",        "model-was", "since",
                                               "before", "failed-check", "status",    "ids",
                                               "all",    "from",         NULL };
static const char *const image_flags[] = { "model",       "quality",   "variants", "charge",
                                           "keep",        "batch-api", "max-cost", "rate",
                                           "prompt-file", "text-only", "language", "layout",
                                           "size",        "brand-kit", "logo",     NULL };

/* -- checks before any query ------------------------------------------------------------------- */

static bool check_flags(const struct settings *settings, struct error *err)
{
    bool detach = setting_flag(settings, "detach");

    if (detach && setting_flag(settings, "here")) {
        return error_set(err, ERROR_INPUT, "--here and --detach exclude each other");
    }
    if (detach && setting_number(settings, "rate") > 0) {
        return error_set(
            err, ERROR_INPUT,
            "--rate cannot be combined with --detach, because this process enforces it");
    }
    return true;
}

/* Fails if --batch-api is set and the provider or a model does not support the Batch API. */
static bool check_batch_api(const struct regenerate *regenerate, struct error *err)
{
    if (!setting_flag(regenerate->settings, "batch-api")) {
        return true;
    }
    for (int i = 0; i < regenerate->model_count; i++) {
        const struct model *model = regenerate->models[i];
        const struct provider *provider = provider_find(model->provider);

        if (!provider) {
            return error_set(err, ERROR_INPUT, "no provider has the name '%.40s'", model->provider);
        }
        if (!provider_check_batch(provider, model, err)) {
            err->kind = ERROR_INPUT; /* wrong arguments, not a wrong setting */
            return false;
        }
    }
    return true;
}

/* Reports a missing key or an invalid folder now, not once per job. */
static bool check_worker(const struct regenerate *regenerate, struct worker_setup *worker_setup,
                         struct error *err)
{
    struct model_endpoint endpoint;
    bool good = worker_setup_init(regenerate->settings, worker_setup, err);

    for (int i = 0; i < regenerate->model_count && good && !regenerate->text_only.wanted; i++) {
        good = model_endpoint_for(&worker_setup->job_context, regenerate->models[i]->id, &endpoint,
                                  err);
    }
    return good;
}

static bool prepare(struct regenerate *regenerate, int argc, char **argv, struct error *err)
{
    const struct settings *settings = regenerate->settings;

    if (!check_flags(settings, err) || !batch_text_only_read(regenerate, err) ||
        !catalog_from_settings(settings, &regenerate->catalog, err) ||
        !rules_from_settings(settings, &regenerate->rules, err)) {
        return false;
    }
    /* ids may be shortened, and the original settings of an image are the defaults */
    if (setting_text(settings, "from") || setting_text(settings, "project") ||
        setting_text(settings, "user") || argc > 0) {
        regenerate->session = database_open(settings, "regenerate", err);
        if (!regenerate->session) {
            return false;
        }
    }
    if (!select_like_read(regenerate, argc, err) || !batch_price_models(regenerate, err) ||
        !check_batch_api(regenerate, err) || !select_read_flags(regenerate, argc, argv, err)) {
        return false;
    }
    if (!regenerate->session) {
        regenerate->session = database_open(settings, "regenerate", err);
    }
    return regenerate->session && batch_text_only_select(regenerate, err) &&
           select_query(regenerate, err) && batch_price_estimate(regenerate, err);
}

/* -- cost ------------------------------------------------------------------------------------- */

static bool check_cost(const struct regenerate *regenerate, struct error *err)
{
    const char *max_cost = setting_text(regenerate->settings, "max-cost");
    double max_usd = setting_number(regenerate->settings, "max-cost");
    bool users = strcmp(setting_text(regenerate->settings, "charge"), "users") == 0;

    if (users && json_peek_int(regenerate->selection, "withoutCreditsCount", 0) >=
                     json_peek_int(regenerate->selection, "users", 0)) {
        error_set(err, ERROR_INPUT, "no user has enough credits for one image");
        return error_hint(err, "--dry-run lists the users. --charge none charges no credits.");
    }
    for (int i = 0; max_cost && i < regenerate->row_count; i++) {
        const struct estimate_row *row = &regenerate->rows[i];

        if (row->images == row->made_locally) {
            continue;
        }
        if (row->usd_each < 0) {
            error_set(err, ERROR_INPUT, "the price of model '%s' is unknown", row->model->id);
            return error_hint(err, "Remove --max-cost, or set the price with --models FILE.");
        }
        if (row->usd_each > max_usd) {
            return error_set(err, ERROR_INPUT,
                             "one call to '%s' costs about %.4f USD, which exceeds --max-cost",
                             row->model->id, row->usd_each);
        }
    }
    return true;
}

/* -- the batch -------------------------------------------------------------------------------- */

static char *options_json(const struct regenerate *regenerate)
{
    const struct settings *settings = regenerate->settings;
    const char *quality = select_like_quality(regenerate);
    cJSON *out = cJSON_CreateObject(), *models = cJSON_AddArrayToObject(out, "models");
    cJSON *text_only = batch_text_only_options(regenerate);
    char *text;

    for (int i = 0; i < regenerate->model_count && !text_only; i++) {
        cJSON_AddItemToArray(models, cJSON_CreateString(regenerate->models[i]->id));
    }
    if (quality && !text_only) {
        cJSON_AddStringToObject(out, "quality", quality);
    }
    if (regenerate->prompt && !text_only) {
        cJSON_AddStringToObject(out, "prompt", regenerate->prompt);
    }
    if (text_only) {
        cJSON_AddItemToObject(out, "textOnly", text_only);
    }
    cJSON_AddNumberToObject(out, "variants", (double)setting_int(settings, "variants"));
    cJSON_AddStringToObject(out, "charge", setting_text(settings, "charge"));
    cJSON_AddStringToObject(out, "keep", setting_text(settings, "keep"));
    cJSON_AddBoolToObject(out, "batchApi", setting_flag(settings, "batch-api"));
    if (setting_number(settings, "rate") > 0) {
        cJSON_AddNumberToObject(out, "rate", setting_number(settings, "rate"));
    }
    text = json_print(out, regenerate->arena);
    cJSON_Delete(out);
    return text;
}

/* Returns the selection as JSON, with the command line that repeats it. */
static char *selection_json(const struct regenerate *regenerate)
{
    cJSON *out = cJSON_CreateObject();
    struct text words;
    char *text;

    text_begin(&words, COMMAND_BYTES);
    text_add(&words, "darkroom regenerate");
    command_line_flags(&words, regenerate->settings, selection_flags);
    command_line_flags(&words, regenerate->settings, image_flags);
    cJSON_AddStringToObject(out, "command", words.data);
    text_end(&words);
    cJSON_AddNumberToObject(out, "images",
                            (double)json_peek_int(regenerate->selection, "count", 0));
    if (regenerate->ids) {
        cJSON_AddNumberToObject(out, "named", regenerate->id_count);
    }
    text = json_print(out, regenerate->arena);
    cJSON_Delete(out);
    return text;
}

static bool create(struct regenerate *regenerate, const char **batch, int64_t *items,
                   struct error *err)
{
    cJSON *estimate = price_report_json(regenerate), *answer = NULL;
    const char *max_cost = setting_text(regenerate->settings, "max-cost");
    char operator[OPERATOR_BYTES];
    const char *params[8] = { where_path(regenerate->where), where_variables(regenerate->where),
                              regenerate->ids, options_json(regenerate), selection_json(regenerate),
                              json_print(estimate, regenerate->arena), NULL, operator};
    bool good;

    operator_name(operator);
    if (max_cost) {
        params[6] = arena_printf(regenerate->arena, "%.0f",
                                 setting_number(regenerate->settings, "max-cost") * 1e6);
    }
    good = database_query(regenerate->session, "batch_create", 8, params, &answer, err);
    *items = json_peek_int(answer, "items", 0);
    *batch = arena_text(regenerate->arena, json_peek_text(answer, "batch"));
    cJSON_Delete(answer);
    cJSON_Delete(estimate);
    if (good && !*batch) {
        return error_set(err, ERROR_INPUT,
                         "the selected images no longer exist: nothing was queued");
    }
    return good;
}

static void print_created(const struct regenerate *regenerate, const char *batch, int64_t items)
{
    if (setting_flag(regenerate->settings, "json")) {
        printf("{\"event\":\"created\",\"batch\":\"%s\",\"items\":%lld}\n", batch,
               (long long)items);
        fflush(stdout);
    } else {
        fprintf(stderr, "batch %s: %lld candidates to generate\n", batch, (long long)items);
    }
}

static int work(struct regenerate *regenerate, struct worker_setup *worker_setup, const char *batch,
                struct error *err)
{
    const struct settings *settings = regenerate->settings;
    struct batch_run run = { .settings = settings,
                             .worker_setup = worker_setup,
                             .batch = batch,
                             .usd_estimated =
                                 regenerate->estimate.price_known ? regenerate->estimate.usd : -1,
                             .rate = setting_number(settings, "rate") };

    sql_close(regenerate->session);
    regenerate->session = NULL;
    return batch_run(&run, err);
}

static int execute(struct regenerate *regenerate, struct error *err)
{
    const struct settings *settings = regenerate->settings;
    bool here = setting_flag(settings, "here");
    struct worker_setup worker_setup = { 0 };
    const char *batch;
    int64_t items;
    int status = 0;

    log_apply_settings(settings);
    if ((!here || check_worker(regenerate, &worker_setup, err)) &&
        price_report_confirm(regenerate, err) && create(regenerate, &batch, &items, err)) {
        print_created(regenerate, batch, items);
        if (!setting_flag(settings, "detach")) {
            status = work(regenerate, here ? &worker_setup : NULL, batch, err);
        } else if (!batch_queue_and_detach(regenerate->session, settings, batch, err)) {
            status = error_rule(err->kind)->exit_status;
        }
    }
    worker_setup_free(&worker_setup);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct regenerate regenerate = { .settings = settings, .arena = arena_new() };
    int status = 0;

    if (prepare(&regenerate, argc, argv, err) && check_cost(&regenerate, err)) {
        if (setting_flag(settings, "dry-run")) {
            price_report(&regenerate);
        } else {
            status = execute(&regenerate, err);
        }
    }
    sql_close(regenerate.session);
    cJSON_Delete(regenerate.selection);
    where_free(regenerate.where);
    rules_free(regenerate.rules);
    catalog_free(regenerate.catalog);
    arena_free(regenerate.arena);
    return status;
}

static const char *const settings_taken[] = {
    "where",    "sql",     "project",      "user",      "type",     "style",         "model-was",
    "since",    "before",  "failed-check", "status",    "ids",      "all",           "model",
    "variants", "charge",  "keep",         "batch-api", "max-cost", "rate",          "here",
    "detach",   "dry-run", "yes",          "json",      "from",     "prompt-file",   "text-only",
    "language", "layout",  "size",         "brand-kit", "logo",     WORKER_SETTINGS, NULL,
};

const struct command command_regenerate = {
    .name = "regenerate",
    .arguments = "[IMAGE...]",
    .summary = "make images again, as candidates to review, with a cost estimate first",
    .examples = "  darkroom regenerate --model-was dall-e-3 --dry-run  # number and cost\n"
                "  darkroom regenerate --type LIFESTYLE --before '30d ago' --max-cost 20\n"
                "  darkroom regenerate --where \"failed has white or cost > 0.10\" --here --yes\n"
                "  darkroom regenerate --from IMAGE --quality high --prompt-file mine.txt --here\n"
                "  darkroom regenerate --ids ids.txt --model gpt-image-2 \\\n"
                "    --model gpt-image-2.5-flare\n"
                "  darkroom regenerate --project P --text-only --language de --dry-run\n",
    .notes = "Filters (--where) are conditions joined by and, or, not and parentheses:\n"
             "  NAME OPERATOR VALUE\n"
             "  Names: id, project, user (id or e-mail), type, style, model, provider,\n"
             "    prompt, template, quality, created, age, width, height, size, cost,\n"
             "    likeness, failed, passed, checks, status, state, error, product, category,\n"
             "    marketplace, brand, plate, language, reviewer\n"
             "  Operators: = != < <= > >=, is, is not, more than, at least, below,\n"
             "    between A and B, in (A, B), contains, starts with, ends with, like 'a*';\n"
             "    each with not\n"
             "  Dates: 2026-06-01, 2026-06, today, 30d ago (UTC); older than 30d, newer\n"
             "    than 2 weeks, in the last 3 days, before 2026-11-01\n"
             "  Units: 2 MB, 500 kB, $0.04, 4 cents, 1600 px, 80 %. none: no value\n"
             "--sql takes an SQL condition on the columns of the view darkroom.images.\n"
             "\n"
             "--json prints one event per line. \"event\" is plan (--dry-run), created, queued\n"
             "(--detach), progress, and at the end done, paused or cancelled, with items by\n"
             "state, \"errors\", \"spentUsd\", and \"ambiguousCalls\": calls without a response,\n"
             "which may have been billed too.\n",
    .settings = settings_taken,
    .output = output_regenerate,
    .common =
        "where sql type ids all model quality max-cost dry-run yes here detach batch-api json",
    .max_arguments = -1,
    .run = run,
};
