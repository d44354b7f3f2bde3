/* cmd_demo.c - darkroom demo: makes a product pack on this machine. It starts a private Postgres,
 * creates the application's tables and a paid order, and runs the real worker. */
#include <errno.h>
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
#include "cli/command.h"
#include "demo/album.h"
#include "demo/demo_order.h"
#include "demo/demo_progress.h"
#include "demo/demo_summary.h"
#include "demo/private_postgres.h"
#include "demo/record.h"
#include "demo/results_folder.h"
#include "io/file.h"
#include "queue/migrate.h"
#include "term/table.h"

enum { PAGE_BYTES = 8 << 20, TICK_MS = 50 };

static volatile sig_atomic_t stop; /* the signal received, or 0 */

struct demo {
    const struct settings *command_settings; /* as given to the command */
    struct settings *settings;               /* of the worker: with a temporary store and spool */
    char folder[400];                        /* temporary, for store and spool */
    struct results_folder results_folder;
    struct private_postgres cluster;
    struct database_url url;
    struct worker_setup worker_setup;
    struct demo_progress watch;
    struct worker *worker;
    cJSON *record;
    cJSON *seconds; /* durations of the parts, for the record */
    int64_t lap_us;
};

static void on_signal(int number)
{
    stop = number;
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* so that a closed pipe does not prevent the cleanup */
}

static void record_duration(struct demo *demo, const char *name)
{
    int64_t now = clock_mono_us();

    cJSON_AddNumberToObject(demo->seconds, name, (double)((now - demo->lap_us) / 1000) / 1000);
    demo->lap_us = now;
}

/* -- settings ------------------------------------------------------------------------------- */

static bool set(struct demo *demo, const char *name, const char *value, struct error *err)
{
    return settings_set(demo->settings, setting_row(name), value, err);
}

/* Makes the demo's own settings: those of the command, with a temporary store and spool. The table
 * of settings keeps models, stores and databases of the environment out of the demo, so that it
 * costs nothing unless a flag selects a provider. */
static bool load_settings(struct demo *demo, struct error *err)
{
    const struct settings_sources from = { .environment = (const char *const *)environ,
                                           .folder = ".",
                                           .command = "demo" };
    char store[420], spool[420];

    snprintf(store, sizeof store, "%s/store", demo->folder);
    snprintf(spool, sizeof spool, "%s/spool", demo->folder);
    if (!settings_load(&from, &demo->settings, err)) {
        return false;
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        if (strcmp(setting_source(demo->command_settings, row->name), "flag") == 0 &&
            !settings_set(demo->settings, row, setting_text(demo->command_settings, row->name),
                          err)) {
            return false;
        }
    }
    return set(demo, "store", "folder", err) && set(demo, "folder", store, err) &&
           set(demo, "spool", spool, err);
}

static bool prepare(struct demo *demo, struct error *err)
{
    const char *out = setting_text(demo->command_settings, "out"), *temporary = getenv("TMPDIR");

    if (!results_folder_open(&demo->results_folder, out, err)) {
        return false;
    }
    snprintf(demo->folder, sizeof demo->folder, "%.300s/darkroom-demo-XXXXXX",
             temporary && temporary[0] == '/' ? temporary : "/tmp");
    if (!mkdtemp(demo->folder)) {
        error_set(err, ERROR_INTERNAL, "cannot create '%s': %s", demo->folder, strerror(errno));
        demo->folder[0] = '\0';
        return false;
    }
    if (!load_settings(demo, err)) {
        return false;
    }
    log_apply_settings(demo->settings);
    return worker_setup_init(demo->settings, &demo->worker_setup, err);
}

/* -- order and worker ----------------------------------------------------------------------- */

/* Returns whether to make images of A+ modules: by default only if they cost nothing. */
static bool makes_module_images(const struct demo *demo)
{
    if (strcmp(setting_source(demo->settings, "module-images"), "flag") == 0) {
        return setting_flag(demo->settings, "module-images");
    }
    return demo->worker_setup.job_context.image.provider->local;
}

