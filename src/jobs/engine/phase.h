/* phase.h - the phases of a step: the engine as a table.
 *
 * A paid step goes through check_spool, wait_for_slot, record_attempt, send, spool and read; a free
 * step only through send and read. The table in phase_table.c lists for each phase what may follow;
 * `darkroom dev-graph engine` prints it. */
#ifndef JOBS_ENGINE_PHASE_H
#define JOBS_ENGINE_PHASE_H

enum step_phase {
    PHASE_BEGIN_STEP,
    PHASE_CHECK_SPOOL,
    PHASE_WAIT_FOR_SLOT,
    PHASE_RECORD_ATTEMPT,
    PHASE_SEND,
    PHASE_SPOOL,
    PHASE_READ,
    PHASE_RETRY_IN_PLACE,
    PHASE_REPORT_FAILURE,
    PHASE_ENDED, /* the run is over */
    PHASE_COUNT
};

enum phase_begun {
    PHASE_PERFORMS, /* run->op is to be performed; then `done` is called */
    PHASE_WAITS,    /* the provider queue calls the run back; then `done` is called */
    PHASE_COMPLETE  /* nothing to perform: `done` is called at once */
};

struct run;

struct phase_definition {
    const char *name;
    const char *purpose; /* one sentence, for dev-graph */
    /* Prepares the phase's one op. NULL: the phase has none. */
    enum phase_begun (*begin)(struct run *run);
    /* Reads the op's result and returns the phase that follows. NULL: PHASE_ENDED. */
    enum step_phase (*done)(struct run *run);
    unsigned successors; /* a bit for each phase that `done` may return */
};

#define PHASE_BIT(phase) (1u << (phase))

extern const struct phase_definition phase_table[PHASE_COUNT];
#endif
