/* session_pool.c - opens, shares and closes the database sessions of the dashboard. */
#include "dashboard/session_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"

enum { SESSIONS_MOST = 4, WAIT_SECONDS = 5, STATEMENT_MS = 8000, IDLE_US = 30 * 1000000 };

static const char begin_reading[] =
    "begin read only; set local statement_timeout = 5000; set local lock_timeout = 1000; "
    "set local idle_in_transaction_session_timeout = 15000";
static const char begin_writing[] =
    "begin; set local statement_timeout = 5000; set local lock_timeout = 2000; "
    "set local idle_in_transaction_session_timeout = 15000";

struct session_pool {
    struct session_pool_config config;
    pthread_mutex_t lock;
    pthread_cond_t returned;
    int open; /* sessions in use, or idle */
    int idle_count;
    struct sql_session *idle[SESSIONS_MOST]; /* the one used last is at the end */
    int64_t idle_since_us[SESSIONS_MOST];
};

struct session_pool *session_pool_new(const struct session_pool_config *config)
{
    struct session_pool *pool = xcalloc(1, sizeof *pool);

    INVARIANT(config->most > 0 && config->most <= SESSIONS_MOST);
    pool->config = *config;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->returned, NULL);
    return pool;
}

void session_pool_free(struct session_pool *pool)
{
    if (pool) {
        for (int i = 0; i < pool->idle_count; i++) {
            sql_close(pool->idle[i]);
        }
        pthread_cond_destroy(&pool->returned);
        pthread_mutex_destroy(&pool->lock);
        free(pool);
    }
}

void session_pool_close_idle(struct session_pool *pool)
{
    struct sql_session *old[SESSIONS_MOST];
    int count = 0, kept = 0;

    pthread_mutex_lock(&pool->lock);
    for (int i = 0; i < pool->idle_count; i++) {
        if (pool->idle_since_us[i] < clock_mono_us() - IDLE_US) {
            old[count++] = pool->idle[i];
        } else {
            pool->idle_since_us[kept] = pool->idle_since_us[i];
            pool->idle[kept++] = pool->idle[i];
        }
    }
    pool->idle_count = kept;
    pool->open -= count;
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < count; i++) {
        sql_close(old[i]);
    }
}

/* Returns an idle session in *out, or NULL if a new one may be opened. Returns false if all are in
 * use. */
static bool take_session(struct session_pool *pool, struct sql_session **out, struct error *err)
{
    struct timespec end;
    bool good;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_SECONDS;
    *out = NULL;
    pthread_mutex_lock(&pool->lock);
    while (pool->idle_count == 0 && pool->open == pool->config.most && !*pool->config.stop &&
           pthread_cond_timedwait(&pool->returned, &pool->lock, &end) == 0) {
    }
    good = pool->idle_count > 0 || pool->open < pool->config.most;
    if (pool->idle_count > 0) {
        *out = pool->idle[--pool->idle_count];
    } else if (good) {
        pool->open++;
    }
    pthread_mutex_unlock(&pool->lock);
    return good || error_set(err, ERROR_BUSY, "the dashboard answers other requests");
}

/* `session`: NULL if it was closed */
static void return_session(struct session_pool *pool, struct sql_session *session)
{
    pthread_mutex_lock(&pool->lock);
    if (session) {
        pool->idle_since_us[pool->idle_count] = clock_mono_us();
        pool->idle[pool->idle_count++] = session;
    } else {
        pool->open--;
    }
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->lock);
}

/* Begins the transaction. A session that was cut while it was idle is replaced once. */
static bool begin(struct session_pool *pool, enum session_use use, struct sql_session **session,
                  struct error *err)
{
    const char *script = use == SESSION_READ ? begin_reading : begin_writing;

    if (*session && sql_script(*session, script, err)) {
        return true;
    }
    sql_close(*session);
    *session =
        sql_open_stoppable(pool->config.url, pool->config.application_name, pool->config.stop, err);
    if (!*session) {
        return false;
    }
    sql_limit_statements(*session, STATEMENT_MS);
    return sql_script(*session, script, err);
}

bool session_pool_text(struct session_pool *pool, enum session_use use, const char *statement,
                       int param_count, const char *const *params, struct blob *out,
                       struct error *err)
{
    struct sql_session *session;
    struct error ignored;
    bool good;

    *out = (struct blob){ 0 };
    if (!take_session(pool, &session, err)) {
        return false;
    }
    good = begin(pool, use, &session, err) &&
           sql_query(session, statement, param_count, params, out, err) &&
           sql_script(session, "commit", err);
    if (!good && session && !sql_script(session, "rollback", &ignored)) {
        sql_close(session);
        session = NULL;
    }
    return_session(pool, session);
    if (!good) {
        blob_free(out);
    }
    return good;
}

bool session_pool_query(struct session_pool *pool, enum session_use use, const char *statement,
                        int param_count, const char *const *params, cJSON **out, struct error *err)
{
    struct blob value;
    bool good;

    *out = NULL;
    if (!session_pool_text(pool, use, statement, param_count, params, &value, err)) {
        return false;
    }
    good = json_parse_own(value.size ? (const void *)value.data : "null",
                          value.size ? value.size : 4, "the reply of the database", out, err);
    blob_free(&value);
    return good;
}
