/* cmd_tidy.c - darkroom tidy: removes what deleted projects left behind, and what is older than the
 * operator keeps. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "base/exit_status.h"
#include "batch/confirmation.h"
#include "cli/command.h"
#include "term/count_progress.h"
#include "term/table.h"
#include "term/term.h"
#include "tidy/tidy.h"

enum { KINDS_MAX = 16, SIZE_BYTES = 32 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* The first signal ends the command after the current step, a second one at once. */
static void watch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void size_text(int64_t bytes, char out[SIZE_BYTES])
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    double value = (double)bytes;
    int unit = 0;

    while (value >= 999.5 && unit < 4) {
        value /= 1000;
        unit++;
    }
    snprintf(out, SIZE_BYTES, unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s", value,
             units[unit]);
}

/* -- report ------------------------------------------------------------------------------------ */

static cJSON *result_row(const struct tidy_kind *kind, const struct tidy_result *result,
                         bool removed, bool json)
{
    cJSON *row = cJSON_CreateObject();
    char size[SIZE_BYTES];

    cJSON_AddStringToObject(row, "kind", json ? kind->name : kind->title);
    cJSON_AddNumberToObject(row, "count", (double)result->count);
    cJSON_AddNumberToObject(row, "bytes", (double)result->bytes);
    if (json) {
        cJSON_AddBoolToObject(row, "removed", removed);
    } else {
        size_text(result->bytes, size);
        cJSON_AddStringToObject(row, "size", size);
    }
    return row;
}

static void print_results(const struct tidy *tidy, const struct tidy_result *results, bool removed)
{
    struct column columns[] = { { "kind", removed ? "REMOVED" : "CAN BE REMOVED", 0 },
                                { "count", "COUNT", 0 },
                                { "size", "SIZE", 0 } };
    bool json = setting_flag(tidy->settings, "json");
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; tidy_kinds[i].name; i++) {
        if (tidy_kind_selected(tidy, &tidy_kinds[i]) && (json || results[i].count > 0)) {
            cJSON_AddItemToArray(rows, result_row(&tidy_kinds[i], &results[i], removed, json));
        }
    }
    if (json) {
        table_json(stdout, rows, "tidied");
    } else if (rows->child) {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    } else {
        puts(removed ? "nothing was removed" : "nothing to remove");
    }
    cJSON_Delete(rows);
    if (!json && !removed && results[0].missing > 0) {
        printf("%" PRId64 " of the objects are not in the store: if that is wrong, check the "
               "settings of the store\n",
               results[0].missing);
    }
}

/* -- list ----------------------------------------------------------------------------------------
 */

struct unknown_objects {
    bool json;
    int64_t count, bytes;
};

static void print_unknown(const char *path, int64_t bytes, void *context)
{
    struct unknown_objects *unknown = context;

    unknown->count++;
    unknown->bytes += bytes;
    if (unknown->json) {
        cJSON *row = cJSON_CreateObject(), *rows = cJSON_CreateArray();

        cJSON_AddStringToObject(row, "path", path);
        cJSON_AddNumberToObject(row, "bytes", (double)bytes);
        cJSON_AddItemToArray(rows, row);
        table_json(stdout, rows, "unknown-object");
        cJSON_Delete(rows);
    } else {
        printf("%s\n", term_text(path, false));
    }
}

static bool list_unknown(struct tidy *tidy, struct error *err)
{
    struct unknown_objects unknown = { .json = setting_flag(tidy->settings, "json") };
    char size[SIZE_BYTES];

    if (!tidy_list_unknown(tidy, print_unknown, &unknown, err)) {
        return false;
    }
    size_text(unknown.bytes, size);
    fprintf(stderr, "%" PRId64 " objects (%s) that no row names; nothing was removed\n",
            unknown.count, size);
    return true;
}

/* -- progress ---------------------------------------------------------------------------------- */

static int64_t count_of(const struct tidy_result *results)
{
    int64_t count = 0;

    for (int i = 0; tidy_kinds[i].name; i++) {
        count += results[i].count;
    }
    return count;
}

struct tidy_progress {
    const struct tidy_result *results; /* of the kinds, while they grow */
    struct count_progress shown;
};

static void show_step(void *context)
{
    struct tidy_progress *progress = context;

    count_progress_show(&progress->shown, count_of(progress->results), NULL);
}

/* total: 0 if it is not known. */
static void begin_progress(struct tidy *tidy, const char *name, const struct tidy_result *results,
                           int64_t total)
{
    struct tidy_progress *progress = tidy->context;

    progress->results = results;
    count_progress_begin(&progress->shown, name, total, setting_flag(tidy->settings, "json"));
}

static void end_progress(struct tidy *tidy)
{
    struct tidy_progress *progress = tidy->context;

    count_progress_end(&progress->shown);
}

/* -- removal -------------------------------------------------------------------------------------
 */

