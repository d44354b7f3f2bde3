/* request.c - from a turn of the schedule to what goes over the wire. */
#include "bench/request.h"

#include <stdlib.h>

#include "bench/replay.h"
#include "model/features.h"
#include "model/prompt.h"

static const char nothing[] = "";

static void fill_brief(struct brief *brief, const char *prompt)
{
    *brief = (struct brief){ .job_id = nothing,
                             .user_id = nothing,
                             .project_id = nothing,
                             .project_name = nothing,
                             .product_name = prompt,
                             .description = prompt,
                             .category = nothing,
                             .photo_url = nothing,
                             .brand = { nothing, nothing, nothing, nothing, nothing, nothing },
                             .kind = LIFESTYLE,
                             .style = nothing };
}

static bool fill_order(struct request *request, const struct plan *plan, int index,
                       struct error *err)
{
    const struct target *target = request->target;
    const struct workload *workload = plan->workload;
    struct order *order = &request->order;
    struct prompt made;

    *order = (struct order){ .task = target->task,
                             .model = target->model,
                             .at = &target->at,
                             .brief = &request->brief,
                             .prompt = workload->prompts[index],
                             .size = target->size,
                             .quality = target->quality,
                             .partial_images = target->partial_images,
                             .arena = request->arena };
    if (workload->replay) {
        replay_order(workload, target, index, order);
    } else if (target->task == TASK_EDIT) {
        order->photos = &workload->photo;
        order->photo_count = 1;
    }
    if (target->task == TASK_TEXT) {
        order->schema_name = "features";
        order->schema = features_schema;
        order->max_output_tokens = 4000;
    }
    if (target->task == TASK_TEXT && !workload->replay) {
        if (!prompt_make(plan->prompts, "features", &request->brief, NULL,
                         target->model->prompt_max, request->arena, &made, err)) {
            return false;
        }
        order->prompt = made.text;
    }
    return target->provider->ask(order, &request->op, err);
}

struct request *request_new(const struct plan *plan, struct turn turn, int sequence,
                            struct error *err)
{
    struct request *request = calloc(1, sizeof *request);

    if (!request) {
        abort();
    }
    request->arena = arena_new();
    request->target = &plan->targets[turn.target];
    request->sample = sample_of(sequence, turn, turn.block < plan->warm_up);
    fill_brief(&request->brief, plan->workload->prompts[turn.prompt]);
    if (!fill_order(request, plan, turn.prompt, err)) {
        request_free(request);
        return NULL;
    }
    request->op.http.once = true;
    request->op.timeout_ms = plan->timeout_ms;
    request->judging = (struct judging){ .target = request->target,
                                         .folder = plan->images_folder,
                                         .order = &request->order,
                                         .op = &request->op,
                                         .sample = &request->sample };
    return request;
}

void request_free(struct request *request)
{
    op_clear(&request->op);
    arena_free(request->arena);
    free(request);
}
