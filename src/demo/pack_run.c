/* pack_run.c - makes product packs on this machine. It starts a private Postgres, creates the
 * application's tables and a paid order for each product, and runs the real worker. */
#include "demo/pack_run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/log_settings.h"
#include "app/runtime.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/memory.h"
#include "demo/pack_orders.h"
#include "demo/pack_progress.h"
#include "demo/pack_results.h"
#include "demo/private_postgres.h"
#include "demo/record.h"
#include "demo/run_folder.h"
#include "demo/run_settings.h"
#include "io/stop_signals.h"

enum { TICK_MS = 50, GRACE_MS = 25000 };

static volatile sig_atomic_t stop; /* the number of signals received */

struct pack_run {
    const struct pack_request *request;
    struct settings *settings; /* of the worker: with its own store and spool */
    struct run_folder run_folder;
    struct results_folder results_folder; /* of the run */
    struct private_postgres cluster;
    struct database_url url;
    struct worker_setup worker_setup;
    struct pack_progress progress;
    struct pack_orders orders;
    struct worker *worker;
    int stops; /* how many of the signals the worker knows */
    bool was_interrupted, over_budget;
    bool failed;    /* the worker ended early, with an error */
    cJSON *record;  /* of the last product */
    cJSON *seconds; /* durations of the parts, for the record */
    int64_t began_us, lap_us;
};

static void on_signal(int number)
{
    (void)number;
    stop++;
}

static void catch_signals(void)
{
    stop_signals_handle(on_signal);
    signal(SIGPIPE, SIG_IGN); /* so that a closed pipe does not prevent the cleanup */
}

static void record_duration(struct pack_run *run, const char *name)
{
    int64_t now = clock_mono_us();

    cJSON_AddNumberToObject(run->seconds, name, (double)((now - run->lap_us) / 1000) / 1000);
    run->lap_us = now;
}

/* A run with folders for its products has several, even if it is one. */
static bool has_several(const struct pack_request *request)
{
    return request->products[0].folder != NULL;
}

static int count_skipped(const struct pack_request *request)
{
    int count = 0;

    for (int i = 0; i < request->count; i++) {
        count += request->products[i].skip;
    }
    return count;
}

/* -- start ---------------------------------------------------------------------------------- */

static bool prepare(struct pack_run *run, struct error *err)
{
    const struct pack_request *request = run->request;

    if (!results_folder_open(&run->results_folder, request->out, err) ||
        !(request->identity
              ? run_folder_open(&run->run_folder, request->out, request->identity,
                                provider_find(setting_text(request->settings, "provider")), err)
              : run_folder_temporary(&run->run_folder, err)) ||
        !run_settings_load(request->settings, request->command, run->run_folder.folder,
                           &run->settings, err)) {
        return false;
    }
    log_apply_settings(run->settings);
    return (!request->log_to_file || run_folder_open_log(&run->run_folder, err)) &&
           worker_setup_init(run->settings, &run->worker_setup, err);
}

static bool start(struct pack_run *run, struct error *err)
{
    struct sql_session *session;
    bool good;

    pack_progress_phase(&run->progress, "Postgres", "starting a private server", false);
    if (!(run->run_folder.database[0]
              ? private_postgres_open(&run->cluster, run->run_folder.database, &stop, err)
              : private_postgres_start(&run->cluster, &stop, err))) {
        return false;
    }
    record_duration(run, "postgres");
    pack_progress_phase(&run->progress, "Postgres", "creating tables and an order", false);
    if (!database_url_read(run->cluster.url, &run->url, err)) {
        return false;
    }
    session = sql_open(&run->url, "darkroom", err);
    run->orders.request = run->request;
    run->orders.settings = run->settings;
    run->orders.worker_setup = &run->worker_setup;
    run->orders.run_folder = &run->run_folder;
    run->orders.progress = &run->progress;
    run->orders.stop = &stop;
    good = session && pack_orders_queue(&run->orders, session, err);
    sql_close(session);
    if (good) {
        pack_progress_phase(&run->progress, "Postgres", "\xe2\x9c\x93 private server", true);
        record_duration(run, "tables");
    }
    return good;
}

/* -- worker --------------------------------------------------------------------------------- */

