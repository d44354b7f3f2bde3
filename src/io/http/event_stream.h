/* event_stream.h - server-sent events: text/event-stream, as the HTML standard has it.
 *
 * A stream is looked at while it comes, so that events which only tell of progress need not be
 * kept: an image in its making is as large as the image. What was kept is then read event by
 * event. Nothing is allocated here, and nothing is known of what events mean. */
#ifndef IO_HTTP_EVENT_STREAM_H
#define IO_HTTP_EVENT_STREAM_H
#include <stdbool.h>
#include <stddef.h>

enum { EVENT_LINE = 256 };

struct event_stream {     /* zero it, then set progress */
    const char *progress; /* events whose name ends in this are passed over; borrowed */
    int passed;           /* so many were, each to its end */

    /* its own: the event that is coming */
    bool passing;          /* it is of progress */
    bool named, has_data;  /* what it is called is known; a line of data came */
    bool begun;            /* a byte of it came */
    size_t kept;           /* bytes of it that the caller holds */
    char line[EVENT_LINE]; /* the first bytes of the line that is coming */
    size_t line_size;
    bool looked;            /* the line's beginning is known, and was looked at */
    bool after_cr, cr_kept; /* a line feed would end the same line; that line was kept */
};

struct event_step {
    size_t used;      /* bytes that this step is about, from the first on; at least one */
    bool keep;        /* keep them */
    size_t take_back; /* and these last bytes kept before are not to be: their event is progress */
};

/* Looks at bytes as they came (at least one), to the end of a line at most: the caller goes on
 * behind step.used. An event is known by its first `event` line or, without one before its data,
 * by a "type" near the beginning of the data. */
struct event_step event_stream_step(struct event_stream *stream, const char *data, size_t size);

struct event { /* points into the text */
    const char *name;
    size_t name_size; /* 0: it has none */
    const char *data; /* of its first line of data */
    size_t data_size;
    const char *end; /* of the event */
    int data_lines;  /* more than one: event_join puts them together */
};

/* The next event of a whole text that has data, from *at on, which moves on; false: there is none.
 * The last one may lack the blank line that ends it: whoever paid for it wants it. */
bool event_next(const char **at, const char *end, struct event *out);

/* All data of an event, lines joined by a line feed, into room for end - data bytes; returns their
 * number. */
size_t event_join(const struct event *event, char *out);

bool event_stream_is(const char *content_type); /* "text/event-stream; charset=utf-8" is one */
bool event_name_ends(const char *name, size_t size, const char *suffix);
#endif
