/* batch_find.c - looks batches up by id, and reads their rows in chunks. */
#include "batch/batch_find.h"

#include <stdio.h>
#include <string.h>

/* The suffix of an id is random: b7-3f2a and b7-90c1 are the seventh batches of two databases. */
bool batch_not_found(const cJSON *list, const char *id, struct error *err)
{
    const char *dash = strchr(id, '-');
    size_t number = dash ? (size_t)(dash - id) + 1 : 0;
    const cJSON *row;

    cJSON_ArrayForEach(row, list)
    {
        const char *other = json_peek_text(row, "id");

        if (other && number > 1 && strncmp(other, id, number) == 0) {
            error_set(err, ERROR_INPUT, "Batch '%.40s' belongs to another database.", id);
            return error_hint(err, "In this database, the batch with that number is %s.", other);
        }
    }
    error_set(err, ERROR_INPUT, "No batch '%.40s' exists in this database.", id);
    return error_hint(err, "`darkroom batch list` lists the batches.");
}

bool batch_find(struct sql_session *session, const char *id, cJSON **out, struct error *err)
{
    cJSON *list;

    if (!database_query(session, "batch_show", 1, &id, out, err)) {
        return false;
    }
    if (cJSON_IsObject(*out)) {
        return true;
    }
    cJSON_Delete(*out);
    *out = NULL;
    if (database_query(session, "batch_list", 0, NULL, &list, err)) {
        batch_not_found(list, id, err);
        cJSON_Delete(list);
    }
    return false;
}

bool batch_read_items(struct sql_session *session, const char *id, int items,
                      bool (*on_rows)(const cJSON *rows, void *context, struct error *err),
                      void *context, struct error *err)
{
    bool good = true;
    char after[16], count[16];

    snprintf(count, sizeof count, "%d", items);
    for (int64_t at = 0; good; at += items) {
        const char *params[] = { id, after, count };
        cJSON *rows;

        snprintf(after, sizeof after, "%lld", (long long)at);
        if (!database_query(session, "batch_items", 3, params, &rows, err)) {
            return false;
        }
        if (cJSON_GetArraySize(rows) == 0) {
            cJSON_Delete(rows);
            return true;
        }
        good = on_rows(rows, context, err);
        cJSON_Delete(rows);
    }
    return good;
}
