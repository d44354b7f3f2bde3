/* cmd_work.c - darkroom work: runs the worker. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/dashboard_setup.h"
#include "app/database.h"
#include "app/log_settings.h"
#include "app/runtime.h"
#include "app/telemetry/telemetry_setup.h"
#include "app/worker_setup.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "cli/command.h"
#include "io/log_writer.h"
#include "io/postgres/database_url.h"
#include "io/stop_signals.h"

/* Log lines that wait for a slow reader, and how long the end of the command waits for it. */
enum { LOG_WAITING_BYTES = 1 << 20, LOG_END_MS = 2000, TOTALS_END_MS = 10 * 1000 };

static volatile sig_atomic_t stop_requested;

/* A second signal returns running jobs at once; not a second SIGHUP, which a closing terminal may
 * send. */
static void on_signal(int number, void *context)
{
    if (number == SIGUSR1) {
        worker_log_status(context);
    } else if (number != SIGHUP || !worker_is_stopping(context)) {
        worker_stop(context);
    }
}

static void log_start(const struct settings *settings, const struct worker_setup *worker_setup,
                      const struct database_url *url)
{
    const struct job_context *job_context = &worker_setup->job_context;

    log_event(LOG_INFO, "darkroom " DARKROOM_VERSION " started",
              (struct log_field[]){
                  LOG_TEXT_FIELD("worker", job_context->worker),
                  LOG_TEXT_FIELD("database", url->shown),
                  LOG_TEXT_FIELD("database_from", setting_source(settings, "database-url")),
                  LOG_TEXT_FIELD("provider", job_context->image.provider->name),
                  LOG_TEXT_FIELD("image_model", job_context->image.model->id),
                  LOG_TEXT_FIELD("text_model", job_context->aplus.model->id),
                  LOG_TEXT_FIELD("store", job_context->store->name),
                  LOG_TEXT_FIELD("spool", job_context->spool),
                  LOG_NUMBER_FIELD("jobs", setting_int(settings, "jobs")) },
              9);
    if (!(job_context->image.model->tasks & TASK_EDIT)) {
        log_printf(LOG_WARNING,
                   "%s takes no photos, so it cannot show the seller's product: main images and "
                   "images with text are made from the photo alone, lifestyle images are refused. "
                   "`darkroom models` lists models that take photos.",
                   job_context->image.model->id);
    }
    if (url->notes[0]) {
        log_printf(LOG_WARNING, "database URL: %s", url->notes);
    }
    if (url->transaction_pooler) {
        log_printf(LOG_WARNING,
                   "the database is behind a transaction pooler: no notifications, jobs "
                   "are found by polling every %d s",
                   (int)setting_int(settings, "poll"));
    }
}

/* A reader that does not read must not keep the process. */
static void print_line(const char *line)
{
    struct log_writer *writer = log_writer_start(STDOUT_FILENO, LOG_WAITING_BYTES);

    if (writer) {
        (void)log_writer_add(writer, line);
        log_writer_stop(writer, TOTALS_END_MS);
    } else {
        puts(line);
    }
}

static int print_totals(const struct settings *settings, const struct worker_counts *counts)
{
    if (setting_flag(settings, "json")) {
        char line[300];

        snprintf(line, sizeof line,
                 "{\"event\":\"stopped\",\"completed\":%lld,\"failed\":%lld,\"retried\":%lld,"
                 "\"leasesLost\":%lld,\"returned\":%lld,\"refundedCredits\":%lld,"
                 "\"spentUsd\":%.6f}",
                 (long long)counts->completed, (long long)counts->failed,
                 (long long)counts->retried, (long long)counts->leases_lost,
                 (long long)counts->returned, (long long)counts->refunded_credits,
                 (double)counts->cost_microusd / 1e6);
        print_line(line);
    } else {
        log_event(LOG_INFO, "stopped",
                  (struct log_field[]){
                      LOG_NUMBER_FIELD("completed", counts->completed),
                      LOG_NUMBER_FIELD("failed", counts->failed),
                      LOG_NUMBER_FIELD("retried", counts->retried),
                      LOG_NUMBER_FIELD("returned", counts->returned),
                      LOG_NUMBER_FIELD("refunded_credits", counts->refunded_credits),
                      LOG_NUMBER_FIELD("cost_usd", (double)counts->cost_microusd / 1e6) },
                  6);
    }
    return counts->failed > 0 && setting_flag(settings, "drain") ? EXIT_STATUS_SOME_FAILED
                                                                 : EXIT_STATUS_OK;
}

/* Runs the worker, with the dashboard if one is set. Returns false if either failed. */
static bool run_worker(const struct settings *settings, const struct runtime *runtime,
                       struct dashboard_setup *dashboard, struct error *err)
{
    return (!setting_text(settings, "listen") ||
            dashboard_setup_start(settings, runtime, dashboard, err)) &&
           worker_run(runtime->worker, err);
}

static int work(const struct settings *settings, const struct worker_setup *worker_setup,
                const struct database_url *url, struct dashboard_setup *dashboard,
                struct error *err)
{
    struct telemetry_setup telemetry = { 0 };
    struct worker_config config = {
        .grace_ms = (uint32_t)setting_int(settings, "grace") * 1000,
        .drain = setting_flag(settings, "drain"),
        .engine.callbacks = telemetry_setup_callbacks(&telemetry),
    };
    struct worker_counts counts;
    struct runtime runtime;
    bool good;

