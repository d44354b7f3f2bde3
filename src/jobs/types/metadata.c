/* metadata.c - the JSON that says how an image was made. */
#include <math.h>

#include "base/json.h"
#include "jobs/types/image_job.h"
#include "model/content/content.h"

static cJSON *findings_json(const struct image_job *image_job)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < image_job->finding_count; i++) {
        const struct check_finding *finding = &image_job->findings[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "check", finding->check);
        cJSON_AddBoolToObject(row, "passed", finding->passed);
        cJSON_AddNumberToObject(row, "measured", finding->measured);
        cJSON_AddNumberToObject(row, "limit", finding->limit);
        cJSON_AddStringToObject(row, "message", finding->message);
        cJSON_AddItemToArray(list, row);
    }
    return list;
}

/* Adds the text unless it is NULL or empty. */
static void add_text(cJSON *to, const char *name, const char *text)
{
    if (text && text[0]) {
        cJSON_AddStringToObject(to, name, text);
    }
}

/* What the application itself writes into the metadata of an image: the only part that sellers
 * receive (darkroom.seller_metadata). */
static void add_seller_part(cJSON *top, const struct image_job *image_job)
{
    const struct brief *brief = &image_job->project.brief;

    add_text(top, "productName", brief->product_name);
    add_text(top, "sceneDescription", brief->subject.scene);
    if (brief->kind == A_PLUS_MODULE) {
        cJSON_AddStringToObject(top, "source", "aplus-generation");
    }
    if (image_job->rules->needs_features && brief->feature_count > 0) {
        cJSON *list = cJSON_AddArrayToObject(top, "features");

        for (int i = 0; i < brief->feature_count; i++) {
            cJSON *row = cJSON_CreateObject();

            cJSON_AddStringToObject(row, "title", brief->features[i].title);
            add_text(row, "description", brief->features[i].description);
            cJSON_AddItemToArray(list, row);
        }
    }
}

/* What the image shows: with the model, the prompt and the photo, enough to make it again. */
static void add_subject(cJSON *top, const struct image_job *image_job)
{
    const struct brief *brief = &image_job->project.brief;
    const struct batch_options *make = &brief->batch;
    cJSON *part;

    cJSON_AddStringToObject(top, "imageType", kind_name(brief->kind));
    add_text(top, "style", brief->style);
    add_text(top, "templateId", brief->subject.template_id);
    add_text(top, "comparisonType", brief->subject.comparison);
    if (brief->module_request.module_type) {
        part = cJSON_AddObjectToObject(top, "module");
        cJSON_AddNumberToObject(part, "module", brief->module_request.module);
        cJSON_AddNumberToObject(part, "slot", brief->module_request.slot);
        add_text(part, "moduleType", brief->module_request.module_type);
        add_text(part, "description", brief->module_request.description);
        add_text(part, "headline", brief->module_request.headline);
    }
    part = cJSON_AddObjectToObject(top, "photo");
    cJSON_AddStringToObject(part, "url",
                            image_job->photos.url ? image_job->photos.url : brief->photo_url);
    cJSON_AddStringToObject(part, "sha256", image_job->photo_sha256);
    cJSON_AddNumberToObject(part, "bytes", (double)image_job->photo_bytes);
    cJSON_AddNumberToObject(part, "width", image_job->photo_facts.width);
    cJSON_AddNumberToObject(part, "height", image_job->photo_facts.height);
    add_text(part, "colours", image_colours_name(image_job->photo_facts.colours));
    if (make->batch && make->batch[0]) {
        part = cJSON_AddObjectToObject(top, "batch");
        cJSON_AddStringToObject(part, "id", make->batch);
        cJSON_AddNumberToObject(part, "item", make->item);
        cJSON_AddNumberToObject(part, "variant", make->variant);
    }
}

/* The picture below the text, which `regenerate --text-only` renders text on again. */
static void add_plate(cJSON *top, const struct image_job *image_job)
{
    const struct stored_plate *plate = &image_job->plate;
    const struct text_only *text_only = &image_job->project.brief.text_only;
    cJSON *part;

    if (!plate->url) {
        return;
    }
    part = cJSON_AddObjectToObject(top, "plate");
    cJSON_AddStringToObject(part, "url", plate->url);
    cJSON_AddStringToObject(part, "path", plate->object.path);
    cJSON_AddStringToObject(part, "sha256", plate->sha256);
    cJSON_AddStringToObject(part, "kind",
                            image_job->layout->plate == PLATE_CUT_OUT ? "cut-out" : "scene");
    cJSON_AddNumberToObject(part, "photos",
                            text_only->wanted ? text_only->plate_photos
                                              : image_job->request.photo_count);
}

static double rounded(double value)
{
    return round(value * 1000) / 1000;
}

/* What was typeset, so that an operator can trace every word to its source. */
static void add_composition(cJSON *top, const struct image_job *image_job)
{
    const struct composition *composition = &image_job->composition;
    cJSON *part = cJSON_AddObjectToObject(top, "composition"), *list;

    cJSON_AddStringToObject(part, "layout", composition->layout);
    cJSON_AddNumberToObject(part, "smallestType", rounded(composition_smallest(composition)));
    cJSON_AddNumberToObject(part, "contrast", rounded(composition_contrast(composition)));
    cJSON_AddNumberToObject(part, "leftOut", composition->left_out);
    if (composition->logo.width > 0) {
        const struct brief *brief = &image_job->project.brief;

        cJSON_AddStringToObject(part, "logo",
                                brief->text_only.logo[0] ? "of the batch" : brief->brand.logo_url);
    }
    add_text(part, "logoLeftOut", image_job->logo.problem);
    if (composition->font_missing) {
        cJSON_AddStringToObject(part, "fontMissing", image_job->project.brief.brand.font_family);
    }
    if (composition->enlarged > 1) {
        cJSON_AddNumberToObject(part, "enlarged", rounded(composition->enlarged));
    }
    cJSON_AddItemToObject(part, "content", content_json(&image_job->project.brief));
    list = cJSON_AddArrayToObject(part, "texts");
    for (int i = 0; i < composition->text_count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "text", composition->texts[i].text);
        cJSON_AddStringToObject(row, "from", composition->texts[i].source);
        cJSON_AddItemToArray(list, row);
    }
}

