/* http_watch.h - a socket of libcurl's on the loop; shared by http_socket.c and http_take.c. */
#ifndef IO_HTTP_HTTP_WATCH_H
#define IO_HTTP_HTTP_WATCH_H
#include <uv.h>

#include "io/http/http_internal.h"

struct watch { /* lives until libuv has let go of it */
    uv_poll_t poll;
    struct http *http;
    CURLM *multi;
    struct transfer *transfer; /* that it works for */
    curl_socket_t fd;
    struct watch *behind; /* in line */
    bool in_line;
    int64_t ready_us;  /* passed over since; 0: not */
    int64_t served_us; /* the last time */
    bool stamped;      /* the kernel notes when bytes come */
};

/* http_take.c: what libuv tells of it. */
void watch_on_poll(uv_poll_t *poll, int status, int events);
void watch_leave_line(struct watch *watch); /* harmless where it is in none */
void watches_on_check(uv_check_t *check);   /* once a turn: `data` is the struct http */
#endif
