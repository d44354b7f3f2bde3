/* dashboard.h - one page that shows queue, workers, services, spend and images, and its API.
 *
 * It has threads and database sessions of its own, so nothing that it does blocks or slows a
 * worker. It reads the database only while a browser is connected. It answers nothing without its
 * token, except /healthz and the status of /readyz. */
#ifndef DASHBOARD_DASHBOARD_H
#define DASHBOARD_DASHBOARD_H
#include "base/text.h"
#include "dashboard/listen_address.h"
#include "io/access_token.h"
#include "io/postgres/database_url.h"
#include "store/thumbnail.h"

struct catalog;
struct dashboard;

struct dashboard_config { /* everything is borrowed until dashboard_stop */
    struct listen_address address;
    const struct access_token *token;
    const struct database_url *url;
    const char *worker;       /* name of the worker in this process; NULL: none */
    const char *provider;     /* that its images need; NULL: none */
    const char *hosts;        /* names by which browsers reach it, one per line; may be NULL */
    const char *image_url[2]; /* URLs of the store: browsers load images from their origins */
    const char *folder;       /* of a store in a folder, whose images it sends; NULL: none */
    const struct thumbnail_maker *thumbnails; /* NULL: browsers load images from the store */
    const struct catalog *catalog;
    double daily_budget_usd; /* 0: none */
    bool open_metrics;       /* /metrics needs no token */
};

/* ERROR_CONFIG if it cannot listen there. Ended with dashboard_stop. */
bool dashboard_start(const struct dashboard_config *config, struct dashboard **out,
                     struct error *err) MUST_CHECK;
void dashboard_stop(struct dashboard *dashboard); /* NULL is harmless */
int dashboard_port(const struct dashboard *dashboard);

/* To be called every second by the thread that owns the log: /healthz answers "ok" while it is, and
 * /readyz only while the worker is not draining. Logs what the dashboard's threads have to log. */
void dashboard_tick(struct dashboard *dashboard, bool draining);
#endif
