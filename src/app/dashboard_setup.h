/* dashboard_setup.h - the dashboard of a process, from its settings. */
#ifndef APP_DASHBOARD_SETUP_H
#define APP_DASHBOARD_SETUP_H
#include "app/runtime.h"
#include "app/store_client.h"
#include "dashboard/dashboard.h"

/* The settings that dashboard_setup_init reads, for the list of a command. */
#define DASHBOARD_SETTINGS                                                                         \
    "listen", "dashboard-token", "token-file", "dashboard-host", "open-metrics"

struct dashboard_setup {
    struct dashboard_config config;
    struct access_token token;
    struct catalog *catalog;           /* owned; NULL: the worker_setup owns it */
    struct secret *secret;             /* owned; NULL: the settings own it */
    char random[ACCESS_TOKEN_TEXT];    /* the token, if it is a random one; else "" */
    struct store_client store_client;  /* with which it makes thumbnails */
    struct thumbnail_maker thumbnails; /* of the store_client */
    bool processes_images;             /* image_processing_start was called */
    struct dashboard *dashboard;       /* NULL: not started */
    const struct runtime *runtime;     /* whose loop calls dashboard_tick; NULL: none */
    struct loop_timer *timer;
};

/* Reads the settings. `listen` must be set. The settings, `url` and `worker_setup` must outlive the
 * dashboard; worker_setup may be NULL. Call dashboard_setup_close also after a failure. */
bool dashboard_setup_init(const struct settings *settings, const struct database_url *url,
                          const struct worker_setup *worker_setup, struct dashboard_setup *out,
                          struct error *err) MUST_CHECK;
/* Starts it, and prints its URL, with the token if it is a random one. `runtime`: its loop keeps
 * the dashboard going; if it is NULL, the caller calls dashboard_tick every second. */
bool dashboard_setup_start(const struct settings *settings, const struct runtime *runtime,
                           struct dashboard_setup *setup, struct error *err) MUST_CHECK;
void dashboard_setup_close(struct dashboard_setup *setup); /* before runtime_close */
#endif
