/* batch_api_transition.c - how a state of the chunk ends: with another state, with the next item,
 * or with an error of one item. Used by all states.
 */
#include <string.h>

#include "base/log.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/call_metrics.h"
#include "jobs/engine/spool.h"

/* Failed attempts of the chunk because of one item, after which that item fails and the other items
 * continue. */
enum { ATTEMPTS_PER_ITEM = 3 };

const char *batch_api_path(const struct job *job, const char *what)
{
    return spool_path(job->context->spool, job->claimed.id, what, 0, job->arena);
}

enum transition batch_api_go_to(struct job *job, enum batch_api_state state)
{
    job->jump_row = state;
    return TRANSITION_JUMP;
}

enum transition batch_api_finish_item(struct job *job)
{
    struct batch_api *batch_api = job->state;

    batch_api->item_ended[batch_api->item_index] = true;
    batch_api->item_error.kind = ERROR_NONE;
    batch_api->total_microusd += job->cost_microusd > 0 ? job->cost_microusd : 0;
    job->attempt = (struct attempt){ 0 };
    if (!batch_api->collecting) {
        batch_api->item_index++;
        return batch_api_go_to(job, STATE_LOAD_ITEM);
    }
    batch_api->offset = batch_api->next_offset;
    return batch_api_go_to(job, STATE_READ_RECORD);
}

enum transition batch_api_go_to_fail_item(struct job *job, const struct error *why)
{
    struct batch_api *batch_api = job->state;

    batch_api->item_error = *why;
    return batch_api_go_to(job, STATE_FAIL_ITEM);
}

enum transition batch_api_handle_item_error(struct job *job, const struct error *why,
                                            struct error *err)
{
    struct error reason = *why; /* a copy, because `why` may be `err` */

    if (reason.kind == ERROR_LOST || reason.kind == ERROR_STOPPED ||
        (error_rule(reason.kind)->retry &&
         (job->claimed.attempt <= ATTEMPTS_PER_ITEM || error_rule(reason.kind)->pauses_provider))) {
        *err = reason;
        return TRANSITION_FAIL;
    }
    return batch_api_go_to_fail_item(job, &reason);
}

/* Called when the result is recorded, since a result that is not recorded is read again. */
static void count_result(const struct job *job)
{
    const struct batch_api *batch_api = job->state;
    const struct attempt *attempt = &job->attempt;

    if (attempt->outcome && strcmp(attempt->outcome, "rejected") == 0) {
        call_metrics_rejected(job->claimed.type);
    }
    call_metrics_usage(batch_api->model_endpoint.model, &attempt->tokens, attempt->cost_microusd);
}

enum transition batch_api_item_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const char *rejected;

    if (!queue_batch_api_end_done(&job->op, job->arena, &rejected, err)) {
        return TRANSITION_FAIL;
    }
    if (rejected) {
        batch_api->rejection =
            arena_printf(job->arena,
                         "a constraint or trigger of the application rejects an image: %s",
                         rejected);
        log_event(LOG_WARNING,
                  "the result of an image cannot be stored: a constraint or trigger of the "
                  "application rejects it",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("job", job->item_id), LOG_TEXT_FIELD("why", rejected),
                      LOG_TEXT_FIELD("what_to_do",
                                     "Correct the rule: the result is kept and tried again.") },
                  3);
    } else {
        count_result(job);
    }
    return batch_api_finish_item(job);
}

bool batch_api_skip(struct job *job, const struct error *why)
{
    struct batch_api *batch_api = job->state;

    if (why) {
        batch_api->item_error = *why;
    }
    op_clear(&job->op);
    job->op.kind = OP_SLEEP;
    return true;
}
