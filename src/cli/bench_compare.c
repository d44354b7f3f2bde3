/* bench_compare.c - two runs against each other, from their raw samples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "bench/compare.h"
#include "cli/bench.h"
#include "cli/table.h"
#include "io/file.h"

enum { RUN_BYTES = 512 << 20, SEED = 1 };

struct past { /* one target of a stored run */
    char name[TARGET_NAME];
    double *usable; /* ascending; owned */
    size_t count, room, issued;
};

struct run {
    struct past targets[TARGETS_MAX];
    int count;
};

static void run_free(struct run *run)
{
    for (int i = 0; i < run->count; i++) {
        free(run->targets[i].usable);
    }
    *run = (struct run){ 0 };
}

static struct past *past_of(struct run *run, const char *name)
{
    for (int i = 0; i < run->count; i++) {
        if (strcmp(run->targets[i].name, name) == 0) {
            return &run->targets[i];
        }
    }
    if (run->count == TARGETS_MAX) {
        return NULL;
    }
    snprintf(run->targets[run->count].name, TARGET_NAME, "%.*s", TARGET_NAME - 1, name);
    return &run->targets[run->count++];
}

static bool take_sample(struct run *run, const cJSON *line, struct error *err)
{
    const char *name = json_peek_text(line, "target");
    const cJSON *usable = cJSON_GetObjectItemCaseSensitive(line, "usable");
    struct past *past;

    if (!name) { /* the first line: the run itself */
        return json_peek_int(line, "schema", 0) == 1 ||
               error_set(err, ERROR_INPUT, "this is no samples.jsonl of darkroom bench");
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "warmUp"))) {
        return true;
    }
    past = past_of(run, name);
    if (!past) {
        return error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
    }
    past->issued++;
    if (!cJSON_IsNumber(usable)) {
        return true;
    }
    if (past->count == past->room) {
        size_t room = past->room ? past->room * 2 : 256;
        double *more = realloc(past->usable, room * sizeof *more);

        if (!more) {
            return error_set(err, ERROR_INTERNAL, "no memory for the run");
        }
        past->usable = more;
        past->room = room;
    }
    past->usable[past->count++] = usable->valuedouble;
    return true;
}

static bool take_lines(struct run *run, const char *text, size_t size, struct error *err)
{
    const char *end = text + size;
    bool good = true;

    for (const char *at = text; good && at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        cJSON *line;

        if (length > 0) {
            good = json_parse(at, length, "a line of the run", &line, err);
            good = good && take_sample(run, line, err);
            cJSON_Delete(line);
        }
        at += length + 1;
    }
    return good;
}

static bool run_read(const char *path, struct run *out, struct error *err)
{
    struct stat about;
    char inside[1200];
    struct blob file;
    struct error why;
    bool good;

    *out = (struct run){ 0 };
    snprintf(inside, sizeof inside, "%s", path);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        snprintf(inside, sizeof inside, "%s/samples.jsonl", path);
    }
    if (!file_read(inside, RUN_BYTES, &file, NULL, err)) {
        return false;
    }
    good = take_lines(out, (const char *)file.data, file.size, &why);
    blob_free(&file);
    if (!good) {
        run_free(out);
        return error_set(err, ERROR_INPUT, "'%.120s': %s", inside, why.text);
    }
    for (int i = 0; i < out->count; i++) {
        values_sort(out->targets[i].usable, out->targets[i].count);
    }
    return true;
}

static struct sample_view view_of(const struct past *past)
{
    return (struct sample_view){ past->usable, past->count };
}

