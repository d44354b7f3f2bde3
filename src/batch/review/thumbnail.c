/* thumbnail.c - fetches images and scales them down, with bounded concurrency. */
#include "batch/review/thumbnail.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "image/compose.h"
#include "image/resize.h"
#include "io/loop.h"

enum { QUALITY = 78, FETCH_ATTEMPTS = 3, RETRY_MS = 300 };

/* -- one image ------------------------------------------------------------------------------- */

static bool make_thumbnail(struct thumbnail *thumbnail, const struct blob *file, struct error *err)
{
    /* A photo decoded at twice the thumbnail's size looks the same after it is scaled. */
    struct image_bounds bounds = { .enough_edge = 2 * thumbnail->edge };
    struct image full_size = { 0 }, small = { 0 }, flat = { 0 };
    int longer;
    double scale;
    bool good = image_decode(file, &bounds, &full_size, NULL, err);

    if (!good) {
        return false;
    }
    longer = full_size.width > full_size.height ? full_size.width : full_size.height;
    scale = longer > thumbnail->edge ? (double)thumbnail->edge / longer : 1;
    good = image_scale(&full_size, (int)fmax(1, lround(full_size.width * scale)),
                       (int)fmax(1, lround(full_size.height * scale)), &small, err);
    image_free(&full_size);
    good = good && image_flatten(&small, &flat, err) &&
           image_encode_jpeg(&flat, QUALITY, false, &thumbnail->jpeg, err);
    if (good) {
        thumbnail->width = flat.width;
        thumbnail->height = flat.height;
    }
    image_free(&small);
    image_free(&flat);
    return good;
}

/* -- all images ------------------------------------------------------------------------------ */

struct fetch_all {
    const struct thumbnail_fetcher *fetcher;
    struct thumbnail *const *thumbnails;
    int count, next, done, running;
};

struct fetch { /* one of the concurrent slots: fetches a file, then scales it on the pool */
    struct fetch_all *fetch_all;
    struct thumbnail *thumbnail;
    struct arena *arena;
    struct op op;
    struct blob file;
    int attempts;
};

static void start_next(struct fetch *fetch);

static void finish(struct fetch *fetch, const struct error *failure)
{
    struct fetch_all *fetch_all = fetch->fetch_all;

    if (failure->kind != ERROR_NONE) {
        snprintf(fetch->thumbnail->missing, sizeof fetch->thumbnail->missing, "%.118s",
                 failure->text);
    }
    op_clear(&fetch->op);
    blob_free(&fetch->file);
    arena_free(fetch->arena);
    fetch->arena = NULL;
    fetch_all->done++;
    if (fetch_all->fetcher->on_progress) {
        fetch_all->fetcher->on_progress(fetch_all->done, fetch_all->count,
                                        fetch_all->fetcher->context);
    }
    start_next(fetch);
}

static bool scale(void *arg, struct error *err)
{
    struct fetch *fetch = arg;

    return make_thumbnail(fetch->thumbnail, &fetch->file, err);
}

static void on_scaled(struct op *op, void *context)
{
    finish(context, &op->error);
}

static void on_fetched(struct op *op, void *context);

static void send(struct fetch *fetch, uint32_t wait_ms)
{
    const struct thumbnail_fetcher *fetcher = fetch->fetch_all->fetcher;
    struct error err = { .kind = ERROR_NONE };

    op_clear(&fetch->op);
    fetch->attempts++;
    if (!fetch_begin(fetcher->store, fetcher->target, fetch->thumbnail->url,
                     &fetch->thumbnail->scope, fetch->arena, &fetch->op, &err)) {
        finish(fetch, &err);
        return;
    }
    fetch->op.sleep_ms = wait_ms;
    fetcher->performer->begin(fetcher->performer, &fetch->op, on_fetched, fetch);
}

static void on_fetched(struct op *op, void *context)
{
    struct fetch *fetch = context;
    const struct thumbnail_fetcher *fetcher = fetch->fetch_all->fetcher;
    struct error err = op->error;

    if (err.kind == ERROR_NONE && fetch_done(fetcher->store, op, &fetch->file, &err)) {
        op_clear(op);
        op->kind = OP_WORK;
        op->work = (struct work_request){ .run = scale, .arg = fetch };
        fetcher->performer->begin(fetcher->performer, op, on_scaled, fetch);
        return;
    }
    if (error_rule(err.kind)->retry && fetch->attempts < FETCH_ATTEMPTS) {
        send(fetch, err.retry_ms ? err.retry_ms : (uint32_t)RETRY_MS << fetch->attempts);
        return;
    }
    finish(fetch, &err);
}

/* Starts the next thumbnail that has a URL; ends the slot if none is left. */
static void start_next(struct fetch *fetch)
{
    struct fetch_all *fetch_all = fetch->fetch_all;

    while (fetch_all->next < fetch_all->count &&
           fetch_all->thumbnails[fetch_all->next]->url[0] == '\0') {
        fetch_all->next++;
        fetch_all->done++;
    }
    if (fetch_all->next == fetch_all->count) {
        fetch_all->running--;
        return;
    }
    fetch->thumbnail = fetch_all->thumbnails[fetch_all->next++];
    fetch->arena = arena_new();
    fetch->attempts = 0;
    send(fetch, 0);
}

void thumbnails_fetch(const struct thumbnail_fetcher *fetcher, struct thumbnail *const *thumbnails,
                      int count)
{
    struct fetch_all fetch_all = { .fetcher = fetcher, .thumbnails = thumbnails, .count = count };
    struct fetch *fetches = xcalloc((size_t)fetcher->concurrency, sizeof *fetches);

    for (int i = 0; i < fetcher->concurrency; i++) {
        fetches[i].fetch_all = &fetch_all;
        fetch_all.running++;
        start_next(&fetches[i]);
    }
    while (fetch_all.running > 0) {
        loop_wait(fetcher->loop, 1000);
    }
    free(fetches);
}
