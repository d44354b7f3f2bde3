/* price_report.c - shows the plan and the price of a batch, and asks for confirmation. */
#include "batch/price_report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch/batch_price.h"
#include "batch/batch_text_only.h"
#include "model/kind.h"
#include "term/duration.h"
#include "term/table.h"
#include "term/term.h"

static int64_t count_of(const struct regenerate *regenerate, const char *key)
{
    return json_peek_int(regenerate->selection, key, 0);
}

static bool users_pay(const struct regenerate *regenerate)
{
    return strcmp(setting_text(regenerate->settings, "charge"), "users") == 0;
}

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* -- JSON ------------------------------------------------------------------------------------- */

static void add_usd(cJSON *object, const char *key, double usd)
{
    char text[32];

    if (usd < 0) {
        cJSON_AddNullToObject(object, key);
        return;
    }
    snprintf(text, sizeof text, "%.6f", usd);
    cJSON_AddRawToObject(object, key, text);
}

static cJSON *row_json(const struct estimate_row *row, const char *kind)
{
    cJSON *out = cJSON_CreateObject();
    char size[32];

    snprintf(size, sizeof size, "%dx%d", row->size.width, row->size.height);
    cJSON_AddStringToObject(out, "type", kind);
    cJSON_AddNumberToObject(out, "candidates", (double)row->images);
    cJSON_AddStringToObject(out, "model", row->model->id);
    cJSON_AddStringToObject(out, "size", size);
    if (row->quality) {
        cJSON_AddStringToObject(out, "quality", row->quality);
    }
    add_usd(out, "usdPerCall", row->usd_each);
    cJSON_AddNumberToObject(out, "callsPerImage", row->calls_each);
    cJSON_AddStringToObject(out, "priceSource",
                            row->usd_each < 0 ? "unknown"
                            : row->recorded   ? "calls of the last 30 days"
                                              : "price table");
    if (row->translation) {
        cJSON_AddStringToObject(out, "calls", "translation");
    }
    if (row->made_locally > 0) {
        cJSON_AddNumberToObject(out, "madeLocally", (double)row->made_locally);
    }
    if (row->undecided > 0) {
        cJSON_AddNumberToObject(out, "possiblyMadeLocally", (double)row->undecided);
    }
    return out;
}

/* Rows are ordered by group; each group has one row per model. */
static const char *kind_of_row(const struct regenerate *regenerate, int index)
{
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(regenerate->selection, "groups");
    const char *type = json_peek_text(
        cJSON_GetArrayItem(groups, index / (regenerate->model_count ? regenerate->model_count : 1)),
        "type");

    return type ? type : "";
}

cJSON *price_report_json(const struct regenerate *regenerate)
{
    const struct estimate *estimate = &regenerate->estimate;
    cJSON *out = cJSON_CreateObject(), *rows;
    const struct text_only_options *text_only = &regenerate->text_only;

    if (text_only->wanted) {
        cJSON_AddItemToObject(out, "textOnly", batch_text_only_json(regenerate));
        cJSON_AddNumberToObject(out, "withoutPlate", (double)text_only->without_plate);
        cJSON_AddNumberToObject(out, "imageCalls", 0);
    }
    cJSON_AddNumberToObject(out, "images", (double)count_of(regenerate, "count"));
    cJSON_AddNumberToObject(out, "candidates", (double)estimate->items);
    cJSON_AddNumberToObject(out, "projects", (double)count_of(regenerate, "projects"));
    cJSON_AddNumberToObject(out, "users", (double)count_of(regenerate, "users"));
    add_usd(out, "usd", estimate->usd);
    add_usd(out, "usdMin", estimate->usd_min);
    add_usd(out, "usdMax", estimate->usd_max);
    cJSON_AddBoolToObject(out, "priceKnown", estimate->price_known);
    cJSON_AddNumberToObject(out, "calls", (double)estimate->calls);
    cJSON_AddNumberToObject(out, "pricedByRecordedCalls", (double)estimate->recorded);
    cJSON_AddNumberToObject(out, "pricedByTable", (double)estimate->from_price_table);
    cJSON_AddNumberToObject(out, "credits",
                            users_pay(regenerate) ? (double)count_of(regenerate, "credits") : 0);
    if (estimate->time_known) {
        cJSON_AddNumberToObject(out, "secondsMin", (double)(int64_t)(estimate->seconds_min + 0.5));
        cJSON_AddNumberToObject(out, "secondsMax", (double)(int64_t)(estimate->seconds_max + 0.5));
    }
    rows = cJSON_AddArrayToObject(out, "kinds");
    for (int i = 0; i < regenerate->row_count; i++) {
        cJSON_AddItemToArray(rows, row_json(&regenerate->rows[i], kind_of_row(regenerate, i)));
    }
    return out;
}

