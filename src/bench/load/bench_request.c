/* bench_request.c - turns an entry of the schedule into a call to a model. */
#include "bench/load/bench_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/load/replay.h"
#include "bench/packs/packs.h"
#include "model/features.h"
#include "model/prompt.h"

static const char empty[] = "";

static void fill_brief(struct brief *brief, const char *prompt)
{
    *brief = (struct brief){ .job_id = empty,
                             .user_id = empty,
                             .project_id = empty,
                             .project_name = empty,
                             .product_name = prompt,
                             .description = prompt,
                             .category = empty,
                             .photo_url = empty,
                             .brand = { empty, empty, empty, empty, empty, empty },
                             .kind = LIFESTYLE,
                             .style = empty };
}

static bool fill_model_request(struct bench_request *request, const struct load_plan *plan,
                               int index, struct error *err)
{
    const struct target *target = request->target;
    const struct workload *workload = plan->workload;
    struct model_request *model_request = &request->model_request;
    struct prompt prompt;

    if (workload->packs) {
        if (!packs_job(workload->packs, target, index, request->arena, &request->image_job, err)) {
            return false;
        }
        *model_request = request->image_job->request;
        return provider_request(target->provider, model_request, &request->op, err);
    }
    *model_request = (struct model_request){ .task = target->task,
                                             .model = target->model,
                                             .at = &target->at,
                                             .brief = &request->brief,
                                             .prompt = workload->prompts[index],
                                             .size = target->size,
                                             .quality = target->quality,
                                             .partial_images = target->partial_images,
                                             .arena = request->arena };
    if (plan->replay) {
        replay_fill(plan->replay, target, index, model_request);
    } else if (target->task == TASK_EDIT) {
        model_request->photos = &workload->photo;
        model_request->photo_count = 1;
    }
    if (target->task == TASK_TEXT) {
        model_request->schema_name = "features";
        model_request->schema = features_schema;
        model_request->max_output_tokens = 4000;
    }
    if (target->task == TASK_TEXT && !plan->replay) {
        if (!prompt_make(plan->prompts, "features", &request->brief, NULL,
                         target->model->prompt_max, request->arena, &prompt, err)) {
            return false;
        }
        model_request->prompt = prompt.text;
    }
    return provider_request(target->provider, model_request, &request->op, err);
}

struct bench_request *bench_request_new(const struct load_plan *plan, struct schedule_entry entry,
                                        int sequence, struct error *err)
{
    struct bench_request *request = xcalloc(1, sizeof *request);

    request->arena = arena_new();
    request->target = &plan->targets[entry.target];
    request->sample = sample_of(sequence, entry, entry.block < plan->warm_up);
    fill_brief(&request->brief, plan->workload->prompts[entry.prompt]);
    if (!fill_model_request(request, plan, entry.prompt, err)) {
        bench_request_free(request);
        return NULL;
    }
    request->op.http.new_connection = true;
    request->op.timeout_ms = plan->timeout_ms;
    request->evaluation = (struct evaluation){ .target = request->target,
                                               .images_folder = plan->images_folder,
                                               .return_image = plan->upload_target != NULL,
                                               .model_request = &request->model_request,
                                               .op = &request->op,
                                               .image_job = request->image_job,
                                               .sample = &request->sample };
    return request;
}

void bench_request_note(struct bench_request *request, int64_t run_began_us)
{
    struct sample *sample = &request->sample;
    const struct op *op = &request->op;
    const struct http_response *got = &op->http_response;

    /* A response ends with its last byte, without libcurl's work after it; a failure ends when it
     * is reported. */
    sample->ended_us = (op->error.kind == ERROR_NONE && got->times.total_us > 0
                            ? op->began_us + got->times.total_us
                            : op->ended_us) -
                       run_began_us;
    sample->times = got->times;
    sample->status = got->status;
    sample->http_version = got->http_version;
    sample->bytes = got->body_bytes;
    sample->partials_received = got->progress_events;
    sample->processing_ms = op->kind == OP_HTTP ? got->processing_ms : -1;
    memcpy(sample->request_id, got->request_id, sizeof got->request_id);
    if (op->error.kind != ERROR_NONE) {
        int64_t took_us = sample->ended_us - sample->started_us;

        sample->outcome =
            outcome_of(&op->error, sample->status, took_us >= (int64_t)op->timeout_ms * 999);
        snprintf(sample->error, sizeof sample->error, "%.199s", op->error.text);
    }
}

void bench_request_free(struct bench_request *request)
{
    op_clear(&request->op);
    op_clear(&request->store_op);
    blob_free(&request->evaluation.image);
    packs_job_free(request->image_job);
    arena_free(request->arena);
    free(request);
}
