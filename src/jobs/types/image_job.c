/* image_job.c - what the job types that make images share: from the payload to the model's request,
 * and from the finished file to its upload and its row. */
#include <string.h>

#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"
#include "jobs/types/image_texts.h"
#include "model/features.h"

/* What the payload names comes before the style. A kind of comparison is a style for charts. */
static const struct image_layout *choose_layout(const struct image_rules *rules,
                                                const struct payload *payload)
{
    const struct image_layout *named =
        layout_of_template(rules, payload->kind, payload->subject.template_id);
    bool by_comparison = payload->kind == COMPARISON_CHART && payload->style[0] == '\0';

    return named ? named
                 : layout_for(rules, payload->kind,
                              by_comparison ? payload->subject.comparison : payload->style,
                              payload->module_request.module + payload->module_request.slot);
}

bool image_job_read_payload(struct job *job, const char *json, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    struct payload *payload = &image_job->project.payload;

    if (!payload_read_image(json, job->arena, payload, err) ||
        !project_rules(job_context, payload, payload->kind, &image_job->marketplace,
                       &image_job->rules, err)) {
        return false;
    }
    image_job->painted = image_job->rules->text == TEXT_MODEL &&
                         layout_at(layouts_builtin(), payload->kind, 0) != NULL;
    image_job->project.wants_features = image_job->rules->needs_features;
    image_job->target_size = image_job->rules->keep;
    image_job->layout = choose_layout(image_job->rules, payload);
    if (payload->kind == A_PLUS_MODULE && payload->module_request.module_type) {
        image_job->target_size =
            rules_module_size(job_context->rules, payload->module_request.module_type);
    }
    return true;
}

bool image_job_check_project(struct image_job *image_job, struct arena *arena, struct error *err)
{
    struct brief *brief = &image_job->project.brief;

    dimensions_print(brief->dimensions, brief->dimension_count, image_job->rules->units, arena);
    if (image_job->rules->needs_dimensions &&
        !dimensions_describe_product(brief->dimensions, brief->dimension_count)) {
        error_set(err, ERROR_INPUT,
                  "the project's description gives no dimensions for the dimension diagram");
        err->cause = CAUSE_NO_MEASUREMENTS;
        return error_hint(err, "Add them to the description, for example \"24 x 7 x 7 cm\".");
    }
    if (brief->known_photos == 0) {
        error_set(err, ERROR_INPUT, "the project has no product photo");
        err->cause = CAUSE_NO_PHOTO;
        return error_hint(err, "Upload a photo of the product, then try again.");
    }
    return true;
}

/* -- request ------------------------------------------------------------------------------- */

/* A batch may have its own prompt. The reason for which a check rejected the last answer is added
 * to either. */
static bool make_prompt(struct job *job, const struct image_job *image_job, struct prompt *out,
                        struct error *err)
{
    const char *own = image_job->project.brief.batch.prompt;
    int max_length = image_job->endpoint.model->prompt_max;

    if (own[0] == '\0') {
        return prompt_make(job->context->prompts, prompt_name(image_job->project.payload.kind),
                           &image_job->project.brief, image_job->correction, max_length, job->arena,
                           out, err);
    }
    return prompt_fill(own, &image_job->project.brief, image_job->correction, max_length,
                       job->arena, out, err);
}

/* Asks for the picture that the layout is drawn on. */
static void request_plate(struct image_job *image_job)
{
    const struct image_layout *layout = image_job->layout;
    struct plate_request *plate = &image_job->project.brief.plate;
    const struct brief *brief = &image_job->project.brief;
    const struct feature *subject = features_main(brief);
    const struct box *product;

    if (!layout) {
        return;
    }
    product = &layout_form(layout, image_job->target_size)->product;
    *plate = (struct plate_request){ .cut_out = layout->plate == PLATE_CUT_OUT,
                                     .close = layout->close,
                                     .subject = !layout->close ? NULL
                                                : subject      ? subject->title
                                                               : brief->product_name,
                                     .scene = layout->scene,
                                     .width = 1,
                                     .height = 1 };
    if (!plate->cut_out) {
        plate->left = product->x;
        plate->top = product->y;
        plate->width = product->width;
        plate->height = product->height;
    }
}

static const char *wanted_quality(const struct job_context *job_context,
                                  const struct image_job *image_job)
{
    const char *own = image_job->project.brief.batch.quality;

    return own[0] ? own : job_context->quality ? job_context->quality : image_job->rules->quality;
}

/* Puts the main photo and, as far as the model accepts them, the others into the request. Returns
 * their number. */
static int attach_photos(struct image_job *image_job, const struct model *model)
{
    int most = model->photo_max > 1 ? model->photo_max : 1;
    int count = 1 + image_job->photos.other_count < most ? 1 + image_job->photos.other_count : most;

    if (!(model->tasks & TASK_EDIT)) {
        return 0;
    }
    image_job->request_photos[0] = (struct request_photo){
        .bytes = image_job->model_photo,
        .content_type = image_job->model_photo_type,
        .filename = photo_filename(image_job->model_photo_type),
    };
    for (int i = 1; i < count; i++) {
        image_job->request_photos[i] = image_job->photos.others[i - 1];
    }
    image_job->project.brief.other_photos = count - 1;
    return count;
}

