/* queue_service.c - statements that report, probe and read the states of services. */
#include "queue/queue_service.h"

#include "base/json.h"
#include "queue/queue_internal.h"

static void add_texts(cJSON *object, const char *name, const char *const *texts)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (int i = 0; texts && texts[i]; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i]));
    }
}

void queue_service_report(struct op *op, struct arena *arena, const char *worker,
                          const struct service_report *report)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "key", report->key);
    if (report->trial) {
        cJSON_AddTrueToObject(json, "trial");
    } else {
        cJSON_AddStringToObject(json, "state", report->state);
        cJSON_AddStringToObject(json, "reason", report->reason);
        cJSON_AddStringToObject(json, "hint", report->hint);
        cJSON_AddBoolToObject(json, "checked", report->checked);
        cJSON_AddNumberToObject(json, "backoffMs", report->backoff_ms);
        add_texts(json, "models", report->models);
        add_texts(json, "types", report->types);
    }
    queue_start(op, "service_report", true);
    op_param(op, worker);
    op_param(op, json_print(json, arena));
    cJSON_Delete(json);
}

bool queue_service_report_done(const struct op *op, bool *recovered, int64_t *waited,
                               struct error *err)
{
    cJSON *top;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    *recovered = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "recovered"));
    *waited = json_peek_int(top, "waited", 0);
    cJSON_Delete(top);
    return true;
}

void queue_service_probe(struct op *op, const char *worker, const char *key, bool early)
{
    queue_start(op, "service_probe", true);
    op_param(op, worker);
    op_param(op, key);
    op_param(op, early ? "true" : "false");
}

bool queue_service_probe_done(const struct op *op, bool *won, struct error *err)
{
    cJSON *top;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    *won = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "won"));
    cJSON_Delete(top);
    return true;
}

static const char *text_of(const cJSON *row, const char *name, struct arena *arena)
{
    const char *text = json_peek_text(row, name);

    return arena_text(arena, text ? text : "");
}

int queue_service_rows(const struct op *op, struct arena *arena, struct service_row *out,
                       int capacity)
{
    const cJSON *list, *row;
    struct error ignored;
    int count = 0;
    cJSON *top;

    if (!queue_read_reply(op, &top, &ignored)) {
        return -1;
    }
    list = cJSON_GetObjectItemCaseSensitive(top, "services");
    if (!cJSON_IsArray(list)) { /* a database without this schema */
        cJSON_Delete(top);
        return -1;
    }
    cJSON_ArrayForEach(row, list)
    {
        if (count < capacity) {
            out[count++] = (struct service_row){
                .key = text_of(row, "key", arena),
                .state = text_of(row, "state", arena),
                .reason = text_of(row, "reason", arena),
                .hint = text_of(row, "hint", arena),
                .failures = (int)json_peek_int(row, "failures", 0),
                .age_ms = json_peek_int(row, "ageMs", 0),
                .probe_ms = json_peek_int(row, "probeMs", 0),
                .trial = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "trial")),
            };
        }
    }
    cJSON_Delete(top);
    return count;
}
