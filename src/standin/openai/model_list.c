/* model_list.c - the models that the stand-in offers, and GET /v1/models. */
#include "standin/openai/model_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/standin_internal.h"

struct model_list {
    cJSON *tree; /* owns the texts of rows */
    struct offered_model rows[OFFERED_MODELS];
    int count;
};

static void words(const cJSON *object, const char *name, const char **out)
{
    const cJSON *item;
    int count = 0;

    cJSON_ArrayForEach(item, cJSON_GetObjectItem(object, name))
    {
        if (count < OFFERED_MODEL_WORDS - 1 && cJSON_IsString(item)) {
            out[count++] = item->valuestring;
        }
    }
}

static void read_model(const cJSON *item, struct offered_model *out)
{
    const cJSON *value;
    const char *kind = json_peek_text(item, "kind");
    int count = 0;

    out->id = json_peek_text(item, "id");
    out->image = kind && strcmp(kind, "image") == 0;
    out->shutdown = json_peek_text(item, "shutdown");
    out->grid = cJSON_IsTrue(cJSON_GetObjectItem(item, "grid"));
    out->complexity = cJSON_IsTrue(cJSON_GetObjectItem(item, "complexity"));
    value = cJSON_GetObjectItem(item, "batch");
    out->batch_share = cJSON_IsNumber(value) ? value->valuedouble : 0;
    out->markup = cJSON_IsTrue(cJSON_GetObjectItem(item, "markup"));
    words(item, "sizes", out->sizes);
    words(item, "quality", out->quality);
    words(item, "formats", out->formats);
    words(item, "fidelity", out->fidelity);
    cJSON_ArrayForEach(value, cJSON_GetObjectItem(item, "tokens"))
    {
        if (count < OFFERED_MODEL_WORDS) {
            out->tokens[count++] = (int64_t)value->valuedouble;
        }
    }
    count = 0;
    cJSON_ArrayForEach(value, cJSON_GetObjectItem(item, "usd"))
    {
        if (count < 3) {
            out->usd[count++] = value->valuedouble;
        }
    }
}

bool model_list_load(struct model_list **out, struct error *err)
{
    const struct embedded *file = embed_find("assets/standin/models.json");
    struct model_list *list = xcalloc(1, sizeof *list);
    const cJSON *item;

    if (!file) {
        free(list);
        return error_set(err, ERROR_INTERNAL, "the stand-in's list of models is missing");
    }
    if (!json_parse(file->data, file->size, file->name, &list->tree, err)) {
        free(list);
        return false;
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(list->tree, "models"))
    {
        if (list->count < OFFERED_MODELS && json_peek_text(item, "id")) {
            read_model(item, &list->rows[list->count++]);
        }
    }
    *out = list;
    return true;
}

void model_list_free(struct model_list *list)
{
    if (list) {
        cJSON_Delete(list->tree);
        free(list);
    }
}

const struct offered_model *model_list_find(const struct model_list *list, const char *id)
{
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->rows[i].id, id) == 0) {
            return &list->rows[i];
        }
    }
    return NULL;
}

const struct offered_model *model_list_at(const struct model_list *list, int index)
{
    return index < list->count ? &list->rows[index] : NULL;
}

bool offered_model_retired(const struct offered_model *offer)
{
    return offer->shutdown && clock_parse_date(offer->shutdown) <= clock_wall_ms();
}

int word_index(const char *const *list, const char *word)
{
    for (int i = 0; list[i]; i++) {
        if (strcmp(list[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

static cJSON *offered_model_json(const struct offered_model *offer)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "id", offer->id);
    cJSON_AddStringToObject(item, "object", "model");
    cJSON_AddNumberToObject(item, "created", 1750000000);
    cJSON_AddStringToObject(item, "owned_by", "system");
    if (offer->shutdown) {
        cJSON_AddStringToObject(item, "shutdown_date", offer->shutdown);
    } else {
        cJSON_AddNullToObject(item, "shutdown_date");
    }
    return item;
}

void models_handle(struct standin_request *request)
{
    const char *id = request->path + strlen("/v1/models");
    const struct offered_model *offer;
    cJSON *body, *data;

    if (*id == '/') {
        offer = model_list_find(request->standin->models, id + 1);
        if (offer && !offered_model_retired(offer)) {
            answer_json(&request->answer, 200, offered_model_json(offer));
        } else {
            answer_refuse(&request->answer,
                          &(struct refusal){ .status = 404, .code = "model_not_found" },
                          "The model '%.100s' does not exist", id + 1);
        }
        return;
    }
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "object", "list");
    data = cJSON_AddArrayToObject(body, "data");
    for (int i = 0; (offer = model_list_at(request->standin->models, i)); i++) {
        if (!offered_model_retired(offer)) {
            cJSON_AddItemToArray(data, offered_model_json(offer));
        }
    }
    answer_json(&request->answer, 200, body);
}
