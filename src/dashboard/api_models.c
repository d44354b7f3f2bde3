/* api_models.c - /api/models: the model catalog. */
#include <math.h>

#include "base/clock.h"
#include "dashboard/dashboard_internal.h"
#include "model/catalog.h"

static cJSON *model_row(const struct model *model, int64_t now_ms)
{
    int64_t shutdown_ms = model->shutdown ? clock_parse_date(model->shutdown) : -1;
    cJSON *row = cJSON_CreateObject(), *qualities = cJSON_AddArrayToObject(row, "qualities");

    cJSON_AddStringToObject(row, "id", model->id);
    cJSON_AddStringToObject(row, "provider", model->provider);
    cJSON_AddBoolToObject(row, "images", (model->tasks & (TASK_IMAGE | TASK_EDIT)) != 0);
    cJSON_AddBoolToObject(row, "edits", (model->tasks & TASK_EDIT) != 0);
    cJSON_AddBoolToObject(row, "texts", (model->tasks & TASK_TEXT) != 0);
    json_add_text(row, "shutdown", model->shutdown);
    json_add_text(row, "replacement", model->replacement);
    if (shutdown_ms >= 0) {
        cJSON_AddNumberToObject(row, "daysLeft",
                                ceil((double)(shutdown_ms - now_ms) / (24 * 3600 * 1000)));
    }
    for (int i = 0; i < model->quality_count; i++) {
        int64_t cost = catalog_estimate(model, (struct size){ 1024, 1024 }, model->qualities[i]);
        cJSON *quality = cJSON_CreateObject();

        cJSON_AddStringToObject(quality, "name", model->qualities[i]);
        if (cost >= 0) {
            cJSON_AddNumberToObject(quality, "usd", (double)cost / 1e6);
        }
        cJSON_AddItemToArray(qualities, quality);
    }
    if (model->usd_per_image >= 0) {
        cJSON_AddNumberToObject(row, "usdPerImage", model->usd_per_image);
    }
    if (model->prices.text_in >= 0 && model->prices.text_out >= 0) {
        cJSON_AddNumberToObject(row, "usdTextIn", model->prices.text_in);
        cJSON_AddNumberToObject(row, "usdTextOut", model->prices.text_out);
    }
    if (model->batch_share > 0) {
        cJSON_AddNumberToObject(row, "batchShare", model->batch_share);
    }
    return row;
}

void serve_models(struct dashboard_request *request, struct reply *reply)
{
    const struct catalog *catalog = request->dashboard->config.catalog;
    cJSON *top = cJSON_CreateObject(), *models = cJSON_AddArrayToObject(top, "models");
    const struct model *model;

    for (int i = 0; (model = catalog_at(catalog, i)); i++) {
        cJSON_AddItemToArray(models, model_row(model, clock_wall_ms()));
    }
    reply_json(reply, top);
    cJSON_Delete(top);
}
