/* queue_depth.c - reads how many jobs the database holds. */
#include "queue/queue_depth.h"

#include "base/json.h"
#include "queue/queue_internal.h"

void queue_depth(struct op *op)
{
    queue_start(op, "queue_depth", false);
}

bool queue_depth_done(const struct op *op, struct arena *arena, struct queue_depth *out,
                      int capacity, int *count, int64_t *oldest_ms, struct error *err)
{
    const cJSON *list, *row;
    cJSON *top;

    *count = 0;
    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    *oldest_ms = (int64_t)json_peek_number(top, "oldestMs", 0);
    list = cJSON_GetObjectItemCaseSensitive(top, "depth");
    cJSON_ArrayForEach(row, list)
    {
        const char *type = json_peek_text(row, "type"), *status = json_peek_text(row, "status");

        if (type && status && *count < capacity) {
            out[(*count)++] =
                (struct queue_depth){ .type = arena_text(arena, type),
                                      .status = arena_text(arena, status),
                                      .count = (int64_t)json_peek_number(row, "count", 0) };
        }
    }
    cJSON_Delete(top);
    return true;
}
