/* offline.c - a provider without a server: it draws images from the product photo and the brief,
 * and writes text from the project's description. For trials, tests and previews, at no cost. */
#include <stdio.h>
#include <string.h>

#include "providers/offline/scene.h"

struct offline_work { /* argument of the pool thread */
    const struct model_request *request;
    struct op *op; /* the result becomes its http_response.body, which op_clear frees */
};

static bool draw_image(const struct model_request *request, struct blob *out, struct error *err)
{
    struct image image = { 0 };
    bool good = scene_render(request, &image, err) && image_encode_png(&image, true, out, err);

    image_free(&image);
    return good;
}

static bool write_text(const struct model_request *request, struct blob *out, struct error *err)
{
    const char *json = NULL;
    bool premium = strcmp(request->schema_name, "aplus_premium") == 0;
    bool good = strcmp(request->schema_name, "features") == 0
                    ? words_features(request, &json, err)
                    : words_aplus(request, premium, &json, err);

    return good && blob_copy(out, json, strlen(json), err);
}

static bool run(void *arg, struct error *err)
{
    const struct offline_work *work = arg;
    struct blob *out = &work->op->http_response.body;

    return work->request->task == TASK_TEXT ? write_text(work->request, out, err)
                                            : draw_image(work->request, out, err);
}

static bool request(const struct model_request *request, struct op *op, struct error *err)
{
    struct offline_work *work = arena_alloc(request->arena, sizeof *work);

    if (request->task == TASK_TEXT && !request->schema_name) {
        return error_set(err, ERROR_CONFIG, "the offline provider writes features and A+ content");
    }
    if (request->task == TASK_TEXT && strcmp(request->schema_name, "translation") == 0) {
        error_set(err, ERROR_INPUT, "the offline provider cannot translate");
        return error_hint(err, "Set --text-provider to one with text models.");
    }
    *work = (struct offline_work){ .request = request, .op = op };
    op->kind = OP_WORK;
    op->work = (struct work_request){ .run = run, .arg = work };
    return true;
}

/* FNV-1a hash: equal requests get the same request id. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (; text && *text; text++) {
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    }
    return hash;
}

static enum read_result read_response(const struct model_request *request, struct op *op,
                                      struct model_result *out, struct error *err)
{
    (void)err;
    out->content = blob_move(&op->http_response.body);
    snprintf(out->content_type, sizeof out->content_type, "%s",
             request->task == TASK_TEXT ? "application/json" : "image/png");
    snprintf(out->request_id, sizeof out->request_id, "offline-%016llx",
             (unsigned long long)hash_of(request->key));
    snprintf(out->model, sizeof out->model, "%s", request->model->id);
    out->usage = (struct usage){ 0 };
    return READ_DONE;
}

const struct provider provider_offline = {
    .name = "offline",
    .title = "the offline provider",
    .local = true,
    .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
    .request = request,
    .read_response = read_response,
};
