/* make_image.c - generate-image, regenerate-image: one row of job_queue becomes one checked, stored
 * image.
 *
 *   brief > photo > learn > share > develop > inspect > keep > settle */
#include <string.h>

#include "jobs/call.h"
#include "jobs/picture.h"

static bool brief_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct equipment *equipment = job->equipment;
    struct payload *payload = &picture->project.payload;

    if (!payload_read_image(job->claimed.payload, job->arena, payload, err) ||
        !rules_for(equipment->rules, equipment->marketplace, payload->kind, &picture->rules, err)) {
        return false;
    }
    picture->project.wants_features = picture->rules->needs_features;
    picture->keep = picture->rules->keep;
    if (payload->kind == A_PLUS_MODULE && payload->wish.module_type) {
        picture->keep = rules_module_size(equipment->rules, payload->wish.module_type);
    }
    return project_brief(job, err);
}

static enum next brief_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct brief *brief = &picture->project.brief;
    enum next next = project_brief_end(job, err);

    if (next != NEXT_STEP) {
        return next;
    }
    if (picture->rules->needs_dimensions && brief->dimension_count == 0) {
        error_set(err, ERROR_INPUT,
                  "the project's text names no dimensions, so no dimension "
                  "diagram can be made");
        error_hint(err, "Add them to the description, for example \"24 x 7 x 7 cm\".");
        return NEXT_FAIL;
    }
    if (brief->photo_url[0] == '\0') {
        error_set(err, ERROR_INPUT, "the project has no product photo");
        error_hint(err, "Upload a photo of the product, then try again.");
        return NEXT_FAIL;
    }
    return NEXT_STEP;
}

/* -- photo --------------------------------------------------------------------------------- */

static bool photo_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct equipment *equipment = job->equipment;

    return fetch_begin(equipment->store, &equipment->place, picture->project.brief.photo_url,
                       job->arena, &job->op, err);
}

/* What is said of any file, said of the seller's photo. */
static bool photo_take(struct job *job, struct picture *picture, struct error *err)
{
    struct error why;

    if (fetch_done(job->equipment->store, &job->op, &picture->photo, err)) {
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

static enum next photo_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    blob_free(&picture->photo);
    if (!photo_take(job, picture, err) || !photo_accept(picture, job->equipment->main_image, err)) {
        return NEXT_FAIL;
    }
    if (!picture->by_us && !picture->sent.release) {
        return NEXT_STEP; /* the model is given the photo itself */
    }
    if (!picture->by_us) {
        blob_free(&picture->photo); /* the model is given a smaller one */
    }
    return NEXT_STEP;
}

/* -- develop ------------------------------------------------------------------------------- */

/* A batch may bring a prompt of its own; what a check found wrong is said with it too. */
static bool prompt_of(struct job *job, const struct picture *picture, struct prompt *out,
                      struct error *err)
{
    const char *own = picture->project.brief.make.prompt;
    int most = picture->caller.model->prompt_max;

    if (own[0] == '\0') {
        return prompt_make(job->equipment->prompts, prompt_name(picture->project.payload.kind),
                           &picture->project.brief, picture->again, most, job->arena, out, err);
    }
    return prompt_fill(own, &picture->project.brief, picture->again, most, job->arena, out, err);
}

static const char *quality_wanted(const struct equipment *equipment, const struct picture *picture)
{
    const char *own = picture->project.brief.make.quality;

    return own[0] ? own : equipment->quality ? equipment->quality : picture->rules->quality;
}

static bool develop_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct caller *caller = &picture->caller;
    struct prompt prompt;

    if (picture->by_us) {
        return true;
    }
    if (!caller_for(job->equipment, picture->project.brief.make.model, &picture->caller, err) ||
        !prompt_of(job, picture, &prompt, err)) {
        return false;
    }
    picture->prompt_version = prompt.version;
    picture->order_photo = (struct order_photo){
        .bytes = picture->sent,
        .content_type = picture->sent_type,
        .filename = photo_filename(picture->sent_type),
    };
    picture->order = (struct order){
        .task = TASK_EDIT,
        .brief = &picture->project.brief,
        .prompt = prompt.text,
        .quality = catalog_quality(caller->model, quality_wanted(job->equipment, picture)),
        .transparent = picture->rules->on_white && caller->model->transparent,
        .photos = &picture->order_photo,
        .photo_count = 1,
    };
    return catalog_size(caller->model, picture->keep, &picture->order.size, err) &&
           call_begin(job, caller, &picture->order, err);
}

