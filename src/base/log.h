/* log.h - logs one line per event to stderr, with fields in a fixed order.
 *
 * Text on a terminal, JSON lines elsewhere. Only for the loop's thread: work on the pool returns
 * errors, which its caller logs. Values are escaped, and secrets in them are overwritten. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };

struct log_field {
    const char *name;
    const char *text; /* NULL = use `number` */
    double number;
};
static inline const char *log_text(const char *text)
{
    return text ? text : "";
}
#define LOG_TEXT_FIELD(n, v) ((struct log_field){ .name = (n), .text = log_text(v) })
#define LOG_NUMBER_FIELD(n, v) ((struct log_field){ .name = (n), .number = (double)(v) })

void log_setup(enum log_format format, enum log_level level);

struct text;
/* Formats the lines of LOG_TEXT with another function, such as one for terminals. NULL restores the
 * own one. The function must mask the secrets in what it cuts, by secret_copy. `now` is the time,
 * "2026-11-23T12:01:07.113Z". */
typedef void (*log_layout_fn)(struct text *out, const char *now, enum log_level level,
                              const char *message, const struct log_field *fields, int count);
void log_set_layout(log_layout_fn layout);

/* Sends lines to `sink` instead of stderr; a progress bar prints them above itself. NULL restores
 * stderr. */
void log_sink(void (*sink)(const char *line, void *context), void *context);

/* Writes text lines to a file, which it flushes, instead of stderr and the sink. Borrowed; NULL
 * ends it. */
void log_file(FILE *file);

void log_event(enum log_level level, const char *message, const struct log_field *fields,
               int field_count);
void log_printf(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
