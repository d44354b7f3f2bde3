/* http.h - an HTTP client on the loop, by libcurl's multi_socket interface.
 *
 * Trusted transfers (to providers and Supabase) and untrusted ones share no connection. An
 * untrusted URL comes from a user: only https, no addresses of internal networks, at most 3
 * redirects. The check is on the address that is really connected to.
 *
 * Backpressure: if the bytes of all responses in flight exceed a limit, further responses are not
 * read until earlier ones are complete. */
#ifndef IO_HTTP_HTTP_H
#define IO_HTTP_HTTP_H
#include "io/loop_lag.h"
#include "io/op.h"

struct http_config {
    const char *user_agent;        /* "darkroom/1.0.0" */
    size_t max_buffered_bytes;     /* of all responses in flight; 0 = 512 MiB */
    uint32_t connect_timeout_ms;   /* 0 = 10 s */
    uint32_t total_timeout_ms;     /* if the op has none; 0 = 600 s */
    long max_connections_per_host; /* 0 = no limit */
    bool allow_loopback_fetch;     /* untrusted URLs may be http, and point to 127.0.0.0/8, ::1 */
    const char *trusted_origin;    /* untrusted URLs under this origin are allowed; NULL = none */
    struct loop_lag *loop_lag;     /* NULL = delays in http_times are not measured */
    /* PEM files of certificate authorities. `ca_file` and `ca_dir` replace those of the system. */
    const char *ca_file, *ca_dir, *extra_ca_file; /* NULL = none */
};

struct http;
struct http *http_new(struct loop *loop, const struct http_config *config,
                      struct error *err) MUST_CHECK;
/* Cancels all transfers: their `done` is called, with ERROR_STOPPED. NULL is harmless. */
void http_free(struct http *http);

typedef void (*http_done_fn)(struct op *op, void *context);
/* Begins op->http. `done` is called later, never from within http_begin. The op must stay valid and
 * unchanged until then. */
void http_begin(struct http *http, struct op *op, http_done_fn done, void *context);
/* Ends the op in the next iteration of the loop, with ERROR_STOPPED. */
void http_cancel(struct http *http, struct op *op);
int http_in_flight(const struct http *http);

const char *http_library(void); /* "libcurl/7.88.1 OpenSSL/3.0.15 ..." */
#endif
