/* thumbnail.c - fetches images and scales them down, with bounded concurrency. */
#include "store/thumbnail.h"

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
    struct image_bounds bounds = { .enough_edge = 2 * thumbnail->edge,
                                   .from_seller = thumbnail->scope.kind == FETCH_PHOTO };
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

struct thumbnail_fetch { /* of one file, which is then scaled on the pool */
    const struct thumbnail_maker *maker;
    struct thumbnail *thumbnail;
    thumbnail_done_fn done;
    void *context;
    struct arena *arena;
    struct op op;
    struct blob file;
    int attempts;
};

static void finish(struct thumbnail_fetch *fetch, const struct error *failure)
{
    struct thumbnail *thumbnail = fetch->thumbnail;
    thumbnail_done_fn done = fetch->done;
    void *context = fetch->context;

    if (failure->kind != ERROR_NONE) {
        snprintf(thumbnail->missing, sizeof thumbnail->missing, "%.118s", failure->text);
    }
    op_clear(&fetch->op);
    blob_free(&fetch->file);
    arena_free(fetch->arena);
    free(fetch);
    done(thumbnail, context);
}

static bool scale(void *arg, struct error *err)
{
    struct thumbnail_fetch *fetch = arg;

    return make_thumbnail(fetch->thumbnail, &fetch->file, err);
}

static void on_scaled(struct op *op, void *context)
{
    struct error failure = op->error;

    finish(context, &failure);
}

static void on_fetched(struct op *op, void *context);

/* Returns false if the fetch has ended. */
static bool send(struct thumbnail_fetch *fetch, uint32_t wait_ms)
{
    const struct thumbnail_maker *maker = fetch->maker;
    struct error err = { .kind = ERROR_NONE };

    op_clear(&fetch->op);
    fetch->attempts++;
    if (!fetch_begin(maker->store, maker->target, fetch->thumbnail->url, &fetch->thumbnail->scope,
                     fetch->arena, &fetch->op, &err)) {
        finish(fetch, &err);
        return false;
    }
    fetch->op.sleep_ms = wait_ms;
    maker->performer->begin(maker->performer, &fetch->op, on_fetched, fetch);
    return true;
}

static void on_fetched(struct op *op, void *context)
{
    struct thumbnail_fetch *fetch = context;
    const struct thumbnail_maker *maker = fetch->maker;
    struct error err = op->error;

    if (err.kind == ERROR_NONE && fetch_done(maker->store, maker->target, op, &fetch->file, &err)) {
        op_clear(op);
        op->kind = OP_WORK;
        op->work = (struct work_request){ .run = scale, .arg = fetch };
        maker->performer->begin(maker->performer, op, on_scaled, fetch);
        return;
    }
    if (err.kind != ERROR_STOPPED && error_rule(err.kind)->retry &&
        fetch->attempts < FETCH_ATTEMPTS) {
        (void)send(fetch, err.retry_ms ? err.retry_ms : (uint32_t)RETRY_MS << fetch->attempts);
        return;
    }
    finish(fetch, &err);
}

struct thumbnail_fetch *thumbnail_begin(const struct thumbnail_maker *maker,
                                        struct thumbnail *thumbnail, thumbnail_done_fn done,
                                        void *context)
{
    struct thumbnail_fetch *fetch = xcalloc(1, sizeof *fetch);

    *fetch = (struct thumbnail_fetch){ .maker = maker,
                                       .thumbnail = thumbnail,
                                       .done = done,
                                       .context = context,
                                       .arena = arena_new() };
    return send(fetch, 0) ? fetch : NULL;
}

void thumbnail_cancel(struct thumbnail_fetch *fetch)
{
    fetch->maker->performer->cancel(fetch->maker->performer, &fetch->op);
}

/* -- all images ------------------------------------------------------------------------------ */

struct fetch_all {
    const struct thumbnail_fetcher *fetcher;
    struct thumbnail *const *thumbnails;
    int count, next, done, running;
};

static void start_next(struct fetch_all *fetch_all);

static void on_made(struct thumbnail *thumbnail, void *context)
{
    struct fetch_all *fetch_all = context;

    (void)thumbnail;
    fetch_all->done++;
    fetch_all->running--;
    if (fetch_all->fetcher->on_progress) {
        fetch_all->fetcher->on_progress(fetch_all->done, fetch_all->count,
                                        fetch_all->fetcher->context);
    }
    start_next(fetch_all);
}

/* Starts the next thumbnail that has a URL, if one is left. */
static void start_next(struct fetch_all *fetch_all)
{
    while (fetch_all->next < fetch_all->count &&
           fetch_all->thumbnails[fetch_all->next]->url[0] == '\0') {
        fetch_all->next++;
        fetch_all->done++;
    }
    if (fetch_all->next < fetch_all->count) {
        fetch_all->running++;
        (void)thumbnail_begin(&fetch_all->fetcher->maker, fetch_all->thumbnails[fetch_all->next++],
                              on_made, fetch_all);
    }
}

void thumbnails_fetch(const struct thumbnail_fetcher *fetcher, struct thumbnail *const *thumbnails,
                      int count)
{
    struct fetch_all fetch_all = { .fetcher = fetcher, .thumbnails = thumbnails, .count = count };

    for (int i = 0; i < fetcher->concurrency; i++) {
        start_next(&fetch_all);
    }
    while (fetch_all.running > 0) {
        loop_wait(fetcher->maker.loop, 1000);
    }
}
