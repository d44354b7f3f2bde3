/* bench_compare.c - compares two runs by their samples. */
#include <dirent.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "bench/command/bench.h"
#include "bench/report/figure.h"
#include "io/file.h"
#include "term/table.h"
#include "term/term_wrap.h"

enum { RUN_BYTES = 512 << 20, FIGURES = 7 };

static const struct figure figures[FIGURES] = {
    { FIGURE_SECONDS, 0 },       { FIGURE_USD, 0 },           { FIGURE_PERCENTILE, 0.5 },
    { FIGURE_PERCENTILE, 0.95 }, { FIGURE_PERCENTILE, 0.99 }, { FIGURE_MEAN, 0 },
    { FIGURE_ERRORS, 0 },
};

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Returns whether a subfolder contains samples, as those of a sweep do. */
static bool is_sweep(const char *folder)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    bool found = false;

    while (listing && !found && (entry = readdir(listing)) != NULL) {
        char inside[1400];
        struct stat about;

        snprintf(inside, sizeof inside, "%.1000s/%.255s/samples.jsonl", folder, entry->d_name);
        found = entry->d_name[0] != '.' && stat(inside, &about) == 0;
    }
    if (listing) {
        closedir(listing);
    }
    return found;
}

bool bench_read_run(const char *path, struct stored_run *out, struct error *err)
{
    char inside[1200];
    struct blob file;
    struct error why;
    bool good, missing, folder = is_folder(path);

    snprintf(inside, sizeof inside, folder ? "%.1100s/samples.jsonl" : "%.1100s", path);
    if (!file_read(inside, RUN_BYTES, &file, &missing, err)) {
        return false;
    }
    if (missing) {
        error_set(err, ERROR_INPUT, folder ? "'%.160s' contains no run" : "'%.160s' does not exist",
                  path);
        return folder && is_sweep(path)
                   ? error_hint(err, "It contains a sweep. Name the folder of one of its levels.")
                   : error_hint(err, "A run is the folder written by `darkroom bench --out DIR`.");
    }
    good = stored_run_read((const char *)file.data, file.size, out, &why);
    blob_free(&file);
    if (!good) {
        error_set(err, why.kind, "'%.120s': %.180s", inside, why.text);
        return error_hint(err, "%s", why.hint);
    }
    return true;
}

void bench_warn_differences(const struct stored_run *before, const struct stored_run *after,
                            const char *what)
{
    const char *const stopped[] = { before->stopped, after->stopped };

    if (strcmp(before->load, after->load) != 0) {
        fprintf(stderr, "%s: the loads differ: first %s, then %s\n", what, before->load,
                after->load);
    }
    for (int i = 0; i < 2; i++) {
        if (stopped[i][0]) {
            fprintf(stderr, "%s: the %s run was stopped early: %s\n", what, i ? "later" : "earlier",
                    stopped[i]);
        }
    }
}

static void warn_missing(const struct stored_run *of, const struct stored_run *in,
                         const char *which)
{
    for (int i = 0; i < of->count; i++) {
        if (!stored_run_find(in, of->targets[i].name)) {
            fprintf(stderr, "compare: only the %s run has '%s'\n", which, of->targets[i].name);
        }
    }
}

/* Skips percentiles that the run itself withholds, costs if both runs are free, and times that an
 * earlier format version does not contain. */
static bool is_reported(const struct figure *figure, const struct stored_target *before,
                        const struct stored_target *after)
{
    size_t min = figure->kind == FIGURE_PERCENTILE ? percentile_min_count(figure->share, 0.95) : 0;

    if (figure->kind == FIGURE_USD) {
        return figure_of(figure, before) > 0 || figure_of(figure, after) > 0;
    }
    if (figure->kind == FIGURE_SECONDS) {
        return isfinite(figure_of(figure, before)) || isfinite(figure_of(figure, after));
    }
    return before->count >= min && after->count >= min;
}

static void add_figure(cJSON *row, const char *key, const char *text_key,
                       const struct figure *figure, double value)
{
    char text[FIGURE_TEXT];

    if (isfinite(value)) {
        cJSON_AddNumberToObject(row, key, value);
    } else {
        cJSON_AddNullToObject(row, key);
    }
    cJSON_AddStringToObject(row, text_key, figure_value(figure, value, text));
}

