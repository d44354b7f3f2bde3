/* routes.c - dispatches a request: key, limits, faults, latency, route. */
#include "standin/routes.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/receive_timestamp.h"
#include "standin/openai/compatible_routes.h"

enum { BURST = 5 }; /* requests allowed ahead of the rate */

struct route {
    const char *name, *method, *path;
    bool exact; /* the path must be equal, not only start with this */
    void (*handle)(struct standin_request *request);
};

static const struct route routes[] = {
    { "images", "POST", "/v1/images/generations", true, images_handle },
    { "edits", "POST", "/v1/images/edits", true, images_handle },
    { "responses", "POST", "/v1/responses", true, texts_handle },
    { "chat", "POST", "/v1/chat/completions", true, texts_handle },
    { "models", "GET", "/v1/models", false, models_handle },
    { "files", NULL, "/v1/files", false, files_handle },
    { "batches", NULL, "/v1/batches", false, batches_handle },
    { "storage", NULL, "/storage/v1/", false, storage_handle },
    { "compatible", NULL, "/compatible/", false, compatible_handle },
    { "generated", "GET", "/generated/", false, generated_handle },
};

static const struct route *route_of(const struct standin_request *request)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const struct route *route = &routes[i];

        if ((!route->method || strcmp(route->method, request->record.method) == 0) &&
            (route->exact ? strcmp(request->path, route->path) == 0
                          : strncmp(request->path, route->path, strlen(route->path)) == 0)) {
            return route;
        }
    }
    return NULL;
}

static bool key_valid(struct standin_request *request)
{
    const char *header = request_header(request, "Authorization");
    const char *key = request->standin->config.key;
    struct refusal refusal = { .status = 401, .code = "invalid_api_key" };

    if (!header || strncasecmp(header, "Bearer ", 7) != 0 || header[7] == '\0') {
        refusal.code = NULL;
        return answer_refuse(
            &request->answer, &refusal,
            "You didn't provide an API key. You need to provide your API key in an "
            "Authorization header using Bearer auth (i.e. Authorization: Bearer "
            "YOUR_KEY).");
    }
    header += 7;
    if (key ? strcmp(header, key) != 0 : strncmp(header, "sk-", 3) != 0) {
        return answer_refuse(&request->answer, &refusal,
                             "Incorrect API key provided: %.3s***. You can find your API key at "
                             "https://platform.openai.com/account/api-keys.",
                             header);
    }
    return true;
}

static void answer_busy(struct standin_request *request, double wait_s, const char *what)
{
    char seconds[24];

    answer_refuse(&request->answer,
                  &(struct refusal){
                      .status = 429, .type = "requests", .code = "rate_limit_exceeded" },
                  "Rate limit reached for %s. Please try again in %.3fs.", what, wait_s);
    snprintf(seconds, sizeof seconds, "%d", (int)ceil(wait_s < 1 ? 1 : wait_s));
    answer_header(&request->answer, "retry-after", seconds);
}

static void add_rate_headers(struct standin_request *request, int rpm, int remaining,
                             int64_t reset_us)
{
    char text[24];

    snprintf(text, sizeof text, "%d", rpm);
    answer_header(&request->answer, "x-ratelimit-limit-requests", text);
    snprintf(text, sizeof text, "%d", remaining);
    answer_header(&request->answer, "x-ratelimit-remaining-requests", text);
    snprintf(text, sizeof text, "%lldms", (long long)reset_us / 1000);
    answer_header(&request->answer, "x-ratelimit-reset-requests", text);
}

/* A leaky bucket: `limit_rpm` a minute, a burst of five. Called with the lock held. */
static bool within_limits(struct standin_request *request)
{
    struct standin *standin = request->standin;
    int rpm = standin->config.limit_rpm, max = standin->config.limit_concurrency;
    int64_t step = rpm ? 60000000 / rpm : 0, now = request->arrived_us, from;

    if (max && standin->in_flight >= max) {
        answer_busy(request, 1, "concurrent requests");
        return false;
    }
    if (rpm) {
        from = standin->bucket_us > now ? standin->bucket_us : now;
        if (from - now > step * BURST) {
            add_rate_headers(request, rpm, 0, from - now);
            answer_busy(request, (double)(from - now - step * BURST) / 1e6, "requests per min");
            return false;
        }
        standin->bucket_us = from + step;
        add_rate_headers(request, rpm, (int)(BURST - (from - now) / step), from + step - now);
    }
    return true;
}

