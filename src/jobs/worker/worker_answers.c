/* worker_answers.c - tells the database which jobs have their paid answer in this worker's spool,
 * so that no other worker pays for them again while this one lives. */
#include "base/clock.h"
#include "base/text.h"
#include "jobs/engine/spool.h"
#include "jobs/worker/worker_internal.h"
#include "queue/queue_answer.h"

enum {
    MOST_JOBS = 500,
    ID_LENGTH = 36,
    ARRAY_BYTES = (ID_LENGTH + 1) * 5000,
    RENEWALS = 4,
    LOOK_MS = 400
};

static int64_t now_ms(void)
{
    return clock_mono_us() / 1000;
}

static void add_job(struct text *jobs, const char *job_id)
{
    if (!jobs->data) {
        text_begin(jobs, ARRAY_BYTES);
    }
    text_printf(jobs, "%s%.36s", jobs->size > 0 ? "," : "{", job_id);
}

void worker_note_answer(struct worker *worker, const char *job_id)
{
    add_job(&worker->returned_answers, job_id);
}

static void answers_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        worker_statement_succeeded(worker);
    } else {
        worker_statement_failed(worker, &op->error);
    }
    pending_query_close(&worker->answers);
}

void worker_keep_answers(struct worker *worker)
{
    const struct job_context *job_context = worker->config.engine.job_context;
    const struct spool_folder *folder = job_context->spool_folder;
    uint32_t takeover_ms = spool_takeover_ms(job_context->retry_base_ms);
    struct text jobs = worker->returned_answers;
    const char *ids[MOST_JOBS];
    int count;

    if (worker->answers.arena || !worker->registered || worker_backs_off(worker) || !folder ||
        !folder->id[0] || (!jobs.data && now_ms() < worker->next_look_ms)) {
        return;
    }
    worker->next_look_ms = now_ms() + LOOK_MS;
    count = engine_kept_answers(worker->engine, ids, MOST_JOBS);
    if (count == 0 && !jobs.data && now_ms() < worker->next_answers_ms) {
        return;
    }
    for (int i = 0; i < count; i++) {
        add_job(&jobs, ids[i]);
    }
    worker->returned_answers = (struct text){ 0 };
    worker->next_answers_ms = now_ms() + takeover_ms / RENEWALS;
    pending_query_open(&worker->answers);
    queue_keep_answers(&worker->answers.op, worker->answers.arena, worker_own_name(worker),
                       arena_text(worker->answers.arena, folder->id),
                       arena_printf(worker->answers.arena, "%s}", jobs.data ? jobs.data : "{"),
                       takeover_ms);
    if (jobs.data) {
        text_end(&jobs);
    }
    pending_query_begin(worker, &worker->answers, answers_done);
}
