/* event_stream.c - splits a stream into lines, fields and events. */
#include "io/http/event_stream.h"

#include <string.h>
#include <strings.h>

struct text_span {
    const char *text; /* NULL = none */
    size_t size;
};

static const struct text_span no_text = { NULL, 0 };

enum { SEARCH_BYTES = 1024 };

/* -- lines and fields ------------------------------------------------------------------------ */

/* Bytes before the first line end: a line feed, a carriage return, or both. Searches a limited
 * number of bytes at a time, so that a text with only one of the two is not searched repeatedly to
 * its end for the other. */
static size_t line_length(const char *data, size_t size)
{
    for (size_t at = 0; at < size; at += SEARCH_BYTES) {
        size_t most = size - at < SEARCH_BYTES ? size - at : SEARCH_BYTES;
        const char *feed = memchr(data + at, '\n', most), *back;

        most = feed ? (size_t)(feed - data) - at : most;
        back = memchr(data + at, '\r', most);
        if (feed || back) {
            return back ? (size_t)(back - data) : at + most;
        }
    }
    return size;
}

/* The value, if the line is the field `name`. One space after the colon is not part of it. */
static struct text_span field(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (size < length || memcmp(line, name, length) != 0) {
        return no_text;
    }
    if (size == length) {
        return (struct text_span){ line + length, 0 };
    }
    if (line[length++] != ':') {
        return no_text;
    }
    length += length < size && line[length] == ' ';
    return (struct text_span){ line + length, size - length };
}

bool event_stream_is(const char *content_type)
{
    static const char type[] = "text/event-stream";
    size_t length = sizeof type - 1;

    return strncasecmp(content_type, type, length) == 0 &&
           (content_type[length] == '\0' || strchr("; \t", content_type[length]) != NULL);
}

static bool name_ends_with(const char *name, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);

    return size >= length && memcmp(name + size - length, suffix, length) == 0;
}

/* -- while receiving -----------------------------------------------------------------------------
 */

static size_t skip_blanks(struct text_span text, size_t at)
{
    while (at < text.size && (text.text[at] == ' ' || text.text[at] == '\t')) {
        at++;
    }
    return at;
}

/* The value of the first "type" member in JSON that may be truncated. */
static struct text_span type_in(struct text_span data)
{
    static const char key[] = "\"type\"";
    const char *found = memmem(data.text, data.size, key, sizeof key - 1), *close;
    size_t at = found ? skip_blanks(data, (size_t)(found - data.text) + sizeof key - 1) : 0;

    if (!found || at == data.size || data.text[at] != ':') {
        return no_text;
    }
    at = skip_blanks(data, at + 1);
    if (at == data.size || data.text[at] != '"') {
        return no_text;
    }
    at++;
    close = memchr(data.text + at, '"', data.size - at);
    return close ? (struct text_span){ data.text + at, (size_t)(close - data.text) - at } : no_text;
}

/* Interprets the beginning of the line once it is complete. True if the event is progress. */
static bool line_shows_progress(struct event_stream *stream, bool ended)
{
    struct text_span data, name;

    if (stream->line_was_read || (!ended && stream->line_size < EVENT_LINE)) {
        return false;
    }
    stream->line_was_read = true;
    data = field(stream->line, stream->line_size, "data");
    stream->has_data |= data.text != NULL;
    name = data.text ? type_in(data) : field(stream->line, stream->line_size, "event");
    if (stream->has_name || !name.text) {
        return false;
    }
    stream->has_name = true;
    return name_ends_with(name.text, name.size, stream->progress_suffix);
}

static void store_beginning(struct event_stream *stream, const char *data, size_t size)
{
    size_t capacity = EVENT_LINE - stream->line_size;

    size = size < capacity ? size : capacity;
    memcpy(stream->line + stream->line_size, data, size);
    stream->line_size += size;
}

static void end_line(struct event_stream *stream, char with)
{
    stream->after_cr = with == '\r';
    stream->cr_kept = !stream->is_progress;
    if (stream->line_size == 0) { /* a blank line: the event is complete */
        stream->progress_events += stream->is_progress && stream->has_data;
        stream->is_progress = stream->has_name = stream->has_data = stream->begun = false;
        stream->kept = 0;
    }
    stream->line_size = 0;
    stream->line_was_read = false;
}

struct event_step event_stream_step(struct event_stream *stream, const char *data, size_t size)
{
    struct event_step step = { 0 };
    size_t length;
    bool ended;

    if (stream->after_cr &&
        *data == '\n') { /* belongs to the previous line, which may have ended an event */
        stream->after_cr = false;
        stream->kept += stream->begun && stream->cr_kept;
        return (struct event_step){ .used = 1, .keep = stream->cr_kept };
    }
    stream->after_cr = false;
    stream->begun = true;
    length = line_length(data, size);
    ended = length < size;
    store_beginning(stream, data, length);
    if (line_shows_progress(stream, ended) && !stream->is_progress) {
        stream->is_progress = true;
        step.discard = stream->kept;
        stream->kept = 0;
    }
    step.used = length + ended;
    step.keep = !stream->is_progress;
    stream->kept += step.keep ? step.used : 0;
    if (ended) {
        end_line(stream, data[length]);
    }
    return step;
}

/* -- a complete text ----------------------------------------------------------------------------
 */

/* Reads one line and advances *at. Returns false at the end of the text. */
static bool next_line(const char **at, const char *end, struct text_span *out)
{
    size_t left = (size_t)(end - *at), length;

    if (left == 0) {
        return false;
    }
    length = line_length(*at, left);
    *out = (struct text_span){ *at, length };
    if (length < left) {
        length += (*at)[length] == '\r' && length + 1 < left && (*at)[length + 1] == '\n' ? 2 : 1;
    }
    *at += length;
    return true;
}

static void read_line(struct text_span line, struct event *out)
{
    struct text_span data = field(line.text, line.size, "data");
    struct text_span name = field(line.text, line.size, "event");

    if (data.text && out->data_lines++ == 0) {
        out->data = data.text;
        out->data_size = data.size;
    }
    if (name.text) {
        out->name = name.text;
        out->name_size = name.size;
    }
}

bool event_next(const char **at, const char *end, struct event *out)
{
    struct text_span line;

    *out = (struct event){ .name = "" };
    while (next_line(at, end, &line)) {
        if (line.size > 0) {
            read_line(line, out);
            out->end = line.text + line.size;
        } else if (out->data_lines > 0) {
            return true;
        } else {
            *out = (struct event){ .name = "" };
        }
    }
    return out->data_lines > 0;
}

size_t event_join(const struct event *event, char *out)
{
    const char *at = event->data + event->data_size;
    size_t size = event->data_size;
    struct text_span line, data;

    memcpy(out, event->data, size);
    next_line(&at, event->end, &line); /* skips the end of the first line */
    while (next_line(&at, event->end, &line)) {
        data = field(line.text, line.size, "data");
        if (data.text) {
            out[size++] = '\n';
            memcpy(out + size, data.text, data.size);
            size += data.size;
        }
    }
    return size;
}
