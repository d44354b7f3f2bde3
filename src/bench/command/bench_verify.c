/* bench_verify.c - checks that the samples of a run are those that it measured. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "bench/command/bench.h"
#include "bench/report/sample_chain.h"
#include "io/file.h"
#include "term/count_progress.h"
#include "term/table.h"

enum { SAMPLES_BYTES = 512 << 20, SUMMARY_BYTES = 64 << 20, PATH_BYTES = 1200 };

static bool read_whole(const char *path, size_t most, struct blob *out, struct error *err)
{
    bool missing;

    return file_read(path, most, out, &missing, err) &&
           (!missing || error_set(err, ERROR_INPUT, "'%.160s' does not exist", path));
}

/* Compares with the head in summary.json, which a file that was cut off does not have. */
static bool check_head(const char *path, const struct sample_chain *chain, struct error *err)
{
    struct blob file;
    cJSON *json = NULL;
    const cJSON *head;
    bool good;

    if (!read_whole(path, SUMMARY_BYTES, &file, err)) {
        return false;
    }
    good = json_parse((const char *)file.data, file.size, "summary.json", &json, err);
    blob_free(&file);
    head = cJSON_GetObjectItemCaseSensitive(json, "chain");
    if (good && !head) {
        good = error_set(err, ERROR_INPUT, "'%.160s' has no head of a chain", path);
    } else if (good && json_peek_int(head, "lines", 0) != chain->lines) {
        good = error_set(err, ERROR_OUTPUT, "samples.jsonl has %d lines, the run wrote %lld",
                         chain->lines, (long long)json_peek_int(head, "lines", 0));
    } else if (good && strcmp(json_peek_text(head, "head") ? json_peek_text(head, "head") : "",
                              chain->head) != 0) {
        good = error_set(err, ERROR_OUTPUT, "the head of the chain differs from summary.json");
    }
    cJSON_Delete(json);
    return good;
}

/* Writes the paths of the samples and of the summary beside them, from a folder or a file. */
static void find_files(const char *path, char samples[PATH_BYTES], char summary[PATH_BYTES])
{
    const char *slash = strrchr(path, '/');
    size_t size = strlen(path);

    if (size > 6 && strcmp(path + size - 6, ".jsonl") == 0) {
        snprintf(samples, PATH_BYTES, "%.1100s", path);
        snprintf(summary, PATH_BYTES, "%.*ssummary.json", slash ? (int)(slash + 1 - path) : 0,
                 path);
    } else {
        snprintf(samples, PATH_BYTES, "%.1100s/samples.jsonl", path);
        snprintf(summary, PATH_BYTES, "%.1100s/summary.json", path);
    }
}

/* `chain` is NULL if the samples were changed. */
static void print_json(const struct sample_chain *chain, const char *why)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "event", "verified");
    cJSON_AddBoolToObject(out, "unchanged", chain != NULL);
    json_add_number(out, "lines", chain ? chain->lines : NAN);
    json_add_text(out, "head", chain ? chain->head : NULL);
    json_add_text(out, "reason", chain ? NULL : why);
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}

static void show_progress(size_t bytes, void *context)
{
    count_progress_show(context, (int64_t)(bytes >> 20), NULL);
}

/* Checks the lines, and shows how many megabytes are checked. */
static bool check_lines(const struct blob *file, bool json, struct sample_chain *chain,
                        struct error *why)
{
    struct count_progress progress;
    bool good;

    count_progress_begin(&progress, "MB checked", (int64_t)(file->size >> 20), json);
    good = sample_chain_check((const char *)file->data, file->size, show_progress, &progress, chain,
                              why);
    count_progress_end(&progress);
    return good;
}

int bench_verify(const char *path, bool json, struct error *err)
{
    char samples[PATH_BYTES], summary[PATH_BYTES];
    struct sample_chain chain;
    struct error why = { .kind = ERROR_NONE };
    struct blob file;
    bool good;

    find_files(path, samples, summary);
    if (!read_whole(samples, SAMPLES_BYTES, &file, err)) {
        return 0;
    }
    good = check_lines(&file, json, &chain, &why) && check_head(summary, &chain, &why);
    blob_free(&file);
    if (!good && why.kind != ERROR_OUTPUT) {
        *err = why;
        return 0;
    }
    if (json) {
        print_json(good ? &chain : NULL, why.text);
        return good ? 0 : EXIT_STATUS_CHECK;
    }
    if (!good) {
        fprintf(stderr, "darkroom: the samples were changed: %s\n", why.text);
        return EXIT_STATUS_CHECK;
    }
    printf("unchanged: %d lines, head %s\n", chain.lines, chain.head);
    return 0;
}