static void print_json(const struct regenerate *regenerate)
{
    static const char *const copied[] = { "models",         "shortOfCreditsCount",
                                          "shortOfCredits", "missingCount",
                                          "missing",        "rows" };
    cJSON *out = price_report_json(regenerate);

    cJSON_AddStringToObject(out, "event", "plan");
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        cJSON_AddItemToObject(
            out, strcmp(copied[i], "models") == 0 ? "currentModels" : copied[i],
            cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(regenerate->selection, copied[i]),
                            true));
    }
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}

/* -- text ------------------------------------------------------------------------------------- */

static void print_kinds(const struct regenerate *regenerate, FILE *to)
{
    /* The models must be readable on 80 columns: which one is used decides the price. */
    static const struct table_column columns[] = {
        { "title", "KIND", .max_width = 0 },
        { "candidates", "TO MAKE", .right = true },
        { "model", "BY", .max_width = 0 },
        { "size", "SIZE", .max_width = 0 },
        { "quality", "QUALITY", .max_width = 0 },
        { "each", "USD/CALL", .right = true },
        { "calls", "CALLS/IMAGE", .right = true, .optional = true },
        { "note", "PRICE FROM", .max_width = 60, .optional = true },
    };
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < regenerate->row_count; i++) {
        const struct estimate_row *row = &regenerate->rows[i];
        const char *kind = kind_of_row(regenerate, i);
        cJSON *out = row_json(row, kind);
        char text[120];

        cJSON_AddStringToObject(out, "title", kind_title(kind_find(kind)));
        snprintf(text, sizeof text, "%.4f", row->usd_each);
        cJSON_AddStringToObject(out, "each", row->usd_each < 0 ? "unknown" : text);
        snprintf(text, sizeof text, "%.2f", row->calls_each);
        cJSON_AddStringToObject(out, "calls", text);
        snprintf(text, sizeof text, "%s%s", json_peek_text(out, "priceSource"),
                 row->translation ? "; translation only" : "");
        if (regenerate->text_only.wanted && !row->translation) {
            snprintf(text, sizeof text, "no call to a model");
        } else if (row->made_locally + row->undecided > 0) {
            snprintf(text + strlen(text), sizeof text - strlen(text),
                     "; %lld cut out locally, without cost%s",
                     (long long)(row->made_locally + row->undecided),
                     row->undecided ? " (estimated)" : "");
        }
        cJSON_AddStringToObject(out, "note", text);
        cJSON_AddItemToArray(rows, out);
    }
    table_print_columns(to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

/* "11.40 USD", "9.80 to 14.20 USD" */
static void format_price(const struct estimate *estimate, char *out, size_t size)
{
    if (estimate->usd_max - estimate->usd_min > 0.005) {
        snprintf(out, size, "%.2f to %.2f USD", estimate->usd_min, estimate->usd_max);
    } else {
        snprintf(out, size, "%.2f USD", estimate->usd);
    }
    if (!estimate->price_known) {
        snprintf(out + strlen(out), size - strlen(out), " plus calls whose price is unknown");
    }
}

static void print_credits(const struct regenerate *regenerate, FILE *to)
{
    int64_t short_users = count_of(regenerate, "shortOfCreditsCount"),
            users = count_of(regenerate, "users");
    const cJSON *row;

    if (regenerate->text_only.wanted) {
        fprintf(to, "credits  none charged: the images were charged when they were made\n");
        return;
    }
    if (!users_pay(regenerate)) {
        fprintf(to, "credits  none charged (with --charge users: %lld)\n",
                (long long)count_of(regenerate, "credits"));
        return;
    }
    fprintf(to, "credits  %lld, of %lld user%s\n", (long long)count_of(regenerate, "credits"),
            (long long)users, plural(users));
    if (short_users > 0) {
        fprintf(to, "         %lld of them have too few credits for all their images:\n",
                (long long)short_users);
    }
    cJSON_ArrayForEach(row,
                       cJSON_GetObjectItemCaseSensitive(regenerate->selection, "shortOfCredits"))
    {
        fprintf(to, "         %s has %lld of %lld\n",
                term_text(json_peek_text(row, json_peek_text(row, "email") ? "email" : "user"),
                          false),
                (long long)json_peek_int(row, "balance", 0),
                (long long)json_peek_int(row, "due", 0));
    }
}

static void print_totals(const struct regenerate *regenerate, FILE *to)
{
    const struct estimate *estimate = &regenerate->estimate;
    char text[120];

    format_price(estimate, text, sizeof text);
    fprintf(to, "\ncost     %s in %lld calls", text, (long long)estimate->calls);
    if (estimate->recorded > 0 && estimate->from_price_table > 0) {
        fprintf(to, " (%lld priced by calls of the last 30 days, %lld by the price table)",
                (long long)estimate->recorded, (long long)estimate->from_price_table);
    } else if (estimate->from_price_table > 0) {
        fprintf(to, " (by the price table: no recorded calls)");
    }
    fprintf(to, "\n");
    if (setting_text(regenerate->settings, "max-cost") &&
        estimate->usd > setting_number(regenerate->settings, "max-cost")) {
        fprintf(to, "         more than --max-cost: the batch will pause before it is done\n");
    }
    print_credits(regenerate, to);
    duration_text(estimate->seconds_min, estimate->seconds_max, text, sizeof text);
    if (estimate->time_known) {
        fprintf(to, "time     about %s, %lld at once\n", text,
                (long long)setting_int(regenerate->settings, "jobs"));
    } else {
        fprintf(to, "time     unknown: no similar call is recorded\n");
    }
}

static void print_missing(const struct regenerate *regenerate, FILE *to)
{
    int64_t missing = count_of(regenerate, "missingCount");
    const char *note = batch_text_only_note(regenerate);
    const cJSON *id;

    if (note) {
        fprintf(to, "%s\n", term_text(note, false));
        return; /* the ids without a plate do not meet the conditions */
    }
    if (missing == 0) {
        return;
    }
    fprintf(to, "%lld of the %d given images %s not exist, or %s not meet the conditions:",
            (long long)missing, regenerate->id_count, missing == 1 ? "does" : "do",
            missing == 1 ? "does" : "do");
    cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(regenerate->selection, "missing"))
    {
        char shown[120];

        term_fit(id->valuestring, 60, false, shown, sizeof shown);
        fprintf(to, " %s", shown);
    }
    fprintf(to, "%s\n", missing > 20 ? " ..." : "");
}

