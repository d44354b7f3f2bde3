/* image_source.c - what an image is made of if the image model takes no photos: it cannot show the
 * seller's product, so that nothing is bought from it. */
#include "jobs/types/image_source.h"

#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"

static bool refuse(const struct model *model, enum image_kind kind, struct error *err)
{
    error_set(
        err, ERROR_INPUT,
        "the image model %s takes no photos: it cannot show the seller's product in the image "
        "%s",
        model->id, kind_name(kind));
    err->cause = CAUSE_NO_SCENES;
    return error_hint(err,
                      "Set --image-model to a model that takes photos: `darkroom models` lists "
                      "them.");
}

bool image_job_choose_source(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct brief *brief = &image_job->project.brief;
    const struct image_layout *layout = image_job->layout;
    struct error ignored; /* the paid step reports it, if it is reached */

    image_job->photo_only = false;
    if (brief->text_only.wanted ||
        !model_endpoint_for(job->context, brief->batch.model, &image_job->endpoint, &ignored) ||
        (image_job->endpoint.model->tasks & TASK_EDIT)) {
        return true;
    }
    if (layout) {
        layout = layout_for_plate(layout->kind, PLATE_CUT_OUT, layout->name, brief->style);
        image_job->layout = layout;
    }
    image_job->photo_only = layout || image_job->rules->on_white;
    return image_job->photo_only || refuse(image_job->endpoint.model, brief->kind, err);
}
