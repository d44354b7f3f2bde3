/* world.h - a scripted world for the engine: a performer that performs every op at once, and dies
 * when told. What outlives a process (database, models' bill, files) is in shared memory and on
 * disk; each life of the worker is a process of its own. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H
#include "jobs/engine.h"

enum { DIED = 9, WORLD_FAULTS = 8 };

struct world { /* shared by all lives */
    int attempts, paid, settled, failed, pending, features_saved, features_known;
    int ops, die_at, die_after; /* dies at the op of this number (from 1), before or after it */
    int paid_before_attempt;    /* calls that were sent without a row: must stay 0 */
    int written_after_loss;
    bool lost; /* the lease has gone to somebody else */
    bool busy; /* the model answers 429 */
    enum ending ending;
    char reason[300];
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

/* For world_life.c. */
void world_perform(struct op *op);
#endif
