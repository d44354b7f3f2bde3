/* pack_run.c - makes a product pack on this machine. It starts a private Postgres, creates the
 * application's tables and a paid order, and runs the real worker. */
#include "demo/pack_run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/log_settings.h"
#include "app/program_path.h"
#include "app/runtime.h"
#include "app/worker_setup.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/json.h"
#include "base/memory.h"
#include "demo/album.h"
#include "demo/demo_progress.h"
#include "demo/demo_summary.h"
#include "demo/private_postgres.h"
#include "demo/record.h"
#include "demo/results_folder.h"
#include "demo/run_folder.h"
#include "queue/migrate.h"
#include "term/table.h"

enum { PAGE_BYTES = 8 << 20, TICK_MS = 50, GRACE_MS = 25000 };

static volatile sig_atomic_t stop; /* the number of signals received */

struct pack_run {
    const struct pack_request *request;
    struct settings *settings; /* of the worker: with its own store and spool */
    struct run_folder run_folder;
    struct results_folder results_folder;
    struct private_postgres cluster;
    struct database_url url;
    struct worker_setup worker_setup;
    struct demo_progress watch;
    struct worker *worker;
    int stops; /* how many of the signals the worker knows */
    cJSON *record;
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
    struct sigaction action = { .sa_handler = on_signal };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* so that a closed pipe does not prevent the cleanup */
}

static void record_duration(struct pack_run *run, const char *name)
{
    int64_t now = clock_mono_us();

    cJSON_AddNumberToObject(run->seconds, name, (double)((now - run->lap_us) / 1000) / 1000);
    run->lap_us = now;
}

/* -- settings ------------------------------------------------------------------------------- */

static bool set(struct pack_run *run, const char *name, const char *value, struct error *err)
{
    return settings_set(run->settings, setting_row(name), value, err);
}

/* Makes the run's own settings: those of the command, with a store and a spool of its own. The
 * table of settings keeps models, stores and databases of the environment out, so that a demo costs
 * nothing unless a flag selects a provider. */
static bool load_settings(struct pack_run *run, struct error *err)
{
    const struct pack_request *request = run->request;
    const struct settings_sources from = { .environment = (const char *const *)environ,
                                           .folder = ".",
                                           .command = request->command };
    char store[4200], spool[4200];

    snprintf(store, sizeof store, "%s/store", run->run_folder.folder);
    snprintf(spool, sizeof spool, "%s/spool", run->run_folder.folder);
    if (!settings_load(&from, &run->settings, err)) {
        return false;
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        if (strcmp(setting_source(request->settings, row->name), "flag") == 0 &&
            !settings_set(run->settings, row, setting_text(request->settings, row->name), err)) {
            return false;
        }
    }
    return set(run, "store", "folder", err) && set(run, "folder", store, err) &&
           set(run, "spool", spool, err);
}

static bool prepare(struct pack_run *run, struct error *err)
{
    const struct pack_request *request = run->request;

    if (!results_folder_open(&run->results_folder, request->out, err) ||
        !(request->identity
              ? run_folder_open(&run->run_folder, request->out, request->identity, err)
              : run_folder_temporary(&run->run_folder, err)) ||
        !load_settings(run, err)) {
        return false;
    }
    log_apply_settings(run->settings);
    return worker_setup_init(run->settings, &run->worker_setup, err);
}

/* -- order and worker ----------------------------------------------------------------------- */

/* Returns whether to make images of A+ modules: by default only if they cost nothing. */
static bool makes_module_images(const struct pack_run *run)
{
    if (strcmp(setting_source(run->settings, "module-images"), "flag") == 0) {
        return setting_flag(run->settings, "module-images");
    }
    return run->worker_setup.job_context.image.provider->local;
}

static bool has_tables(struct sql_session *session, bool *yes, struct error *err)
{
    struct blob value = { 0 };
    bool good = sql_query(session, "select (to_regclass('job_queue') is not null)::text", 0, NULL,
                          &value, err);

    *yes = good && strcmp((const char *)value.data, "true") == 0;
    blob_free(&value);
    return good;
}

