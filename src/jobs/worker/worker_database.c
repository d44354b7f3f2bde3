/* worker_database.c - what the worker does when the database does not work, and when it works
 * again.
 *
 * Nothing of the database ends a worker. Trouble is logged once, and its end too. After it the
 * worker first renews its heartbeat and leases, then returns the jobs of claims whose replies were
 * lost, and only then claims again. */
#include "base/clock.h"
#include "base/log.h"
#include "io/postgres/sql.h"
#include "jobs/worker/worker_metrics.h"

enum { BACK_OFF_FIRST_MS = 100, BACK_OFF_LAST_MS = 2000 };

static int64_t now_ms(void)
{
    return clock_mono_us() / 1000;
}

static bool is_connected(const struct worker *worker)
{
    return !worker->config.sql || sql_connected(worker->config.sql);
}

static void begin_trouble(struct worker *worker, const struct error *cause)
{
    bool connected = is_connected(worker);

    worker->renew_first = true;
    if (worker->trouble_ms == 0) {
        worker->trouble_ms = now_ms();
        worker->registered_key = -1; /* registers again: the row may be gone after a long outage */
    } else if (connected || worker->lost_connection) {
        return;
    }
    worker->lost_connection = !connected;
    log_event(LOG_WARNING,
              connected ? "the database does not execute statements; running jobs continue"
                        : "lost the connection to the database; running jobs continue",
              (struct log_field[]){ LOG_TEXT_FIELD("why", cause->text),
                                    LOG_TEXT_FIELD("hint", cause->hint),
                                    LOG_NUMBER_FIELD("running", engine_running(worker->engine)) },
              3);
}

void worker_statement_failed(struct worker *worker, const struct error *error)
{
    if (error->kind == ERROR_STOPPED) {
        return;
    }
    begin_trouble(worker, error);
    worker->back_off_ms = worker->back_off_ms ? worker->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (worker->back_off_ms > BACK_OFF_LAST_MS) {
        worker->back_off_ms = BACK_OFF_LAST_MS;
    }
    worker->retry_ms = now_ms() + worker->back_off_ms;
}

void worker_statement_succeeded(struct worker *worker)
{
    worker->back_off_ms = 0;
    if (worker->trouble_ms == 0 || worker->renew_first || !is_connected(worker)) {
        return;
    }
    log_event(LOG_INFO, "the database works again",
              (struct log_field[]){
                  LOG_NUMBER_FIELD("ms", (double)(now_ms() - worker->trouble_ms)) },
              1);
    worker_metrics_database_works();
    worker->trouble_ms = 0;
    worker->lost_connection = false;
}

bool worker_backs_off(const struct worker *worker)
{
    return worker->back_off_ms > 0 && now_ms() < worker->retry_ms;
}

/* Without notifications the worker polls; without a lock that other workers can see, only its
 * heartbeat shows that it lives. */
static void log_session(struct worker *worker)
{
    const struct error *problem = sql_session_problem(worker->config.sql);

    if (!worker->polls_only && problem->kind != ERROR_NONE) {
        worker->polls_only = true;
        log_event(LOG_WARNING, "notifications do not arrive: jobs are found by polling",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("why", problem->text), LOG_TEXT_FIELD("hint", problem->hint),
                      LOG_NUMBER_FIELD("poll_seconds", worker->config.poll_ms / 1000) },
                  3);
    } else if (worker->polls_only && sql_listening(worker->config.sql)) {
        worker->polls_only = false;
        log_printf(LOG_INFO, "notifications arrive: jobs are found at once");
    }
}

void worker_check_database(struct worker *worker)
{
    if (!worker->config.sql) {
        return;
    }
    if (worker->registered && !is_connected(worker)) {
        begin_trouble(worker, sql_last_error(worker->config.sql));
    }
    log_session(worker);
}

int64_t worker_lock_key(const struct worker *worker)
{
    const struct sql *sql = worker->config.sql;

    return sql && !sql_lock_held(sql) ? 0 : worker->config.lock_key;
}
