/* thumbnail.c - fetches files and makes them small, so many at once. */
#include "batch/review/thumbnail.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "image/compose.h"
#include "image/resize.h"
#include "io/loop.h"

enum { QUALITY = 78, TRIES = 3, WAIT_MS = 300 };

/* -- one ------------------------------------------------------------------------------------- */

bool thumbnail_make(struct thumbnail *thumb, const struct blob *file, struct error *err)
{
    struct image whole = { 0 }, small = { 0 }, flat = { 0 };
    int longer;
    double scale;
    bool good = image_decode(file, NULL, &whole, NULL, err);

    if (!good) {
        return false;
    }
    longer = whole.width > whole.height ? whole.width : whole.height;
    scale = longer > thumb->edge ? (double)thumb->edge / longer : 1;
    good = image_scale(&whole, (int)fmax(1, lround(whole.width * scale)),
                       (int)fmax(1, lround(whole.height * scale)), &small, err);
    image_free(&whole);
    good = good && image_flatten(&small, &flat, err) &&
           image_encode_jpeg(&flat, QUALITY, false, &thumb->jpeg, err);
    if (good) {
        thumb->width = flat.width;
        thumb->height = flat.height;
    }
    image_free(&small);
    image_free(&flat);
    return good;
}

/* -- many ------------------------------------------------------------------------------------ */

struct gather {
    const struct thumbnail_fetcher *by;
    struct thumbnail *const *thumbs;
    int count, next, done, running;
};

struct fetch { /* one place in the line: a file on its way, then on the pool */
    struct gather *gather;
    struct thumbnail *thumb;
    struct arena *arena;
    struct op op;
    struct blob file;
    int tries;
};

static void next(struct fetch *fetch);

static void ended(struct fetch *fetch, const struct error *why)
{
    struct gather *gather = fetch->gather;

    if (why->kind != ERROR_NONE) {
        snprintf(fetch->thumb->missing, sizeof fetch->thumb->missing, "%.118s", why->text);
    }
    op_clear(&fetch->op);
    blob_free(&fetch->file);
    arena_free(fetch->arena);
    fetch->arena = NULL;
    gather->done++;
    if (gather->by->watch) {
        gather->by->watch(gather->done, gather->count, gather->by->context);
    }
    next(fetch);
}

static bool make(void *arg, struct error *err)
{
    struct fetch *fetch = arg;

    return thumbnail_make(fetch->thumb, &fetch->file, err);
}

static void made(struct op *op, void *context)
{
    ended(context, &op->error);
}

static void fetched(struct op *op, void *context);

static void send(struct fetch *fetch, uint32_t wait_ms)
{
    const struct thumbnail_fetcher *by = fetch->gather->by;
    struct error err = { .kind = ERROR_NONE };

    op_clear(&fetch->op);
    fetch->tries++;
    if (!fetch_begin(by->store, by->place, fetch->thumb->url, fetch->arena, &fetch->op, &err)) {
        ended(fetch, &err);
        return;
    }
    fetch->op.sleep_ms = wait_ms;
    by->performer->begin(by->performer, &fetch->op, fetched, fetch);
}

static void fetched(struct op *op, void *context)
{
    struct fetch *fetch = context;
    const struct thumbnail_fetcher *by = fetch->gather->by;
    struct error err = op->error;

    if (err.kind == ERROR_NONE && fetch_done(by->store, op, &fetch->file, &err)) {
        op_clear(op);
        op->kind = OP_WORK;
        op->work = (struct work_request){ .run = make, .arg = fetch };
        by->performer->begin(by->performer, op, made, fetch);
        return;
    }
    if (error_rule(err.kind)->retry && fetch->tries < TRIES) {
        send(fetch, err.retry_ms ? err.retry_ms : (uint32_t)WAIT_MS << fetch->tries);
        return;
    }
    ended(fetch, &err);
}

/* Takes the next that has an address; the place falls away where none is left. */
static void next(struct fetch *fetch)
{
    struct gather *gather = fetch->gather;

    while (gather->next < gather->count && gather->thumbs[gather->next]->url[0] == '\0') {
        gather->next++;
        gather->done++;
    }
    if (gather->next == gather->count) {
        gather->running--;
        return;
    }
    fetch->thumb = gather->thumbs[gather->next++];
    fetch->arena = arena_new();
    fetch->tries = 0;
    send(fetch, 0);
}

void thumbnails_fetch(const struct thumbnail_fetcher *thumbnail_fetcher,
                      struct thumbnail *const *thumbs, int count)
{
    struct gather gather = { .by = thumbnail_fetcher, .thumbs = thumbs, .count = count };
    struct fetch *places = calloc((size_t)thumbnail_fetcher->at_once, sizeof *places);

    if (!places) {
        abort();
    }
    for (int i = 0; i < thumbnail_fetcher->at_once; i++) {
        places[i].gather = &gather;
        gather.running++;
        next(&places[i]);
    }
    while (gather.running > 0) {
        loop_wait(thumbnail_fetcher->loop, 1000);
    }
    free(places);
}
