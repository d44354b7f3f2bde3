/* http_internal.h - shared by the files of HTTP: one transfer, and what belongs to all. */
#ifndef IO_HTTP_HTTP_INTERNAL_H
#define IO_HTTP_HTTP_INTERNAL_H
#include <curl/curl.h>
#include <stdio.h>

#include "io/http/event_stream.h"
#include "io/http/http.h"

struct transfer {
    struct transfer *next, *previous;
    struct http *http;
    struct op *op;
    http_done_fn done;
    void *context;
    CURL *easy;
    curl_mime *mime;
    struct curl_slist *headers;
    size_t limit, room; /* of the body; bytes allocated */
    size_t bytes;       /* that came of the body, kept or not */
    size_t head_bytes;  /* of the answer's headers */
    struct event_stream stream;
    FILE *into;           /* op->http.body_path, while it is written under another name */
    bool trusted;         /* a foreign URL under the trusted origin */
    bool is_stream;       /* of events: the content type says so, and the op expects it */
    bool not_written;     /* the disk did not take it */
    bool stamped;         /* the kernel notes when bytes come to its socket */
    bool last_is_stamped; /* last_us is the kernel's word: last_wait_us is behind it */
    bool too_long, no_memory, not_allowed, not_port, cancelled;
    bool admitted, held, paused; /* paused: held by libcurl, in the midst of a stream */
    uint32_t connect_ms;
    struct loop_timer *timer; /* ends it on the next turn */
    /* Of trusted ones, which come by the thousand. libcurl's timer for it goes off too where there
     * is a connection, and reads from its socket then, whoever's turn it is: thousands at once. */
    struct loop_timer *connect_timer;
    int64_t began_us, first_us; /* clock_mono_us; the answer's first line, 1xx passed over */
    int64_t first_event_us;     /* since began_us, an event of progress was whole; -1: none was */
    int64_t last_us;            /* its last bytes came, or, where nobody knows, were taken */
    int64_t receive_delay_us;   /* so long they lay there; 0: nobody knows */
    int64_t waited_us;          /* for the loop: to be begun, with news while it was sent, held */
    int64_t last_wait_us;       /* with the last news of its answer */
    int64_t taken_up_us;        /* the last news were */
    struct watch *watch;        /* of its socket; NULL: it has none */
    struct transfer *held_next; /* in http->held */
    size_t expected;            /* bytes of its answer, once it is admitted */
    int64_t held_since_us;
};

struct http {
    struct loop *loop;
    struct http_config config;
    char *user_agent, *trusted_origin;
    CURLM *multi[2]; /* [0] trusted, [1] foreign: they share no connection */
    struct loop_timer *timers[2], *reap_timer;
    bool timer_waits[2];           /* it has a time: sockets come first when that is over */
    bool driving;                  /* libcurl is at work on a socket with news... */
    const struct transfer *driven; /* ...of this one, and of whoever's timer is over */
    int stamps_fd;                 /* has the kernel stamp from the beginning on; -1: nobody asks */
    struct transfer *transfers;
    int in_flight;
    struct transfer *held; /* http_hold.c: a line of those that are not read */
    struct loop_timer *hold_timer;
    size_t came, came_before; /* bytes, ever; at the timer's last tick */
    uint64_t turn;            /* of the loop */
    size_t turn_bytes;        /* that came in it */
    int64_t turn_began_us;    /* of its taking in */
    struct watch *line;       /* http_take.c: of those that have news to be taken in */
    struct watch *line_last;
    struct uv_check_s *check; /* once a turn; outlives this until libuv has let go of it */
};

/* http_hold.c: answers that wait in their sockets while too much of others is in transit. */
bool http_admit(struct transfer *transfer); /* false: it is to be held */
void http_hold(struct transfer *transfer, bool paused);
void http_unhold(struct transfer *transfer); /* it ends, or its socket does: harmless if not held */
void http_let_go(struct http *http);         /* room was made: some go on */
void http_on_hold_tick(void *http);
/* http_socket.c */
void watch_pause(struct watch *watch);
void watch_go_on(struct watch *watch);
void watch_forget(struct watch *watch); /* its transfer is gone; NULL is harmless */

/* libcurl's callbacks, and the timers that it asks for. */
int http_on_socket(CURL *easy, curl_socket_t fd, int what, void *http, void *watch);
int http_on_timer(CURLM *multi, long after_ms, void *http);
void http_on_timeout_trusted(void *http);
void http_on_timeout_foreign(void *http);

/* CURLOPT_WRITEFUNCTION; userdata is the transfer. */
size_t http_body_take(char *data, size_t size, size_t count, void *transfer);

/* http_file.c: the answer goes into a file. */
bool http_file_wanted(const struct transfer *transfer); /* a good answer, and the op names a file */
bool http_file_take(struct transfer *transfer, const char *data, size_t size);
void http_file_end(struct transfer *transfer, bool whole); /* op->error where it cannot be kept */

/* Ends the transfers that libcurl has done with. */
void http_reap(CURLM *multi);
void http_error_set(struct transfer *transfer, CURLcode code);

/* Fills the easy handle from op->http. */
bool http_request_fill(struct transfer *transfer, struct error *err) MUST_CHECK;

/* CURLOPT_OPENSOCKETFUNCTION for foreign URLs: refuses inside addresses, by the address that is
 * really connected to. */
curl_socket_t http_guard_open(void *transfer, curlsocktype purpose, struct curl_sockaddr *address);

/* True where `url` may be fetched at all: scheme, port, no user in it. */
bool http_guard_url(struct transfer *transfer, const char *url, struct error *err) MUST_CHECK;
struct sockaddr;
bool http_address_is_inside(const struct sockaddr *address);

/* CURLOPT_HEADERFUNCTION; userdata is the transfer. */
size_t http_headers_take(char *line, size_t size, size_t count, void *transfer);
/* "1s", "6m0s", "12ms" to milliseconds; -1 where it is none. */
int64_t http_duration_ms(const char *text);
#endif
