/* store_images.c - put, note how long it took, remove. */
#include "bench/load/store_images.h"

#include <stdio.h>

static void begin_remove(struct request *request);

static void not_so(struct request *request, const char *what, const struct error *why)
{
    snprintf(request->sample.error, sizeof request->sample.error, "%s: %.170s", what, why->text);
}

static void end(struct request *request)
{
    op_clear(&request->store_op);
    blob_free(&request->judging.kept);
    request->storing = false;
    request->stored(request);
}

static void was_removed(struct op *op, void *context)
{
    struct request *request = context;
    struct error err = op->error;

    if (err.kind != ERROR_NONE || !request->depot->store->remove_done(op, &err)) {
        not_so(request, "left in the store", &err);
    }
    end(request);
}

static void was_put(struct op *op, void *context)
{
    struct request *request = context;
    struct error err = op->error;

    if (err.kind != ERROR_NONE || !request->depot->store->put_done(&request->object, op, &err)) {
        not_so(request, "not stored", &err);
        end(request);
        return;
    }
    request->sample.store_us = op->ended_us - op->began_us;
    begin_remove(request);
}

static void begin_remove(struct request *request)
{
    const struct depot *depot = request->depot;
    struct error err;

    op_clear(&request->store_op);
    if (!depot->store->remove(&depot->place, &request->object, 1, request->arena,
                              &request->store_op, &err)) {
        not_so(request, "left in the store", &err);
        end(request);
        return;
    }
    request->performer->begin(request->performer, &request->store_op, was_removed, request);
}

/* On the next turn: the caller is told of an end from the loop alone. */
static void could_not_begin(struct op *op, void *context)
{
    (void)op;
    end(context);
}

void storing_begin(struct performer *performer, const struct depot *depot, struct request *request,
                   void (*done)(struct request *request))
{
    struct judging *judging = &request->judging;
    struct error err;

    request->performer = performer;
    request->depot = depot;
    request->stored = done;
    request->storing = true;
    request->object =
        (struct object){ .bucket = depot->bucket,
                         .path = arena_printf(request->arena, "%s-%d.%s", depot->prefix,
                                              request->sample.sequence,
                                              format_extension(judging->kept_format)),
                         .content_type = format_content_type(judging->kept_format),
                         .content = blob_view(judging->kept.data, judging->kept.size) };
    if (!depot->store->put(&depot->place, &request->object, request->arena, &request->store_op,
                           &err)) {
        not_so(request, "not stored", &err);
        op_clear(&request->store_op);
        performer->begin(performer, &request->store_op, could_not_begin, request);
        return;
    }
    performer->begin(performer, &request->store_op, was_put, request);
}
