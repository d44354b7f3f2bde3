/* http.c - the client: creating it, beginning and cancelling transfers. */
#include "io/http/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/receive_timestamp.h"
#include "io/http/http_watch.h"

enum { RESPONSE_BYTES = 64 << 20 };

static const size_t default_buffered_bytes = (size_t)512 << 20;

static void reap_all(void *context)
{
    struct http *http = context;

    http_reap(http->multi[0]);
    http_reap(http->multi[1]);
}

static bool multi_new(struct http *http, int which)
{
    CURLM *multi = curl_multi_init();

    http->multi[which] = multi;
    if (!multi) {
        return false;
    }
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, http_on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, http_on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, http->config.max_connections_per_host);
    return true;
}

static void start_check(struct http *http)
{
    http->check = xcalloc(1, sizeof *http->check);
    uv_check_init(loop_uv(http->loop), http->check);
    uv_check_start(http->check, watches_on_check);
    uv_unref((uv_handle_t *)http->check);
    http->check->data = http;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

struct http *http_new(struct loop *loop, const struct http_config *config, struct error *err)
{
    struct http *http = xcalloc(1, sizeof *http);

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(http);
        error_set(err, ERROR_INTERNAL, "cannot start the HTTP client");
        return NULL;
    }
    http->loop = loop;
    http->config = *config;
    if (http->config.max_buffered_bytes == 0) {
        http->config.max_buffered_bytes = default_buffered_bytes;
    }
    list_init(&http->transfers);
    list_init(&http->paused);
    list_init(&http->readable);
    http->on_poll = watch_on_poll;
    http->user_agent = xstrdup(config->user_agent ? config->user_agent : "darkroom");
    http->trusted_origin = config->trusted_origin ? xstrdup(config->trusted_origin) : NULL;
    http->ca_file = config->ca_file ? xstrdup(config->ca_file) : NULL;
    http->ca_dir = config->ca_dir ? xstrdup(config->ca_dir) : NULL;
    http_proxy_register_passwords(http);
    http->timers[0] = loop_timer_new(loop, http_on_timeout_trusted, http);
    http->timers[1] = loop_timer_new(loop, http_on_timeout_untrusted, http);
    http->reap_timer = loop_timer_new(loop, reap_all, http);
    http->pause_timer = loop_timer_new(loop, http_on_pause_tick, http);
    http->timestamp_fd = config->loop_lag ? receive_timestamp_prepare() : -1;
    start_check(http);
    if (!multi_new(http, 0) || !multi_new(http, 1)) {
        http_free(http);
        error_set(err, ERROR_INTERNAL, "cannot start the HTTP client");
        return NULL;
    }
    if (config->extra_ca_file && !http_ca_load_extra(http, config->extra_ca_file, err)) {
        http_free(http);
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (!http) {
        return;
    }
    while (!list_is_empty(&http->transfers)) {
        struct transfer *transfer = LIST_ENTRY(list_first(&http->transfers), struct transfer, node);

        transfer->cancelled = true;
        transfer_end(transfer, CURLE_ABORTED_BY_CALLBACK);
    }
    for (int i = 0; i < 2; i++) {
        curl_multi_cleanup(http->multi[i]);
        loop_timer_free(http->timers[i]);
    }
    loop_timer_free(http->reap_timer);
    loop_timer_free(http->pause_timer);
    uv_close((uv_handle_t *)http->check, free_handle);
    if (http->timestamp_fd >= 0) {
        close(http->timestamp_fd);
    }
    free(http->user_agent);
    free(http->trusted_origin);
    free(http->ca_file);
    free(http->ca_dir);
    http_ca_free(http);
    http_proxy_free_passwords(http);
    free(http);
}

/* A transfer that cannot begin, or is cancelled, ends in the next iteration of the loop. */
static void end_later(void *context)
{
    transfer_end(context, CURLE_ABORTED_BY_CALLBACK);
}

static void end_soon(struct transfer *transfer)
{
    if (!transfer->end_timer) {
        transfer->end_timer = loop_timer_new(transfer->http->loop, end_later, transfer);
    }
    loop_timer_start(transfer->end_timer, 0, 0);
}

static void end_without_connection(void *context)
{
    struct transfer *transfer = context;
    curl_off_t connected = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    if (connected <= 0) {
        transfer_end(transfer, CURLE_OPERATION_TIMEDOUT);
    }
}

static struct transfer *transfer_new(struct http *http, struct op *op, http_done_fn done,
                                     void *context)
{
    struct transfer *transfer = xcalloc(1, sizeof *transfer);

    transfer->http = http;
    transfer->op = op;
    transfer->done = done;
    transfer->context = context;
    transfer->began_us = clock_mono_us();
    transfer->first_event_us = -1;
    transfer->stream.progress_suffix = op->http.progress_suffix;
    transfer->limit = op->http.max_response_bytes ? op->http.max_response_bytes : RESPONSE_BYTES;
    list_prepend(&http->transfers, &transfer->node);
    http->in_flight++;
    blob_free(&op->http_response.body);
    op->http_response = (struct http_response){
        .processing_ms = -1, .limit_requests = -1, .remaining_requests = -1, .reset_requests_ms = -1
    };
    op->error = (struct error){ .kind = ERROR_NONE };
    return transfer;
}

void http_begin(struct http *http, struct op *op, http_done_fn done, void *context)
{
    struct transfer *transfer = transfer_new(http, op, done, context);
    int running;

    transfer->easy = curl_easy_init();
    if (!transfer->easy || !http_request_fill(transfer, &op->error)) {
        if (op->error.kind == ERROR_NONE) {
            error_set(&op->error, ERROR_INTERNAL, "no memory for a request");
        }
        end_soon(transfer);
        return;
    }
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, http_body_receive);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    if (curl_multi_add_handle(http->multi[op->http.untrusted_url], transfer->easy) != CURLM_OK) {
        error_set(&op->error, ERROR_INTERNAL, "cannot begin a request");
        end_soon(transfer);
        return;
    }
    /* Connects at once, instead of in the next iteration. If that fails, the transfer ends in the
     * next iteration, since `done` must not be called from here. */
    curl_multi_socket_action(http->multi[op->http.untrusted_url], CURL_SOCKET_TIMEOUT, 0, &running);
    loop_timer_start(http->reap_timer, 0, 0);
    if (!op->http.untrusted_url) {
        transfer->connect_timer = loop_timer_new(http->loop, end_without_connection, transfer);
        loop_timer_start(transfer->connect_timer, transfer->connect_ms, 0);
    }
}

void http_cancel(struct http *http, struct op *op)
{
    for (struct list_node *node = list_first(&http->transfers); node;
         node = list_next(&http->transfers, node)) {
        struct transfer *transfer = LIST_ENTRY(node, struct transfer, node);

        if (transfer->op == op) {
            transfer->cancelled = true;
            end_soon(transfer);
            return;
        }
    }
}

int http_in_flight(const struct http *http)
{
    return http->in_flight;
}

const char *http_library(void)
{
    return curl_version();
}