/* Queues the order, or what an earlier run has left of it. */
static bool queue_order(struct pack_run *run, struct sql_session *session, struct error *err)
{
    struct order order = *run->request->order;
    struct migration_report report;
    bool exists;
    int open = -1;

    order.module_images = makes_module_images(run);
    if (!has_tables(session, &exists, err) || (!exists && !order_create_tables(session, err)) ||
        !migrate(session, NULL, &report, err)) {
        return false;
    }
    if (exists && !order_continue(session, &order, &open, err)) {
        return false;
    }
    return open >= 0 ||
           order_insert(session, &run->worker_setup.job_context.store_target, &order, err);
}

static bool start(struct pack_run *run, struct error *err)
{
    struct sql_session *session;
    bool good;

    demo_progress_set_row(&run->watch, "Postgres", "starting a private server", false);
    if (!(run->run_folder.database[0]
              ? private_postgres_open(&run->cluster, run->run_folder.database, &stop, err)
              : private_postgres_start(&run->cluster, &stop, err))) {
        return false;
    }
    record_duration(run, "postgres");
    demo_progress_set_row(&run->watch, "Postgres", "creating tables and an order", false);
    if (!database_url_read(run->cluster.url, &run->url, err)) {
        return false;
    }
    session = sql_open(&run->url, "darkroom", err);
    good = session && queue_order(run, session, err);
    sql_close(session);
    if (good) {
        demo_progress_set_row(&run->watch, "Postgres",
                              "\xe2\x9c\x93 private server, one paid order", true);
        record_duration(run, "tables");
    }
    return good;
}

/* Images of a model are paid for: the first signal lets running calls end within the grace period.
 * Those of this machine are given up at once. */
static void tick(void *context)
{
    struct pack_run *run = context;
    int wanted = stop == 0 ? 0 : run->request->identity ? stop : 2;

    for (; run->worker && run->stops < wanted && run->stops < 2; run->stops++) {
        worker_stop(run->worker);
    }
    demo_progress_draw(&run->watch);
}

