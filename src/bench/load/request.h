/* request.h - one request of a run: its order, its op, its sample. */
#ifndef BENCH_LOAD_REQUEST_H
#define BENCH_LOAD_REQUEST_H
#include "bench/load/judge.h"
#include "bench/load/runner.h"
#include "io/spill.h"
#include "store/store.h"

struct backlog;
struct depot;

struct request {
    struct runner *runner;
    struct request *previous, *next; /* those that are in flight or being judged */
    const struct target *target;
    struct arena *arena;
    struct brief brief;
    struct model_request order;
    struct op op; /* asked of the provider */
    struct judging judging;
    struct sample sample;
    bool flying; /* the op is under way */

    struct backlog *backlog; /* that it waits in, to be judged */
    struct request *behind;
    size_t held_bytes;   /* of its answer */
    struct spill *spill; /* where the answer is meanwhile; NULL: in memory */
    struct spill_slot place;

    struct performer *performer; /* storing.c: its image is put into the depot, and taken out */
    const struct depot *depot;
    struct object object;
    struct op store_op;
    void (*stored)(struct request *request);
    bool storing; /* store_op is under way */
};

/* Puts the order together and asks the provider's adapter for its request; what fails here fails
 * for all like it. The caller frees with request_free, also after failure. */
struct request *request_new(const struct plan *plan, struct turn turn, int sequence,
                            struct error *err);
/* What came of it, as far as the network tells: fills the sample, with its outcome where it failed.
 */
void request_note(struct request *request, int64_t run_began_us);
void request_free(struct request *request);
#endif
