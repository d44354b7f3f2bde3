/* store_images.c - uploads an image, records the time, and deletes the object. */
#include "bench/load/store_images.h"

#include <stdio.h>

static void begin_remove(struct bench_request *request);

static void set_error(struct bench_request *request, const char *what, const struct error *why)
{
    snprintf(request->sample.error, sizeof request->sample.error, "%s: %.170s", what, why->text);
}

static void finish_upload(struct bench_request *request)
{
    op_clear(&request->store_op);
    blob_free(&request->evaluation.image);
    request->uploading = false;
    request->upload_done(request);
}

static void on_removed(struct op *op, void *context)
{
    struct bench_request *request = context;
    struct error err = op->error;

    if (err.kind != ERROR_NONE || !request->upload_target->store->remove_done(op, &err)) {
        set_error(request, "not deleted from the store", &err);
    }
    finish_upload(request);
}

static void on_put(struct op *op, void *context)
{
    struct bench_request *request = context;
    struct error err = op->error;

    if (err.kind != ERROR_NONE ||
        !request->upload_target->store->put_done(&request->object, op, &err)) {
        set_error(request, "not stored", &err);
        finish_upload(request);
        return;
    }
    request->sample.store_us = op->ended_us - op->began_us;
    begin_remove(request);
}

static void begin_remove(struct bench_request *request)
{
    const struct upload_target *upload_target = request->upload_target;
    struct error err;

    op_clear(&request->store_op);
    if (!upload_target->store->remove(&upload_target->store_target, &request->object, 1,
                                      request->arena, &request->store_op, &err)) {
        set_error(request, "not deleted from the store", &err);
        finish_upload(request);
        return;
    }
    request->performer->begin(request->performer, &request->store_op, on_removed, request);
}

/* Runs in the next iteration of the loop, because `done` must not be called before
 * store_image_begin returns. */
static void on_begin_failed(struct op *op, void *context)
{
    (void)op;
    finish_upload(context);
}

void store_image_begin(struct performer *performer, const struct upload_target *upload_target,
                       struct bench_request *request, void (*done)(struct bench_request *request))
{
    struct evaluation *evaluation = &request->evaluation;
    struct error err;

    request->performer = performer;
    request->upload_target = upload_target;
    request->upload_done = done;
    request->uploading = true;
    request->object =
        (struct object){ .bucket = upload_target->bucket,
                         .path = arena_printf(request->arena, "%s-%d.%s", upload_target->prefix,
                                              request->sample.sequence,
                                              format_extension(evaluation->image_format)),
                         .content_type = format_content_type(evaluation->image_format),
                         .content = blob_view(evaluation->image.data, evaluation->image.size) };
    if (!upload_target->store->put(&upload_target->store_target, &request->object, request->arena,
                                   &request->store_op, &err)) {
        set_error(request, "not stored", &err);
        op_clear(&request->store_op);
        performer->begin(performer, &request->store_op, on_begin_failed, request);
        return;
    }
    performer->begin(performer, &request->store_op, on_put, request);
}
