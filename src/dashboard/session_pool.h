/* session_pool.h - the database sessions of the dashboard, for its own threads.
 *
 * They block; each wait ends after seconds. Each statement is a transaction with limits of its own,
 * so that they hold behind a transaction pooler too. */
#ifndef DASHBOARD_SESSION_POOL_H
#define DASHBOARD_SESSION_POOL_H
#include "base/json.h"
#include "io/postgres/sql.h"

struct session_pool;

struct session_pool_config {
    const struct database_url *url;    /* borrowed */
    const char *application_name;      /* borrowed */
    int most;                          /* sessions */
    const volatile sig_atomic_t *stop; /* borrowed; not 0: waits end with ERROR_STOPPED */
};

struct session_pool *session_pool_new(const struct session_pool_config *config);
void session_pool_free(struct session_pool *pool); /* when no statement runs */
/* Closes the sessions that were not used for a while. */
void session_pool_close_idle(struct session_pool *pool);

enum session_use { SESSION_READ, SESSION_WRITE };
/* Runs a statement of sql/queries; the caller frees *out, which has a zero byte after it and is
 * empty if the statement returns null. ERROR_BUSY if all sessions stay in use. */
bool session_pool_text(struct session_pool *pool, enum session_use use, const char *statement,
                       int param_count, const char *const *params, struct blob *out,
                       struct error *err) MUST_CHECK;
/* The same, and parses the JSON that it returns; the caller deletes *out. */
bool session_pool_query(struct session_pool *pool, enum session_use use, const char *statement,
                        int param_count, const char *const *params, cJSON **out,
                        struct error *err) MUST_CHECK;
#endif
