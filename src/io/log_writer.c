/* log_writer.c - a list of lines, and the thread that writes them. */
#include "io/log_writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

enum { STREAM_BYTES = 256 * 1024 };

struct log_line {
    struct list_node node;
    size_t size;
    char text[];
};

struct log_writer {
    int fd;
    size_t limit;
    pthread_t thread;
    bool is_attached;
    FILE *stream;          /* of log_writer_stream; NULL until it is used */
    long long dropped;     /* lines of the log since the last one that was accepted */
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t added;  /* a line was added, or the writer stops */
    pthread_cond_t ended;  /* the thread has written all lines and ended */
    struct list lines;
    size_t bytes; /* of the lines that are not written completely */
    bool stops, has_ended;
    bool is_abandoned; /* the thread frees the writer */
};

/* Writes the whole line. Drops it if the reader has gone. */
static void write_line(int fd, const struct log_line *line)
{
    struct pollfd writable = { .fd = fd, .events = POLLOUT };

    for (size_t done = 0; done < line->size;) {
        ssize_t now = write(fd, line->text + done, line->size - done);

        if (now > 0) {
            done += (size_t)now;
        } else if (now < 0 && errno == EAGAIN) { /* another process has made it non-blocking */
            poll(&writable, 1, -1);
        } else if (now == 0 || errno != EINTR) {
            return;
        }
    }
}

/* Waits for a line. Returns NULL if there is none and the writer stops. */
static struct log_line *take_line(struct log_writer *writer)
{
    struct list_node *node;

    while (!(node = list_first(&writer->lines)) && !writer->stops) {
        pthread_cond_wait(&writer->added, &writer->mutex);
    }
    if (!node) {
        return NULL;
    }
    list_remove(node);
    return LIST_ENTRY(node, struct log_line, node);
}

static void free_writer(struct log_writer *writer)
{
    pthread_mutex_destroy(&writer->mutex);
    pthread_cond_destroy(&writer->added);
    pthread_cond_destroy(&writer->ended);
    free(writer);
}

static void *run(void *arg)
{
    struct log_writer *writer = arg;
    struct log_line *line;
    bool is_abandoned;

    pthread_mutex_lock(&writer->mutex);
    while ((line = take_line(writer)) != NULL) {
        pthread_mutex_unlock(&writer->mutex);
        write_line(writer->fd, line);
        pthread_mutex_lock(&writer->mutex);
        writer->bytes -= line->size;
        free(line);
    }
    writer->has_ended = true;
    is_abandoned = writer->is_abandoned;
    pthread_cond_signal(&writer->ended);
    pthread_mutex_unlock(&writer->mutex);
    if (is_abandoned) {
        free_writer(writer);
    }
    return NULL;
}

struct log_writer *log_writer_start(int fd, size_t limit_bytes)
{
    struct log_writer *writer = xcalloc(1, sizeof *writer);
    pthread_condattr_t monotonic;

    writer->fd = fd;
    writer->limit = limit_bytes;
    list_init(&writer->lines);
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_cond_init(&writer->added, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!thread_start(&writer->thread, NULL, run, writer)) {
        free_writer(writer);
        return NULL;
    }
    return writer;
}

/* Adds bytes and the end of a line, which may be empty. */
static bool add(struct log_writer *writer, const char *bytes, size_t size, const char *end)
{
    size_t end_size = strlen(end);
    struct log_line *line = xcalloc(1, sizeof *line + size + end_size);
    bool fits;

    memcpy(line->text, bytes, size);
    memcpy(line->text + size, end, end_size);
    line->size = size + end_size;
    pthread_mutex_lock(&writer->mutex);
    fits = writer->bytes + line->size <= writer->limit;
    if (fits) {
        list_append(&writer->lines, &line->node);
        writer->bytes += line->size;
        pthread_cond_signal(&writer->added);
    }
    pthread_mutex_unlock(&writer->mutex);
    if (!fits) {
        free(line);
    }
    return fits;
}

bool log_writer_add(struct log_writer *writer, const char *line)
{
    return add(writer, line, strlen(line), "\n");
}

static ssize_t on_stream_bytes(void *context, const char *bytes, size_t size)
{
    (void)add(context, bytes, size, "");
    return (ssize_t)size;
}

FILE *log_writer_stream(struct log_writer *writer)
{
    if (!writer->stream) {
        writer->stream =
            fopencookie(writer, "w", (cookie_io_functions_t){ .write = on_stream_bytes });
        INVARIANT(writer->stream); /* it only needs memory */
        setvbuf(writer->stream, NULL, _IOFBF, STREAM_BYTES);
    }
    return writer->stream;
}

bool log_writer_is_idle(struct log_writer *writer)
{
    bool idle;

    pthread_mutex_lock(&writer->mutex);
    idle = writer->bytes == 0;
    pthread_mutex_unlock(&writer->mutex);
    return idle;
}

/* A report that is dropped itself is repeated before the next line. */
static void report_dropped(struct log_writer *writer)
{
    long long dropped = writer->dropped;

    if (dropped == 0) {
        return;
    }
    writer->dropped = 0;
    log_event(LOG_WARNING, "log lines were dropped: their reader is too slow",
              (struct log_field[]){ LOG_NUMBER_FIELD("dropped", dropped) }, 1);
    if (writer->dropped > 0) {
        writer->dropped = dropped;
    }
}

static void on_log_line(const char *line, void *context)
{
    struct log_writer *writer = context;

    report_dropped(writer);
    if (writer->dropped > 0 || !log_writer_add(writer, line)) {
        writer->dropped++;
    }
}

void log_writer_attach(struct log_writer *writer)
{
    writer->is_attached = true;
    log_sink(on_log_line, writer);
}

static void detach(struct log_writer *writer)
{
    if (writer->is_attached) {
        report_dropped(writer);
        log_sink(NULL, NULL);
    }
}

void log_writer_stop(struct log_writer *writer, uint32_t wait_ms)
{
    pthread_t thread;
    struct timespec end;
    bool ended;
    int late = 0;

    if (!writer) {
        return;
    }
    detach(writer);
    if (writer->stream) {
        fclose(writer->stream);
    }
    thread = writer->thread; /* an abandoned writer may be freed at any time */
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(wait_ms / 1000);
    end.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&writer->mutex);
    writer->stops = true;
    pthread_cond_signal(&writer->added);
    while (!writer->has_ended && late == 0) {
        late = pthread_cond_timedwait(&writer->ended, &writer->mutex, &end);
    }
    ended = writer->has_ended;
    writer->is_abandoned = !ended;
    pthread_mutex_unlock(&writer->mutex);
    if (ended) {
        pthread_join(thread, NULL);
        free_writer(writer);
    } else {
        pthread_detach(thread);
    }
}