static void add_similarity(cJSON *top, const struct image_job *image_job)
{
    const struct likeness *likeness = &image_job->similarity;
    cJSON *part;

    if (!image_job->has_similarity) {
        return;
    }
    part = cJSON_AddObjectToObject(top, "likeness");
    cJSON_AddNumberToObject(part, "score", rounded(likeness->score));
    if (likeness->shape >= 0) {
        cJSON_AddNumberToObject(part, "shape", rounded(likeness->shape));
    }
    cJSON_AddNumberToObject(part, "colour", rounded(likeness->colour));
}

static void add_call(cJSON *top, const struct job *job, const struct image_job *image_job)
{
    const struct model_request *request = &image_job->request;
    const struct attempt *attempt = &job->attempt;
    const char *own = image_job->project.brief.batch.prompt;
    cJSON *usage = attempt->usage ? cJSON_Parse(attempt->usage) : NULL;

    cJSON_AddStringToObject(top, "provider", image_job->endpoint.provider->name);
    cJSON_AddStringToObject(top, "model", request->model->id);
    cJSON_AddStringToObject(top, "prompt", request->prompt);
    cJSON_AddStringToObject(top, "promptVersion", image_job->prompt_version);
    cJSON_AddStringToObject(top, "template",
                            own && own[0] ? "the batch's own"
                                          : prompt_name(image_job->project.brief.kind));
    cJSON_AddStringToObject(top, "task", "edit");
    cJSON_AddBoolToObject(top, "transparent", request->transparent);
    cJSON_AddBoolToObject(top, "photoMadeSmaller", image_job->photo_downscaled);
    cJSON_AddNumberToObject(top, "askedWidth", request->size.width);
    cJSON_AddNumberToObject(top, "askedHeight", request->size.height);
    if (request->quality) {
        cJSON_AddStringToObject(top, "quality", request->quality);
    }
    if (attempt->request_id && attempt->request_id[0]) {
        cJSON_AddStringToObject(top, "requestId", attempt->request_id);
    }
    if (usage) {
        cJSON_AddItemToObject(top, "usage", usage);
    }
    if (job->cost_microusd >= 0) {
        cJSON_AddNumberToObject(top, "costUsd", (double)job->cost_microusd / 1e6);
    }
    cJSON_AddNumberToObject(top, "calls", job->call_index + 1);
    cJSON_AddNumberToObject(top, "modelMs", (double)attempt->ms);
}

/* No model made a picture: how the plate was made is known from the image that it comes from. */
static void add_plate_maker(cJSON *top, const struct job *job, const struct image_job *image_job)
{
    const struct text_only *text_only = &image_job->project.brief.text_only;
    cJSON *made = cJSON_Parse(text_only->made), *part;

    while (made && made->child) {
        cJSON *item = cJSON_DetachItemViaPointer(made, made->child);

        cJSON_AddItemToObject(top, item->string, item);
    }
    cJSON_Delete(made);
    part = cJSON_AddObjectToObject(top, "textOnly");
    add_text(part, "language", text_only->language);
    if (job->cost_microusd >= 0) {
        cJSON_AddNumberToObject(top, "costUsd", (double)job->cost_microusd / 1e6);
    }
}

const char *image_job_metadata(const struct job *job, const struct image_job *image_job)
{
    cJSON *top = cJSON_CreateObject();
    const char *text;

    cJSON_AddStringToObject(top, "jobId", image_job->project.brief.job_id);
    cJSON_AddStringToObject(top, "worker", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(top, "marketplace", image_job->marketplace);
    cJSON_AddBoolToObject(top, "aiGenerated", !image_job->local);
    if (!image_job->local) {
        cJSON_AddStringToObject(top, "digitalSourceType", "trainedAlgorithmicMedia");
    }
    cJSON_AddBoolToObject(top, "c2paManifest", image_job->has_c2pa);
    add_seller_part(top, image_job);
    add_subject(top, image_job);
    if (image_job->local) {
        cJSON_AddStringToObject(top, "provider", "darkroom");
        cJSON_AddStringToObject(top, "model", "cut-out");
        add_text(top, "cutOutBy", image_job->mask.alpha ? "cut-out model" : NULL);
        cJSON_AddNumberToObject(top, "costUsd", 0);
    } else if (image_job->project.brief.text_only.wanted) {
        add_plate_maker(top, job, image_job);
    } else {
        add_call(top, job, image_job);
    }
    if (image_job->rules->on_white && image_job->composed.enlarged > 1) {
        cJSON_AddNumberToObject(top, "enlarged", image_job->composed.enlarged);
    }
    if (image_job->layout) {
        add_composition(top, image_job);
        add_plate(top, image_job);
    }
    cJSON_AddStringToObject(top, "sha256", image_job->sha256);
    cJSON_AddBoolToObject(top, "storedAsReceived", image_job->passthrough);
    cJSON_AddItemToObject(top, "checks", findings_json(image_job));
    add_similarity(top, image_job);
    text = json_print(top, job->arena);
    cJSON_Delete(top);
    return text;
}
