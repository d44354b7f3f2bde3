/* dashboard_routes.c - which handler answers which request, and who is admitted. */
#include <string.h>

#include "base/clock.h"
#include "dashboard/dashboard_internal.h"
#include "dashboard/host_check.h"

enum { NOTE_US = 60 * 1000000 };

struct dashboard_route {
    const char *path; /* ends with '/': everything below it */
    bool is_action;   /* POST; else GET or HEAD */
    bool is_open;     /* needs no token */
    bool any_host;    /* for probes, which may use any name: its answer says nothing */
    void (*handler)(struct dashboard_request *request, struct reply *reply);
};

static void serve_asset(struct dashboard_request *request, struct reply *reply)
{
    reply_file(reply, request->path + 1);
}

/* At most one line a minute. */
static void note_wrong_token(struct dashboard *dashboard)
{
    int64_t now_us = clock_mono_us(), noted_us = atomic_load(&dashboard->wrong_token_us);

    if ((noted_us == 0 || now_us - noted_us > NOTE_US) &&
        atomic_compare_exchange_strong(&dashboard->wrong_token_us, &noted_us, now_us)) {
        dashboard_note(dashboard, "the dashboard rejected a wrong token", NULL, 0);
    }
}

/* The page; or, without the token, a form for it. */
static void serve_page(struct dashboard_request *request, struct reply *reply)
{
    const char *token = dashboard_parameter(request, "token");

    if (token && access_token_matches(request->dashboard->config.token, token)) {
        reply->status = MHD_HTTP_SEE_OTHER; /* which removes the token from the address bar */
        reply->location = "/";
        reply->sets_cookie = true;
        return;
    }
    if (token) {
        note_wrong_token(request->dashboard);
    }
    reply->status = request->admitted ? MHD_HTTP_OK : MHD_HTTP_UNAUTHORIZED;
    reply_file(reply, request->admitted ? "index.html" : "token.html");
    reply->may_be_cached = false;
}

static void serve_robots(struct dashboard_request *request, struct reply *reply)
{
    (void)request;
    reply_text(reply, MHD_HTTP_OK, "User-agent: *\nDisallow: /\n");
}

static const struct dashboard_route routes[] = {
    { "/", .is_open = true, .handler = serve_page },
    { "/healthz", .is_open = true, .any_host = true, .handler = serve_health },
    { "/readyz", .is_open = true, .any_host = true, .handler = serve_readiness },
    { "/metrics", .is_open = true, .handler = serve_metrics },
    { "/robots.txt", .is_open = true, .handler = serve_robots },
    { "/dashboard.css", .is_open = true, .handler = serve_asset }, /* of the form, too */
    { "/icon.svg", .is_open = true, .handler = serve_asset },
    { "/dashboard.js", .handler = serve_asset },
    { "/review.js", .handler = serve_asset },
    { "/api/live", .handler = serve_live },
    { "/api/jobs", .handler = serve_jobs },
    { "/api/jobs/", .handler = serve_jobs },
    { "/api/models", .handler = serve_models },
    { "/api/actions", .is_action = true, .handler = serve_actions },
    { "/api/batches", .handler = serve_batches },
    { "/api/batches/", .handler = serve_batches },
    { "/api/review", .is_action = true, .handler = serve_review },
    { "/image/", .handler = serve_image },
    { "/thumbnail/", .handler = serve_thumbnail },
};

static bool fits(const struct dashboard_route *route, const char *path)
{
    size_t size = strlen(route->path);

    return strcmp(route->path, path) == 0 ||
           (size > 1 && route->path[size - 1] == '/' && strncmp(route->path, path, size) == 0);
}

static const struct dashboard_route *find_route(const struct dashboard_request *request)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (fits(&routes[i], request->path)) {
            return &routes[i];
        }
    }
    return NULL;
}

static bool method_fits(const struct dashboard_route *route, const char *method)
{
    return route->is_action ? strcmp(method, "POST") == 0
                            : strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* Rejects requests that pages of other sites make, and those without the token. A page can send no
 * bearer token, so a program that has it may use any name. */
static bool is_rejected(struct dashboard_request *request, const struct dashboard_route *route,
                        struct reply *reply)
{
    const char *host = dashboard_header(request, "Host");
    const char *origin = dashboard_header(request, "Origin");

    if (!(route && route->any_host) && request->admitted != ADMITTED_BY_HEADER &&
        !host_is_accepted(host, request->dashboard->config.hosts)) {
        reply_text(reply, MHD_HTTP_MISDIRECTED_REQUEST,
                   "This host name is not accepted. Use an address, or start darkroom with "
                   "--dashboard-host NAME.\n");
        return true;
    }
    if (!request->admitted && !(route && route->is_open)) {
        reply_text(reply, MHD_HTTP_UNAUTHORIZED, "The token is missing or wrong.\n");
        return true;
    }
    if ((origin || (route && route->is_action && request->admitted != ADMITTED_BY_HEADER)) &&
        !origin_is_host(origin, host)) {
        reply_text(reply, MHD_HTTP_FORBIDDEN, "The request comes from another site.\n");
        return true;
    }
    return false;
}

void route_request(struct dashboard_request *request, struct reply *reply)
{
    const struct dashboard_route *route = find_route(request);

    reply->status = MHD_HTTP_OK;
    request->admitted = dashboard_admission(request);
    if (is_rejected(request, route, reply)) {
        return;
    }
    if (!route) {
        reply_text(reply, MHD_HTTP_NOT_FOUND, "There is nothing at this address.\n");
    } else if (!method_fits(route, request->method)) {
        reply_text(reply, MHD_HTTP_METHOD_NOT_ALLOWED, "This method is not allowed here.\n");
    } else {
        route->handler(request, reply);
    }
}
