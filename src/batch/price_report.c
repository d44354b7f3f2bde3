/* price_report.c - the price before it is paid: as a table, as JSON, as a question. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch/regenerate.h"
#include "model/kind.h"
#include "term/duration.h"
#include "term/table.h"
#include "term/term.h"

static int64_t count_of(const struct regenerate *regenerate, const char *key)
{
    return json_peek_int(regenerate->choice, key, 0);
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
    add_usd(out, "usdACall", row->usd_each);
    cJSON_AddNumberToObject(out, "callsAnImage", row->calls_each);
    cJSON_AddStringToObject(out, "told",
                            row->usd_each < 0 ? "not known"
                            : row->recorded   ? "calls of the last 30 days"
                                              : "price table");
    if (row->made_locally > 0) {
        cJSON_AddNumberToObject(out, "cutOutHere", (double)row->made_locally);
    }
    if (row->undecided > 0) {
        cJSON_AddNumberToObject(out, "perhapsCutOutHere", (double)row->undecided);
    }
    return out;
}

/* Rows come group by group, a row a model. */
static const char *kind_of_row(const struct regenerate *regenerate, int index)
{
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(regenerate->choice, "groups");
    const char *type = json_peek_text(
        cJSON_GetArrayItem(groups, index / (regenerate->model_count ? regenerate->model_count : 1)),
        "type");

    return type ? type : "";
}

cJSON *price_report_json(const struct regenerate *regenerate)
{
    const struct estimate *estimate = &regenerate->estimate;
    cJSON *out = cJSON_CreateObject(), *rows;

    cJSON_AddNumberToObject(out, "images", (double)count_of(regenerate, "count"));
    cJSON_AddNumberToObject(out, "candidates", (double)estimate->items);
    cJSON_AddNumberToObject(out, "projects", (double)count_of(regenerate, "projects"));
    cJSON_AddNumberToObject(out, "users", (double)count_of(regenerate, "users"));
    add_usd(out, "usd", estimate->usd);
    add_usd(out, "usdLeast", estimate->usd_min);
    add_usd(out, "usdMost", estimate->usd_max);
    cJSON_AddBoolToObject(out, "priceKnown", estimate->price_known);
    cJSON_AddNumberToObject(out, "calls", (double)estimate->calls);
    cJSON_AddNumberToObject(out, "pricedByRecord", (double)estimate->recorded);
    cJSON_AddNumberToObject(out, "pricedByTable", (double)estimate->from_price_table);
    cJSON_AddNumberToObject(out, "credits",
                            users_pay(regenerate) ? (double)count_of(regenerate, "credits") : 0);
    if (estimate->time_known) {
        cJSON_AddNumberToObject(out, "secondsLeast",
                                (double)(int64_t)(estimate->seconds_min + 0.5));
        cJSON_AddNumberToObject(out, "secondsMost", (double)(int64_t)(estimate->seconds_max + 0.5));
    }
    rows = cJSON_AddArrayToObject(out, "kinds");
    for (int i = 0; i < regenerate->row_count; i++) {
        cJSON_AddItemToArray(rows, row_json(&regenerate->rows[i], kind_of_row(regenerate, i)));
    }
    return out;
}

static void tell_json(const struct regenerate *regenerate)
{
    static const char *const taken[] = { "models",       "poorCount", "poor",
                                         "missingCount", "missing",   "rows" };
    cJSON *out = price_report_json(regenerate);

    cJSON_AddStringToObject(out, "event", "plan");
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        cJSON_AddItemToObject(
            out, strcmp(taken[i], "models") == 0 ? "modelsWere" : taken[i],
            cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(regenerate->choice, taken[i]), true));
    }
    table_json(stdout, out);
    cJSON_Delete(out);
}

/* -- for people ------------------------------------------------------------------------------- */

