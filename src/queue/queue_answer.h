/* queue_answer.h - statements about jobs whose paid answer lies in a worker's spool. The rules of
 * queue.h apply. */
#ifndef QUEUE_QUEUE_ANSWER_H
#define QUEUE_QUEUE_ANSWER_H
#include "queue/queue.h"

struct kept_answer {        /* where the paid answer of a job lies */
    const char *spool;      /* id of the spool folder; NULL: the answer is not kept */
    uint32_t takeover_ms;   /* how long only workers with this spool claim the job */
    bool rejected_by_store; /* the answer stays in the spool although the job fails finally */
};

/* Records that the paid answers of these running jobs lie in the spool, and renews the time for
 * which jobs with such answers are left to workers with this spool. jobs: a Postgres array. */
void queue_keep_answers(struct op *op, struct arena *arena, const char *worker, const char *spool,
                        const char *jobs, uint32_t takeover_ms);
#endif