static bool queue_order(struct demo *demo, struct sql_session *session, struct error *err)
{
    struct migration_report report;
    return demo_order_create_tables(session, err) && migrate(session, NULL, &report, err) &&
           demo_order_insert(session, &demo->worker_setup.job_context.store_target,
                             makes_module_images(demo), err);
}

static bool start(struct demo *demo, struct error *err)
{
    struct sql_session *session;
    bool good;

    demo_progress_set_row(&demo->watch, "Postgres", "starting a private server", false);
    if (!private_postgres_start(&demo->cluster, &stop, err)) {
        return false;
    }
    record_duration(demo, "postgres");
    demo_progress_set_row(&demo->watch, "Postgres", "creating tables and an order", false);
    if (!database_url_read(demo->cluster.url, &demo->url, err)) {
        return false;
    }
    session = sql_open(&demo->url, "darkroom demo", err);
    good = session && queue_order(demo, session, err);
    sql_close(session);
    if (good) {
        demo_progress_set_row(&demo->watch, "Postgres",
                              "\xe2\x9c\x93 private server, one paid order", true);
        record_duration(demo, "tables");
    }
    return good;
}

static void tick(void *context)
{
    struct demo *demo = context;

    if (stop && demo->worker) {
        worker_stop(demo->worker); /* without a grace period: the database stops too */
        demo->worker = NULL;
    }
    demo_progress_draw(&demo->watch);
}

static bool work(struct demo *demo, struct error *err)
{
    struct worker_config config = { .drain = true,
                                    .engine.callbacks = demo_progress_callbacks(&demo->watch) };
    struct runtime runtime;
    struct loop_timer *timer;
    bool good;

    if (!runtime_open(demo->settings, &demo->worker_setup, &demo->url, config, &runtime, err)) {
        return false;
    }
    demo->worker = runtime.worker;
    timer = loop_timer_new(runtime.loop, tick, demo);
    loop_timer_start(timer, TICK_MS, TICK_MS);
    good = worker_run(runtime.worker, err);
    demo->worker = NULL;
    loop_timer_free(timer);
    runtime_close(&runtime);
    record_duration(demo, "jobs");
    return good;
}

/* -- results -------------------------------------------------------------------------------- */

static void add_origin(struct demo *demo)
{
    const struct job_context *job_context = &demo->worker_setup.job_context;
    cJSON *made = cJSON_AddObjectToObject(demo->record, "made");

    cJSON_AddStringToObject(made, "provider", job_context->image.provider->name);
    cJSON_AddStringToObject(made, "imageModel", job_context->image.model->id);
    cJSON_AddStringToObject(made, "textModel", job_context->aplus.model->id);
    cJSON_AddStringToObject(made, "marketplace", job_context->marketplace);
    cJSON_AddStringToObject(made, "version", DARKROOM_VERSION);
}

static bool save_album(struct demo *demo, struct error *err)
{
    struct results_folder *results_folder = &demo->results_folder;
    struct blob sheet;
    struct text page;
    bool good;

    if (!album_contact_sheet(demo->record, results_folder->path, &sheet, err)) {
        return false;
    }
    good = results_folder_put(results_folder, "contact-sheet.png", sheet.data, sheet.size, err);
    blob_free(&sheet);
    text_begin(&page, PAGE_BYTES);
    good = good && album_page(demo->record, &page, err) &&
           results_folder_put(results_folder, "index.html", page.data, page.size, err);
    text_end(&page);
    return good;
}

