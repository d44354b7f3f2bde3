/* dashboard_setup.c - reads the dashboard's settings, starts it, and keeps it going. */
#include "app/dashboard_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/data_files.h"
#include "app/image_processing.h"
#include "base/log.h"
#include "io/file.h"
#include "telemetry/metrics.h"

enum { TICK_MS = 1000, TOKEN_FILE_BYTES = 4096 };

static bool read_token_file(const char *path, struct secret **out, struct error *err)
{
    struct blob content;
    char text[TOKEN_FILE_BYTES + 1];

    if (!file_read(path, TOKEN_FILE_BYTES, &content, NULL, err)) {
        return false;
    }
    memcpy(text, content.data, content.size);
    text[content.size] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    *out = secret_new(text);
    explicit_bzero(text, sizeof text);
    explicit_bzero(content.data, content.size);
    blob_free(&content);
    return true;
}

/* From the file, the setting, or a random one. */
static bool find_token(const struct settings *settings, struct dashboard_setup *setup,
                       struct error *err)
{
    const char *file = setting_text(settings, "token-file");
    const struct secret *secret = setting_secret(settings, "dashboard-token");

    if (file) {
        if (!read_token_file(file, &setup->secret, err)) {
            return false;
        }
        secret = setup->secret;
    } else if (!secret_is_set(secret)) {
        if (!access_token_random(setup->random, err)) {
            return false;
        }
        secret = setup->secret = secret_new(setup->random);
    }
    return access_token_of(secret, &setup->token, err);
}

bool dashboard_setup_init(const struct settings *settings, const struct database_url *url,
                          const struct worker_setup *worker_setup, struct dashboard_setup *out,
                          struct error *err)
{
    struct dashboard_config *config = &out->config;

    *out = (struct dashboard_setup){ 0 };
    config->token = &out->token;
    config->url = url;
    config->hosts = setting_text(settings, "dashboard-host");
    config->open_metrics = setting_flag(settings, "open-metrics");
    config->daily_budget_usd = setting_number(settings, "daily-budget");
    config->image_url[0] = setting_text(settings, "supabase-url");
    config->image_url[1] = setting_text(settings, "public-supabase-url");
    config->folder = setting_text(settings, "folder");
    if (worker_setup) {
        config->catalog = worker_setup->catalog;
        config->worker = worker_setup->worker;
        config->provider = worker_setup->job_context.image.provider->name;
    } else if (catalog_from_settings(settings, &out->catalog, err)) {
        config->catalog = out->catalog;
    } else {
        return false;
    }
    return listen_address_read(setting_text(settings, "listen"), &config->address, err) &&
           find_token(settings, out, err);
}

/* On standard output, which has no log lines: a log may be read by many. */
static void print_url(const struct settings *settings, const struct dashboard_setup *setup)
{
    bool json = setting_flag(settings, "json");

    printf(json ? "{\"event\":\"listening\",\"url\":\"http://%s:%d/%s%s\"}\n"
                : "Dashboard: http://%s:%d/%s%s\n",
           setup->config.address.host, dashboard_port(setup->dashboard),
           setup->random[0] ? "?token=" : "", setup->random);
    fflush(stdout);
}

static void tick(void *context)
{
    const struct dashboard_setup *setup = context;

    dashboard_tick(setup->dashboard, worker_is_stopping(setup->runtime->worker));
}

/* Without access to the store browsers load the images themselves, as far as they are public. */
static void open_store(const struct settings *settings, struct dashboard_setup *setup)
{
    struct error err;

    if (!store_client_open(settings, &setup->store_client, &err)) {
        store_client_close(&setup->store_client);
        log_event(LOG_INFO, "the dashboard makes no thumbnails",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", err.text),
                                        LOG_TEXT_FIELD("hint", err.hint) },
                  2);
        return;
    }
    setup->thumbnails = store_client_thumbnails(&setup->store_client);
    setup->config.thumbnails = &setup->thumbnails;
    image_processing_start(settings, false);
    setup->processes_images = true;
}

bool dashboard_setup_start(const struct settings *settings, const struct runtime *runtime,
                           struct dashboard_setup *setup, struct error *err)
{
    open_store(settings, setup);
    if (!dashboard_start(&setup->config, &setup->dashboard, err)) {
        return false;
    }
    metric_set(METRIC_BUILD_INFO, METRIC_VALUES(DARKROOM_VERSION), 1);
    if (runtime) {
        setup->runtime = runtime;
        setup->timer = loop_timer_new(runtime->loop, tick, setup);
        loop_timer_start(setup->timer, TICK_MS, TICK_MS);
    }
    if (!setup->config.address.loopback) {
        log_printf(LOG_WARNING, "the dashboard listens on an address that other machines reach: it "
                                "does not encrypt, so use it behind a proxy with TLS or a tunnel");
    }
    print_url(settings, setup);
    return true;
}

void dashboard_setup_close(struct dashboard_setup *setup)
{
    if (setup->timer) {
        loop_timer_free(setup->timer);
    }
    dashboard_stop(setup->dashboard);
    store_client_close(&setup->store_client);
    if (setup->processes_images) {
        image_processing_stop();
    }
    explicit_bzero(setup->random, sizeof setup->random);
    secret_free(setup->secret);
    catalog_free(setup->catalog);
    *setup = (struct dashboard_setup){ 0 };
}
