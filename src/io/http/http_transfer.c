/* http_transfer.c - the end of a transfer: its times, its error, and its place in the lists. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "io/http/http_watch.h"

enum { SCRUB_BYTES = 256 * 1024 };

static int64_t microseconds(CURL *easy, CURLINFO info)
{
    curl_off_t value = 0;

    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : -1;
}

static int version_number(long version)
{
    return version == CURL_HTTP_VERSION_1_0   ? 10
           : version == CURL_HTTP_VERSION_1_1 ? 11
           : version == CURL_HTTP_VERSION_2_0 ? 20
           : version == CURL_HTTP_VERSION_3   ? 30
                                              : 0;
}

static void fill_response(struct transfer *transfer, bool complete)
{
    struct http_response *got = &transfer->op->http_response;
    CURL *easy = transfer->easy;
    long status = 0, connects = 0, version = 0;
    int64_t now = clock_mono_us();
    int64_t last = !complete                ? now
                   : transfer->last_us > 0  ? transfer->last_us
                   : transfer->first_us > 0 ? transfer->first_us
                                            : now;
    curl_off_t sent = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    got->status = (int)status;
    got->http_version = version_number(version);
    got->body_bytes = transfer->bytes;
    got->progress_events = transfer->stream.progress_events;
    got->times = (struct http_times){
        .dns_us = microseconds(easy, CURLINFO_NAMELOOKUP_TIME_T),
        .connect_us = microseconds(easy, CURLINFO_CONNECT_TIME_T),
        .tls_us = microseconds(easy, CURLINFO_APPCONNECT_TIME_T),
        .pretransfer_us = microseconds(easy, CURLINFO_PRETRANSFER_TIME_T),
        /* not STARTTRANSFER_TIME: for a form that is the time at which sending began */
        .first_byte_us = transfer->first_us > 0 ? transfer->first_us - transfer->began_us : -1,
        .first_event_us = transfer->first_event_us,
        .total_us = last - transfer->began_us,
        .reused = connects == 0,
    };
    measure_end(transfer, complete, last, &got->times);
    /* a request that was partly sent may have been executed, and billed */
    got->request_sent = status != 0 || sent > 0 || got->times.pretransfer_us > 0;
}

/* Overwrites our own keys if a server quotes them, before any part of the text is copied. Images
 * and other large bodies are not searched. */
static void scrub_body(struct http_response *got)
{
    bool text =
        strncasecmp(got->content_type, "text/", 5) == 0 || strcasestr(got->content_type, "json");

    if (got->body.data && (got->status >= 400 || (text && got->body.size <= SCRUB_BYTES))) {
        secret_scrub_bytes(got->body.data, got->body.size);
    }
    secret_scrub(got->request_id);
}

void transfer_end(struct transfer *transfer, CURLcode code)
{
    struct http *http = transfer->http;
    struct op *op = transfer->op;
    http_done_fn done = transfer->done;
    void *context = transfer->context;

    http_cancel_pause(transfer);
    if (transfer->easy) {
        fill_response(transfer, code == CURLE_OK);
        scrub_body(&op->http_response);
        if (code == CURLE_OK && http_proxy_failed(transfer, code)) {
            code = CURLE_PROXY;
        }
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
    list_remove(&transfer->node);
    http->in_flight--;
    watch_clear_transfer(transfer->watch);
    curl_easy_cleanup(transfer->easy);
    curl_mime_free(transfer->mime);
    curl_slist_free_all(transfer->headers);
    loop_timer_free(transfer->end_timer);
    loop_timer_free(transfer->connect_timer);
    free(transfer->proxy);
    free(transfer);
    done(op, context);
    http_resume_reading(http);
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