static bool collect(struct demo *demo, struct error *err)
{
    struct sql_session *session = sql_open(&demo->url, "darkroom demo", err);
    bool good = session && demo_record_read(session, &demo->record, err);

    sql_close(session);
    if (!good) {
        return false;
    }
    demo_progress_end_packs(&demo->watch, demo->record);
    demo_progress_set_row(&demo->watch, "album", "drawing contact sheet and page", false);
    demo_progress_add_steps(&demo->watch, demo->record);
    add_origin(demo);
    cJSON_AddItemReferenceToObject(demo->record, "seconds", demo->seconds);
    if (!results_folder_clear(&demo->results_folder, err) ||
        !demo_record_export(demo->record, &demo->worker_setup.job_context.store_target,
                            &demo->results_folder, err) ||
        !save_album(demo, err)) {
        return false;
    }
    demo_progress_set_row(&demo->watch, "album", "\xe2\x9c\x93 done", true);
    record_duration(demo, "album");
    return true;
}

static int print_result(struct demo *demo)
{
    bool complete = demo_record_complete(demo->record);
    char program[1000];

    cJSON_AddStringToObject(demo->record, "folder", demo->results_folder.path);
    cJSON_AddBoolToObject(demo->record, "complete", complete);
    if (setting_flag(demo->command_settings, "json")) {
        table_json(stdout, demo->record);
    } else {
        program_path(program, sizeof program);
        demo_summary_print(demo->record, demo->results_folder.path, program);
    }
    return complete ? EXIT_STATUS_OK : EXIT_STATUS_SOME_FAILED;
}

/* Stops the server and removes the temporary folder, after success and failure. */
static void clean_up(struct demo *demo)
{
    struct error ignored;

    demo_progress_end(&demo->watch);
    private_postgres_stop(&demo->cluster);
    worker_setup_free(&demo->worker_setup);
    database_url_free(&demo->url);
    settings_free(demo->settings);
    if (demo->folder[0] && !folder_remove(demo->folder, &ignored)) {
        fprintf(stderr, "darkroom: %s\n", ignored.text);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct demo *demo = xcalloc(1, sizeof *demo);
    int64_t began_us = clock_mono_us();
    int status = 1;

    (void)argc;
    (void)argv;
    demo->command_settings = settings;
    demo->seconds = cJSON_CreateObject();
    demo->lap_us = began_us;
    catch_signals();
    if (prepare(demo, err)) {
        demo_progress_begin(&demo->watch, stderr);
        status = start(demo, err) && work(demo, err) && !stop && collect(demo, err) ? 0 : 1;
    }
    clean_up(demo);
    if (stop) {
        fprintf(stderr,
                "darkroom: interrupted; the server is stopped and temporary files are removed\n");
        *err = (struct error){ .kind = ERROR_NONE };
        status = EXIT_STATUS_INTERRUPTED;
    } else if (status == 0) {
        demo->lap_us = began_us;
        record_duration(demo, "total");
        status = print_result(demo);
    } else {
        status = 0; /* the kind of the error decides */
    }
    results_folder_close(&demo->results_folder);
    cJSON_Delete(demo->record);
    cJSON_Delete(demo->seconds);
    free(demo);
    return status;
}

static const char *const settings_taken[] = {
    "out",
    "module-images",
    "provider",
    "text-provider",
    "image-model",
    "text-model",
    "features-model",
    "quality",
    "marketplace",
    "main-image",
    CUT_OUT_MODEL_SETTINGS,
    PROVIDER_SETTINGS,
    NETWORK_SETTINGS,
    "prompts",
    "models",
    "rules",
    "jobs",
    "concurrency",
    "pool-threads",
    "log-level",
    "json",
    "color",
    NULL,
};

const struct command command_demo = {
    .name = "demo",
    .arguments = "",
    .summary = "make a complete product pack on this machine, without API keys or network",
    .examples = "  darkroom demo                                  # placeholder images, no cost\n"
                "  darkroom demo --no-module-images --out album\n"
                "  darkroom demo --provider openai --quality low  # real models: OPENAI_API_KEY\n",
    .settings = settings_taken,
    .common = "out provider quality marketplace module-images json",
    .run = run,
};
