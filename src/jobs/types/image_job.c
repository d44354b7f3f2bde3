/* image_job.c - what the makers of images have in common: from a job's wish to an order, and from
 * what came to a stored file and its row. */
#include <string.h>

#include "jobs/types/image_job.h"

bool picture_wish(struct job *job, const char *payload_json, struct error *err)
{
    struct picture *picture = job->state;
    const struct job_context *job_context = job->context;
    struct payload *payload = &picture->project.payload;

    if (!payload_read_image(payload_json, job->arena, payload, err) ||
        !rules_for(job_context->rules, job_context->marketplace, payload->kind, &picture->rules,
                   err)) {
        return false;
    }
    picture->project.wants_features = picture->rules->needs_features;
    picture->keep = picture->rules->keep;
    if (payload->kind == A_PLUS_MODULE && payload->wish.module_type) {
        picture->keep = rules_module_size(job_context->rules, payload->wish.module_type);
    }
    return true;
}

bool picture_possible(const struct picture *picture, struct error *err)
{
    const struct brief *brief = &picture->project.brief;

    if (picture->rules->needs_dimensions && brief->dimension_count == 0) {
        error_set(err, ERROR_INPUT,
                  "the project's text names no dimensions, so no dimension "
                  "diagram can be made");
        return error_hint(err, "Add them to the description, for example \"24 x 7 x 7 cm\".");
    }
    if (brief->photo_url[0] == '\0') {
        error_set(err, ERROR_INPUT, "the project has no product photo");
        return error_hint(err, "Upload a photo of the product, then try again.");
    }
    return true;
}

/* -- photo --------------------------------------------------------------------------------- */

bool picture_photo(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct job_context *job_context = job->context;

    return fetch_begin(job_context->store, &job_context->place, picture->project.brief.photo_url,
                       job->arena, &job->op, err);
}

/* What is said of any file, said of the seller's photo. */
static bool take_photo(struct job *job, struct picture *picture, struct error *err)
{
    struct error why;

    if (fetch_done(job->context->store, &job->op, &picture->photo, err)) {
        return true;
    }
    why = *err;
    if (why.kind == ERROR_INPUT || job->op.http.foreign) {
        error_set(err, why.kind, "the product photo cannot be fetched: %s", why.text);
    }
    if (why.kind == ERROR_INPUT) {
        error_hint(err, "Upload the photo again.");
    }
    return false;
}

bool picture_photo_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    blob_free(&picture->photo);
    blob_free(&picture->sent);
    if (!take_photo(job, picture, err) || !photo_accept(picture, job->context->main_image, err)) {
        return false;
    }
    picture->photo_smaller = picture->sent.release != NULL;
    if (!picture->by_us && picture->photo_smaller) {
        blob_free(&picture->photo); /* the model is given a smaller one */
    }
    return true;
}

/* -- order --------------------------------------------------------------------------------- */

/* A batch may bring a prompt of its own; what a check found wrong is said with it too. */
static bool prompt_of(struct job *job, const struct picture *picture, struct prompt *out,
                      struct error *err)
{
    const char *own = picture->project.brief.make.prompt;
    int most = picture->caller.model->prompt_max;

    if (own[0] == '\0') {
        return prompt_make(job->context->prompts, prompt_name(picture->project.payload.kind),
                           &picture->project.brief, picture->again, most, job->arena, out, err);
    }
    return prompt_fill(own, &picture->project.brief, picture->again, most, job->arena, out, err);
}

static const char *quality_wanted(const struct job_context *job_context,
                                  const struct picture *picture)
{
    const char *own = picture->project.brief.make.quality;

    return own[0] ? own : job_context->quality ? job_context->quality : picture->rules->quality;
}

bool picture_order(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct model_endpoint *caller = &picture->caller;
    struct prompt prompt;

    if (!prompt_of(job, picture, &prompt, err)) {
        return false;
    }
    picture->prompt_version = prompt.version;
    picture->request_photo = (struct request_photo){
        .bytes = picture->sent,
        .content_type = picture->sent_type,
        .filename = photo_filename(picture->sent_type),
    };
    picture->order = (struct model_request){
        .task = TASK_EDIT,
        .model = caller->model,
        .at = &caller->at,
        .arena = job->arena,
        .brief = &picture->project.brief,
        .prompt = prompt.text,
        .quality = catalog_quality(caller->model, quality_wanted(job->context, picture)),
        .transparent = picture->rules->on_white && caller->model->transparent,
        .photos = &picture->request_photo,
        .photo_count = 1,
    };
    return catalog_size(caller->model, picture->keep, &picture->order.size, err);
}

/* -- inspect, keep ------------------------------------------------------------------------- */

static bool inspect_work(void *arg, struct error *err)
{
    struct picture *picture = arg;

    (void)err; /* the verdict is read by inspect_end, which may ask for another image */
    if (picture_develop(picture, &picture->verdict)) {
        picture->verdict.kind = ERROR_NONE;
    }
    return true;
}

bool picture_inspect(struct job *job, struct error *err)
{
    (void)err;
    job->op.kind = OP_WORK;
    job->op.work = (struct work_request){ .run = inspect_work, .arg = job->state };
    return true;
}

bool picture_put(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct job_context *job_context = job->context;
    const struct brief *brief = &picture->project.brief;
    const char *extension = strcmp(picture->content_type, "image/jpeg") == 0 ? "jpg" : "png";

    picture->object.bucket = job_context->bucket;
    picture->object.content_type = picture->content_type;
    picture->object.content = blob_view(picture->file.data, picture->file.size);
    picture->object.metadata = arena_printf(job->arena, "{\"job\":\"%s\",\"sha256\":\"%s\"}",
                                            brief->job_id, picture->sha256);
    return object_path(brief->user_id, brief->project_id, kind_name(brief->kind), brief->style,
                       brief->created_ms, brief->job_id, extension, job->arena,
                       &picture->object.path, err) &&
           job_context->store->put(&job_context->place, &picture->object, job->arena, &job->op,
                                   err);
}

enum next picture_put_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    return job->context->store->put_done(&picture->object, &job->op, err) ? NEXT_STEP : NEXT_FAIL;
}

bool picture_row(struct job *job, struct image_row *out, struct error *err)
{
    struct picture *picture = job->state;
    const struct job_context *job_context = job->context;

    *out = (struct image_row){ .kind = kind_name(picture->project.brief.kind),
                               .style = picture->project.brief.style,
                               .width = picture->size.width,
                               .height = picture->size.height,
                               .bytes = (int64_t)picture->file.size,
                               .metadata = picture_metadata(job, picture) };
    return job_context->store->url(&job_context->place, &picture->object, job->arena, &out->url,
                                   err);
}

void picture_clear(void *state)
{
    struct picture *picture = state;

    blob_free(&picture->photo);
    blob_free(&picture->sent);
    blob_free(&picture->result.content);
    blob_free(&picture->file);
}
