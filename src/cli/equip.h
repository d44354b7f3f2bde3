/* equip.h - from settings to the equipment of a worker: models, rules, prompts, providers, store.
 */
#ifndef CLI_EQUIP_H
#define CLI_EQUIP_H
#include "cli/settings.h"
#include "jobs/worker.h"

struct equipped { /* equipment, and what it borrows */
    struct equipment equipment;
    char worker[120];
    char *spool;
    char *base_url; /* of the store, without a slash at its end */
    struct catalog *catalog;
    struct rules *rules;
    struct prompts *prompts;
};

/* Fails with ERROR_CONFIG and a hint that names the variable to set. Makes the spool folder and
 * clears answers older than a week out of it. */
bool equip(const struct settings *settings, struct equipped *out, struct error *err) MUST_CHECK;
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

/* Logs as the settings say: text on a terminal, JSON elsewhere. */
void equip_log(const struct settings *settings);
#endif
