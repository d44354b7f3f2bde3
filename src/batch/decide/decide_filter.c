/* decide_filter.c - candidates by filter and by SQL condition. */
#include "batch/decide/decide_filter.h"

#include <stdlib.h>

#include "base/memory.h"
#include "batch/select.h"
#include "batch/select_explain.h"
#include "batch/select_sql.h"

bool decide_filter_is_given(const struct settings *settings)
{
    return setting_text(settings, "where") || setting_text(settings, "sql");
}

static int compare(const void *a, const void *b)
{
    const struct candidate_id *one = a, *other = b;

    return one->item != other->item
               ? (one->item > other->item) - (one->item < other->item)
               : (one->variant > other->variant) - (one->variant < other->variant);
}

bool decide_filter_has(const struct decide_filter *filter, int item, int variant)
{
    const struct candidate_id wanted = { item, variant };

    return !filter->given ||
           (filter->count > 0 &&
            bsearch(&wanted, filter->matches, (size_t)filter->count, sizeof wanted, compare));
}

void decide_filter_free(struct decide_filter *filter)
{
    free(filter->matches);
    *filter = (struct decide_filter){ 0 };
}

/* Keeps the pairs [item, variant] of the answer; after an earlier condition, those that met it too.
 */
static void keep_pairs(struct decide_filter *filter, const cJSON *pairs)
{
    struct candidate_id *kept =
        xcalloc((size_t)cJSON_GetArraySize(pairs) + 1, sizeof *filter->matches);
    const cJSON *pair;
    int count = 0;

    cJSON_ArrayForEach(pair, pairs)
    {
        const cJSON *item = cJSON_GetArrayItem(pair, 0), *variant = cJSON_GetArrayItem(pair, 1);

        if (cJSON_IsNumber(item) && cJSON_IsNumber(variant) &&
            decide_filter_has(filter, item->valueint, variant->valueint)) {
            kept[count++] = (struct candidate_id){ item->valueint, variant->valueint };
        }
    }
    qsort(kept, (size_t)count, sizeof *kept, compare);
    free(filter->matches);
    filter->given = true;
    filter->matches = kept;
    filter->count = count;
}

static bool query_where(struct sql_session *session, const char *batch, const char *condition,
                        cJSON **pairs, struct error *err)
{
    struct where_expression *where = select_where_new();
    const char *params[3] = { batch };
    bool good = where_add(where, condition, err);

    if (good) {
        params[1] = where_path(where);
        params[2] = where_variables(where);
        good =
            database_query(session, "select_candidates", 3, params, pairs, err) &&
            (cJSON_GetArraySize(*pairs) > 0 || !select_explain_empty(session, where, batch, err));
    } else {
        select_name_flag("where", err);
    }
    where_free(where);
    return good;
}

static bool query_sql(struct sql_session *session, const char *batch, const char *condition,
                      cJSON **pairs, struct error *err)
{
    static const struct sql_selection selection = {
        .view = "darkroom.candidates",
        .example = "cost < 0.05 and 'white' <> all(failed)",
        .before = "select coalesce(json_agg(json_build_array(item, variant)), '[]') from "
                  "darkroom.candidates where batch = $1 and ",
        .after = "",
    };

    return select_sql_query(session, &selection, condition, batch, pairs, err) ||
           select_name_flag("sql", err);
}

bool decide_filter_read(const struct settings *settings, struct sql_session *session,
                        const char *batch, struct decide_filter *out, struct error *err)
{
    const char *where = setting_text(settings, "where"), *sql = setting_text(settings, "sql");
    cJSON *pairs = NULL;
    bool good = true;

    *out = (struct decide_filter){ 0 };
    if (where) {
        good = query_where(session, batch, where, &pairs, err);
        if (good) {
            keep_pairs(out, pairs);
        }
        cJSON_Delete(pairs);
        pairs = NULL;
    }
    if (good && sql) {
        good = query_sql(session, batch, sql, &pairs, err);
        if (good) {
            keep_pairs(out, pairs);
        }
        cJSON_Delete(pairs);
    }
    return good;
}
