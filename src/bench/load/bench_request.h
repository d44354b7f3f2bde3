/* bench_request.h - one request of a run: what is asked, the op that asks it, and its sample. */
#ifndef BENCH_LOAD_BENCH_REQUEST_H
#define BENCH_LOAD_BENCH_REQUEST_H
#include "base/list.h"
#include "bench/load/evaluate.h"
#include "bench/load/load_plan.h"
#include "io/op.h"
#include "io/perform.h"
#include "io/spill.h"
#include "store/store.h"

struct backlog;
struct image_job;

struct runner;
struct upload_target;

struct bench_request {
    struct runner *runner;
    struct list_node node; /* in the runner's list */
    const struct target *target;
    struct arena *arena;
    struct brief brief;
    struct model_request model_request;
    struct image_job *image_job; /* of a workload of packs; else NULL */
    struct op op;                /* the call to the model */
    struct evaluation evaluation;
    struct sample sample;
    bool in_flight; /* op is under way */

    struct backlog *backlog;      /* set by backlog_add */
    struct list_node queue_node;  /* in the backlog's queues */
    size_t body_bytes;            /* size of the response's body */
    struct spill *spill;          /* holds the body on disk; NULL while it is in memory */
    struct spill_slot spill_slot; /* of the body in `spill` */

    struct performer *performer; /* set by store_image_begin */
    const struct upload_target *upload_target;
    struct object object;
    struct op store_op;
    void (*upload_done)(struct bench_request *request);
    bool uploading; /* store_op is under way */
};

/* Creates the request of a schedule entry and has the provider fill its op. Returns NULL on
 * failure; every further request to the same target would fail in the same way. Free with
 * bench_request_free. */
struct bench_request *bench_request_new(const struct load_plan *plan, struct schedule_entry entry,
                                        int sequence, struct error *err);
/* Copies times, status and sizes of the ended op into the sample, and the outcome if it failed. */
void bench_request_note(struct bench_request *request, int64_t run_began_us);
void bench_request_free(struct bench_request *request);
#endif
