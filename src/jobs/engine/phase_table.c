/* phase_table.c - the table of phases. */
#include "jobs/engine/engine_internal.h"

const struct phase_definition phase_table[PHASE_COUNT] = {
    [PHASE_BEGIN_STEP] = { .name = "begin_step",
                           .purpose = "The step prepares its request; a step with nothing to do is "
                                      "skipped.",
                           .done = phase_begin_step_done,
                           .successors = PHASE_BIT(PHASE_BEGIN_STEP) |
                                         PHASE_BIT(PHASE_CHECK_SPOOL) |
                                         PHASE_BIT(PHASE_WAIT_FOR_SLOT) | PHASE_BIT(PHASE_SEND) |
                                         PHASE_BIT(PHASE_REPORT_FAILURE) | PHASE_BIT(PHASE_ENDED) },
    [PHASE_CHECK_SPOOL] = { .name = "check_spool",
                            .purpose = "A paid answer that an interrupted attempt left on disk is "
                                       "used instead of a new call.",
                            .begin = phase_check_spool,
                            .done = phase_check_spool_done,
                            .successors = PHASE_BIT(PHASE_READ) | PHASE_BIT(PHASE_WAIT_FOR_SLOT) },
    [PHASE_WAIT_FOR_SLOT] = { .name = "wait_for_slot",
                              .purpose = "The call waits until the provider's limits admit it.",
                              .begin = phase_wait_for_slot,
                              .done = phase_wait_for_slot_done,
                              .successors = PHASE_BIT(PHASE_RECORD_ATTEMPT) |
                                            PHASE_BIT(PHASE_SEND) |
                                            PHASE_BIT(PHASE_REPORT_FAILURE) },
    [PHASE_RECORD_ATTEMPT] = { .name = "record_attempt",
                               .purpose = "The database records the paid call before it is sent.",
                               .begin = phase_record_attempt,
                               .done = phase_record_attempt_done,
                               .successors =
                                   PHASE_BIT(PHASE_RECORD_ATTEMPT) | PHASE_BIT(PHASE_SEND) |
                                   PHASE_BIT(PHASE_REPORT_FAILURE) | PHASE_BIT(PHASE_ENDED) },
    [PHASE_SEND] = { .name = "send",
                     .purpose = "The step's request, statement or pool work is performed.",
                     .begin = phase_send,
                     .done = phase_send_done,
                     .successors = PHASE_BIT(PHASE_SPOOL) | PHASE_BIT(PHASE_READ) |
                                   PHASE_BIT(PHASE_ENDED) | PHASE_BIT(PHASE_RETRY_IN_PLACE) |
                                   PHASE_BIT(PHASE_REPORT_FAILURE) },
    [PHASE_SPOOL] = { .name = "spool",
                      .purpose = "The paid answer is written to disk before it is read; the "
                                 "provider's slot is free again.",
                      .begin = phase_spool,
                      .done = phase_spool_done,
                      .successors = PHASE_BIT(PHASE_READ) },
    [PHASE_READ] = { .name = "read",
                     .purpose = "The step reads the answer and decides what follows.",
                     .begin = phase_read,
                     .done = phase_read_done,
                     .successors = PHASE_BIT(PHASE_BEGIN_STEP) | PHASE_BIT(PHASE_SEND) |
                                   PHASE_BIT(PHASE_RETRY_IN_PLACE) |
                                   PHASE_BIT(PHASE_REPORT_FAILURE) | PHASE_BIT(PHASE_ENDED) },
    [PHASE_RETRY_IN_PLACE] = { .name = "retry_in_place",
                               .purpose =
                                   "After a passing fault the step prepares the same request "
                                   "again, to be performed after a delay.",
                               .done = phase_retry_in_place_done,
                               .successors =
                                   PHASE_BIT(PHASE_SEND) | PHASE_BIT(PHASE_REPORT_FAILURE) },
    [PHASE_REPORT_FAILURE] = { .name = "report_failure",
                               .purpose = "The database is told why the job failed and decides "
                                          "whether it is attempted again. If the job was deleted, "
                                          "what it has stored is removed instead.",
                               .begin = phase_report_failure,
                               .done = phase_report_failure_done,
                               .successors =
                                   PHASE_BIT(PHASE_REPORT_FAILURE) | PHASE_BIT(PHASE_ENDED) },
    [PHASE_ENDED] = { .name = "ended",
                      .purpose = "The job is completed, failed, rescheduled or given back." },
};
