/* job_retry_plan.h - what a retry of many jobs would do and cost. */
#ifndef CLI_JOBS_JOB_RETRY_PLAN_H
#define CLI_JOBS_JOB_RETRY_PLAN_H
#include <stdio.h>

#include "app/database.h"

enum { RETRY_MOST_JOBS = 100000, RETRY_SUMMARY_BYTES = 400 };

struct retry_plan {
    struct sql_session *session;
    const struct settings *settings;
    cJSON *data;      /* the answer of jobs_retry_plan: jobs, items of batches, types with prices */
    int jobs;         /* single jobs and items of batches */
    double usd;       /* of those with a known price */
    int64_t unpriced; /* jobs whose price is unknown, without those that use a kept answer */
};

/* Fills the plan with the failed jobs that match the flags. session and settings are set. */
bool retry_plan_make(struct retry_plan *plan, struct error *err) MUST_CHECK;
void retry_plan_free(struct retry_plan *plan);
void retry_plan_print(const struct retry_plan *plan, FILE *to);
void retry_plan_json(const struct retry_plan *plan); /* one object on standard output */
/* "37 jobs: about 1.48 USD; 0 credits are charged (120 were refunded before, 63 stay paid)" */
void retry_plan_summary(const struct retry_plan *plan, char out[RETRY_SUMMARY_BYTES]);
#endif
