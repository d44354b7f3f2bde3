/* bench_request.h - one request of a run: its model_request, its op, its sample. */
#ifndef BENCH_LOAD_BENCH_REQUEST_H
#define BENCH_LOAD_BENCH_REQUEST_H
#include "bench/load/evaluate.h"
#include "bench/load/runner.h"
#include "io/spill.h"
#include "store/store.h"

struct backlog;
struct upload_target;

struct bench_request {
    struct runner *runner;
    struct bench_request *previous, *next; /* those that are in flight or being judged */
    const struct target *target;
    struct arena *arena;
    struct brief brief;
    struct model_request model_request;
    struct op op; /* asked of the provider */
    struct evaluation evaluation;
    struct sample sample;
    bool in_flight; /* the op is under way */

    struct backlog *backlog; /* that it waits in, to be judged */
    struct bench_request *next_in_queue;
    size_t body_bytes;   /* of its answer */
    struct spill *spill; /* where the answer is meanwhile; NULL: in memory */
    struct spill_slot spill_slot;

    struct performer *performer; /* storing.c: its image is put into the depot, and taken out */
    const struct upload_target *upload_target;
    struct object object;
    struct op store_op;
    void (*upload_done)(struct bench_request *request);
    bool uploading; /* store_op is under way */
};

/* Puts the model_request together and asks the provider's adapter for its request; what fails here
 * fails for all like it. The caller frees with request_free, also after failure. */
struct bench_request *bench_request_new(const struct load_plan *plan, struct schedule_entry entry,
                                        int sequence, struct error *err);
/* What came of it, as far as the network tells: fills the sample, with its outcome where it failed.
 */
void bench_request_note(struct bench_request *request, int64_t run_began_us);
void bench_request_free(struct bench_request *request);
#endif
