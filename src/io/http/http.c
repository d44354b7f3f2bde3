/* http.c - transfers: begun and ended. */
#include "io/http/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/receive_timestamp.h"
#include "io/http/http_watch.h"

enum { ANSWER_MAX = 64 << 20 };

static const size_t transit_default = (size_t)512 << 20;

/* -- ends ----------------------------------------------------------------------------------- */

static int64_t microseconds(CURL *easy, CURLINFO info)
{
    curl_off_t value = 0;

    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : -1;
}

static void take_times(struct transfer *transfer, bool whole)
{
    struct http_response *got = &transfer->op->http_response;
    CURL *easy = transfer->easy;
    long status = 0, connects = 0, version = 0;
    int64_t now = clock_mono_us();
    int64_t last = !whole                   ? now
                   : transfer->last_us > 0  ? transfer->last_us
                   : transfer->first_us > 0 ? transfer->first_us
                                            : now;
    curl_off_t sent = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    got->status = (int)status;
    got->body_bytes = transfer->bytes;
    got->progress_events = transfer->stream.passed;
    got->times = (struct http_times){
        .dns_us = microseconds(easy, CURLINFO_NAMELOOKUP_TIME_T),
        .connect_us = microseconds(easy, CURLINFO_CONNECT_TIME_T),
        .tls_us = microseconds(easy, CURLINFO_APPCONNECT_TIME_T),
        .pretransfer_us = microseconds(easy, CURLINFO_PRETRANSFER_TIME_T),
        /* not STARTTRANSFER_TIME: with a form it is the time at which sending began */
        .first_byte_us = transfer->first_us > 0 ? transfer->first_us - transfer->began_us : -1,
        .first_event_us = transfer->first_event_us,
        .total_us = last - transfer->began_us,
        .loop_delay_us = transfer->waited_us,
        .reused = connects == 0,
    };
    if (whole && transfer->last_is_stamped) {
        got->times.receive_delay_us = transfer->receive_delay_us;
    } else {
        got->times.loop_delay_us += transfer->last_wait_us;
        if (last > transfer->taken_up_us && transfer->taken_up_us > 0) {
            got->times.loop_delay_us += last - transfer->taken_up_us;
        }
    }
    got->http_version = version == CURL_HTTP_VERSION_1_0   ? 10
                        : version == CURL_HTTP_VERSION_1_1 ? 11
                        : version == CURL_HTTP_VERSION_2_0 ? 20
                        : version == CURL_HTTP_VERSION_3   ? 30
                                                           : 0;
    /* a request that is on its way may have been done, and billed */
    got->request_sent = status != 0 || sent > 0 || got->times.pretransfer_us > 0;
}

static void transfer_end(struct transfer *transfer, CURLcode code)
{
    struct http *http = transfer->http;
    struct op *op = transfer->op;
    http_done_fn done = transfer->done;
    void *context = transfer->context;

    http_unhold(transfer);
    if (transfer->easy) {
        take_times(transfer, code == CURLE_OK);
        if (op->http.body_path) {
            http_file_end(transfer, code == CURLE_OK);
        }
        curl_multi_remove_handle(http->multi[op->http.untrusted_url], transfer->easy);
    }
    if (code != CURLE_OK) {
        if (op->error.kind == ERROR_NONE) {
            http_error_set(transfer, code);
        }
        blob_free(&op->http_response.body);
    }
    if (transfer->previous) {
        transfer->previous->next = transfer->next;
    } else {
        http->transfers = transfer->next;
    }
    if (transfer->next) {
        transfer->next->previous = transfer->previous;
    }
    http->in_flight--;
    watch_forget(transfer->watch);
    curl_easy_cleanup(transfer->easy);
    curl_mime_free(transfer->mime);
    curl_slist_free_all(transfer->headers);
    loop_timer_free(transfer->timer);
    loop_timer_free(transfer->connect_timer);
    free(transfer);
    done(op, context);
    http_let_go(http);
}

void http_reap(CURLM *multi)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        struct transfer *transfer = NULL;

        if (message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result;

            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            transfer_end(transfer, code);
        }
    }
}

static void reap_all(void *context)
{
    struct http *http = context;

    http_reap(http->multi[0]);
    http_reap(http->multi[1]);
}

/* -- the public side ------------------------------------------------------------------------ */

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