static cJSON *row_of(const struct past *before, const struct past *after, double share, int pairs)
{
    struct difference d =
        compare_percentile(view_of(before), view_of(after), share, 0.95, pairs, SEED);
    cJSON *row = cJSON_CreateObject();
    char a[24], b[24], low[24], high[24], cell[96];

    cJSON_AddStringToObject(row, "target", before->name);
    snprintf(cell, sizeof cell, "p%g", share * 100);
    cJSON_AddStringToObject(row, "figure", cell);
    cJSON_AddStringToObject(row, "before",
                            report_seconds(percentile_of(before->usable, before->count, share), a));
    cJSON_AddStringToObject(row, "after",
                            report_seconds(percentile_of(after->usable, after->count, share), b));
    if (!d.known) {
        snprintf(cell, sizeof cell, "too few usable answers");
    } else if (!d.apart) {
        snprintf(cell, sizeof cell, "not told apart");
    } else {
        double sign = d.value > 0 ? 1 : -1;

        snprintf(cell, sizeof cell, "%s by %s [%s, %s]", d.value > 0 ? "slower" : "faster",
                 report_seconds(d.value * sign, a),
                 report_seconds(d.value > 0 ? d.range.low : -d.range.high, low),
                 report_seconds(d.value > 0 ? d.range.high : -d.range.low, high));
    }
    cJSON_AddStringToObject(row, "verdict", cell);
    if (d.known) {
        cJSON_AddNumberToObject(row, "difference", d.value);
        cJSON_AddNumberToObject(row, "low", d.range.low);
        cJSON_AddNumberToObject(row, "high", d.range.high);
        cJSON_AddBoolToObject(row, "apart", d.apart);
    }
    return row;
}

int bench_compare(const char *before, const char *after, bool json, struct error *err)
{
    static const struct column columns[] = { { "target", "TARGET", 44 },
                                             { "figure", "", 0 },
                                             { "before", "BEFORE", 0 },
                                             { "after", "AFTER", 0 },
                                             { "verdict", "", 0 } };
    static const double shares[] = { 0.5, 0.95 };
    struct run a, b = { 0 };
    cJSON *rows;

    if (!run_read(before, &a, err)) {
        return 0;
    }
    if (!run_read(after, &b, err)) {
        run_free(&a);
        return 0;
    }
    rows = cJSON_CreateArray();
    for (int i = 0; i < a.count; i++) {
        for (int j = 0; j < b.count; j++) {
            for (int k = 0; k < 2 && strcmp(a.targets[i].name, b.targets[j].name) == 0; k++) {
                cJSON_AddItemToArray(rows,
                                     row_of(&a.targets[i], &b.targets[j], shares[k], a.count * 2));
            }
        }
    }
    if (cJSON_GetArraySize(rows) == 0) {
        error_set(err, ERROR_INPUT, "the two runs have no target of one name");
    } else if (json) {
        table_json(stdout, rows);
    } else {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    }
    cJSON_Delete(rows);
    run_free(&a);
    run_free(&b);
    return 0;
}

/* "p95>1.2x" or "ok<0.98": the figure, and how far it may go. */
static bool rule_read(const char *rule, double *share, double *most, struct error *err)
{
    char end;

    if (sscanf(rule, "p%lf>%lfx%c", share, most, &end) == 2 && *share > 0 && *share < 100 &&
        *most > 0) {
        *share /= 100;
        return true;
    }
    error_set(err, ERROR_INPUT, "--fail-if '%.40s' is not like p95>1.2x", rule);
    return error_hint(err, "A percentile, and how many times the baseline's it may be at most.");
}

bool bench_gate_check(const char *baseline, const char *rule, struct error *err)
{
    double share, most;
    struct run past;

    if (!rule_read(rule, &share, &most, err) || !run_read(baseline, &past, err)) {
        return false;
    }
    run_free(&past);
    return true;
}

int bench_gate(const struct report *report, const char *baseline, const char *rule,
               struct error *err)
{
    double share, most;
    struct run past;
    int status = 0;

    if (!rule_read(rule, &share, &most, err) || !run_read(baseline, &past, err)) {
        return 0;
    }
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *tally = &report->tallies[i];
        const struct past *before = NULL;
        double was, is;
        char a[24], b[24];

        for (int j = 0; j < past.count; j++) {
            before =
                strcmp(past.targets[j].name, tally->target->name) == 0 ? &past.targets[j] : before;
        }
        if (!before || before->count == 0) {
            fprintf(stderr, "baseline: it has no '%s'\n", tally->target->name);
            continue;
        }
        was = percentile_of(before->usable, before->count, share);
        is = percentile_of(tally->usable, tally->count, share);
        if (!(is <= was * most)) { /* also where nothing usable came at all */
            fprintf(stderr, "baseline: %s: p%g was %s and is %s: more than %g times\n",
                    tally->target->name, share * 100, report_seconds(was, a), report_seconds(is, b),
                    most);
            status = 7;
        }
    }
    run_free(&past);
    return status;
}
