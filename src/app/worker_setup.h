/* worker_setup.h - builds the job_context of a worker: models, rules, prompts, providers, store. */
#ifndef APP_WORKER_SETUP_H
#define APP_WORKER_SETUP_H
#include "app/cut_out_model.h"
#include "jobs/engine/spool.h"
#include "jobs/worker/worker.h"
#include "settings/settings.h"

/* The settings that worker_setup_init and runtime_open read, for the list of a command. */
#define WORKER_SETTINGS                                                                            \
    "database-url", "jobs", "concurrency", "provider", "text-provider", "image-model",             \
        "text-model", "features-model", "quality", "marketplace", "main-image", "store", "folder", \
        CUT_OUT_MODEL_SETTINGS, "supabase-url", "supabase-key", PROVIDER_SETTINGS, "spool",        \
        "prompts", "models", "rules", "fonts", "grace", "lease", "poll", "pause", "retry-base",    \
        "request-timeout", "replace-retired", "profile", "pool-threads", "db-connections",         \
        "unpaid", "job-limit", "daily-budget", "allow-loopback-fetch", "memory", "log-format",     \
        "log-level", NETWORK_SETTINGS

struct worker_setup { /* job_context and what it points to */
    struct job_context job_context;
    struct store_limits store_limits;
    char worker[120];
    char *spool;
    struct spool_folder spool_folder;
    char *base_url; /* of the store, without a trailing slash */
    struct endpoint *endpoints;
    struct catalog *catalog;
    struct rules *rules;
    struct prompts *prompts;
    struct profile *profile; /* may be NULL */
    char *limits;            /* of jobs in flight, JSON; may be NULL */
};

/* ERROR_CONFIG, with a hint, if a setting is missing, or if the spool folder must not be used.
 * Creates the spool folder; if it cannot be written, logs that answers are not kept. Call
 * worker_setup_free also after a failure. */
bool worker_setup_init(const struct settings *settings, struct worker_setup *out,
                       struct error *err) MUST_CHECK;
/* Sets only store, store_target and bucket of the job_context. */
bool worker_setup_store(const struct settings *settings, struct worker_setup *out,
                        struct error *err) MUST_CHECK;
void worker_setup_free(struct worker_setup *worker_setup);
#endif