static bool count_all(struct tidy *tidy, struct tidy_result *results, struct error *err)
{
    for (int i = 0; tidy_kinds[i].name && !stop; i++) {
        if (tidy_kind_selected(tidy, &tidy_kinds[i]) &&
            !tidy_count(tidy, &tidy_kinds[i], &results[i], err)) {
            return false;
        }
    }
    return true;
}

static bool remove_all(struct tidy *tidy, struct tidy_result *results, struct error *err)
{
    for (int i = 0; tidy_kinds[i].name && !stop; i++) {
        if (tidy_kind_selected(tidy, &tidy_kinds[i]) &&
            !tidy_remove(tidy, &tidy_kinds[i], &results[i], err)) {
            return error_hint(err,
                              "The rest stays. Run the same command again later; it continues.");
        }
    }
    return true;
}

/* Asks whether the plan shall be carried out; *go: there is something to remove. */
static bool confirm_removal(const struct tidy *tidy, const struct tidy_result *results, bool *go,
                            struct error *err)
{
    const struct confirmation confirmation = { .command = "tidy",
                                               .flags = command_find("tidy")->settings,
                                               .settings = tidy->settings };
    int64_t bytes = 0;
    char size[SIZE_BYTES], question[160];

    for (int i = 0; tidy_kinds[i].name; i++) {
        bytes += results[i].bytes;
    }
    *go = count_of(results) > 0 && !stop && !setting_flag(tidy->settings, "dry-run");
    size_text(bytes, size);
    snprintf(question, sizeof question, "Remove all of this, %s? It cannot be restored.", size);
    return !*go || confirmation_ask(&confirmation, question, err);
}

static bool count_first(struct tidy *tidy, struct tidy_result *found, struct error *err)
{
    bool good;

    begin_progress(tidy, "counted", found, 0);
    good = count_all(tidy, found, err);
    end_progress(tidy);
    if (good && !stop) {
        print_results(tidy, found, false);
    }
    return good;
}

static bool tidy_all(struct tidy *tidy, struct error *err)
{
    struct tidy_result found[KINDS_MAX] = { 0 }, removed[KINDS_MAX] = { 0 };
    bool only_result = setting_flag(tidy->settings, "json") &&
                       setting_flag(tidy->settings, "yes") &&
                       !setting_flag(tidy->settings, "dry-run");
    bool good = true, go;

    if (!only_result) {
        if (!count_first(tidy, found, err) || !confirm_removal(tidy, found, &go, err)) {
            return false;
        }
        if (!go) {
            return true;
        }
    }
    begin_progress(tidy, "removed", removed, count_of(found));
    good = remove_all(tidy, removed, err);
    end_progress(tidy);
    print_results(tidy, removed, true);
    return good;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct tidy_progress progress = { .results = NULL };
    struct tidy tidy = {
        .settings = settings, .stop = &stop, .on_step = show_step, .context = &progress
    };
    bool good;

    (void)argc;
    (void)argv;
    tidy.session = database_open(settings, "tidy", err);
    good = tidy.session != NULL;
    if (good) {
        watch_signals();
        good = store_client_open(settings, &tidy.store_client, err) &&
               (setting_flag(settings, "list") ? list_unknown(&tidy, err) : tidy_all(&tidy, err));
        store_client_close(&tidy.store_client);
    }
    sql_close(tidy.session);
    if (good && stop) {
        fprintf(stderr, "darkroom: interrupted; run the same command again, it continues\n");
        return EXIT_STATUS_INTERRUPTED;
    }
    return good ? 0 : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = {
    "dry-run",      "yes",   "list",         "keep-jobs",      "keep-calls",
    "keep-spool",   "spool", "store",        "folder",         "supabase-url",
    "supabase-key", "json",  "database-url", NETWORK_SETTINGS, NULL,
};

const struct command command_tidy = {
    .name = "tidy",
    .arguments = "",
    .summary = "remove objects and rows of deleted projects, and old records",
    .examples = "  darkroom tidy --dry-run               # what would be removed, with sizes\n"
                "  darkroom tidy                         # the same, then ask\n"
                "  darkroom tidy --yes --keep-calls 90 --keep-jobs 365\n"
                "  darkroom tidy --list                  # objects that no row names\n",
    .notes = "Empties the trash: files of candidates that were rejected 30 days ago. Removes\n"
             "objects that darkroom stored for deleted projects and users, for\n"
             "deleted images and for commits that were refused, but never one that an image,\n"
             "a candidate, a replaced image or A+ content still names. Charges and refunds\n"
             "are always kept. Removes in small steps: an interrupted run is continued by\n"
             "the same command, and several may run at once.\n",
    .settings = settings_taken,
    .output = output_tidy,
    .common = "dry-run yes list keep-jobs keep-calls keep-spool",
    .run = run,
};