static void print_heading(const struct regenerate *regenerate, FILE *to)
{
    int64_t images = count_of(regenerate, "count"), projects = count_of(regenerate, "projects");
    int64_t users = count_of(regenerate, "users");

    fprintf(to, "%lld image%s of %lld project%s (%lld user%s)", (long long)images, plural(images),
            (long long)projects, plural(projects), (long long)users, plural(users));
    if (batch_price_candidates(regenerate) > 1) {
        fprintf(to, ", %d candidates of each", batch_price_candidates(regenerate));
    }
    fprintf(to, "\n");
}

static void print_rows(const struct regenerate *regenerate)
{
    static const struct table_column columns[] = {
        { "id", "ID", .max_width = 36, .min_width = 8 },
        { "project", "PROJECT", .max_width = 28, .min_width = 8, .optional = true },
        { "type", "TYPE", .max_width = 0 },
        { "style", "STYLE", .max_width = 12, .min_width = 8, .optional = true },
        { "model", "MADE BY", .max_width = 24, .min_width = 8 },
        { "date", "CREATED", .max_width = 0 },
        { "checks", "FAILED", .right = true },
        { "product", "PRODUCT", .max_width = 60 },
    };
    cJSON *rows =
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(regenerate->selection, "rows"), true);
    int64_t images = count_of(regenerate, "count");
    cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const char *created = json_peek_text(row, "created");
        char date[sizeof "2026-06-01"];

        snprintf(date, sizeof date, "%s", created ? created : "");
        cJSON_AddStringToObject(row, "date", date);
    }

    printf("\n");
    if (images > REGENERATE_ROWS) {
        printf("the first %d:\n", REGENERATE_ROWS);
    }
    table_print_columns(stdout, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

void price_report(const struct regenerate *regenerate)
{
    if (setting_flag(regenerate->settings, "json")) {
        print_json(regenerate);
        return;
    }
    print_heading(regenerate, stdout);
    print_missing(regenerate, stdout);
    printf("\n");
    print_kinds(regenerate, stdout);
    print_totals(regenerate, stdout);
    print_rows(regenerate);
}

/* -- the question ----------------------------------------------------------------------------- */

bool price_report_confirm(const struct regenerate *regenerate, struct error *err)
{
    const char *max_cost = setting_text(regenerate->settings, "max-cost");
    char price[120], answer[8] = "";
    FILE *terminal;
    bool yes;

    if (setting_flag(regenerate->settings, "yes")) {
        print_missing(regenerate, stderr);
        return true;
    }
    terminal = isatty(STDERR_FILENO) ? fopen("/dev/tty", "r+") : NULL;
    if (!terminal) { /* standard input may carry the ids, so it cannot carry the answer */
        error_set(err, ERROR_INPUT,
                  "This makes %lld images and may cost money, but there is no terminal to "
                  "confirm it.",
                  (long long)regenerate->estimate.items);
        return error_hint(err, "Check with --dry-run, then use --yes.");
    }
    format_price(&regenerate->estimate, price, sizeof price);
    print_heading(regenerate, stderr);
    print_missing(regenerate, stderr);
    fprintf(stderr, "\n");
    print_kinds(regenerate, stderr);
    print_totals(regenerate, stderr);
    fprintf(stderr,
            "\nThe old images stay until you accept.\nMake %lld candidates for %s%s%s%s? [y/N] ",
            (long long)regenerate->estimate.items, price, max_cost ? ", at most " : "",
            max_cost ? max_cost : "", max_cost ? " USD" : "");
    yes = fgets(answer, sizeof answer, terminal) && (answer[0] == 'y' || answer[0] == 'Y');
    fclose(terminal);
    return yes || error_set(err, ERROR_INPUT, "Not started: nothing was queued.");
}