bool image_job_build_request(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct model_endpoint *endpoint = &image_job->endpoint;
    bool alone = image_job->rules->on_white ||
                 (image_job->layout && image_job->layout->plate == PLATE_CUT_OUT);
    int photos = attach_photos(image_job, endpoint->model);
    struct prompt prompt;

    request_plate(image_job);
    if (!make_prompt(job, image_job, &prompt, err)) {
        return false;
    }
    image_job->prompt_version = prompt.version;
    image_job->request = (struct model_request){
        .task = photos > 0 ? TASK_EDIT : TASK_IMAGE,
        .model = endpoint->model,
        .at = &endpoint->endpoint,
        .arena = job->arena,
        .brief = &image_job->project.brief,
        .prompt = prompt.text,
        .quality = catalog_quality(endpoint->model, wanted_quality(job->context, image_job)),
        .transparent = alone && endpoint->model->transparent,
        .photos = image_job->request_photos,
        .photo_count = photos,
    };
    return catalog_size(endpoint->model,
                        layout_plate_size(image_job->layout, image_job->target_size),
                        &image_job->request.size, err);
}

/* -- validate, upload ---------------------------------------------------------------------- */

static bool validate_work(void *arg, struct error *err)
{
    struct job *job = arg;
    struct image_job *image_job = job->state;

    (void)err; /* the step's `end` reads the verdict, and may call the model again */
    if (image_job_cover_texts(image_job, job->arena, &image_job->verdict) &&
        image_finish(image_job, &image_job->verdict)) {
        image_job->verdict.kind = ERROR_NONE;
    }
    return true;
}

bool image_job_validate(struct job *job, struct error *err)
{
    const struct store_limits *limits = job->context->store_target.limits;
    struct image_job *image_job = job->state;

    (void)err;
    image_job->object.file_limit = limits ? limits->file_bytes : 0;
    job->op.kind = OP_WORK;
    job->op.work = (struct work_request){ .run = validate_work, .arg = job };
    return true;
}

bool image_job_upload(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    const struct brief *brief = &image_job->project.brief;
    const char *extension = strcmp(image_job->content_type, "image/jpeg") == 0 ? "jpg" : "png";

    if (image_job_has_plate_to_upload(image_job)) {
        return image_job_upload_plate(job, err);
    }
    image_job->object.bucket = job_context->bucket;
    image_job->object.content_type = image_job->content_type;
    image_job->object.content = blob_view(image_job->file.data, image_job->file.size);
    image_job->object.metadata = arena_printf(job->arena, "{\"job\":\"%s\",\"sha256\":\"%s\"}",
                                              brief->job_id, image_job->sha256);
    return object_path(brief->user_id, brief->project_id, kind_name(brief->kind), brief->style,
                       brief->created_ms, brief->job_id, extension, job->arena,
                       &image_job->object.path, err) &&
           job_context->store->put(&job_context->store_target, &image_job->object, job->arena,
                                   &job->op, err);
}

enum transition image_job_upload_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    if (image_job_has_plate_to_upload(image_job)) {
        return image_job_upload_plate_end(job, err);
    }
    if (job->context->store->put_done(&image_job->object, &job->op, err)) {
        return TRANSITION_NEXT;
    }
    err->cause = err->kind == ERROR_OUTPUT ? CAUSE_CHECK_file_size : CAUSE_UNKNOWN;
    return TRANSITION_FAIL;
}

bool image_job_row(struct job *job, struct image_row *out, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    struct stored_plate *plate = &image_job->plate;

    if (plate->object.path && !job_context->store->url(&job_context->store_target, &plate->object,
                                                       job->arena, &plate->url, err)) {
        return false;
    }
    *out = (struct image_row){ .kind = kind_name(image_job->project.brief.kind),
                               .style = image_job->project.brief.style,
                               .width = image_job->stored_size.width,
                               .height = image_job->stored_size.height,
                               .bytes = (int64_t)image_job->file.size,
                               .bucket = image_job->object.bucket,
                               .path = image_job->object.path,
                               .plate_path = image_job->plate.object.path,
                               .metadata = image_job_metadata(job, image_job) };
    return job_context->store->url(&job_context->store_target, &image_job->object, job->arena,
                                   &out->url, err);
}

bool image_job_discard(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    struct object *objects = arena_alloc(job->arena, 2 * sizeof *objects);
    int count = 0;

    if (image_job->plate.object.path) {
        objects[count++] = image_job->plate.object;
    }
    if (image_job->object.path) {
        objects[count++] = image_job->object;
    }
    return count == 0 || job_context->store->remove(&job_context->store_target, objects, count,
                                                    job->arena, &job->op, err);
}

void image_job_clear(void *state)
{
    struct image_job *image_job = state;

    photos_clear(image_job);
    blob_free(&image_job->result.content);
    blob_free(&image_job->file);
    blob_free(&image_job->plate.file);
    blob_free(&image_job->logo.file);
    blob_free(&image_job->rejection_picture);
}
