/* engine_internal.h - the structs that the files of the engine share.
 *
 * Calls go one way: engine.c -> run.c -> phase_table.c -> phase_*.c -> run_state.c and
 * provider_queue.c. The way back is a callback: on_turn of a queue entry, on_end of a run. */
#ifndef JOBS_ENGINE_ENGINE_INTERNAL_H
#define JOBS_ENGINE_ENGINE_INTERNAL_H
#include "jobs/engine/engine.h"
#include "jobs/engine/phase.h"
#include "jobs/engine/provider_queue.h"
#include "jobs/engine/services.h"
#include "queue/queue_answer.h"
#include "telemetry/trace.h"

struct run { /* one job that is being processed */
    struct job job;
    struct engine *engine;
    struct list_node node;        /* in engine->runs */
    struct queue_entry entry;     /* in the queue of the step's provider */
    enum step_phase phase;        /* the current one */
    struct op *op;                /* in flight: &job.op or &internal_op; NULL: waits in a queue */
    struct op internal_op;        /* for the engine's own work: spool, record, report, pool */
    struct error error;           /* why the job fails or is stopped */
    struct error queue_rejection; /* why the call cannot be sent now; or ERROR_NONE */
    struct service *service;      /* that the error is about; NULL: the job itself */
    bool gated;                   /* the error is a stopped service's: nothing was sent */
    bool waits_for_check;         /* of the store, before it enters the provider queue */
    int64_t sent_ms;              /* when the op in flight was begun */
    int64_t queued_ms;            /* when the call was added to the provider queue */
    bool polls_answer;            /* the op asks for the answer to a call that was made before */
    int64_t call_began_us;        /* when the first request of the call was begun */
    enum error_kind stop_reason;  /* ERROR_STOPPED, ERROR_LOST (lease), ERROR_INTERNAL (deadline);
                                     ERROR_NONE: not stopped */
    /* The last reason that run_stop was given, while what is in flight may still end by itself. */
    enum error_kind stop_requested;
    int64_t stop_requested_us;
    bool answer_from_spool;
    bool answer_bound;  /* the database knows in which spool the answer lies */
    bool file_rejected; /* the file could not be stored: if the job fails, its answer is kept */
    const char *former_path; /* the answer that is looked at is that of the former job; or NULL */
    int64_t answer_kept_us;  /* when the answer was found or written in the spool */
    bool reporting_failure;  /* the database is being told: not interrupted any more */
    enum transition transition; /* what the step's `end` returned */
    int retries;                /* of the current step, in place; or of reporting a failure */
    int64_t began_us, step_began_us;
    struct trace_context trace, step_trace; /* of the spans; not set while spans are off */
    uint8_t trace_parent[SPAN_ID];          /* of the job's span */
    enum job_end job_end;                   /* in PHASE_ENDED: how */
    int64_t refunded_credits;               /* in PHASE_ENDED */
    void (*on_end)(struct run *run);        /* frees the run */
};

struct engine {
    struct engine_config config;
    struct list runs; /* run.node */
    int running;
    struct provider_queues queues;
    struct services services;
    uint32_t random; /* state of the generator for retry jitter */
    int64_t next_deadline_check_us, next_gate_check_us;
};

/* run.c */
void run_start(struct run *run);
/* Ends the run early, as soon as its op in flight has ended. */
void run_stop(struct run *run, enum error_kind reason);
/* Continues a run that waits for its slot: enters the provider queue after a check of the store, or
 * gives the job back if its service has stopped. */
void run_check_gate(struct run *run);

/* run_state.c */
const struct step *run_step(const struct run *run); /* the current step */
bool run_needs_slot(const struct run *run);         /* of the current step's provider */
const char *run_spool_path(const struct run *run);  /* of the current step's answer */
/* Renames an answer that a worker of an earlier release left in the spool, if there is one. */
void run_adopt_spooled(const struct run *run);
/* Returns the path of the answer to this step of the failed job that this one repeats; NULL if
 * there is none, or if the job has an answer of its own. */
const char *run_former_answer(const struct run *run);
/* Removes the answers of the job, and of the failed one that it repeats, from the spool. */
void run_remove_answers(const struct run *run);
/* Sets job.call_index to that of the next answer in the spool, if there is one: answers before it
 * were rejected. */
void run_find_spooled(struct run *run);

/* kept_answer.c */
/* Returns where the paid answer lies, for the statement that ends the attempt. */
struct kept_answer run_kept_answer(const struct run *run);
/* Returns true if the paid answer exists only in memory and the store has trouble, so that the
 * upload is repeated until it succeeds. */
bool run_must_store_from_memory(const struct run *run);
int64_t run_now_ms(const struct run *run); /* on the performer's clock */
uint32_t run_random(struct run *run);      /* for jitter; not for secrets */
void run_release_slot(struct run *run, const struct error *result); /* if it holds one */
/* Sets how the job ended; returns PHASE_ENDED. */
enum step_phase run_end(struct run *run, enum job_end how);
/* Sets run->error from an early stop; returns the phase that follows. */
enum step_phase run_stopped(struct run *run);
/* Trouble of the database lasts until it passes, the lease is lost or the worker stops: counts the
 * repetition and returns `phase`, in which a statement is sent again, or the phase of the end. */
enum step_phase run_repeat_for_database(struct run *run, enum step_phase phase);
/* The delay before a statement that is repeated in place; 0 if it is not a repetition. */
uint32_t run_repeat_delay_ms(struct run *run, const struct error *why);

/* run_service.c */
/* Returns whether the current step may call its provider now. If not, sets run->service and
 * run->queue_rejection. */
enum gate run_gate(struct run *run);
/* True if run->error is a request that the model rejected for a reason that is not known. After two
 * of them in a row it becomes trouble of the model, so that not all jobs fail for good. */
bool run_is_unexplained(struct run *run);
void run_note_failure(struct run *run); /* run->error; sets run->service */
void run_note_success(struct run *run); /* the service of the current step works */

/* phase_step.c */
enum step_phase phase_begin_step_done(struct run *run);
enum phase_begun phase_wait_for_slot(struct run *run);
enum step_phase phase_wait_for_slot_done(struct run *run);
enum phase_begun phase_send(struct run *run);
enum step_phase phase_send_done(struct run *run);
enum phase_begun phase_read(struct run *run);
enum step_phase phase_read_done(struct run *run);
enum step_phase phase_retry_in_place_done(struct run *run);

/* phase_paid.c */
enum phase_begun phase_check_spool(struct run *run);
enum step_phase phase_check_spool_done(struct run *run);
enum phase_begun phase_record_attempt(struct run *run);
enum step_phase phase_record_attempt_done(struct run *run);
enum phase_begun phase_spool(struct run *run);
enum step_phase phase_spool_done(struct run *run);

/* phase_failure.c */
enum phase_begun phase_report_failure(struct run *run);
enum step_phase phase_report_failure_done(struct run *run);
#endif