static enum next develop_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    blob_free(&picture->result.content);
    return call_take(job, &picture->order, picture->rules->rounds, &picture->result, err);
}

/* -- inspect ------------------------------------------------------------------------------- */

static bool inspect_work(void *arg, struct error *err)
{
    struct picture *picture = arg;

    (void)err; /* the verdict is read by inspect_end, which may ask for another image */
    if (picture_develop(picture, &picture->verdict)) {
        picture->verdict.kind = ERROR_NONE;
    }
    return true;
}

static bool inspect_begin(struct job *job, struct error *err)
{
    (void)err;
    job->op.kind = OP_WORK;
    job->op.work = (struct work_ask){ .run = inspect_work, .arg = job->state };
    return true;
}

static enum next inspect_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    if (picture->verdict.kind == ERROR_NONE) {
        return NEXT_STEP;
    }
    *err = picture->verdict;
    if (picture->by_us || err->kind != ERROR_OUTPUT) {
        return NEXT_FAIL;
    }
    picture->again = arena_text(job->arena, err->text);
    return call_turned_down(job, picture->rules->rounds, err);
}

/* -- keep, settle --------------------------------------------------------------------------- */

static bool keep_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct equipment *equipment = job->equipment;
    const struct brief *brief = &picture->project.brief;
    const char *extension = strcmp(picture->content_type, "image/jpeg") == 0 ? "jpg" : "png";

    picture->object.bucket = equipment->bucket;
    picture->object.content_type = picture->content_type;
    picture->object.content = blob_view(picture->file.data, picture->file.size);
    picture->object.metadata = arena_printf(job->arena, "{\"job\":\"%s\",\"sha256\":\"%s\"}",
                                            job->claimed.id, picture->sha256);
    return object_path(brief->user_id, brief->project_id, kind_name(brief->kind), brief->style,
                       brief->created_ms, job->claimed.id, extension, job->arena,
                       &picture->object.path, err) &&
           equipment->store->put(&equipment->place, &picture->object, job->arena, &job->op, err);
}

static enum next keep_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    return job->equipment->store->put_done(&picture->object, &job->op, err) ? NEXT_STEP : NEXT_FAIL;
}

static bool settle_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;
    const struct equipment *equipment = job->equipment;
    struct image_row row = { .kind = kind_name(picture->project.brief.kind),
                             .style = picture->project.brief.style,
                             .width = picture->size.width,
                             .height = picture->size.height,
                             .bytes = (int64_t)picture->file.size,
                             .metadata = picture_metadata(job, picture) };

    if (!equipment->store->url(&equipment->place, &picture->object, job->arena, &row.url, err)) {
        return false;
    }
    queue_settle_image(&job->op, job->arena, &job->by, &row,
                       job->attempt.id ? &job->attempt : NULL);
    return true;
}

static enum next settle_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? NEXT_STEP : NEXT_FAIL;
}

static void clear(void *state)
{
    struct picture *picture = state;

    blob_free(&picture->photo);
    blob_free(&picture->sent);
    blob_free(&picture->result.content);
    blob_free(&picture->file);
}

static const struct step steps[] = {
    { .name = "brief", .begin = brief_begin, .end = brief_end },
    { .name = "photo", .begin = photo_begin, .end = photo_end, .flags = STEP_HEAVY },
    { .name = "learn", .begin = project_learn, .end = project_learn_end, .flags = STEP_PAID },
    { .name = "share", .begin = project_share, .end = project_share_end },
    { .name = "develop",
      .begin = develop_begin,
      .end = develop_end,
      .flags = STEP_PAID | STEP_HEAVY },
    { .name = "inspect", .begin = inspect_begin, .end = inspect_end },
    { .name = "keep", .begin = keep_begin, .end = keep_end, .flags = STEP_TOUGH },
    { .name = "settle", .begin = settle_begin, .end = settle_end, .flags = STEP_TOUGH },
};

/* The same way; where its image goes, the database decides: beside the old one, as a candidate. */
const struct job_type job_type_regenerate_image = {
    .name = "regenerate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct picture),
    .clear = clear,
};

const struct job_type job_type_make_image = {
    .name = "generate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct picture),
    .clear = clear,
};
