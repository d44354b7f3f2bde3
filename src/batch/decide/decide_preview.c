/* decide_preview.c - what decisions on candidates would change. */
#include "batch/decide/decide_preview.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "batch/decide/decide.h"
#include "term/table.h"

static const char *const verbs[] = { "accept", "reject", "revert" }; /* by enum decide_verb */

bool decide_preview(struct sql_session *session, const char *batch,
                    const struct decision_targets *targets, cJSON **out, struct error *err)
{
    cJSON *list = cJSON_CreateArray();
    const char *params[2] = { batch };
    char *text;
    bool good;

    for (int i = 0; i < targets->count; i++) {
        const struct decision_target *target = &targets->list[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddNumberToObject(row, "item", target->item);
        cJSON_AddNumberToObject(row, "variant", target->variant);
        cJSON_AddStringToObject(row, "verb", verbs[target->verb]);
        cJSON_AddItemToArray(list, row);
    }
    params[1] = text = cJSON_PrintUnformatted(list);
    good = database_query(session, "decide_preview", 2, params, out, err);
    cJSON_free(text);
    cJSON_Delete(list);
    return good;
}

static int count_of(const cJSON *preview, const char *key)
{
    return (int)json_peek_int(preview, key, 0);
}

static void add(char *out, size_t size, size_t *used, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void add(char *out, size_t size, size_t *used, const char *fmt, ...)
{
    va_list list;
    int count;

    va_start(list, fmt);
    count = *used < size ? vsnprintf(out + *used, size - *used, fmt, list) : 0;
    va_end(list);
    *used += count > 0 ? (size_t)count : 0;
}

bool decide_preview_text(const cJSON *preview, const char *batch, char *out, size_t size)
{
    static const char *const titles[] = { "Accept", "Reject", "Revert" };
    int replaces = count_of(preview, "replaces"), restores = count_of(preview, "restores");
    int from_trash = count_of(preview, "fromTrash"), refund = count_of(preview, "refundedCredits");
    int projects = count_of(preview, "projects"), all = 0;
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < 3; i++) {
        int count = count_of(preview, verbs[i]);

        if (count > 0) {
            add(out, size, &used, "%s%s %d candidate%s", all > 0 ? ", " : "",
                all > 0 ? verbs[i] : titles[i], count, count == 1 ? "" : "s");
        }
        all += count;
    }
    add(out, size, &used, " of batch %s (%d product%s).", batch, projects,
        projects == 1 ? "" : "s");
    if (replaces > 0) {
        add(out, size, &used, " %d image%s replaced; `darkroom revert` brings the old one%s back.",
            replaces, replaces == 1 ? " is" : "s are", replaces == 1 ? "" : "s");
    }
    if (restores > 0) {
        add(out, size, &used, " %d replaced image%s back.", restores,
            restores == 1 ? " comes" : "s come");
    }
    if (from_trash > 0) {
        add(out, size, &used, " %d leave%s the trash.", from_trash, from_trash == 1 ? "s" : "");
    }
    if (count_of(preview, "reject") > 0) {
        add(out, size, &used, " Rejected files stay in the trash for %d days.", DECIDE_TRASH_DAYS);
    }
    if (refund > 0) {
        add(out, size, &used, " Up to %d credits are refunded.", refund);
    }
    return all > 0;
}

static void print_json(const cJSON *preview, const char *batch)
{
    cJSON *total = cJSON_CreateObject();
    const cJSON *member;

    cJSON_AddTrueToObject(total, "total");
    cJSON_AddStringToObject(total, "batch", batch);
    cJSON_ArrayForEach(member, preview)
    {
        if (cJSON_IsNumber(member)) {
            cJSON_AddNumberToObject(total, member->string, member->valuedouble);
        }
    }
    table_json(stdout, cJSON_GetObjectItemCaseSensitive(preview, "rows"), "decision-plan");
    table_json(stdout, total, "decision-plan-total");
    cJSON_Delete(total);
}

void decide_preview_print(const cJSON *preview, const char *batch, bool json)
{
    static const struct column columns[] = {
        { "item", "ITEM", 0 },    { "variant", "VARIANT", 0 }, { "verb", "DECISION", 0 },
        { "decision", "NOW", 0 }, { "type", "TYPE", 0 },       { "product", "PRODUCT", 40 }
    };
    cJSON *rows = cJSON_GetObjectItemCaseSensitive(preview, "rows");
    char text[600];

    if (json) {
        print_json(preview, batch);
        return;
    }
    if (decide_preview_text(preview, batch, text, sizeof text)) {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
        printf("\n%s\n", text);
    } else {
        printf("nothing would change\n");
    }
}
