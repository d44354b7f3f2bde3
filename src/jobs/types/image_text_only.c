/* image_text_only.c - renders the text of a stored image again: with its plate from the store, in
 * another language, brand, layout or size. No image model is called. */
#include <string.h>

#include "draw/icon.h"
#include "jobs/engine/model_call.h"
#include "jobs/types/image_text_only.h"
#include "model/content/content.h"

enum { MAX_CALLS = 3, MAX_TOKENS = 6000 };

static bool is_wanted(const struct image_job *image_job)
{
    return image_job->project.brief.text_only.wanted;
}

static bool has_no_plate(struct error *err)
{
    error_set(err, ERROR_INPUT, "no plate is stored for the image");
    return error_hint(err, "Regenerate it once without --text-only, which stores one.");
}

static bool choose_layout(struct image_job *image_job, struct error *err)
{
    const struct text_only *text_only = &image_job->project.brief.text_only;
    enum plate_kind plate = text_only->plate_cut_out ? PLATE_CUT_OUT : PLATE_SCENE;
    const char *name = text_only->layout[0] ? text_only->layout : text_only->layout_before;

    image_job->layout = layout_for_plate(image_job->project.payload.kind, plate, name,
                                         image_job->project.brief.style);
    if (!image_job->layout ||
        (text_only->layout[0] && strcmp(image_job->layout->name, text_only->layout) != 0)) {
        error_set(err, ERROR_INPUT, "the layout '%.60s' does not fit the image's plate",
                  text_only->layout);
        return error_hint(err, "Use another --layout.");
    }
    return true;
}

bool image_job_begin_text_only(struct image_job *image_job, struct arena *arena, struct error *err)
{
    struct brief *brief = &image_job->project.brief;

    if (!is_wanted(image_job)) {
        return true;
    }
    if (brief->text_only.plate_url[0] == '\0') {
        return has_no_plate(err);
    }
    if (!content_restore(brief->text_only.content, arena, brief, err) ||
        !choose_layout(image_job, err)) {
        return false;
    }
    image_job->painted = false;
    image_job->project.wants_features = false; /* the image has its own */
    if (brief->text_only.size.width > 0 && brief->text_only.size.height > 0) {
        image_job->target_size = brief->text_only.size;
    }
    return true;
}

/* -- translate --------------------------------------------------------------------------------- */

static struct model_request translation_request(const struct image_job *image_job,
                                                const char *prompt)
{
    return (struct model_request){ .task = TASK_TEXT,
                                   .brief = &image_job->project.brief,
                                   .prompt = prompt,
                                   .schema_name = "translation",
                                   .schema = translation_schema,
                                   .max_output_tokens = MAX_TOKENS };
}

/* Of a module's description, an image shows at most what composed_headline returns. */
static void take_headline(struct module_request *module, const struct brief *brief)
{
    const char *source;

    if (module->module_type) {
        module->headline = composed_headline(brief, &source);
        module->description = "";
    }
}

bool image_job_translate(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    struct brief *brief = &image_job->project.brief;
    struct model_endpoint endpoint = job->context->features;
    struct model_request *request;
    struct prompt prompt;

    if (!is_wanted(image_job) || brief->text_only.language[0] == '\0') {
        return true;
    }
    take_headline(&brief->module_request, brief);
    endpoint.model = model_in_use(job->context, endpoint.model);
    brief->text_only.texts = content_texts(brief, job->arena);
    if (!prompt_make(job->context->prompts, "translation", brief, image_job->correction,
                     endpoint.model->prompt_max, job->arena, &prompt, err)) {
        return false;
    }
    request = arena_alloc(job->arena, sizeof *request);
    *request = translation_request(image_job, prompt.text);
    return model_call_begin(job, &endpoint, request, err);
}

/* Icons are found by words of the languages that icons.inc knows: those of the source stay. */
static void keep_icons(struct brief *brief)
{
    for (int i = 0; i < brief->feature_count; i++) {
        struct feature *feature = &brief->features[i];

        feature->icon = icon_name(icon_find(feature->icon, feature->title, feature->description));
    }
}

enum transition image_job_translate_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    struct model_request request = translation_request(image_job, "");
    enum transition next;
    const char *json;

    request.model = job->call.model;
    request.at = &job->context->features.endpoint;
    request.arena = job->arena;
    next = model_call_read_text(job, &request, MAX_CALLS, &json, err);
    if (next != TRANSITION_NEXT) {
        return next;
    }
    keep_icons(&image_job->project.brief);
    if (!content_translate(json, job->arena, &image_job->project.brief, err)) {
        image_job->correction = arena_text(job->arena, err->text);
        return model_call_rejected(job, MAX_CALLS, err);
    }
    return TRANSITION_NEXT;
}

/* -- fetch_plate ------------------------------------------------------------------------------- */

static bool plate_unavailable(struct error *err)
{
    struct error why = *err;

    error_set(err, ERROR_INPUT, "cannot fetch the plate of the image: %s", why.text);
    return error_hint(err, "Regenerate the image once without --text-only, which stores another.");
}

bool image_job_fetch_plate(struct job *job, struct error *err)
{
    const struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    const struct brief *brief = &image_job->project.brief;
    struct fetch_scope scope = { .kind = FETCH_RESULT, .user_id = brief->user_id };

    if (!is_wanted(image_job) ||
        fetch_begin(job_context->store, &job_context->store_target, brief->text_only.plate_url,
                    &scope, job->arena, &job->op, err)) {
        return true;
    }
    return err->kind == ERROR_INPUT ? plate_unavailable(err) : false;
}

enum transition image_job_fetch_plate_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    blob_free(&image_job->result.content);
    if (job->op.error.kind != ERROR_NONE) {
        *err = job->op.error;
        return TRANSITION_FAIL;
    }
    if (!fetch_done(job->context->store, &job->context->store_target, &job->op,
                    &image_job->result.content, err)) {
        if (err->kind == ERROR_INPUT) {
            plate_unavailable(err);
        }
        return TRANSITION_FAIL;
    }
    return TRANSITION_NEXT;
}
