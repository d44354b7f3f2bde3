/* log.c - one line per event. */
#include "base/log.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/unicode/character.h"

/* Values are truncated at VALUE_MAX bytes, so that a line is never cut before its closing brace. */
enum { LINE_MAX_BYTES = 64 * 1024, VALUE_MAX = 1024, LOG_MESSAGE = 4096 };

static struct {
    enum log_format format;
    enum log_level level;
    log_layout_fn layout; /* NULL: add_text_line */
    void (*sink)(const char *line, void *context);
    void *context;
    FILE *file; /* NULL: lines go to the sink or stderr */
} state = { .level = LOG_INFO };

static const char *const level_names[] = { "error", "warning", "info", "debug" };

void log_setup(enum log_format format, enum log_level level)
{
    state.format = format;
    state.level = level;
}

void log_set_layout(log_layout_fn layout)
{
    state.layout = layout;
}

void log_sink(void (*sink)(const char *line, void *context), void *context)
{
    state.sink = sink;
    state.context = context;
}

void log_file(FILE *file)
{
    state.file = file;
}

/* Appends a text without its secrets, cut at VALUE_MAX bytes, as the inside of a JSON string.
 * Characters that are not visible are escaped, so that they cannot act on a terminal. */
static void add_escaped(struct text *line, const char *value)
{
    char copy[VALUE_MAX + 1];

    secret_copy(copy, sizeof copy, value);
    for (const char *at = copy; *at;) {
        enum character_class class;
        uint32_t code;
        size_t size = character_read(at, &class, &code);

        if (*at == '"' || *at == '\\') {
            text_add_char(line, '\\');
            text_add_char(line, *at);
        } else if (class == CHARACTER_INVALID) {
            text_add(line, "\\ufffd");
        } else if (class == CHARACTER_VISIBLE) {
            text_add_bytes(line, at, size);
        } else if (code > 0xffff) {
            text_printf(line, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
        } else {
            text_printf(line, "\\u%04x", code);
        }
        at += size;
    }
}

static void add_json_text(struct text *line, const char *value)
{
    text_add_char(line, '"');
    add_escaped(line, value);
    text_add_char(line, '"');
}

/* Quotes the value if it contains spaces, quotes or characters that are not visible. */
static void add_plain_text(struct text *line, const char *value)
{
    bool bare = *value != '\0' && strlen(value) <= VALUE_MAX;

    for (const char *at = value; *at && bare;) {
        enum character_class class;
        size_t size = character_read(at, &class, NULL);

        bare = class == CHARACTER_VISIBLE && !strchr(" \"=", *at);
        at += size;
    }
    if (bare) {
        text_add(line, value);
    } else {
        add_json_text(line, value);
    }
}

static void add_number(struct text *line, double number)
{
    if (!isfinite(number)) {
        text_add(line, "0");
    } else if (number == floor(number) && fabs(number) < 1e15) {
        text_printf(line, "%.0f", number);
    } else {
        text_printf(line, "%.6g", number);
    }
}

static void add_json_line(struct text *line, const char *now, enum log_level level,
                          const char *message, const struct log_field *fields, int count)
{
    text_printf(line, "{\"ts\":\"%s\",\"level\":\"%s\",\"msg\":", now, level_names[level]);
    add_json_text(line, message);
    for (int i = 0; i < count; i++) {
        text_add_char(line, ',');
        add_json_text(line, fields[i].name);
        text_add_char(line, ':');
        if (fields[i].text) {
            add_json_text(line, fields[i].text);
        } else {
            add_number(line, fields[i].number);
        }
    }
    text_add_char(line, '}');
}

static void add_text_line(struct text *line, const char *now, enum log_level level,
                          const char *message, const struct log_field *fields, int count)
{
    char shown[LOG_MESSAGE];

    text_printf(line, "%.12s %-7s ", now + 11, level_names[level]);
    secret_copy(shown, sizeof shown, message);
    character_make_one_line(shown);
    text_add(line, shown);
    for (int i = 0; i < count; i++) {
        text_printf(line, " %s=", fields[i].name);
        if (fields[i].text) {
            add_plain_text(line, fields[i].text);
        } else {
            add_number(line, fields[i].number);
        }
    }
}

void log_event(enum log_level level, const char *message, const struct log_field *fields,
               int field_count)
{
    struct text line;
    char now[25];

    if (level > state.level) {
        return;
    }
    clock_format(clock_wall_ms(), now);
    text_begin(&line, LINE_MAX_BYTES);
    if (state.format == LOG_JSON && !state.file) {
        add_json_line(&line, now, level, message, fields, field_count);
    } else {
        (state.layout && !state.file ? state.layout : add_text_line)(&line, now, level, message,
                                                                     fields, field_count);
    }
    secret_scrub(line.data);
    if (state.file) {
        fprintf(state.file, "%.10s %s\n", now, line.data);
        fflush(state.file);
    } else if (state.sink) {
        state.sink(line.data, state.context);
    } else {
        fprintf(stderr, "%s\n", line.data);
    }
    text_end(&line);
}

void log_printf(enum log_level level, const char *fmt, ...)
{
    char message[LOG_MESSAGE];
    va_list list;

    va_start(list, fmt);
    vsnprintf(message, sizeof message, fmt, list);
    va_end(list);
    log_event(level, message, NULL, 0);
}
