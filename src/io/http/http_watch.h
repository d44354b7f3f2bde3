/* http_watch.h - one of libcurl's sockets, polled by the loop. */
#ifndef IO_HTTP_HTTP_WATCH_H
#define IO_HTTP_HTTP_WATCH_H
#include <uv.h>

#include "io/http/http_internal.h"

struct watch {
    uv_poll_t poll;
    struct http *http;
    CURLM *multi;
    struct transfer *transfer; /* that uses the socket; NULL if none does */
    curl_socket_t fd;
    struct list_node node; /* in http->readable */
    struct watch_timing timing;
};

/* NULL if out of memory or libuv cannot poll the socket. */
struct watch *watch_new(struct http *http, CURLM *multi, curl_socket_t fd);
void watch_close(struct watch *watch); /* it is freed once libuv has closed its handle */
void watch_pause(struct watch *watch); /* stops polling */
void watch_resume(struct watch *watch);
void watch_clear_transfer(struct watch *watch); /* the transfer ends; NULL is harmless */

/* http_read.c: callbacks for libuv. */
void watch_on_poll(uv_poll_t *poll, int status, int events);
void watches_on_check(uv_check_t *check); /* once per iteration; `data` is the struct http */
#endif
