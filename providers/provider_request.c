/* provider_request.c - what a provider and a model can do, checked before a request is built. */
#include "providers/provider.h"

static const struct task_text {
    enum task task;
    const char *action; /* "provider 'x' cannot <action>" */
    const char *hint;
} task_texts[] = {
    { TASK_IMAGE, "make images from a prompt alone",
      "Choose another image model: `darkroom models` lists them." },
    { TASK_EDIT, "make images from a product photo",
      "Choose an image model that takes photos: `darkroom models` lists them." },
    { TASK_TEXT, "write text",
      "Set --text-provider, or choose a text model: `darkroom models` lists them." },
};

static const struct task_text *text_of(enum task task)
{
    size_t i = 0;

    while (i + 1 < sizeof task_texts / sizeof *task_texts && task_texts[i].task != task) {
        i++;
    }
    return &task_texts[i];
}

bool provider_cannot(const char *subject, const char *name, enum task task, struct error *err)
{
    error_set(err, ERROR_CONFIG, "%s '%.80s' cannot %s", subject, name, text_of(task)->action);
    return error_hint(err, "%s", text_of(task)->hint);
}

bool provider_check_task(const struct provider *provider, const struct endpoint *at,
                         const struct model *model, enum task task, struct error *err)
{
    if (!(provider->tasks & task)) {
        return provider_cannot("provider", provider->name, task, err);
    }
    if (!(model->tasks & task)) {
        return provider_cannot("model", model->id, task, err);
    }
    return !at || !provider->check_task || provider->check_task(at, task, err);
}

bool provider_check_batch(const struct provider *provider, const struct model *model,
                          struct error *err)
{
    if (!provider->batch) {
        error_set(err, ERROR_CONFIG, "provider '%s' has no Batch API that darkroom supports",
                  provider->name);
        return error_hint(err, "Make these images without --batch-api.");
    }
    if (model->batch_share <= 0) {
        error_set(err, ERROR_CONFIG, "model '%s' is not available in the Batch API", model->id);
        return error_hint(err, "Make these images without --batch-api, or with another model.");
    }
    return provider_check_task(provider, NULL, model,
                               model->tasks & TASK_EDIT ? TASK_EDIT : TASK_IMAGE, err);
}

bool provider_request(const struct provider *provider, const struct model_request *request,
                      struct op *op, struct error *err)
{
    return provider_check_task(provider, request->at, request->model, request->task, err) &&
           provider->request(request, op, err);
}
