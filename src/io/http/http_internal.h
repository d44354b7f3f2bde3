/* http_internal.h - shared by the files of io/http: one transfer, and the state of the client. */
#ifndef IO_HTTP_HTTP_INTERNAL_H
#define IO_HTTP_HTTP_INTERNAL_H
#include <curl/curl.h>
#include <stdio.h>

#include "base/list.h"
#include "io/http/event_stream.h"
#include "io/http/http.h"
#include "io/http/http_measure.h"

enum { HTTP_PROXY_VARIABLES = 6 };

struct uv_check_s;
struct uv_poll_s;

struct transfer {                /* one request and its response */
    struct list_node node;       /* in http->transfers */
    struct list_node pause_node; /* in http->paused while its response is not read */
    struct http *http;
    struct op *op;
    http_done_fn done;
    void *context;
    CURL *easy;
    curl_mime *mime;
    struct curl_slist *headers;
    size_t limit, capacity; /* of the body: largest size, bytes allocated */
    size_t bytes;           /* of the body that were received, kept or not */
    size_t header_bytes;    /* of the response's headers that were received */
    struct event_stream stream;
    char *proxy;                   /* that the request uses unless NO_PROXY excludes it, or NULL */
    const char *proxy_variable;    /* the environment variable that names it */
    char message[CURL_ERROR_SIZE]; /* libcurl's, about a failure */
    FILE *file;        /* op->http.body_path, while it is written under a temporary name */
    bool trusted;      /* an untrusted URL, but under the trusted origin */
    bool is_stream;    /* the response is an event stream, and the op expects one */
    bool write_failed; /* the body could not be written to the file */
    bool too_long, no_memory, not_allowed, port_not_allowed, cancelled;
    bool admitted;       /* its response may be read: it is counted in the bytes in flight */
    bool paused_by_curl; /* paused within a stream, by libcurl; else its socket is not polled */
    uint32_t connect_ms;
    struct loop_timer *end_timer; /* ends the transfer in the next iteration of the loop */
    /* For trusted transfers, of which there may be thousands, instead of libcurl's connect timer:
     * that one also fires on established connections and then reads from their sockets. */
    struct loop_timer *connect_timer;
    int64_t began_us;       /* clock_mono_us */
    int64_t first_us;       /* of the first line of the response, 1xx excluded; 0 = not yet */
    int64_t first_event_us; /* since began_us, of the first progress event; -1 = none */
    int64_t last_us;        /* of the last bytes of the body; 0 = none yet */
    int64_t paused_since_us, paused_us; /* since when, and how long in total, reading was paused */
    struct transfer_timing timing;
    struct watch *watch; /* of its socket; NULL if it has none */
    size_t expected;     /* size of its body, once it is admitted */
};

struct http {
    struct loop *loop;
    struct http_config config;
    char *user_agent, *trusted_origin;
    char *ca_file, *ca_dir;
    struct stack_st_X509 *extra_authorities;              /* NULL = none */
    struct secret *proxy_passwords[HTTP_PROXY_VARIABLES]; /* for scrubbing; NULL = none */
    CURLM *multi[2]; /* [0] trusted, [1] untrusted: they share no connection */
    struct loop_timer *timers[2], *reap_timer;
    bool timer_is_new[2];          /* set to a time: sockets are read once before it fires */
    bool driving;                  /* libcurl is handling a socket... */
    const struct transfer *driven; /* ...of this transfer; it may also handle expired timers */
    int timestamp_fd;              /* keeps kernel timestamps enabled; -1 = not measured */
    struct list transfers;
    int in_flight;
    struct list paused; /* transfers that are not read, first come first served */
    struct loop_timer *pause_timer;
    size_t received, received_before; /* bytes in total; at the last tick of pause_timer */
    uint64_t iteration;               /* of the loop, in which responses were last read */
    size_t iteration_bytes;           /* read in that iteration */
    int64_t iteration_began_us;       /* when reading began in it */
    struct list readable;             /* watches that have data to read */
    void (*on_poll)(struct uv_poll_s *poll, int status, int events); /* of the watches */
    struct uv_check_s *check; /* runs once per iteration; freed after libuv has closed it */
};

/* http_backpressure.c: responses that are not read while too many bytes are in flight. */

/* True if the response may be read; false: pause it with http_pause_reading. */
bool http_admit(struct transfer *transfer);
void http_pause_reading(struct transfer *transfer, bool by_curl);
/* The transfer or its socket ends, or is used again. Does nothing if it is not paused. */
void http_cancel_pause(struct transfer *transfer);
void http_resume_reading(struct http *http); /* as many as the limit allows */
void http_on_pause_tick(void *http);

/* http_transfer.c: ends the transfers that libcurl has finished with. */
void http_reap(CURLM *multi);
void transfer_end(struct transfer *transfer, CURLcode code);

/* http_socket.c: callbacks for libcurl, and for the timers that it requests. */
int http_on_socket(CURL *easy, curl_socket_t fd, int what, void *http, void *watch);
int http_on_timer(CURLM *multi, long after_ms, void *http);
void http_on_timeout_trusted(void *http);
void http_on_timeout_untrusted(void *http);

/* CURLOPT_WRITEFUNCTION; userdata is the transfer. */
size_t http_body_receive(char *data, size_t size, size_t count, void *transfer);

/* http_file.c: the body is written to a file. */
bool http_file_is_wanted(const struct transfer *transfer); /* a 2xx response, and a body_path */
bool http_file_write(struct transfer *transfer, const char *data, size_t size);
/* Renames or removes the file. Sets op->error if the body cannot be kept. */
void http_file_end(struct transfer *transfer, bool complete);

/* http_proxy.c: proxies, as the environment names them. */
void http_proxy_register_passwords(struct http *http);
void http_proxy_free_passwords(struct http *http);
void http_proxy_set(struct transfer *transfer); /* of a trusted transfer */
/* True, with op->error set, if the proxy is the reason of the failure. `code` is CURLE_OK if there
 * was a response. */
bool http_proxy_failed(struct transfer *transfer, CURLcode code);

/* http_ca.c: the certificate authorities that are trusted. */
bool http_ca_load_extra(struct http *http, const char *file, struct error *err) MUST_CHECK;
void http_ca_free(struct http *http);
void http_ca_set(struct transfer *transfer);

void http_error_set(struct transfer *transfer, CURLcode code);

/* Fills the easy handle from op->http. */
bool http_request_fill(struct transfer *transfer, struct error *err) MUST_CHECK;

/* CURLOPT_OPENSOCKETFUNCTION for untrusted URLs: refuses addresses of internal networks, checked
 * on the address that is really connected to. */
curl_socket_t http_guard_open(void *transfer, curlsocktype purpose, struct curl_sockaddr *address);

/* True if `url` may be fetched at all: scheme and port are allowed, and it names no user. */
bool http_guard_url(struct transfer *transfer, const char *url, struct error *err) MUST_CHECK;
struct sockaddr;
bool http_address_is_internal(const struct sockaddr *address);

/* CURLOPT_HEADERFUNCTION; userdata is the transfer. */
size_t http_headers_receive(char *line, size_t size, size_t count, void *transfer);
/* "1s", "6m0s", "12ms" to milliseconds; -1 if the text is not a duration. */
int64_t http_duration_ms(const char *text);
#endif
