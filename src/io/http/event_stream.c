/* event_stream.c - lines, fields, events. */
#include "io/http/event_stream.h"

#include <string.h>
#include <strings.h>

struct span {
    const char *text; /* NULL: there is none */
    size_t size;
};

static const struct span none = { NULL, 0 };

enum { STRETCH = 1024 };

/* -- lines and fields ------------------------------------------------------------------------ */

/* Bytes before the first end of a line: a line feed, a carriage return, or both. In stretches, for
 * a text may have a thousand of the one and none of the other. */
static size_t line_length(const char *data, size_t size)
{
    for (size_t at = 0; at < size; at += STRETCH) {
        size_t most = size - at < STRETCH ? size - at : STRETCH;
        const char *feed = memchr(data + at, '\n', most), *back;

        most = feed ? (size_t)(feed - data) - at : most;
        back = memchr(data + at, '\r', most);
        if (feed || back) {
            return back ? (size_t)(back - data) : at + most;
        }
    }
    return size;
}

/* The value of a line that is this field; one space behind the colon is not part of it. */
static struct span field(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (size < length || memcmp(line, name, length) != 0) {
        return none;
    }
    if (size == length) {
        return (struct span){ line + length, 0 };
    }
    if (line[length++] != ':') {
        return none;
    }
    length += length < size && line[length] == ' ';
    return (struct span){ line + length, size - length };
}

bool event_stream_is(const char *content_type)
{
    static const char type[] = "text/event-stream";
    size_t length = sizeof type - 1;

    return strncasecmp(content_type, type, length) == 0 &&
           (content_type[length] == '\0' || strchr("; \t", content_type[length]) != NULL);
}

bool event_name_ends(const char *name, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);

    return size >= length && memcmp(name + size - length, suffix, length) == 0;
}

/* -- as it comes ----------------------------------------------------------------------------- */

static size_t skip_blanks(struct span text, size_t at)
{
    while (at < text.size && (text.text[at] == ' ' || text.text[at] == '\t')) {
        at++;
    }
    return at;
}

/* The text behind the first "type": of JSON that may be cut off. */
static struct span type_in(struct span data)
{
    static const char key[] = "\"type\"";
    const char *found = memmem(data.text, data.size, key, sizeof key - 1), *close;
    size_t at = found ? skip_blanks(data, (size_t)(found - data.text) + sizeof key - 1) : 0;

    if (!found || at == data.size || data.text[at] != ':') {
        return none;
    }
    at = skip_blanks(data, at + 1);
    if (at == data.size || data.text[at] != '"') {
        return none;
    }
    at++;
    close = memchr(data.text + at, '"', data.size - at);
    return close ? (struct span){ data.text + at, (size_t)(close - data.text) - at } : none;
}

/* Looks at the line's beginning once it is there: does it tell that the event is of progress? */
static bool tells_progress(struct event_stream *stream, bool ended)
{
    struct span data, name;

    if (stream->looked || (!ended && stream->line_size < EVENT_LINE)) {
        return false;
    }
    stream->looked = true;
    data = field(stream->line, stream->line_size, "data");
    stream->has_data |= data.text != NULL;
    name = data.text ? type_in(data) : field(stream->line, stream->line_size, "event");
    if (stream->named || !name.text) {
        return false;
    }
    stream->named = true;
    return event_name_ends(name.text, name.size, stream->progress);
}

static void remember(struct event_stream *stream, const char *data, size_t size)
{
    size_t room = EVENT_LINE - stream->line_size;

    size = size < room ? size : room;
    memcpy(stream->line + stream->line_size, data, size);
    stream->line_size += size;
}

static void end_line(struct event_stream *stream, char with)
{
    stream->after_cr = with == '\r';
    stream->cr_kept = !stream->passing;
    if (stream->line_size == 0) { /* a blank one: the event is whole */
        stream->passed += stream->passing && stream->has_data;
        stream->passing = stream->named = stream->has_data = stream->begun = false;
        stream->kept = 0;
    }
    stream->line_size = 0;
    stream->looked = false;
}

struct event_step event_stream_step(struct event_stream *stream, const char *data, size_t size)
{
    struct event_step step = { 0 };
    size_t length;
    bool ended;

    if (stream->after_cr && *data == '\n') { /* of the line before; it may have ended an event */
        stream->after_cr = false;
        stream->kept += stream->begun && stream->cr_kept;
        return (struct event_step){ .used = 1, .keep = stream->cr_kept };
    }
    stream->after_cr = false;
    stream->begun = true;
    length = line_length(data, size);
    ended = length < size;
    remember(stream, data, length);
    if (tells_progress(stream, ended) && !stream->passing) {
        stream->passing = true;
        step.take_back = stream->kept;
        stream->kept = 0;
    }
    step.used = length + ended;
    step.keep = !stream->passing;
    stream->kept += step.keep ? step.used : 0;
    if (ended) {
        end_line(stream, data[length]);
    }
    return step;
}

/* -- a whole text ---------------------------------------------------------------------------- */

/* Takes one line off the front; false at the end of the text. */
static bool next_line(const char **at, const char *end, struct span *out)
{
    size_t left = (size_t)(end - *at), length;

    if (left == 0) {
        return false;
    }
    length = line_length(*at, left);
    *out = (struct span){ *at, length };
    if (length < left) {
        length += (*at)[length] == '\r' && length + 1 < left && (*at)[length + 1] == '\n' ? 2 : 1;
    }
    *at += length;
    return true;
}

static void take_line(struct span line, struct event *out)
{
    struct span data = field(line.text, line.size, "data");
    struct span name = field(line.text, line.size, "event");

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
    struct span line;

    *out = (struct event){ .name = "" };
    while (next_line(at, end, &line)) {
        if (line.size > 0) {
            take_line(line, out);
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
    struct span line, data;

    memcpy(out, event->data, size);
    next_line(&at, event->end, &line); /* what is left of the first line: its end */
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
