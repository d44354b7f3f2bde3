/* cmd_dashboard.c - darkroom dashboard: the dashboard without a worker. */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "app/dashboard_setup.h"
#include "app/database.h"
#include "app/log_settings.h"
#include "base/log.h"
#include "cli/command.h"
#include "io/stop_signals.h"

enum { TICK_MS = 1000 };

static volatile sig_atomic_t stop_requested;

static void request_stop(int number)
{
    (void)number;
    stop_requested = 1;
}

/* A database that is away is shown on the page; one that needs an operator ends the command. */
static bool check_database(const struct settings *settings, struct error *err)
{
    struct sql_session *session = database_open(settings, "dashboard", err);
    bool good = session || err->kind != ERROR_CONFIG;

    sql_close(session);
    return good;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct dashboard_setup setup = { 0 };
    struct database_url url;

    (void)argc;
    (void)argv;
    stop_signals_handle(request_stop);
    log_apply_settings(settings);
    if (!check_database(settings, err) || !database_url_of(settings, &url, err)) {
        return 0;
    }
    err->kind = ERROR_NONE;
    if (dashboard_setup_init(settings, &url, NULL, &setup, err) &&
        dashboard_setup_start(settings, NULL, &setup, err)) {
        while (!stop_requested) {
            dashboard_tick(setup.dashboard, false);
            poll(NULL, 0, TICK_MS); /* a signal ends it */
        }
    }
    dashboard_setup_close(&setup);
    database_url_free(&url);
    return 0;
}

static const char *const settings_taken[] = {
    DASHBOARD_SETTINGS,
    "daily-budget",
    "database-url",
    "supabase-url",
    "supabase-key",
    "store",
    "folder",
    "allow-loopback-fetch",
    "memory",
    "models",
    NETWORK_SETTINGS,
    "json",
    "log-format",
    "log-level",
    NULL,
};

const struct command command_dashboard = {
    .name = "dashboard",
    .arguments = "",
    .summary = "serve the page that shows queue, workers, services, spend and images, and batches "
               "to review",
    .examples = "  darkroom dashboard                    # http://127.0.0.1:8090\n"
                "  darkroom dashboard --listen 9000\n"
                "  darkroom work --listen 8090           # the same page, in a worker\n",
    .settings = settings_taken,
    .output = output_dashboard,
    .common = "listen database-url json",
    .run = run,
};