static void tell_kinds(const struct regenerate *regenerate, FILE *to)
{
    static const struct column columns[] = {
        { "title", "KIND", 0 },       { "candidates", "TO MAKE", 0 }, { "model", "BY", 0 },
        { "size", "SIZE", 0 },        { "quality", "QUALITY", 0 },    { "each", "USD A CALL", 0 },
        { "calls", "CALLS EACH", 0 }, { "note", "PRICE FROM", 60 },
    };
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < regenerate->row_count; i++) {
        const struct estimate_row *row = &regenerate->rows[i];
        const char *kind = kind_of_row(regenerate, i);
        cJSON *out = row_json(row, kind);
        char text[120];

        cJSON_AddStringToObject(out, "title", kind_title(kind_find(kind)));
        snprintf(text, sizeof text, "%.4f", row->usd_each);
        cJSON_AddStringToObject(out, "each", row->usd_each < 0 ? "not known" : text);
        snprintf(text, sizeof text, "%.2f", row->calls_each);
        cJSON_AddStringToObject(out, "calls", text);
        snprintf(text, sizeof text, "%s", json_peek_text(out, "told"));
        if (row->made_locally + row->undecided > 0) {
            snprintf(text + strlen(text), sizeof text - strlen(text),
                     "; %lld cut out here for nothing%s",
                     (long long)(row->made_locally + row->undecided),
                     row->undecided ? ", perhaps" : "");
        }
        cJSON_AddStringToObject(out, "note", text);
        cJSON_AddItemToArray(rows, out);
    }
    table_print(to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

/* "11.40 USD", "9.80 to 14.20 USD" */
static void price_words(const struct estimate *estimate, char *out, size_t size)
{
    if (estimate->usd_max - estimate->usd_min > 0.005) {
        snprintf(out, size, "%.2f to %.2f USD", estimate->usd_min, estimate->usd_max);
    } else {
        snprintf(out, size, "%.2f USD", estimate->usd);
    }
    if (!estimate->price_known) {
        snprintf(out + strlen(out), size - strlen(out), " and what is not known");
    }
}

static void tell_credits(const struct regenerate *regenerate, FILE *to)
{
    int64_t poor = count_of(regenerate, "poorCount"), users = count_of(regenerate, "users");
    const cJSON *row;

    if (!users_pay(regenerate)) {
        fprintf(to, "credits  nobody pays (--charge users: %lld)\n",
                (long long)count_of(regenerate, "credits"));
        return;
    }
    fprintf(to, "credits  %lld, of %lld user%s\n", (long long)count_of(regenerate, "credits"),
            (long long)users, plural(users));
    if (poor > 0) {
        fprintf(to, "         %lld of them cannot pay for all, and get what they can pay for:\n",
                (long long)poor);
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(regenerate->choice, "poor"))
    {
        fprintf(to, "         %s has %lld of %lld\n",
                json_peek_text(row, "email") ? json_peek_text(row, "email")
                                             : json_peek_text(row, "user"),
                (long long)json_peek_int(row, "balance", 0),
                (long long)json_peek_int(row, "due", 0));
    }
}

static void tell_sums(const struct regenerate *regenerate, FILE *to)
{
    const struct estimate *estimate = &regenerate->estimate;
    char text[120];

    price_words(estimate, text, sizeof text);
    fprintf(to, "\ncost     %s in %lld calls", text, (long long)estimate->calls);
    if (estimate->recorded > 0 && estimate->from_price_table > 0) {
        fprintf(to, " (%lld by calls of the last 30 days, %lld by the price table)",
                (long long)estimate->recorded, (long long)estimate->from_price_table);
    } else if (estimate->from_price_table > 0) {
        fprintf(to, " (by the price table: no such call is on record)");
    }
    fprintf(to, "\n");
    if (setting_text(regenerate->settings, "max-cost") &&
        estimate->usd > setting_number(regenerate->settings, "max-cost")) {
        fprintf(to, "         more than --max-cost: it will pause before it is done\n");
    }
    tell_credits(regenerate, to);
    duration_text(estimate->seconds_min, estimate->seconds_max, text, sizeof text);
    if (estimate->time_known) {
        fprintf(to, "time     about %s, %lld at once\n", text,
                (long long)setting_int(regenerate->settings, "jobs"));
    } else {
        fprintf(to, "time     not known: no such call is on record\n");
    }
}

static void tell_missing(const struct regenerate *regenerate, FILE *to)
{
    int64_t missing = count_of(regenerate, "missingCount");
    const cJSON *id;

    if (missing == 0) {
        return;
    }
    fprintf(to,
            "%lld of the %d that are named %s not there, or not let through:", (long long)missing,
            regenerate->id_count, missing == 1 ? "is" : "are");
    cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(regenerate->choice, "missing"))
    {
        char shown[120];

        term_fit(id->valuestring, 60, false, shown, sizeof shown);
        fprintf(to, " %s", shown);
    }
    fprintf(to, "%s\n", missing > 20 ? " ..." : "");
}

static void tell_head(const struct regenerate *regenerate, FILE *to)
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

static void tell_rows(const struct regenerate *regenerate)
{
    static const struct column columns[] = {
        { "id", "ID", 36 },        { "project", "PROJECT", 28 }, { "type", "TYPE", 0 },
        { "style", "STYLE", 12 },  { "model", "MADE BY", 24 },   { "created", "CREATED", 0 },
        { "checks", "FAILED", 0 }, { "product", "PRODUCT", 60 },
    };
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(regenerate->choice, "rows");
    int64_t images = count_of(regenerate, "count");

    printf("\n");
    if (images > REGENERATE_ROWS) {
        printf("the first %d:\n", REGENERATE_ROWS);
    }
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
}

void price_report(const struct regenerate *regenerate)
{
    if (setting_flag(regenerate->settings, "json")) {
        tell_json(regenerate);
        return;
    }
    tell_head(regenerate, stdout);
    tell_missing(regenerate, stdout);
    printf("\n");
    tell_kinds(regenerate, stdout);
    tell_sums(regenerate, stdout);
    tell_rows(regenerate);
}

/* -- the question ----------------------------------------------------------------------------- */

bool price_report_confirm(const struct regenerate *regenerate, struct error *err)
{
    const char *most = setting_text(regenerate->settings, "max-cost");
    char price[120], answer[8] = "";
    FILE *terminal;
    bool yes;

    if (setting_flag(regenerate->settings, "yes")) {
        tell_missing(regenerate, stderr);
        return true;
    }
    terminal = isatty(STDERR_FILENO) ? fopen("/dev/tty", "r+") : NULL;
    if (!terminal) { /* ids may come from the standard input: the answer does not */
        error_set(err, ERROR_INPUT,
                  "this makes %lld images and may cost money, and nobody is here "
                  "to say yes",
                  (long long)regenerate->estimate.items);
        return error_hint(err, "Look with --dry-run; --yes does it.");
    }
    price_words(&regenerate->estimate, price, sizeof price);
    tell_head(regenerate, stderr);
    tell_missing(regenerate, stderr);
    fprintf(stderr, "\n");
    tell_kinds(regenerate, stderr);
    tell_sums(regenerate, stderr);
    fprintf(stderr,
            "\nMake %lld candidates for %s%s%s%s? The old images stay until you accept. [y/N] ",
            (long long)regenerate->estimate.items, price, most ? ", never above " : "",
            most ? most : "", most ? " USD" : "");
    yes = fgets(answer, sizeof answer, terminal) && (answer[0] == 'y' || answer[0] == 'Y');
    fclose(terminal);
    return yes || error_set(err, ERROR_INPUT, "not started: nothing was queued");
}
