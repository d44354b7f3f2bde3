/* world.h - a scripted world for the engine: a performer that performs every op at once, and dies
 * when told. What outlives a process (database, models' bill, files) is in shared memory and on
 * disk; each life of the worker is a process of its own. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H
#include "jobs/engine/engine.h"

enum { DIED = 9, WORLD_FAULTS = 8, WORLD_ITEMS = 3 };

struct world_chunk { /* what the database and the provider know of it */
    int state;       /* enum chunk_state */
    int settled[WORLD_ITEMS], failed[WORLD_ITEMS], recorded[WORLD_ITEMS], left[WORLD_ITEMS];
    int dropped;                          /* items left over at the end */
    int created, most_created;            /* batches with the provider; must never be two */
    int sent_unrecorded;                  /* must stay 0 */
    int lines, looks, forgotten, refused; /* refused: so often in all */
    char request[3000];

    /* told by a test */
    int refuses;          /* batches that the provider refuses whole, for now */
    int closed_at;        /* the budget is empty at this item, from 1 */
    int missing;          /* this item's line is in no file, from 1 */
    bool cancelled, gone; /* gone: the provider does not know the batch any more */
    int called_back;
};

struct world { /* shared by all lives */
    int attempts, paid, settled, failed, pending, features_saved, features_known;
    int ops, die_at, die_after; /* dies at the op of this number (from 1), before or after it */
    int paid_before_attempt;    /* calls that were sent without a row: must stay 0 */
    int written_after_loss;
    bool lost;         /* the lease has gone to somebody else */
    bool late_renewal; /* leases are renewed between a job's end and the answer that tells it */
    bool busy;         /* the model answers 429 */
    enum job_end ending;
    char message[300]; /* for sellers, of the last failure */
    char detail[600];  /* its technical text */
    struct world_chunk chunk;
    struct {
        int at;
        const char *body;
        int status;
    } script[WORLD_FAULTS]; /* of paid calls: from 1 */
};

extern struct world *world;
extern char world_folder[64]; /* with store/ and spool/ in it */
extern char *world_image;     /* what the model answers, where an image is asked for */

/* cmocka's setup and teardown of a whole group. */
int world_make(void **unused);
int world_unmake(void **unused);

void world_reset(void); /* a new world: nothing is paid, stored or settled */

/* One life of a worker with one job. 0: it ran to an end; DIED: as told. */
int world_life(const char *type, const char *payload);

int world_files(const char *part); /* how many files are in a part of the folder */

/* Between the files of the world. */
void world_perform(struct op *op);
void world_answer(struct op *op, const char *json);
bool world_batch_api_sql(struct op *op); /* false: not one of a chunk's */
bool world_batch_api_http(struct op *op);
#endif