    if (!runtime_open(settings, worker_setup, url, config, &runtime, err)) {
        return error_rule(err->kind)->exit_status;
    }
    loop_on_signal(runtime.loop, SIGUSR1, on_signal, runtime.worker);
    stop_signals_on_loop(runtime.loop, on_signal, runtime.worker);
    log_start(settings, worker_setup, url);
    if (stop_requested) {
        worker_stop(runtime.worker);
    }
    good = telemetry_setup_start(settings, &runtime, worker_setup->worker, &telemetry, err) &&
           run_worker(settings, &runtime, dashboard, err);
    telemetry_setup_stop(&telemetry);
    stop_signals_block();
    dashboard_setup_close(dashboard);
    counts = *worker_counts(runtime.worker);
    runtime_close(&runtime);
    return good ? print_totals(settings, &counts) : error_rule(err->kind)->exit_status;
}

static void request_stop(int number)
{
    (void)number;
    stop_requested = 1;
}

/* -- waiting for the database ------------------------------------------------------------------ */

enum { PAUSE_FIRST_MS = 100, PAUSE_LAST_MS = 2000, LOG_CHANGE_US = 10000000, LOG_US = 300000000 };

struct wait_for_database {
    uint32_t pause_ms; /* 0: did not wait yet */
    int64_t began_us, logged_us;
    char logged[sizeof((struct error *)0)->text]; /* the reason in the log */
};

/* Logs the first failure at once, another reason after ten seconds, the same one every five
 * minutes. */
static void log_wait(struct wait_for_database *wait, const struct error *why)
{
    int64_t now_us = clock_mono_us(), since_us = now_us - wait->logged_us;

    if (wait->pause_ms == 0) {
        wait->began_us = now_us;
    } else if (since_us < LOG_CHANGE_US ||
               (since_us < LOG_US && strcmp(wait->logged, why->text) == 0)) {
        return;
    }
    wait->logged_us = now_us;
    snprintf(wait->logged, sizeof wait->logged, "%s", why->text);
    log_event(LOG_WARNING, "the database cannot be used; the start waits for it",
              (struct log_field[]){
                  LOG_TEXT_FIELD("why", why->text), LOG_TEXT_FIELD("hint", why->hint),
                  LOG_NUMBER_FIELD("waited_seconds", (now_us - wait->began_us) / 1000000) },
              3);
}

/* Returns false if the worker must stop. */
static bool pause_start(struct wait_for_database *wait)
{
    struct timespec pause;

    wait->pause_ms = wait->pause_ms ? wait->pause_ms * 2 : PAUSE_FIRST_MS;
    wait->pause_ms = wait->pause_ms < PAUSE_LAST_MS ? wait->pause_ms : PAUSE_LAST_MS;
    pause = (struct timespec){ .tv_sec = wait->pause_ms / 1000,
                               .tv_nsec = (long)(wait->pause_ms % 1000) * 1000000 };
    if (!stop_requested) {
        nanosleep(&pause, NULL);
    }
    return !stop_requested;
}

/* Every other failure may pass by itself. */
static bool needs_operator(const struct error *err)
{
    return err->kind == ERROR_CONFIG || err->kind == ERROR_INPUT;
}

/* Waits until the database can be used: only what an operator must fix ends a start. */
static bool prepare(const struct settings *settings, struct worker_setup *worker_setup,
                    const struct database_url *url, struct error *err)
{
    struct wait_for_database wait = { 0 };

    while (!runtime_prepare(settings, worker_setup, url, &stop_requested, err)) {
        if (needs_operator(err)) {
            return false;
        }
        if (err->kind != ERROR_STOPPED) {
            log_wait(&wait, err);
        }
        if (!pause_start(&wait)) {
            return error_set(err, ERROR_STOPPED, "stopped while waiting for the database");
        }
    }
    if (wait.pause_ms > 0) {
        log_printf(LOG_INFO, "the database can be used");
        *err = (struct error){ .kind = ERROR_NONE };
    }
    return true;
}

/* -- the command ------------------------------------------------------------------------------- */

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct database_url url;
    struct worker_setup worker_setup;
    struct dashboard_setup dashboard = { 0 };
    struct log_writer *log_writer;
    int status = 0;

    (void)argc;
    (void)argv;
    signal(SIGUSR1, SIG_IGN);
    /* Without handlers, the first process of a container would ignore these signals. */
    stop_signals_handle(request_stop);
    log_apply_settings(settings);
    if (!database_url_of(settings, &url, err)) {
        return 0;
    }
    log_writer = log_writer_start(STDERR_FILENO, LOG_WAITING_BYTES);
    if (log_writer) {
        log_writer_attach(log_writer);
    }
    if (worker_setup_init(settings, &worker_setup, err) &&
        (!setting_text(settings, "listen") ||
         dashboard_setup_init(settings, &url, &worker_setup, &dashboard, err)) &&
        prepare(settings, &worker_setup, &url, err)) {
        status = work(settings, &worker_setup, &url, &dashboard, err);
    }
    dashboard_setup_close(&dashboard);
    if (err->kind == ERROR_STOPPED) {
        log_printf(LOG_INFO, "%s", err->text);
        *err = (struct error){ .kind = ERROR_NONE };
    }
    worker_setup_free(&worker_setup);
    database_url_free(&url);
    log_writer_stop(log_writer, LOG_END_MS);
    return status;
}

static const char *const settings_taken[] = {
    "drain", WORKER_SETTINGS, DASHBOARD_SETTINGS, TELEMETRY_SETTINGS, "json", NULL
};

const struct command command_work = {
    .name = "work",
    .arguments = "",
    .summary = "run the worker: claim jobs, make images and text, store the results",
    .examples = "  darkroom work                         # until SIGTERM\n"
                "  darkroom work --drain                 # until the queue is empty\n"
                "  darkroom work --listen 8090           # with the dashboard\n"
                "  darkroom work --provider offline --store folder --folder out --drain\n",
    .settings = settings_taken,
    .output = output_work,
    .common = "drain database-url provider store jobs concurrency listen log-level json",
    .run = run,
};
