/* event_stream.h - server-sent events: text/event-stream, as defined by the HTML standard.
 *
 * A stream is filtered while it is received, so that progress events are not kept: a partial image
 * is as large as the final one. What was kept is read event by event afterwards. Nothing is
 * allocated here, and the meaning of events is left to the caller. */
#ifndef IO_HTTP_EVENT_STREAM_H
#define IO_HTTP_EVENT_STREAM_H
#include <stdbool.h>
#include <stddef.h>

enum { EVENT_LINE = 256 };

struct event_stream {            /* zero it, then set progress_suffix */
    const char *progress_suffix; /* events whose name ends in this are dropped; borrowed */
    int progress_events;         /* how many were dropped, each received completely */

    /* private: the event that is being received */
    bool is_progress;
    bool has_name, has_data; /* its name is known; a data line was received */
    bool begun;              /* a byte of it was received */
    size_t kept;             /* bytes of it that the caller holds */
    char line[EVENT_LINE];   /* the first bytes of the line that is being received */
    size_t line_size;
    bool line_was_read;     /* the beginning of the line was complete, and was interpreted */
    bool after_cr, cr_kept; /* a line feed now belongs to the previous line; that line was kept */
};

struct event_step {
    size_t used;    /* bytes that this step covers; at least one */
    bool keep;      /* the caller keeps them */
    size_t discard; /* the caller discards this many of the bytes kept before: they belong to an
                       event that turned out to be progress */
};

/* Examines received bytes (at least one), up to the end of a line. The caller continues after
 * step.used. The name of an event is its first `event` line or, if data comes before one, the
 * value of "type" near the beginning of the data. */
struct event_step event_stream_step(struct event_stream *stream, const char *data, size_t size);

struct event { /* points into the text */
    const char *name;
    size_t name_size; /* 0 = no name */
    const char *data; /* of its first data line */
    size_t data_size;
    const char *end; /* where the event ends */
    int data_lines;  /* if more than one, event_join joins them */
};

/* Finds the next event with data, from *at on, and advances *at. Returns false at the end. The last
 * event may lack its terminating blank line: it is returned nevertheless, since it is paid for. */
bool event_next(const char **at, const char *end, struct event *out);

/* Joins all data lines of an event by line feeds. `out` needs event->end - event->data bytes.
 * Returns the size. */
size_t event_join(const struct event *event, char *out);

bool event_stream_is(const char *content_type); /* also with parameters */
#endif
