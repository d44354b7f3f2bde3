/* worker_setup.h - from settings to the job_context of a worker: models, rules, prompts, providers,
 * store.
 */
#ifndef APP_WORKER_SETUP_H
#define APP_WORKER_SETUP_H
#include "jobs/worker/worker.h"
#include "settings/settings.h"

/* The settings that a worker's job_context and runtime are made of: for a command's list. */
#define WORKER_SETTINGS                                                                            \
    "database-url", "jobs", "concurrency", "provider", "text-provider", "image-model",             \
        "text-model", "features-model", "quality", "marketplace", "main-image", "store", "folder", \
        "supabase-url", "supabase-key", PROVIDER_SETTINGS, "spool", "prompts", "models", "rules",  \
        "grace", "lease", "poll", "pause", "retry-base", "request-timeout", "profile",             \
        "pool-threads", "allow-loopback-fetch", "log-format", "log-level"

struct worker_setup { /* job_context, and what it borrows */
    struct job_context job_context;
    char worker[120];
    char *spool;
    char *base_url; /* of the store, without a slash at its end */
    struct catalog *catalog;
    struct rules *rules;
    struct prompts *prompts;
    struct profile *profile; /* NULL: none */
};

/* Fails with ERROR_CONFIG and a hint that names the variable to set. Makes the spool folder and
 * clears answers older than a week out of it. */
bool worker_setup_init(const struct settings *settings, struct worker_setup *out,
                       struct error *err) MUST_CHECK;
/* Store, place and bucket alone. */
bool worker_setup_store(const struct settings *settings, struct worker_setup *out,
                        struct error *err) MUST_CHECK;
void worker_setup_free(struct worker_setup *worker_setup);
#endif