static bool check_new(struct http *http)
{
    http->check = calloc(1, sizeof *http->check);
    if (!http->check) {
        return false;
    }
    uv_check_init(loop_uv(http->loop), http->check);
    uv_check_start(http->check, watches_on_check);
    uv_unref((uv_handle_t *)http->check);
    http->check->data = http;
    return true;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

struct http *http_new(struct loop *loop, const struct http_config *config, struct error *err)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(http);
        error_set(err, ERROR_INTERNAL, "cannot start HTTP");
        return NULL;
    }
    http->loop = loop;
    http->config = *config;
    if (http->config.max_buffered_bytes == 0) {
        http->config.max_buffered_bytes = transit_default;
    }
    http->user_agent = strdup(config->user_agent ? config->user_agent : "darkroom");
    http->trusted_origin = config->trusted_origin ? strdup(config->trusted_origin) : NULL;
    http->timers[0] = loop_timer_new(loop, http_on_timeout_trusted, http);
    http->timers[1] = loop_timer_new(loop, http_on_timeout_foreign, http);
    http->reap_timer = loop_timer_new(loop, reap_all, http);
    http->hold_timer = loop_timer_new(loop, http_on_hold_tick, http);
    http->stamps_fd = config->lag ? receive_timestamp_prepare() : -1;
    if (!check_new(http) || !multi_new(http, 0) || !multi_new(http, 1)) {
        http_free(http);
        error_set(err, ERROR_INTERNAL, "cannot start HTTP");
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (!http) {
        return;
    }
    while (http->transfers) { /* transfer_end takes it out of the list before it frees it */
        http->transfers->cancelled = true; /* NOLINT(clang-analyzer-unix.Malloc) */
        transfer_end(http->transfers, CURLE_ABORTED_BY_CALLBACK);
    }
    for (int i = 0; i < 2; i++) {
        curl_multi_cleanup(http->multi[i]);
        loop_timer_free(http->timers[i]);
    }
    loop_timer_free(http->reap_timer);
    loop_timer_free(http->hold_timer);
    if (http->check) {
        uv_close((uv_handle_t *)http->check, free_handle);
    }
    if (http->stamps_fd >= 0) {
        close(http->stamps_fd);
    }
    free(http->user_agent);
    free(http->trusted_origin);
    free(http);
}

/* What could not even be begun, or is to be stopped, ends on the next turn of the loop. */
static void end_later(void *context)
{
    transfer_end(context, CURLE_ABORTED_BY_CALLBACK);
}

static void end_soon(struct transfer *transfer)
{
    if (!transfer->timer) {
        transfer->timer = loop_timer_new(transfer->http->loop, end_later, transfer);
    }
    loop_timer_start(transfer->timer, 0, 0);
}

static void end_without_connection(void *context)
{
    struct transfer *transfer = context;

    if (microseconds(transfer->easy, CURLINFO_PRETRANSFER_TIME_T) <= 0) {
        transfer_end(transfer, CURLE_OPERATION_TIMEDOUT);
    }
}

void http_begin(struct http *http, struct op *op, http_done_fn done, void *context)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);
    int running;

    if (!transfer) {
        abort();
    }
    *transfer =
        (struct transfer){ .http = http,
                           .op = op,
                           .done = done,
                           .context = context,
                           .began_us = clock_mono_us(),
                           .first_event_us = -1,
                           .stream = { .progress = op->http.progress_suffix },
                           .next = http->transfers,
                           .limit = op->http.max_response_bytes ? op->http.max_response_bytes
                                                                : ANSWER_MAX };
    if (transfer->next) {
        transfer->next->previous = transfer;
    }
    http->transfers = transfer;
    http->in_flight++;
    blob_free(&op->http_response.body);
    op->http_response = (struct http_response){
        .processing_ms = -1, .limit_requests = -1, .remaining_requests = -1, .reset_requests_ms = -1
    };
    op->error = (struct error){ .kind = ERROR_NONE };
    transfer->easy = curl_easy_init();
    if (!transfer->easy || !http_request_fill(transfer, &op->error)) {
        if (op->error.kind == ERROR_NONE) {
            error_set(&op->error, ERROR_INTERNAL, "no memory for a request");
        }
        end_soon(transfer);
        return;
    }
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, http_body_take);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    if (curl_multi_add_handle(http->multi[op->http.untrusted_url], transfer->easy) != CURLM_OK) {
        error_set(&op->error, ERROR_INTERNAL, "cannot begin a request");
        end_soon(transfer);
        return;
    }
    /* connects now, and not when the loop comes to it; what has ended so is told on the next turn
     */
    curl_multi_socket_action(http->multi[op->http.untrusted_url], CURL_SOCKET_TIMEOUT, 0, &running);
    loop_timer_start(http->reap_timer, 0, 0);
    if (!op->http.untrusted_url) {
        transfer->connect_timer = loop_timer_new(http->loop, end_without_connection, transfer);
        loop_timer_start(transfer->connect_timer, transfer->connect_ms, 0);
    }
}

void http_cancel(struct http *http, struct op *op)
{
    for (struct transfer *at = http->transfers; at; at = at->next) {
        if (at->op == op) {
            at->cancelled = true;
            end_soon(at);
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
