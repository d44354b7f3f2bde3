/* health.c - /healthz, /readyz and /metrics.
 *
 * /healthz says whether the process works, /readyz whether it can do its work now. Without the
 * token /readyz says no reasons. It reads the database at most once a second. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "dashboard/dashboard_internal.h"
#include "telemetry/metrics_page.h"

enum { TICK_LATE_US = 30 * 1000000, READY_US = 1000000 };

static bool ticks(const struct dashboard *dashboard)
{
    int64_t tick_us = atomic_load(&dashboard->tick_us);

    return tick_us != 0 && clock_mono_us() - tick_us < TICK_LATE_US;
}

void serve_health(struct dashboard_request *request, struct reply *reply)
{
    bool good = ticks(request->dashboard);

    reply_text(reply, good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
               good ? "ok\n" : "not ok\n");
}

/* -- readiness --------------------------------------------------------------------------------- */

static void add_reason(cJSON *reasons, const char *what, const char *detail)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "what", what);
    cJSON_AddStringToObject(row, "detail", detail);
    cJSON_AddItemToArray(reasons, row);
}

/* Adds a reason if the provider of this process is stopped. */
static void check_provider(const char *provider, const cJSON *stopped, cJSON *reasons)
{
    const cJSON *service;

    cJSON_ArrayForEach(service, stopped)
    {
        const char *key = json_peek_text(service, "id");
        const char *slash = key ? strchr(key, '/') : NULL;

        if (provider && slash && strncmp(key, "provider/", 9) == 0 &&
            strcmp(slash + 1, provider) == 0) {
            add_reason(reasons, "provider", json_peek_text(service, "state"));
        }
    }
}

static cJSON *read_readiness(struct dashboard *dashboard)
{
    cJSON *top = cJSON_CreateObject(), *stopped;
    cJSON *reasons = cJSON_CreateArray();
    struct error err;

    if (!ticks(dashboard)) {
        add_reason(reasons, "loop", "the event loop is late");
    }
    if (atomic_load(&dashboard->draining)) {
        add_reason(reasons, "draining", "the worker is stopping");
    }
    if (session_pool_query(dashboard->pool, SESSION_READ, "dashboard_stopped", 0, NULL, &stopped,
                           &err)) {
        check_provider(dashboard->config.provider, stopped, reasons);
        cJSON_Delete(stopped);
    } else {
        add_reason(reasons, err.kind == ERROR_CONFIG ? "schema" : "database", err.text);
    }
    cJSON_AddBoolToObject(top, "ready", cJSON_GetArraySize(reasons) == 0);
    cJSON_AddItemToObject(top, "reasons", reasons);
    return top;
}

/* Reads it again if the last reading is older than a second. */
static void refresh(struct dashboard *dashboard)
{
    cJSON *json;
    char *text;

    pthread_mutex_lock(&dashboard->lock);
    if (dashboard->ready && clock_mono_us() - dashboard->ready_us < READY_US) {
        pthread_mutex_unlock(&dashboard->lock);
        return;
    }
    dashboard->ready_us = clock_mono_us(); /* other requests get the last result meanwhile */
    pthread_mutex_unlock(&dashboard->lock);
    json = read_readiness(dashboard);
    text = cJSON_PrintUnformatted(json);
    pthread_mutex_lock(&dashboard->lock);
    free(dashboard->ready);
    dashboard->ready = xstrdup(text);
    dashboard->is_ready = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "ready"));
    dashboard->ready_us = clock_mono_us();
    pthread_mutex_unlock(&dashboard->lock);
    cJSON_free(text);
    cJSON_Delete(json);
}

void serve_readiness(struct dashboard_request *request, struct reply *reply)
{
    struct dashboard *dashboard = request->dashboard;

    refresh(dashboard);
    pthread_mutex_lock(&dashboard->lock);
    reply_text(reply, dashboard->is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
               request->admitted     ? dashboard->ready
               : dashboard->is_ready ? "{\"ready\":true}"
                                     : "{\"ready\":false}");
    pthread_mutex_unlock(&dashboard->lock);
    reply->type = "application/json";
}

/* -- metrics ----------------------------------------------------------------------------------- */

void serve_metrics(struct dashboard_request *request, struct reply *reply)
{
    enum metrics_format format = metrics_format_of(dashboard_header(request, "Accept"));

    if (!request->admitted && !request->dashboard->config.open_metrics) {
        reply_text(reply, MHD_HTTP_UNAUTHORIZED, "The token is missing or wrong.\n");
        return;
    }
    reply->type = metrics_content_type(format);
    metrics_page(format, &reply->body);
}
