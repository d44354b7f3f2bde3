/* batch_api_ledger.c - compares the lines in the result files with the provider's counts.
 *
 * A batch can be finished before its result files exist, and a file can be short, empty or missing
 * at its first download. So nothing is final, and no file is deleted at the provider, before as
 * many lines were read as the provider counted, or the batch has expired.
 */
#include <stdio.h>
#include <string.h>

#include "jobs/batch_api/batch_api_steps.h"

/* How long lines that cannot be read, and results without counts, are waited for after the batch
 * finished: 150 retry delays, by default five minutes. */
enum { SETTLE_DELAYS = 150, FIRST_CAPACITY = 64 };

void batch_api_note_counts(struct job *job)
{
    struct batch_api *batch_api = job->state;
    const struct remote_batch *remote = &batch_api->remote;

    if (remote->completed + remote->failed > 0) {
        batch_api->chunk.completed = remote->completed;
        batch_api->chunk.failed = remote->failed;
    }
}

static bool is_noted(const struct ledger *ledger, const char *id)
{
    for (int i = 0; i < ledger->count; i++) {
        if (strcmp(ledger->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void add_id(struct job *job, struct ledger *ledger, const char *id)
{
    if (ledger->count == ledger->capacity) {
        int capacity = ledger->capacity > 0 ? ledger->capacity * 2 : FIRST_CAPACITY;
        char(*more)[40] = arena_alloc(job->arena, (size_t)capacity * sizeof *more);

        if (ledger->count > 0) {
            memcpy(more, ledger->ids, (size_t)ledger->count * sizeof *more);
        }
        ledger->ids = more;
        ledger->capacity = capacity;
    }
    snprintf(ledger->ids[ledger->count++], sizeof *ledger->ids, "%s", id);
}

void batch_api_note_record(struct job *job, const char *id, bool complete)
{
    struct batch_api *batch_api = job->state;
    struct ledger *ledger = &batch_api->ledger;
    int file = batch_api->result_file;

    if (id[0] == '\0') {
        ledger->unreadable[file] += complete;
        ledger->cut_off[file] = ledger->cut_off[file] || !complete;
    } else if (!is_noted(ledger, id)) {
        add_id(job, ledger, id);
    }
}

void batch_api_begin_file(struct job *job, int file)
{
    struct batch_api *batch_api = job->state;
    struct ledger *ledger = &batch_api->ledger;

    ledger->unreadable[file] = ledger->unknown_form[file] = 0;
    ledger->cut_off[file] = ledger->missing[file] = false;
}

/* Returns why results seem to be missing, although the counts do not say so; NULL if they do not.
 */
static const char *doubt(const struct batch_api *batch_api, bool counts_known)
{
    const struct ledger *ledger = &batch_api->ledger;
    bool needs_counts = strcmp(batch_api->remote.status, "completed") == 0;

    if (ledger->unknown_form[0] + ledger->unknown_form[1] > 0) {
        return "this release of darkroom does not know the form of its results";
    }
    if (ledger->unreadable[0] + ledger->unreadable[1] > 0) {
        return "its result files have lines that cannot be read";
    }
    if (ledger->cut_off[0] || ledger->cut_off[1]) {
        return "a result file is cut off";
    }
    if (ledger->missing[0] || ledger->missing[1]) {
        return "a result file does not exist yet";
    }
    return counts_known || !needs_counts ? NULL : "not all of its requests have a result yet";
}

const char *batch_api_missing_results(struct job *job)
{
    struct batch_api *batch_api = job->state;
    const struct chunk *chunk = &batch_api->chunk;
    const struct ledger *ledger = &batch_api->ledger;
    int64_t lines = ledger->count + ledger->unreadable[0] + ledger->unreadable[1];
    int64_t expected = chunk->completed + chunk->failed;
    bool known = expected > 0;
    /* Before it is recorded that the batch is finished, nothing of it has expired. */
    bool just_finished = chunk->state != CHUNK_FINISHED;
    int64_t settle_ms = (int64_t)job->context->retry_base_ms * SETTLE_DELAYS;
    const char *why = doubt(batch_api, known);

    if (known && lines < expected) {
        batch_api->gave_up = !just_finished && chunk->expires_in_ms <= 0;
        return batch_api->gave_up
                   ? NULL
                   : arena_printf(job->arena,
                                  "the provider's batch is %s with %lld results, of which %lld can "
                                  "be read%s%s",
                                  batch_api->remote.status, (long long)expected, (long long)lines,
                                  why ? ": " : "", why ? why : "");
    }
    if (why && (just_finished || chunk->finished_age_ms < settle_ms)) {
        return arena_printf(job->arena, "the provider's batch is %s, but %s",
                            batch_api->remote.status, why);
    }
    batch_api->gave_up = why != NULL;
    return NULL;
}