static void add_headers(struct standin_request *request)
{
    uint8_t digest[32];
    unsigned size = 0;

    request->record.arrived_ms = clock_wall_ms();
    request->record.bytes_in = request->body.size;
    EVP_Digest(request->body.data ? request->body.data : (const uint8_t *)"", request->body.size,
               digest, &size, EVP_sha256(), NULL);
    for (unsigned i = 0; i < size; i++) {
        snprintf(request->record.sha256 + 2 * i, 3, "%02x", digest[i]);
    }
    answer_header(&request->answer, "x-request-id", request->record.request_id);
    if (strncmp(request->path, "/v1/", 4) != 0) {
        return;
    }
    answer_header(&request->answer, "openai-version", "2020-10-01");
    answer_header(&request->answer, "openai-organization", "stand-in");
    if (strcmp(request->route, "models") != 0) {
        answer_header(&request->answer, "x-ratelimit-limit-requests", "10000");
        answer_header(&request->answer, "x-ratelimit-remaining-requests", "9999");
        answer_header(&request->answer, "x-ratelimit-reset-requests", "6ms");
    } else if (request->standin->config.limit_rpm > 0) {
        /* some gateways send the limit with /v1/models, too */
        char text[24];

        snprintf(text, sizeof text, "%d", request->standin->config.limit_rpm);
        answer_header(&request->answer, "x-ratelimit-limit-requests", text);
    }
}

static void save_body(const struct standin_request *request)
{
    const char *type = request_header(request, "Content-Type");
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%06llu.%s", request->standin->config.save_requests,
             (unsigned long long)request->record.seq, request->route);
    file = fopen(path, "we");
    if (file) { /* request line, content type, blank line, body */
        fprintf(file, "%s %s\r\ncontent-type: %s\r\n\r\n", request->record.method, request->path,
                type ? type : "");
        if (request->body.size > 0) {
            fwrite(request->body.data, 1, request->body.size, file);
        }
        fclose(file);
    }
}

/* Checks key and limits and selects fault and latency, under one lock. Returns false if the request
 * is already answered. */
static bool admit(struct standin_request *request, bool api)
{
    struct standin *standin = request->standin;
    bool is_batch_route =
        strcmp(request->route, "files") == 0 || strcmp(request->route, "batches") == 0;
    bool good;

    pthread_mutex_lock(&standin->lock);
    request->record.seq = ++standin->seq;
    snprintf(request->record.request_id, sizeof request->record.request_id, "req_%012llx",
             (unsigned long long)(standin->seq + (standin->config.seed << 32)) & 0xffffffffffff);
    add_headers(request);
    good = !api || key_valid(request);
    if (good && api && !is_batch_route && strcmp(request->route, "models") != 0) {
        good = within_limits(request);
        standin->in_flight += good;
        request->in_flight_counted = good;
    }
    if (good && is_batch_route) {
        /* the requests of a batch select their own faults and latencies */
        request->fault = faults_strike(&standin->faults, SCOPE_TRANSPORT, request->path, NULL, 0,
                                       &standin->random);
    } else if (good) {
        request->fault = faults_strike(&standin->faults, SCOPE_CALL, request->path,
                                       request->body.data, request->body.size, &standin->random);
        request->record.latency_ms =
            latencies_next(&standin->latencies, request->route, &standin->random);
    }
    pthread_mutex_unlock(&standin->lock);
    if (standin->config.save_requests) {
        save_body(request);
    }
    return good;
}

static void set_due_time(struct standin_request *request)
{
    bool waits;

    if (request->answer.status >= 400) {
        /* errors are answered without latency, unless a fault sets one */
        request->handler = NULL;
        request->record.latency_ms = 0;
    }
    if (request->fault.kind != FAULT_NONE && request->fault.latency_ms >= 0) {
        request->record.latency_ms = request->fault.latency_ms;
    }
    if (!request->handler) {
        apply_fault(request);
    }
    waits = request->handler || request->record.latency_ms > 0 || request->fault.kind == FAULT_HANG;
    if (waits) {
        request->due_us = request->arrived_us + (int64_t)(request->record.latency_ms * 1000);
        request->phase = PHASE_WAITING;
    }
}

/* The kernel may have received the whole first request of a connection before it was read. */
static int64_t arrival_us(const struct standin_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct receive_timestamp *receive_timestamp = info ? info->socket_context : NULL;
    bool known = receive_timestamp && receive_timestamp->waiting > request->body.size;

    if (known) {
        receive_timestamp->waiting = 0; /* valid for the first request only */
    }
    return known ? receive_timestamp->at_us : clock_mono_us();
}

void routes_handle(struct standin_request *request)
{
    const struct route *route = route_of(request);
    bool api = strncmp(request->path, "/v1/", 4) == 0;

    if (strncmp(request->path, "/_standin/", 10) == 0) {
        request->route = "";
        control_handle(request);
        return;
    }
    request->arrived_us = arrival_us(request);
    request->route = route ? route->name : "other";
    snprintf(request->record.route, sizeof request->record.route, "%s", request->route);
    if (request->too_large) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 413 }, "Payload too large.");
        return;
    }
    if (!admit(request, api)) {
        return;
    }
    if (request->fault.kind != FAULT_NONE) {
        snprintf(request->record.fault, sizeof request->record.fault, "%s",
                 fault_name(request->fault.kind));
        fault_answer(request);
    }
    if (!request->answer.status && route) {
        route->handle(request);
    } else if (!request->answer.status) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "Invalid URL (%s %.200s)", request->record.method, request->path);
    }
    set_due_time(request);
}
