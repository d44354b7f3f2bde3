/* http.h - HTTP over libcurl's multi_socket interface on the loop.
 *
 * Two kinds of transfer that share nothing: trusted (providers, Supabase) and foreign (URLs from
 * users: https only, no inside addresses, at most 3 redirects, each checked on the address that
 * is really connected to). A ceiling on the bytes of all answers in transit holds memory: past it
 * sockets are not read, until other answers are whole and the caller's. */
#ifndef IO_HTTP_HTTP_H
#define IO_HTTP_HTTP_H
#include "io/loop_lag.h"
#include "io/op.h"

struct http_config {
    const char *user_agent;        /* "darkroom/1.0.0" */
    size_t max_buffered_bytes;     /* ceiling in bytes over all transfers; 0 = 512 MiB */
    uint32_t connect_timeout_ms;   /* 0 = 10 s */
    uint32_t total_timeout_ms;     /* where the op says none; 0 = 600 s */
    long max_connections_per_host; /* 0 = no bound */
    bool allow_loopback_fetch;     /* foreign URLs may be http and point to 127.0.0.0/8, ::1 */
    const char *trusted_origin;    /* "http://127.0.0.1:54321": foreign URLs under it are fine */
    struct loop_lag *lag;          /* fills http_times.loop_delay_us; NULL: not measured */
};

struct http;
struct http *http_new(struct loop *loop, const struct http_config *config,
                      struct error *err) MUST_CHECK;
void http_free(struct http *http); /* cancels what is left: their done is called first */

typedef void (*http_done_fn)(struct op *op, void *context);
void http_begin(struct http *http, struct op *op, http_done_fn done, void *context);
void http_cancel(struct http *http, struct op *op);
int http_in_flight(const struct http *http);

const char *http_library(void); /* "libcurl/7.88.1 OpenSSL/3.0.15 ..." */
#endif
