/* log_line.c - one event within the width of the terminal. Colours are left out: the lines pass
 * through writers that mask escape sequences. */
#include "term/log_line.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "term/short_id.h"
#include "term/term_wrap.h"

enum {
    VALUE_BYTES = 1024,
    VALUE_COLUMNS = 32,
    VALUE_LEAST = 12,
    LINE_BYTES = 16 * 1024,
    INDENT = 9,
    UUID_BYTES = 36
};

static bool is_uuid(const char *text)
{
    return strlen(text) == UUID_BYTES && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
           text[23] == '-' && strspn(text, "0123456789abcdef-") == UUID_BYTES;
}

/* Writes the value, cut to `columns`, with quotes if it has spaces. */
static void format_text(const char *value, int columns, char *out, size_t size)
{
    char masked[VALUE_BYTES + 1], cut[VALUE_BYTES * 2];
    bool quoted;

    secret_copy(masked, sizeof masked, value);
    if (is_uuid(masked)) {
        short_id(masked, SHORT_ID_CHARS, out, size);
        return;
    }
    term_fit(term_text(masked, false), columns, false, cut, sizeof cut);
    quoted = strchr(cut, ' ') || !cut[0];
    snprintf(out, size, "%s%s%s", quoted ? "\"" : "", cut, quoted ? "\"" : "");
}

static void format_number(double number, char *out, size_t size)
{
    if (!isfinite(number)) {
        snprintf(out, size, "0");
    } else if (number == floor(number) && fabs(number) < 1e15) {
        snprintf(out, size, "%.0f", number);
    } else {
        snprintf(out, size, "%.4g", number);
    }
}

/* " image=LIFESTYLE"; durations in milliseconds are shown in seconds. */
static void format_field(const struct log_field *field, int columns, char *out, size_t size)
{
    char value[VALUE_BYTES * 2 + 4];

    if (!field->text && strcmp(field->name, "ms") == 0) {
        snprintf(out, size, " %.1fs", field->number / 1000);
        return;
    }
    if (field->text) {
        format_text(field->text, columns, value, sizeof value);
    } else {
        format_number(field->number, value, sizeof value);
    }
    snprintf(out, size, " %s=%s", field->name, value);
}

static void add_level(struct text *line, enum log_level level)
{
    text_add(line, level == LOG_ERROR     ? "error: "
                   : level == LOG_WARNING ? "warning: "
                   : level == LOG_DEBUG   ? "debug: "
                                          : "");
}

void log_line_layout(struct text *out, const char *now, enum log_level level, const char *message,
                     const struct log_field *fields, int count)
{
    bool whole = level <= LOG_WARNING, left_out = false;
    int width = term_width(stderr) - 1, used;
    char shown[VALUE_BYTES + 1], field[VALUE_BYTES * 2 + 100];
    struct text line;

    text_begin(&line, LINE_BYTES);
    secret_copy(shown, sizeof shown, message);
    text_printf(&line, "%.8s ", now + 11);
    add_level(&line, level);
    text_add(&line, term_text(shown, false));
    used = term_columns(line.data);
    for (int i = 0; i < count; i++) {
        int name = (int)strlen(fields[i].name) + 4, columns, room = width - 2 - used - name;

        if (fields[i].text && !fields[i].text[0]) {
            continue; /* an empty value says nothing to people */
        }
        room = room < VALUE_LEAST ? VALUE_LEAST : room > VALUE_COLUMNS ? VALUE_COLUMNS : room;
        format_field(&fields[i], whole ? VALUE_BYTES : room, field, sizeof field);
        columns = term_columns(field);
        if (!whole && used + columns > width - 2) {
            left_out = true;
            continue;
        }
        used += columns;
        text_add(&line, field);
    }
    text_add(&line, left_out ? " \xe2\x80\xa6" : "");
    text_add_wrapped(out, line.data, 0, INDENT, width);
    text_end(&line);
}
