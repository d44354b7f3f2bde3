/* worker_setup.h - from settings to the equipment of a worker: models, rules, prompts, providers, store.
 */
#ifndef APP_WORKER_SETUP_H
#define APP_WORKER_SETUP_H
#include "base/log.h"
#include "settings/settings.h"
#include "jobs/worker/worker.h"

/* The settings that a worker's equipment and station are made of: for a command's list. */
#define WORKER_SETTINGS                                                                            \
    "database-url", "jobs", "concurrency", "provider", "text-provider", "image-model",             \
        "text-model", "features-model", "quality", "marketplace", "main-image", "store", "folder", \
        "supabase-url", "supabase-key", "openai-key", "openai-base-url", "openai-org",             \
        "openai-project", "spool", "prompts", "models", "rules", "grace", "lease", "poll",         \
        "pause", "retry-base", "request-timeout", "profile", "pool-threads",                       \
        "allow-loopback-fetch", "log-format", "log-level"

struct equipped { /* equipment, and what it borrows */
    struct equipment equipment;
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
bool equip(const struct settings *settings, struct equipped *out, struct error *err) MUST_CHECK;
/* Store, place and bucket alone. */
bool equip_store(const struct settings *settings, struct equipped *out,
                 struct error *err) MUST_CHECK;
void equip_free(struct equipped *equipped);

/* The loop, HTTP, Postgres and performer that a worker stands on, and the worker itself. */
struct station {
    struct loop *loop;
    struct http *http;
    struct sql *sql;
    struct performer *performer;
    struct worker *worker;
};

struct database_url;
/* Puts a worker together; `config` brings what settings do not say (drain, watch, grace). */
bool station_open(const struct settings *settings, const struct equipped *equipped,
                  const struct database_url *url, struct worker_config config, struct station *out,
                  struct error *err) MUST_CHECK;
void station_close(struct station *station);

/* Is the database set up for a worker? Takes answers of jobs that have ended out of the spool. */
bool station_ready(const struct settings *settings, struct equipped *equipped,
                   const struct database_url *url, struct error *err) MUST_CHECK;

/* Logs as the settings say: text on a terminal, JSON elsewhere; from `usual` on where they say
 * nothing of the level. */
void equip_log(const struct settings *settings, enum log_level usual);
#endif
