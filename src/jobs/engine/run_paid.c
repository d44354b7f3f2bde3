/* run_paid.c - before a paid call: is its answer in the spool, is there a place with the provider,
 * and does the database know that it is about to be sent? */
#include "jobs/engine/run.h"
#include "jobs/engine/spool.h"

enum { SPOOL_READ_MAX = 128 << 20 };

static void done_record(struct run *run)
{
    struct job *job = &run->job;
    int64_t id = 0;

    run->error = run->side.error;
    if (run->error.kind == ERROR_NONE && queue_attempt_done(&run->side, &id, &run->error)) {
        job->attempt =
            (struct attempt){ .id = id, .cost_microusd = -1, .model = job->call.model->id };
        run_ask(run);
        return;
    }
    engine_leave(run, &(struct error){ .kind = ERROR_STOPPED }); /* nothing was sent */
    run_fail(run);
}

void run_admitted(struct run *run)
{
    struct job *job = &run->job;

    if (!(run_step(run)->flags & STEP_PAID)) {
        run_ask(run);
        return;
    }
    op_clear(&run->side);
    queue_attempt(&run->side, job->arena, &job->holder, run_step(run)->name, job->call_index,
                  job->call.provider->name, job->call.model->id, job->call.request,
                  job->attempt.id ? &job->attempt : NULL);
    run_perform(run, &run->side, done_record);
}

void run_refused(struct run *run, const struct error *why)
{
    run->error = *why;
    run_fail(run);
}

static void done_replay(struct run *run)
{
    struct job *job = &run->job;
    struct op *side = &run->side;
    int64_t attempt = 0;

    if (side->error.kind == ERROR_NONE && !side->file_result.missing &&
        spool_read(&side->file_result.content, &job->op.http_response, &attempt)) {
        run->replayed = true;
        job->attempt = (struct attempt){ .id = attempt,
                                         .cost_microusd = -1,
                                         .model = job->call.model->id,
                                         .ms = job->op.http_response.times.total_us / 1000 };
        op_clear(side);
        run_read(run);
        return;
    }
    op_clear(side);
    engine_join(run);
}

void run_replay(struct run *run)
{
    op_clear(&run->side);
    run->side.kind = OP_FILE;
    run->side.file.path = run_spool_path(run);
    run->side.file.read_limit = SPOOL_READ_MAX;
    run_perform(run, &run->side, done_replay);
}