/* Images of a model are paid for: the first signal lets running calls end within the grace period.
 * Those of this machine are given up at once. */
static void tick(void *context)
{
    struct pack_run *run = context;
    int64_t most = run->request->max_cost_microusd;
    int wanted = stop == 0 ? 0 : run->request->identity ? stop : 2;

    if (run->worker && most > 0 && worker_counts(run->worker)->cost_microusd >= most) {
        run->over_budget = true;
        wanted = wanted > 0 ? wanted : 1;
    }
    for (; run->worker && run->stops < wanted && run->stops < 2; run->stops++) {
        worker_stop(run->worker);
    }
    pack_progress_draw(&run->progress);
}

static bool work(struct pack_run *run, struct error *err)
{
    struct worker_config config = { .drain = true, .grace_ms = GRACE_MS };
    struct runtime runtime;
    struct loop_timer *timer;
    bool good;

    config.engine.callbacks = pack_progress_callbacks(&run->progress);
    if (run->request->identity &&
        !runtime_prepare(run->settings, &run->worker_setup, &run->url, &stop, err)) {
        return false;
    }
    if (!runtime_open(run->settings, &run->worker_setup, &run->url, config, &runtime, err)) {
        return false;
    }
    run->worker = runtime.worker;
    timer = loop_timer_new(runtime.loop, tick, run);
    loop_timer_start(timer, TICK_MS, TICK_MS);
    good = worker_run(runtime.worker, err);
    run->worker = NULL;
    loop_timer_free(timer);
    runtime_close(&runtime);
    record_duration(run, "jobs");
    return good;
}

/* -- results -------------------------------------------------------------------------------- */

static bool set(struct pack_run *run, const char *name, const char *value, struct error *err)
{
    return settings_set(run->settings, setting_row(name), value, err);
}

/* The marketplace and the SKU of a product are settings of its ZIP. The names of its files need a
 * letter or digit of ASCII, which the folder has. */
