/* world.h - a simulated database, provider and store for tests of the engine.
 *
 * Its performer performs every op at once, and can end the process before or after any of them.
 * Each life of the worker is a process of its own. What outlives a process is in shared memory (the
 * database, the provider's bill) or on disk (spool and store). */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H
#include "jobs/engine/engine.h"

enum { DIED = 9, WORLD_FAULTS = 8, WORLD_ITEMS = 3 };

struct world_chunk { /* a Batch API chunk, in the database and at the provider */
    int state;       /* enum chunk_state */
    int committed[WORLD_ITEMS], failed[WORLD_ITEMS], recorded[WORLD_ITEMS], moved[WORLD_ITEMS];
    int late_output;    /* status requests of the finished batch without the ids of its files */
    int broken_outputs; /* downloads of the results that are broken, as `broken` says */
    int settle_age_ms;  /* since the batch finished, as the database reports it */
    bool expired;       /* the provider's batch has expired, as the database reports it */
    enum {
        OUTPUT_SHORT,
        OUTPUT_EMPTY,
        OUTPUT_MISSING,
        OUTPUT_GARBAGE,
        OUTPUT_UNKNOWN_FORM,
        OUTPUT_KINDS
    } broken;
    char why[300];    /* the last reason to wait */
    char counts[100]; /* as the database stores them */
    int rechecks;
    int lost_items;           /* items without a result when the chunk ended */
    int created, max_created; /* batches at the provider; must never exceed one */
    int sent_unrecorded;      /* calls sent without a record; must stay 0 */
    int record_count;         /* of the uploaded input */
    int status_requests, deleted_files, rejected_batches, cancel_requested;
    char request[3000];

    /* set by a test */
    int reject_count;        /* how many batches the provider rejects before it accepts one */
    const char *reject_code; /* the reason; NULL: token_limit_exceeded */
    bool failed_midway;      /* the batch has status failed, and results */
    int over_budget_item;    /* the budget is used up at this item, counted from 1 */
    int missing_item;        /* the results have no record for this item, counted from 1 */
    int rejected_item;       /* the application's tables reject this item, counted from 1 */
    int rejections;          /* so often */
    bool cancelled;          /* the operator cancelled the batch */
    bool deleted;            /* the provider has deleted the batch */
};

struct world { /* in memory shared by all processes */
    int attempts, paid, committed, failed, pending, features_saved, features_known;
    int waits;         /* how often the job waited for a service */
    int store_rejects; /* how many puts the store still rejects */
    int table_rejects; /* how many results the application's tables still reject; -1: all */
    bool is_kept;      /* the last of these statements says that the answer is in the spool */
    bool spool_full;   /* nothing can be written to the spool */
    int ops, die_at, die_after; /* die_at: the op, counted from 1, at which the process ends;
                                   die_after: after it instead of before it */
    int paid_before_attempt;    /* calls sent without a record; must stay 0 */
    int written_after_loss;
    int64_t counted_tokens; /* in the metrics of all lives that ended by themselves */
    int trouble;            /* every statement fails so many times before it is executed */
    bool answer_lost;       /* the last of these failures executes the statement */
    int tried;              /* of the current statement */
    bool lost;              /* another worker holds the lease */
    bool late_renewal;      /* a lease renewal overtakes the answer to the commit */
    bool busy;              /* the provider answers with status 429 */
    enum job_end end;
    char message[300]; /* for sellers, of the last failure */
    char detail[600];  /* its technical text */
    struct world_chunk chunk;
    struct {
        int at;
        const char *body;
        int status;
    } script[WORLD_FAULTS]; /* answers to paid calls; `at` counts calls from 1 */
};

extern struct world *world;
extern char world_folder[64]; /* contains store/ and spool/ */
extern char *world_image;     /* the answer to an image request */

/* Setup and teardown of a cmocka group. */
int world_make(void **unused);
int world_unmake(void **unused);

void world_reset(void); /* to the state before any call or commit */

/* Processes one job in a new process. Returns 0 if it ended by itself, DIED if it ended at die_at.
 */
int world_life(const char *type, const char *payload);

int world_files(const char *part); /* the number of files below world_folder/part */

/* Shared by the files of the world. */
void world_perform(struct op *op);
void world_answer(struct op *op, const char *json);
/* Return false if the op is not one of the Batch API. */
bool world_batch_api_sql(struct op *op);
bool world_batch_api_http(struct op *op);
#endif
