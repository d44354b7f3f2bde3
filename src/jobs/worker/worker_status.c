/* worker_status.c - one log line about the state of the worker, on request. */
#include "base/log.h"
#include "io/postgres/sql.h"
#include "jobs/worker/worker_services.h"

static const char *database_state(const struct worker *worker)
{
    const struct sql *sql = worker->config.sql;

    return !sql                      ? "none"
           : !sql_connected(sql)     ? "not connected"
           : worker->trouble_ms      ? "failing"
           : !sql_listening(sql)     ? "connected, polling"
           : worker_lock_key(worker) ? "connected, listening, lock held"
                                     : "connected, listening";
}

void worker_log_status(const struct worker *worker)
{
    const struct worker_counts *counts = &worker->counts;
    const struct service *stopped = services_first_stopped(engine_services(worker->engine));

    log_event(LOG_INFO, worker->stops > 0 ? "status: stopping" : "status",
              (struct log_field[]){
                  LOG_NUMBER_FIELD("running", engine_running(worker->engine)),
                  LOG_NUMBER_FIELD("free_slots", engine_free_slots(worker->engine)),
                  LOG_TEXT_FIELD("database", database_state(worker)),
                  LOG_TEXT_FIELD("stopped_service", stopped ? stopped->key : ""),
                  LOG_NUMBER_FIELD("completed", counts->completed),
                  LOG_NUMBER_FIELD("failed", counts->failed),
                  LOG_NUMBER_FIELD("retried", counts->retried),
                  LOG_NUMBER_FIELD("waited", counts->waited) },
              8);
    worker_log_services(worker);
}