static bool set_product(struct pack_run *run, const struct pack_product *product, struct error *err)
{
    const char *marketplace = setting_text(run->request->settings, "marketplace");
    const char *sku = product->sku;

    if (!product->folder) {
        return true;
    }
    if (!strpbrk(sku, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        sku = product->folder;
    }
    return set(run, "marketplace", product->marketplace ? product->marketplace : marketplace,
               err) &&
           set(run, "sku", sku, err);
}

static bool write_product(struct pack_run *run, const struct pack_writer *writer, int number,
                          struct error *err)
{
    const struct pack_request *request = run->request;
    struct pack_product *product = &request->products[number];
    struct results_folder own = { 0 };
    struct order order = { 0 };
    char path[4200];
    bool good;

    cJSON_Delete(run->record);
    run->record = NULL;
    if (product->folder) {
        snprintf(path, sizeof path, "%s/%s", request->out, product->folder);
    }
    good = request->load(request->context, number, &order, err) && set_product(run, product, err) &&
           (!product->folder || results_folder_open(&own, path, err));
    order.project = run->orders.projects[number];
    good = good &&
           pack_results_write(writer, product, &order,
                              product->folder ? &own : &run->results_folder, &run->record, err);
    product->complete = good && demo_record_complete(run->record);
    good = good && (!product->complete || !product->folder ||
                    run_folder_end_project(&run->run_folder, product->folder, err));
    if (product->folder) {
        results_folder_close(&own);
    }
    request->unload(request->context, number);
    return good;
}

/* Writes the results of every product. One that fails does not hold back the others. */
static bool collect(struct pack_run *run, struct error *err)
{
    const struct pack_request *request = run->request;
    bool several = has_several(request);
    struct sql_session *session = sql_open(&run->url, "darkroom", err);
    struct pack_writer writer = { .request = request,
                                  .settings = run->settings,
                                  .worker_setup = &run->worker_setup,
                                  .session = session,
                                  .progress = several ? NULL : &run->progress.jobs,
                                  .seconds = several ? NULL : run->seconds,
                                  .began_us = run->began_us,
                                  .stop = &stop };
    char phase[80];
    bool good = session != NULL;

    for (int i = 0; i < request->count && good && !stop; i++) {
        struct pack_product *product = &request->products[i];

        product->complete = product->skip;
        if (product->skip || !run->orders.projects[i][0]) {
            continue;
        }
        snprintf(phase, sizeof phase, "writing images, page and ZIP: product %d of %d", i + 1,
                 request->count);
        pack_progress_phase(&run->progress, "album",
                            several ? phase : "drawing contact sheet and page", false);
        good = write_product(run, &writer, i, &product->fault);
        if (!good && several) {
            good = true;
        } else if (!good) {
            *err = product->fault;
        }
    }
    sql_close(session);
    if (good && !several) {
        demo_progress_end_packs(&run->progress.jobs, run->record);
    }
    if (good) {
        pack_progress_phase(&run->progress, "album", "\xe2\x9c\x93 done", true);
    }
    return good;
}

static bool all_complete(const struct pack_run *run)
{
    bool complete = true;

    for (int i = 0; i < run->request->count; i++) {
        complete = complete && run->request->products[i].complete;
    }
    return complete;
}

/* -- the run -------------------------------------------------------------------------------- */

/* Several products are worth seeing when the run is interrupted: the first signal ends the jobs,
 * and what is made is written. The next one ends that too. */
static bool is_cut_short(struct pack_run *run)
{
    if (!stop) {
        return false;
    }
    run->was_interrupted = true;
    if (!has_several(run->request) || stop > 1) {
        return true;
    }
    stop = 0;
    pack_progress_phase(&run->progress, "",
                        "interrupted; writing what is made (Ctrl-C again leaves that too)", false);
    return false;
}

/* Runs the worker and writes the results. Trouble that ends the worker does not hold back the packs
 * that are complete, if there are several. */
static bool make_packs(struct pack_run *run, struct error *err)
{
    struct error ignored;

    if (work(run, err)) {
        return !is_cut_short(run) && collect(run, err);
    }
    if (has_several(run->request) && !is_cut_short(run) && collect(run, &ignored)) {
        run->failed = true;
        return true;
    }
    return false;
}

/* Stops the server and removes what is not needed any more, after success and failure. */
static void clean_up(struct pack_run *run)
{
    pack_progress_end(&run->progress);
    private_postgres_stop(&run->cluster);
    worker_setup_free(&run->worker_setup);
    database_url_free(&run->url);
    settings_free(run->settings);
    run_folder_close(&run->run_folder, all_complete(run));
    free(run->orders.projects);
}

static void print_interrupted(const struct pack_run *run)
{
    if (run->request->identity) {
        fprintf(stderr,
                "darkroom: interrupted; run the same command again: it pays for nothing twice\n");
    } else {
        fprintf(stderr,
                "darkroom: interrupted; the server is stopped and temporary files are removed\n");
    }
}

static int end_run(struct pack_run *run, bool good, struct error *err)
{
    struct error ignored = { .kind = ERROR_NONE };
    int status = 0;

    if (good && !stop) {
        if (run->over_budget) {
            fprintf(
                stderr,
                "darkroom: stopped at --max-cost; the same command with a higher one continues\n");
        }
        status = run->request->print(run->request, &run->results_folder, run->record,
                                     run->failed ? &ignored : err);
        status = run->failed ? 0 : status;
    }
    if (stop || run->was_interrupted) {
        print_interrupted(run);
        *err = (struct error){ .kind = ERROR_NONE };
        status = EXIT_STATUS_INTERRUPTED;
    }
    return status; /* 0 after a failure: the kind of the error decides */
}

int pack_run(const struct pack_request *request, struct error *err)
{
    struct pack_run *run = xcalloc(1, sizeof *run);
    bool good = false;
    int status;

    run->request = request;
    run->run_folder.lock = -1;
    run->orders.projects = xcalloc((size_t)request->count, sizeof *run->orders.projects);
    run->seconds = cJSON_CreateObject();
    run->began_us = run->lap_us = clock_mono_us();
    catch_signals();
    if (prepare(run, err)) {
        pack_progress_begin(&run->progress, stderr, has_several(request), count_skipped(request));
        good = start(run, err) && make_packs(run, err);
    }
    clean_up(run);
    status = end_run(run, good, err);
    results_folder_close(&run->results_folder);
    cJSON_Delete(run->record);
    cJSON_Delete(run->seconds);
    free(run);
    return status;
}
