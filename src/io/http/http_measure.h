/* http_measure.h - how long requests and responses wait for this process, and when data really
 * arrived.
 *
 * The rest of io/http transfers data without this; it only calls these functions at a few points.
 * All of them do nothing unless http_config.loop_lag is set. Two sources are combined: the loop's
 * own lag (io/loop_lag.h), and the kernel's receive timestamps (base/receive_timestamp.h). */
#ifndef IO_HTTP_HTTP_MEASURE_H
#define IO_HTTP_HTTP_MEASURE_H
#include "base/receive_timestamp.h"
#include "io/op.h"

struct transfer;
struct watch;

struct transfer_timing {      /* of a transfer; zeroed when it begins */
    bool has_timestamps;      /* the kernel timestamps the data of its socket */
    bool last_has_timestamp;  /* transfer->last_us is a kernel timestamp */
    int64_t receive_delay_us; /* how long the last bytes lay in the socket; 0 = unknown */
    int64_t waited_us;        /* for the loop: to begin, and while the request was sent */
    int64_t last_wait_us;     /* for the loop, since the last data of the response arrived */
    int64_t handled_us;       /* when the last event of its socket was handled */
};

struct watch_timing {    /* of a socket */
    bool has_timestamps; /* the kernel timestamps its data */
    int64_t ready_us;    /* since when it has had an event that is not handled; 0 = none */
    int64_t handled_us;  /* when it was last handled */
};

struct read_timing { /* of one read; filled by measure_read_begin */
    bool active, has_timestamp;
    struct receive_timestamp timestamp;
    size_t bytes;
    bool response_had_begun, had_event;
};

/* The transfer of the watch uses its socket. `opened`: it is a new socket. */
void measure_socket(struct watch *watch, bool opened);
/* libuv reports an event on the socket. */
void measure_event(struct watch *watch);
/* The event is handled now. `read_only`: there is nothing to write. */
void measure_wait_end(struct watch *watch, bool read_only);
/* More data is left than is read in this iteration of the loop. */
void measure_wait_again(struct watch *watch);

/* Before and after libcurl reads and writes. The watch may be closed in between. */
struct read_timing measure_read_begin(struct watch *watch, bool readable);
void measure_read_end(struct watch *watch, struct transfer *transfer,
                      const struct read_timing *timing);
/* Body bytes were received at transfer->last_us. `by_timer`: by a timer of libcurl's. */
void measure_body(struct transfer *transfer, bool by_timer);

/* Fills loop_delay_us and receive_delay_us. `last_us`: when the transfer ended. */
void measure_end(const struct transfer *transfer, bool complete, int64_t last_us,
                 struct http_times *times);
#endif
