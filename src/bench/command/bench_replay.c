/* bench_replay.c - reads calls of real jobs from the database and downloads their photos. */
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
    cJSON *result = NULL;
    bool good = session && database_query(session, "bench_jobs", 1, &count, &result, err) &&
                replay_read(result, setup->arena, workload, &setup->replay, err),
         images = false;

    sql_close(session);
    cJSON_Delete(result);
    for (int i = 0; good && i < setup->plan.target_count; i++) {
        good = replay_target(setup->replay, &setup->targets[i], err);
        images |= setup->targets[i].task != TASK_TEXT;
    }
    if (!good) {
        return false;
    }
    if (setup->replay->skipped > 0) {
        fprintf(stderr, "replay: %d calls cannot be repeated and are skipped\n",
                setup->replay->skipped);
    }
    if (!images && setup->plan.target_count > 0) { /* the schedule then iterates over the texts */
        workload->prompts = setup->replay->texts;
        workload->prompt_count = setup->replay->text_count;
    }
    return true;
}

/* -- photos ------------------------------------------------------------------------------------ */

struct photo_fetch {
    struct op op;
    const struct store *store;
    const struct store_target *target;
    struct replay_photo *photo;
    int *pending;
};

static void on_fetched(struct op *op, void *context)
{
    struct photo_fetch *fetch = context;
    struct blob photo = { 0 };
    struct error err = op->error;

    if ((err.kind != ERROR_NONE || !fetch_done(fetch->store, fetch->target, op, &photo, &err) ||
         !replay_photo(&photo, fetch->photo, &err))) {
        fprintf(stderr, "replay: a photo is not available: %s\n", err.text);
    }
    op_clear(op);
    (*fetch->pending)--;
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

/* Starts all downloads at once; the HTTP client limits the memory of responses in transit. */
static bool fetch_all(const struct settings *settings, struct bench_setup *setup, struct error *err)
{
    struct replay *replay = setup->replay;
    struct photo_fetch *all =
        arena_alloc(setup->arena, ((size_t)replay->photo_count + 1) * sizeof *all);
    struct store_client client;
    int pending = 0;
    bool good = store_client_open(settings, &client, err);

    for (int i = 0; good && i < replay->photo_count; i++) {
        const struct job_context *job_context = &client.worker_setup.job_context;
        struct fetch_scope scope = { FETCH_PHOTO, replay->photos[i].user_id };

        all[i] = (struct photo_fetch){ .store = job_context->store,
                                       .target = &job_context->store_target,
                                       .photo = &replay->photos[i],
                                       .pending = &pending };
        if (!fetch_begin(job_context->store, &job_context->store_target, replay->photos[i].url,
                         &scope, setup->arena, &all[i].op, &all[i].op.error)) {
            continue; /* the sample photo is used instead */
        }
        pending++;
        client.performer->begin(client.performer, &all[i].op, on_fetched, &all[i]);
    }
    while (good && pending > 0) {
        loop_wait(client.loop, 1000);
    }
    store_client_close(&client);
    return good;
}

bool bench_replay_photos(const struct settings *settings, struct bench_setup *setup,
                         bool *needs_sample, struct error *err)
{
    const struct workload *workload = &setup->workload;
    const struct replay *replay = setup->replay;
    int edits = 0, without_photo = 0;

    *needs_sample = false;
    for (int i = 0; i < workload->prompt_count && workload->prompts != replay->texts; i++) {
        edits += starts_from_photo(setup, &replay->jobs[i]);
    }
    if (edits == 0) {
        return true;
    }
    if (replay->photo_count > 0 && !fetch_all(settings, setup, err)) {
        return error_hint(err,
                          "The photos of real jobs are downloaded from the store. --photo FILE "
                          "replaces them.");
    }
    for (int i = 0; i < workload->prompt_count; i++) {
        const struct replay_job *job = &replay->jobs[i];

        without_photo += starts_from_photo(setup, job) &&
                         (job->photo < 0 || !replay->photos[job->photo].available);
    }
    *needs_sample = without_photo > 0;
    if (without_photo > 0) {
        fprintf(stderr,
                "replay: %d of %d calls start from the sample photo because their own is not "
                "available\n",
                without_photo, edits);
    }
    return true;
}
