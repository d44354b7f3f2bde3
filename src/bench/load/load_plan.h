/* load_plan.h - what a run sends: targets, prompts, load and limits. */
#ifndef BENCH_LOAD_LOAD_PLAN_H
#define BENCH_LOAD_LOAD_PLAN_H
#include "bench/load/schedule.h"
#include "bench/load/workload.h"

enum { CONCURRENCY_MAX = 4096 };

struct prompts;
struct replay;
struct upload_target;

struct load_plan { /* every pointer is borrowed for the whole run */
    const struct target *targets;
    int target_count;
    const struct workload *workload;
    const struct replay *replay;   /* real jobs behind the workload's prompts; NULL if none */
    const struct prompts *prompts; /* the worker's templates, for text targets */
    int concurrency;               /* closed loop: requests in flight; 0 for an open loop */
    double rate;                   /* open loop: requests per second over all targets */
    enum arrivals arrivals;
    int in_flight_max;         /* open loop: a request that is due beyond this number is shed */
    int waiting_max;           /* closed loop: sending pauses while so many responses wait for their
                                * evaluation; 0 for no limit but memory */
    int requests;              /* to each target, without the warm-up; 0 for no limit */
    int warm_up;               /* requests to each target before the measured ones */
    int64_t duration_us;       /* how long to send after the warm-up; 0 for no limit */
    int64_t cost_limit;        /* microdollars for the whole run; -1 for no limit */
    uint32_t timeout_ms;       /* of one request */
    uint64_t seed;             /* of order, arrivals and bootstrap */
    int thumbnails;            /* make thumbnails in this many first blocks */
    const char *images_folder; /* keep usable images here; NULL to keep none */
    const struct upload_target *upload_target; /* store and delete images here; NULL for nowhere */
};

/* Fails with ERROR_INPUT if the plan has no target, no end, two targets of one name, or a cost
 * above its limit. Nothing has been sent by then. */
bool load_plan_check(const struct load_plan *plan, struct error *err) MUST_CHECK;

struct model_rate_limit {        /* of a target's model */
    int64_t requests_per_minute; /* -1 if unknown */
    const char *source;          /* "the provider", "the profile", "--requests-a-minute" */
};
/* Fails with ERROR_INPUT if an open loop at this rate would exceed the limit of a model. `limits`
 * has one row per target. */
bool load_plan_rate_fits(const struct load_plan *plan, double rate,
                         const struct model_rate_limit *limits, struct error *err) MUST_CHECK;

/* Returns the highest possible cost in microdollars, or -1 if it has no bound or a price is not in
 * the catalog. */
int64_t load_plan_max_cost(const struct load_plan *plan);
/* Returns what is left of plan->cost_limit; -1 for no limit. */
int64_t load_plan_cost_left(const struct load_plan *plan, int64_t spent);
#endif
