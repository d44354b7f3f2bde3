/* dashboard.c - starts and stops the dashboard: libmicrohttpd with one thread per connection.
 *
 * A handler may block in a statement or wait for events, which then holds up its own connection
 * only. */
#include "dashboard/dashboard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "dashboard/dashboard_internal.h"
#include "dashboard/host_check.h"

enum { IDLE_SECONDS = 30, STACK_BYTES = 512 * 1024 };

/* -- requests ---------------------------------------------------------------------------------- */

static struct dashboard_request *new_request(struct dashboard *dashboard,
                                             struct MHD_Connection *connection)
{
    struct dashboard_request *request = xcalloc(1, sizeof *request);

    request->dashboard = dashboard;
    request->connection = connection;
    text_begin(&request->body, DASHBOARD_BODY_BYTES);
    return request;
}

static enum MHD_Result answer(struct dashboard_request *request)
{
    struct reply reply = { .status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8" };
    enum MHD_Result result;

    text_begin(&reply.body, DASHBOARD_REPLY_BYTES);
    if (request->body.overflow) {
        reply_text(&reply, MHD_HTTP_CONTENT_TOO_LARGE, "The request is too large.\n");
    } else {
        route_request(request, &reply);
    }
    result = reply_send(request, &reply);
    text_end(&reply.body);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **slot)
{
    struct dashboard_request *request = *slot;

    (void)version;
    if (!request) {
        *slot = new_request(context, connection);
        return MHD_YES;
    }
    if (*size > 0) { /* what does not fit sets overflow, and is read on without being kept */
        text_add_bytes(&request->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    request->path = url;
    request->method = method;
    return answer(request);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode code)
{
    struct dashboard_request *request = *slot;

    (void)context;
    (void)connection;
    (void)code;
    if (request) {
        text_end(&request->body);
        free(request);
        *slot = NULL;
    }
}

/* -- start and stop ---------------------------------------------------------------------------- */

static bool listen_here(struct dashboard *dashboard, struct error *err)
{
    const struct listen_address *address = &dashboard->config.address;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_POLL | MHD_USE_ITC;
    const union MHD_DaemonInfo *info;
    sigset_t before;

    if (address->socket.ss_family == AF_INET6) {
        flags |= MHD_USE_IPv6;
    }
    signals_block(&before); /* its threads inherit this */
    dashboard->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, dashboard, MHD_OPTION_SOCK_ADDR,
                         &address->socket, MHD_OPTION_NOTIFY_COMPLETED, on_completed, dashboard,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)DASHBOARD_CONNECTIONS,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)DASHBOARD_HEADER_BYTES,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                         MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES, MHD_OPTION_END);
    signals_restore(&before);
    info = dashboard->daemon ? MHD_get_daemon_info(dashboard->daemon, MHD_DAEMON_INFO_BIND_PORT)
                             : NULL;
    if (!info) {
        error_set(err, ERROR_CONFIG, "cannot listen for the dashboard: %s", strerror(errno));
        return error_hint(err, "Choose another address or port with --listen.");
    }
    dashboard->port = info->port;
    return true;
}

static void set_policy(struct dashboard *dashboard)
{
    char origins[2][200];

    for (int i = 0; i < 2; i++) {
        origin_of_url(dashboard->config.image_url[i], origins[i], sizeof origins[i]);
    }
    snprintf(dashboard->policy, sizeof dashboard->policy,
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' %s %s; "
             "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
             origins[0], origins[1]);
}

/* A browser sends the cookies of all ports of a host, so those of two dashboards need two names. */
static void set_cookie_name(struct dashboard *dashboard)
{
    const char *value = dashboard->config.token->cookie;
    char digest[DIGEST_TEXT];

    digest_hex(value, strlen(value), digest);
    snprintf(dashboard->cookie_name, sizeof dashboard->cookie_name, "darkroom_%.8s", digest);
}

static struct session_pool *open_pool(struct dashboard *dashboard, int most)
{
    return session_pool_new(&(struct session_pool_config){ .url = dashboard->config.url,
                                                           .application_name = "darkroom dashboard",
                                                           .most = most,
                                                           .stop = &dashboard->stop });
}

bool dashboard_start(const struct dashboard_config *config, struct dashboard **out,
                     struct error *err)
{
    struct dashboard *dashboard = xcalloc(1, sizeof *dashboard);

    dashboard->config = *config;
    pthread_mutex_init(&dashboard->lock, NULL);
    dashboard->feed = live_feed_new();
    dashboard->live_pool = open_pool(dashboard, 1);
    dashboard->pool = open_pool(dashboard, 2);
    dashboard->thumbnails = config->thumbnails ? thumbnail_service_start(config->thumbnails) : NULL;
    set_policy(dashboard);
    dashboard_tick(dashboard, false);
    set_cookie_name(dashboard);
    if (!listen_here(dashboard, err)) {
        dashboard_stop(dashboard);
        return false;
    }
    dashboard->monitor_started = thread_start(&dashboard->monitor, NULL, monitor_run, dashboard);
    if (!dashboard->monitor_started) {
        dashboard_stop(dashboard);
        return error_set(err, ERROR_INTERNAL, "cannot start a thread for the dashboard");
    }
    *out = dashboard;
    return true;
}

void dashboard_stop(struct dashboard *dashboard)
{
    if (!dashboard) {
        return;
    }
    dashboard->stop = 1;
    live_feed_stop(dashboard->feed);
    thumbnail_service_stop(dashboard->thumbnails);
    if (dashboard->daemon) {
        MHD_stop_daemon(dashboard->daemon);
    }
    if (dashboard->monitor_started) {
        pthread_join(dashboard->monitor, NULL);
    }
    dashboard_tick(dashboard, true); /* logs what is left */
    thumbnail_service_free(dashboard->thumbnails);
    session_pool_free(dashboard->live_pool);
    session_pool_free(dashboard->pool);
    live_feed_free(dashboard->feed);
    free(dashboard->ready);
    pthread_mutex_destroy(&dashboard->lock);
    free(dashboard);
}

int dashboard_port(const struct dashboard *dashboard)
{
    return dashboard->port;
}

void dashboard_tick(struct dashboard *dashboard, bool draining)
{
    atomic_store(&dashboard->tick_us, clock_mono_us());
    atomic_store(&dashboard->draining, draining);
    dashboard_log_notes(dashboard);
}
