/* log.c - one line per event. */
#include "base/log.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"

/* Values are truncated at VALUE_MAX bytes, so that a line is never cut before its closing brace. */
enum { LINE_MAX_BYTES = 64 * 1024, VALUE_MAX = 1024 };

static struct {
    enum log_format format;
    enum log_level level;
    void (*sink)(const char *line, void *context);
    void *context;
} state = { .level = LOG_INFO };

static const char *const level_names[] = { "error", "warning", "info", "debug" };

void log_setup(enum log_format format, enum log_level level)
{
    state.format = format;
    state.level = level;
}

void log_sink(void (*sink)(const char *line, void *context), void *context)
{
    state.sink = sink;
    state.context = context;
}

static void add_json_text(struct text *line, const char *value)
{
    const char *stop = value + strnlen(value, VALUE_MAX);

    text_add_char(line, '"');
    for (; value < stop; value++) {
        unsigned char c = (unsigned char)*value;

        if (c == '"' || c == '\\') {
            text_add_char(line, '\\');
            text_add_char(line, (char)c);
        } else if (c < ' ' || c == 0x7f) {
            text_printf(line, "\\u%04x", c);
        } else {
            text_add_char(line, (char)c);
        }
    }
    text_add_char(line, '"');
}

/* Quotes the value if it contains spaces, quotes or control characters. */
static void add_plain_text(struct text *line, const char *value)
{
    bool bare = *value != '\0';

    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        if (*at <= ' ' || *at == '"' || *at == '=' || *at == 0x7f) {
            bare = false;
        }
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
    text_printf(line, "%.12s %-7s ", now + 11, level_names[level]);
    for (; *message; message++) {
        text_add_char(line, (unsigned char)*message < ' ' || *message == 0x7f ? ' ' : *message);
    }
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
    if (state.format == LOG_JSON) {
        add_json_line(&line, now, level, message, fields, field_count);
    } else {
        add_text_line(&line, now, level, message, fields, field_count);
    }
    secret_scrub(line.data);
    if (state.sink) {
        state.sink(line.data, state.context);
    } else {
        fprintf(stderr, "%s\n", line.data);
    }
    text_end(&line);
}

void log_printf(enum log_level level, const char *fmt, ...)
{
    char message[1024];
    va_list list;

    va_start(list, fmt);
    vsnprintf(message, sizeof message, fmt, list);
    va_end(list);
    log_event(level, message, NULL, 0);
}