static cJSON *row_of(const struct figure *figure, const struct stored_target *before,
                     const struct stored_target *after, int pairs)
{
    struct difference d = figure_compare(figure, before, after, pairs);
    char name[FIGURE_NAME], verdict[FIGURE_VERDICT];
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "target", before->name);
    cJSON_AddStringToObject(row, "figure", figure_name(figure, name));
    add_figure(row, "before", "beforeText", figure, figure_of(figure, before));
    add_figure(row, "after", "afterText", figure, figure_of(figure, after));
    cJSON_AddStringToObject(row, "verdict", figure_verdict(figure, &d, verdict));
    if (d.known) {
        cJSON_AddNumberToObject(row, "difference", d.value);
        cJSON_AddNumberToObject(row, "low", d.range.low);
        cJSON_AddNumberToObject(row, "high", d.range.high);
        cJSON_AddBoolToObject(row, "significant", d.significant);
    }
    return row;
}

/* Makes two passes: the first counts the comparisons, because the intervals depend on their number.
 */
static cJSON *rows_of(const struct stored_run *before, const struct stored_run *after)
{
    cJSON *rows = cJSON_CreateArray();
    int pairs = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < before->count; i++) {
            const struct stored_target *a = &before->targets[i];
            const struct stored_target *b = stored_run_find(after, a->name);

            for (int j = 0; b && j < FIGURES; j++) {
                if (is_reported(&figures[j], a, b) && pass == 0) {
                    pairs++;
                } else if (is_reported(&figures[j], a, b)) {
                    cJSON_AddItemToArray(rows, row_of(&figures[j], a, b, pairs));
                }
            }
        }
    }
    return rows;
}

/* Prints one table, or one per target if the terminal is too narrow: the intervals must not be cut.
 */
static void print_rows(const cJSON *rows, const struct stored_run *before)
{
    static const struct column columns[] = { { "target", "TARGET", 44 },
                                             { "figure", "", 0 },
                                             { "beforeText", "BEFORE", 0 },
                                             { "afterText", "AFTER", 0 },
                                             { "verdict", "", 0 } };
    int count = sizeof columns / sizeof *columns;

    if (!term_is_live(stdout) || table_width(rows, columns, count) <= term_width(stdout)) {
        table_print(stdout, rows, columns, count);
        return;
    }
    for (int i = 0; i < before->count; i++) {
        cJSON *part = cJSON_CreateArray(), *row;

        cJSON_ArrayForEach(row, rows)
        {
            if (strcmp(json_peek_text(row, "target"), before->targets[i].name) == 0) {
                cJSON_AddItemReferenceToArray(part, row);
            }
        }
        if (part->child) {
            term_print_wrapped(stdout, STYLE_NORMAL, before->targets[i].name);
            table_print(stdout, part, columns + 1, count - 1);
        }
        cJSON_Delete(part);
    }
}

static void print_result(const struct stored_run *before, const struct stored_run *after, bool json,
                         struct error *err)
{
    cJSON *rows = rows_of(before, after);

    if (cJSON_GetArraySize(rows) == 0) {
        error_set(err, ERROR_INPUT, "the two runs have no target in common");
        error_hint(err,
                   "The earlier has '%.60s', the later '%.60s'. name=... sets a target's name.",
                   before->targets[0].name, after->targets[0].name);
    } else {
        warn_missing(before, after, "earlier");
        warn_missing(after, before, "later");
        bench_warn_differences(before, after, "compare");
        if (json) {
            table_json(stdout, rows, "comparison");
        } else {
            print_rows(rows, before);
        }
    }
    cJSON_Delete(rows);
}

int bench_compare(const char *before, const char *after, bool json, struct error *err)
{
    struct stored_run a, b;

    if (!bench_read_run(before, &a, err)) {
        return 0;
    }
    if (bench_read_run(after, &b, err)) {
        print_result(&a, &b, json, err);
        stored_run_free(&b);
    }
    stored_run_free(&a);
    return 0;
}
