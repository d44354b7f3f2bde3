/* log_line.h - log lines for people at a terminal. */
#ifndef TERM_LOG_LINE_H
#define TERM_LOG_LINE_H
#include "base/log.h"

/* A layout for log_set_layout that fits the width of standard error: time without a date, the
 * message, then the fields, with shortened ids, durations in seconds, and long values cut. Of an
 * information, fields that do not fit are left out; warnings and errors are wrapped, and complete.
 */
void log_line_layout(struct text *out, const char *now, enum log_level level, const char *message,
                     const struct log_field *fields, int count);
#endif