static bool work(struct pack_run *run, struct error *err)
{
    struct worker_config config = { .drain = true,
                                    .grace_ms = GRACE_MS,
                                    .engine.callbacks = demo_progress_callbacks(&run->watch) };
    struct runtime runtime;
    struct loop_timer *timer;
    bool good;

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

static void add_origin(struct pack_run *run)
{
    const struct job_context *job_context = &run->worker_setup.job_context;
    cJSON *made = cJSON_AddObjectToObject(run->record, "made");

    cJSON_AddStringToObject(made, "provider", job_context->image.provider->name);
    cJSON_AddStringToObject(made, "imageModel", job_context->image.model->id);
    cJSON_AddStringToObject(made, "textModel", job_context->aplus.model->id);
    cJSON_AddStringToObject(made, "marketplace", job_context->marketplace);
    cJSON_AddStringToObject(made, "version", DARKROOM_VERSION);
}

static bool save_album(struct pack_run *run, struct error *err)
{
    struct results_folder *results_folder = &run->results_folder;
    struct blob sheet;
    struct text page;
    bool good;

    if (!album_contact_sheet(run->record, results_folder->path, &sheet, err)) {
        return false;
    }
    good = results_folder_put(results_folder, "contact-sheet.png", sheet.data, sheet.size, err);
    blob_free(&sheet);
    text_begin(&page, PAGE_BYTES);
    good = good && album_page(run->record, &page, err) &&
           results_folder_put(results_folder, "index.html", page.data, page.size, err);
    text_end(&page);
    return good;
}

/* Writes the record beside the images: it shows later whether the pack is complete. */
static bool save_record(struct pack_run *run, struct error *err)
{
    char *text;
    bool good;

    cJSON_AddStringToObject(run->record, "folder", run->results_folder.path);
    cJSON_AddBoolToObject(run->record, "complete", demo_record_complete(run->record));
    if (run->request->identity) {
        cJSON_AddStringToObject(run->record, "photos", run->request->identity);
        cJSON_AddStringToObject(run->record, "inputs", run->request->inputs);
    }
    text = cJSON_Print(run->record);
    good = results_folder_put(&run->results_folder, PACK_RECORD_NAME, text, strlen(text), err);
    cJSON_free(text);
    return good;
}

/* Writes everything into the folder of the results, while the database is there. */
static bool write_results(struct pack_run *run, struct sql_session *session, struct error *err)
{
    const struct pack_request *request = run->request;
    struct pack_results results = { .settings = run->settings,
                                    .session = session,
                                    .project = request->order->project,
                                    .folder = &run->results_folder,
                                    .record = run->record,
                                    .stop = &stop };

    return results_folder_clear(&run->results_folder, err) &&
           demo_record_export(run->record, &run->worker_setup.job_context.store_target,
                              request->order, &run->results_folder, err) &&
           save_album(run, err) && (!request->finish || request->finish(&results, err));
}

static bool collect(struct pack_run *run, struct error *err)
{
    struct sql_session *session = sql_open(&run->url, "darkroom", err);
    bool good =
        session && demo_record_read(session, run->request->order->project, &run->record, err);

    if (good) {
        demo_progress_end_packs(&run->watch, run->record);
        demo_progress_set_row(&run->watch, "album", "drawing contact sheet and page", false);
        demo_progress_add_steps(&run->watch, run->record);
        add_origin(run);
        cJSON_AddItemReferenceToObject(run->record, "seconds", run->seconds);
        good = write_results(run, session, err);
    }
    sql_close(session);
    if (!good) {
        return false;
    }
    demo_progress_set_row(&run->watch, "album", "\xe2\x9c\x93 done", true);
    record_duration(run, "album");
    run->lap_us = run->began_us;
    record_duration(run, "total");
    return save_record(run, err);
}

static int print_result(const struct pack_run *run)
{
    bool complete = demo_record_complete(run->record);
    char program[1000];

    if (setting_flag(run->request->settings, "json")) {
        table_json(stdout, run->record);
    } else {
        program_path(program, sizeof program);
        demo_summary_print(run->record, run->results_folder.path, program,
                           run->request->identity == NULL);
    }
    return complete ? EXIT_STATUS_OK : EXIT_STATUS_SOME_FAILED;
}

/* Stops the server and removes what is not needed any more, after success and failure. */
static void clean_up(struct pack_run *run)
{
    demo_progress_end(&run->watch);
    private_postgres_stop(&run->cluster);
    worker_setup_free(&run->worker_setup);
    database_url_free(&run->url);
    settings_free(run->settings);
    run_folder_close(&run->run_folder, run->record && demo_record_complete(run->record));
}

static void print_interrupted(const struct pack_run *run)
{
    if (run->request->identity) {
        fprintf(stderr, "darkroom: interrupted; run the same command again to continue: what is "
                        "paid for is kept\n");
    } else {
        fprintf(stderr,
                "darkroom: interrupted; the server is stopped and temporary files are removed\n");
    }
}

int pack_run(const struct pack_request *request, struct error *err)
{
    struct pack_run *run = xcalloc(1, sizeof *run);
    int status = 1;

    run->request = request;
    run->run_folder.lock = -1;
    run->seconds = cJSON_CreateObject();
    run->began_us = run->lap_us = clock_mono_us();
    catch_signals();
    if (prepare(run, err)) {
        demo_progress_begin(&run->watch, stderr);
        status = start(run, err) && work(run, err) && !stop && collect(run, err) ? 0 : 1;
    }
    clean_up(run);
    if (stop) {
        print_interrupted(run);
        *err = (struct error){ .kind = ERROR_NONE };
        status = EXIT_STATUS_INTERRUPTED;
    } else if (status == 0) {
        status = print_result(run);
    } else {
        status = 0; /* the kind of the error decides */
    }
    results_folder_close(&run->results_folder);
    cJSON_Delete(run->record);
    cJSON_Delete(run->seconds);
    free(run);
    return status;
}
