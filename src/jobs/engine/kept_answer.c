/* kept_answer.c - where the paid answer of a job lies while it is not stored. */
#include "jobs/engine/engine_internal.h"
#include "jobs/engine/spool.h"

struct kept_answer run_kept_answer(const struct run *run)
{
    const struct job *job = &run->job;
    const struct spool_folder *folder = job->context->spool_folder;
    bool kept = folder && folder->id[0] && job_has_kept_answer(job);

    return (struct kept_answer){ .spool = kept ? folder->id : NULL,
                                 .takeover_ms = spool_takeover_ms(job->context->retry_base_ms),
                                 .rejected_by_store = run->file_rejected };
}

bool run_must_store_from_memory(const struct run *run)
{
    const struct job *job = &run->job;
    unsigned upload = STEP_USES_STORE | STEP_RETRY_IN_PLACE;

    return run->service && (run_step(run)->flags & upload) == upload && job->attempt.id != 0 &&
           !job->answer_kept && !job->item_id;
}
