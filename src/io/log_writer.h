/* log_writer.h - writes lines to a file descriptor on a thread of its own.
 *
 * A reader that keeps a pipe open but stops reading blocks each write once the pipe is full. Here
 * it blocks only this thread. Lines wait in memory up to a limit; more are dropped. */
#ifndef IO_LOG_WRITER_H
#define IO_LOG_WRITER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct log_writer;

/* The caller keeps `fd` open. Returns NULL if no thread can be started. */
struct log_writer *log_writer_start(int fd, size_t limit_bytes);

/* Adds the line and a newline; both are written at once. Returns false if the line was dropped. */
bool log_writer_add(struct log_writer *writer, const char *line);

/* Returns a stream whose bytes the writer writes, in one piece from each fflush. It never blocks;
 * bytes beyond the limit are dropped. The writer closes it. */
FILE *log_writer_stream(struct log_writer *writer);

/* True if everything is written: the reader keeps up. */
bool log_writer_is_idle(struct log_writer *writer);

/* From now on the writer receives the lines of the log (base/log.h). After lines were dropped, a
 * line says how many. */
void log_writer_attach(struct log_writer *writer);

/* Waits until all lines are written, at most wait_ms, and frees the writer. If lines are left, the
 * thread frees it once they are written; it may be blocked for ever. The log is detached. `writer`
 * may be NULL. */
void log_writer_stop(struct log_writer *writer, uint32_t wait_ms);
#endif
