/* metadata.c - what an image remembers of its making. */
#include "base/json.h"
#include "jobs/picture.h"

static cJSON *findings_json(const struct picture *picture)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < picture->finding_count; i++) {
        const struct finding *finding = &picture->findings[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "check", finding->check);
        cJSON_AddBoolToObject(row, "passed", finding->passed);
        cJSON_AddNumberToObject(row, "measured", finding->measured);
        cJSON_AddNumberToObject(row, "limit", finding->limit);
        cJSON_AddStringToObject(row, "says", finding->says);
        cJSON_AddItemToArray(list, row);
    }
    return list;
}

static void add_call(cJSON *top, const struct job *job, const struct picture *picture)
{
    const struct order *order = &picture->order;
    const struct attempt *attempt = &job->attempt;
    cJSON *usage = attempt->usage ? cJSON_Parse(attempt->usage) : NULL;

    cJSON_AddStringToObject(top, "provider", picture->caller.provider->name);
    cJSON_AddStringToObject(top, "model", order->model->id);
    cJSON_AddStringToObject(top, "prompt", order->prompt);
    cJSON_AddStringToObject(top, "promptVersion", picture->prompt_version);
    cJSON_AddNumberToObject(top, "askedWidth", order->size.width);
    cJSON_AddNumberToObject(top, "askedHeight", order->size.height);
    if (order->quality) {
        cJSON_AddStringToObject(top, "quality", order->quality);
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
    cJSON_AddNumberToObject(top, "rounds", job->round + 1);
    cJSON_AddNumberToObject(top, "modelMs", (double)attempt->ms);
}

const char *picture_metadata(const struct job *job, const struct picture *picture)
{
    cJSON *top = cJSON_CreateObject();
    const char *text;

    cJSON_AddStringToObject(top, "jobId", job->claimed.id);
    cJSON_AddStringToObject(top, "worker", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(top, "marketplace", job->equipment->marketplace);
    cJSON_AddBoolToObject(top, "aiGenerated", !picture->by_us);
    if (picture->by_us) {
        cJSON_AddStringToObject(top, "provider", "darkroom");
        cJSON_AddStringToObject(top, "model", "cut-out");
        cJSON_AddNumberToObject(top, "costUsd", 0);
    } else {
        add_call(top, job, picture);
    }
    if (picture->rules->on_white && picture->composed.enlarged > 1) {
        cJSON_AddNumberToObject(top, "enlarged", picture->composed.enlarged);
    }
    cJSON_AddStringToObject(top, "sha256", picture->sha256);
    cJSON_AddBoolToObject(top, "storedAsReceived", picture->as_it_came);
    cJSON_AddItemToObject(top, "checks", findings_json(picture));
    text = json_print(top, job->arena);
    cJSON_Delete(top);
    return text;
}
