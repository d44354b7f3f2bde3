/* log.h - logs one line per event to stderr, with fields in a fixed order.
 *
 * Text on a terminal, JSON lines elsewhere. Only for the loop's thread: work on the pool returns
 * errors, which its caller logs. Values are escaped, and secrets in them are overwritten. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include <stdbool.h>
#include <stdint.h>

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

/* Sends lines to `sink` instead of stderr; a progress bar prints them above itself. NULL restores
 * stderr. */
void log_sink(void (*sink)(const char *line, void *context), void *context);

void log_event(enum log_level level, const char *message, const struct log_field *fields,
               int field_count);
void log_printf(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
