/* runtime.c - creates and frees the components of a worker, in order of dependency. */
#include "app/runtime.h"

#include <sys/random.h>

#include "app/cut_out_model.h"
#include "app/image_processing.h"
#include "app/latency_profile.h"
#include "app/network.h"
#include "app/telemetry/process_metrics.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/http/http.h"
#include "io/perform.h"
#include "io/postgres/sql.h"
#include "jobs/engine/spool.h"
#include "queue/migrate.h"

enum { STATEMENT_MS = 60 * 1000 };

/* The key of the advisory lock that shows that this process lives. It is random, so no two workers
 * share it. */
static int64_t random_lock_key(void)
{
    int64_t key = 0;

    if (getrandom(&key, sizeof key, 0) != sizeof key) {
        key = clock_mono_us();
    }
    key &= INT64_MAX;
    return key ? key : 1;
}

bool runtime_prepare(const struct settings *settings, struct worker_setup *worker_setup,
                     const struct database_url *url, const volatile sig_atomic_t *stop,
                     struct error *err)
{
    struct sql_session *session = sql_open_stoppable(url, "darkroom", stop, err);
    bool good;
    int later;

    if (!session) {
        return false;
    }
    sql_limit_statements(session, STATEMENT_MS);
    good = migrate_check(session, &later, err);
    if (good && later > 0) {
        log_printf(LOG_INFO,
                   "the database has schema version %d of a later darkroom; this program "
                   "can use it",
                   later);
    }
    good = good &&
           spool_adopt(&worker_setup->spool_folder,
                       spool_takeover_ms(worker_setup->job_context.retry_base_ms), session, err) &&
           latency_profile_apply(settings, session, worker_setup, err);
    sql_close(session);
    return good;
}

bool runtime_open(const struct settings *settings, const struct worker_setup *worker_setup,
                  const struct database_url *url, struct worker_config config, struct runtime *out,
                  struct error *err)
{
    struct http_config http = { .trusted_origin = worker_setup->base_url,
                                .allow_loopback_fetch =
                                    setting_flag(settings, "allow-loopback-fetch") };
    struct sql_config sql = { .url = url,
                              .application_name = worker_setup->worker,
                              .channel = "darkroom_jobs",
                              .connections = (uint32_t)setting_int(settings, "db-connections") };

    *out = (struct runtime){ 0 };
    config.lock_key = random_lock_key();
    config.expects_polling = url->transaction_pooler;
    sql.lock_key = config.lock_key;
    if (!network_config(settings, &http, err) ||
        !(out->loop = loop_new((int)setting_int(settings, "pool-threads"), err)) ||
        !(out->http = http_new(out->loop, &http, err)) || !(out->sql = sql_new(out->loop, &sql))) {
        runtime_close(out);
        return false;
    }
    image_processing_start(settings, false);
    out->processes_images = true;
    if (!cut_out_model_start(settings, err)) {
        runtime_close(out);
        return false;
    }
    out->performer = perform_new(out->loop, out->http, out->sql);
    config.loop = out->loop;
    config.performer = out->performer;
    config.sql = out->sql;
    config.limits = worker_setup->limits;
    config.daily_budget_microusd = (int64_t)(setting_number(settings, "daily-budget") * 1e6);
    config.lease_ms = (uint32_t)setting_int(settings, "lease") * 1000;
    config.poll_ms = (uint32_t)setting_int(settings, "poll") * 1000;
    config.engine.performer = out->performer;
    config.engine.job_context = &worker_setup->job_context;
    config.engine.max_jobs = (int)setting_int(settings, "jobs");
    config.engine.max_calls_per_provider = (int)setting_int(settings, "concurrency");
    config.engine.initial_pause_ms = (uint32_t)setting_int(settings, "pause") * 1000;
    out->worker = worker_new(&config);
    out->metrics_timer = process_metrics_start(out->loop);
    return true;
}

void runtime_close(struct runtime *runtime)
{
    loop_timer_free(runtime->metrics_timer);
    if (runtime->worker) {
        worker_free(runtime->worker);
    }
    if (runtime->sql) {
        sql_free(runtime->sql);
    }
    if (runtime->http) {
        http_free(runtime->http);
    }
    if (runtime->performer) {
        perform_free(runtime->performer);
    }
    if (runtime->loop) {
        loop_free(runtime->loop);
    }
    if (runtime->processes_images) {
        cut_out_model_stop();
        image_processing_stop();
    }
    *runtime = (struct runtime){ 0 };
}
