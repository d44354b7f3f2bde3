/* metrics_file.c - a timer that writes the page of metrics to a file. */
#include "telemetry/metrics_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "telemetry/metrics_page.h"

/* Prometheus usually reads every 15 or 30 seconds. */
enum { WRITE_MS = 15 * 1000, PAGE_BYTES = 4 << 20, WAIT_MS = 1000 };

struct metrics_file {
    struct loop *loop;
    struct performer *performer;
    const char *path;
    struct loop_timer *timer;
    struct op op;
    struct text page; /* while the op is in flight */
    bool writing, failed;
};

static void log_result(struct metrics_file *file, const struct error *error)
{
    bool failed = error->kind != ERROR_NONE && error->kind != ERROR_STOPPED;

    if (failed && !file->failed) {
        log_event(LOG_WARNING, "metrics cannot be written to the file",
                  (struct log_field[]){ LOG_TEXT_FIELD("file", file->path),
                                        LOG_TEXT_FIELD("why", error->text) },
                  2);
    }
    file->failed = failed;
}

static void on_written(struct op *op, void *context)
{
    struct metrics_file *file = context;

    log_result(file, &op->error);
    text_end(&file->page);
    op_clear(op);
    file->writing = false;
}

static void write_now(void *context)
{
    struct metrics_file *file = context;

    if (file->writing) { /* the disk is slow */
        return;
    }
    text_begin(&file->page, PAGE_BYTES);
    metrics_page(METRICS_TEXT, &file->page);
    op_clear(&file->op);
    file->op.kind = OP_FILE;
    file->op.file.write = true;
    file->op.file.path = file->path;
    file->op.file.content = blob_view(file->page.data, file->page.size);
    file->writing = true;
    file->performer->begin(file->performer, &file->op, on_written, file);
}

struct metrics_file *metrics_file_start(struct loop *loop, struct performer *performer,
                                        const char *path)
{
    struct metrics_file *file = xcalloc(1, sizeof *file);

    file->loop = loop;
    file->performer = performer;
    file->path = path;
    file->timer = loop_timer_new(loop, write_now, file);
    loop_timer_start(file->timer, 0, WRITE_MS);
    return file;
}

void metrics_file_stop(struct metrics_file *file)
{
    struct op removal = { .kind = OP_FILE };
    struct error ignored; /* the file may be in a folder that is gone */

    if (!file) {
        return;
    }
    loop_timer_free(file->timer);
    while (file->writing) {
        loop_wait(file->loop, WAIT_MS);
    }
    removal.file.path = file->path;
    removal.file.remove = true;
    if (!file_perform(&removal, &ignored)) {
        log_result(file, &ignored);
    }
    free(file);
}
