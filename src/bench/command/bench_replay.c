/* bench_replay.c - jobs out of the database, their photos out of the store. */
#include "bench/command/bench_replay.h"

#include <stdio.h>

#include "app/database.h"
#include "app/store_client.h"
#include "bench/load/replay.h"

bool bench_replay(const struct settings *settings, struct bench_setup *setup, struct error *err)
{
    const char *count = setting_text(settings, "replay");
    struct workload *workload = &setup->workload;
    struct sql_session *session = database_open(settings, "bench", err);
    cJSON *answer = NULL;
    bool good = session && database_query(session, "bench_jobs", 1, &count, &answer, err) &&
                replay_read(answer, setup->arena, workload, err),
         images = false;

    sql_close(session);
    cJSON_Delete(answer);
    for (int i = 0; good && i < setup->plan.target_count; i++) {
        good = replay_target(workload, &setup->targets[i], err);
        images |= setup->targets[i].task != TASK_TEXT;
    }
    if (!good) {
        return false;
    }
    if (workload->replay->skipped > 0) {
        fprintf(stderr, "replay: %d calls cannot be made again, and are left out\n",
                workload->replay->skipped);
    }
    if (!images && setup->plan.target_count > 0) { /* turns go round the texts then */
        workload->prompts = workload->replay->texts;
        workload->prompt_count = workload->replay->text_count;
    }
    return true;
}

/* -- photos ------------------------------------------------------------------------------------ */

struct photo_fetch { /* of one photo */
    struct op op;
    const struct store *store;
    struct replay_photo *photo;
    int *under_way;
};

static void on_fetched(struct op *op, void *context)
{
    struct photo_fetch *fetching = context;
    struct blob came = { 0 };
    struct error err = op->error;

    if ((err.kind != ERROR_NONE || !fetch_done(fetching->store, op, &came, &err) ||
         !replay_photo(&came, fetching->photo, &err))) {
        fprintf(stderr, "replay: a photo is not to be had: %s\n", err.text);
    }
    op_clear(op);
    (*fetching->under_way)--;
}

static bool starts_from_photo(const struct bench_setup *setup, const struct replay_job *job)
{
    for (int i = 0; i < setup->plan.target_count; i++) {
        if (replay_uses_photo(&setup->targets[i], job)) {
            return true;
        }
    }
    return false;
}

/* All at once: HTTP holds back what there is no memory for. */
static bool fetch_all(const struct settings *settings, struct bench_setup *setup, struct error *err)
{
    struct replay *replay = setup->workload.replay;
    struct photo_fetch *all =
        arena_alloc(setup->arena, ((size_t)replay->photo_count + 1) * sizeof *all);
    struct store_client reach;
    int under_way = 0;
    bool good = store_client_open(settings, &reach, err);

    for (int i = 0; good && i < replay->photo_count; i++) {
        const struct job_context *job_context = &reach.worker_setup.job_context;

        all[i] = (struct photo_fetch){ .store = job_context->store,
                                       .photo = &replay->photos[i],
                                       .under_way = &under_way };
        if (!fetch_begin(job_context->store, &job_context->store_target, replay->photos[i].url,
                         setup->arena, &all[i].op, &all[i].op.error)) {
            continue; /* it is not there: the sample stands in */
        }
        under_way++;
        reach.performer->begin(reach.performer, &all[i].op, on_fetched, &all[i]);
    }
    while (good && under_way > 0) {
        loop_wait(reach.loop, 1000);
    }
    store_client_close(&reach);
    return good;
}

bool bench_replay_photos(const struct settings *settings, struct bench_setup *setup, bool *stand_in,
                         struct error *err)
{
    const struct workload *workload = &setup->workload;
    const struct replay *replay = workload->replay;
    int edits = 0, without = 0;

    *stand_in = false;
    for (int i = 0; i < workload->prompt_count && workload->prompts != replay->texts; i++) {
        edits += starts_from_photo(setup, &replay->jobs[i]);
    }
    if (edits == 0) {
        return true;
    }
    if (replay->photo_count > 0 && !fetch_all(settings, setup, err)) {
        return error_hint(err, "The photos of real jobs are fetched from there; --photo FILE does "
                               "without.");
    }
    for (int i = 0; i < workload->prompt_count; i++) {
        const struct replay_job *job = &replay->jobs[i];

        without += starts_from_photo(setup, job) &&
                   (job->photo < 0 || !replay->photos[job->photo].available);
    }
    *stand_in = without > 0;
    if (without > 0) {
        fprintf(stderr,
                "replay: %d of %d calls start from the sample photo: their own is not "
                "known\n",
                without, edits);
    }
    return true;
}
