/* select_explain.c - names a value that nothing has, and those that exist. */
#include "batch/select_explain.h"

#include "app/database.h"
#include "base/edit_distance.h"
#include "base/json.h"
#include "base/text.h"

/* Sets the error from the answer of field_values: {field, value, values}. */
static void explain(const cJSON *absent, bool candidates, struct error *err)
{
    const char *one = candidates ? "candidate" : "image", *word;
    struct closest_match closest = { .to = json_peek_text(absent, "value") };
    const cJSON *value;
    struct text list;

    text_begin(&list, 400);
    cJSON_ArrayForEach(value, cJSON_GetObjectItemCaseSensitive(absent, "values"))
    {
        word = value->valuestring;
        closest_match_try(&closest, word);
        text_printf(&list, "%s%s", list.size ? ", " : "", word);
    }
    error_set(err, ERROR_INPUT, "No %ss match: no %s has %s '%.60s'.", one, one,
              json_peek_text(absent, "field"), closest.to);
    err->cause = ERROR_CAUSE_EMPTY;
    if (closest.word) {
        error_hint(err, "Did you mean '%s'? There are: %s.", closest.word, list.data);
    } else if (list.size) {
        error_hint(err, "There are: %s.", list.data);
    } else {
        error_hint(err, "No %s has a value there.", one);
    }
    text_end(&list);
}

bool select_explain_empty(struct sql_session *session, struct where_expression *where,
                          const char *batch, struct error *err)
{
    const char *params[] = { where_equals(where), batch };
    cJSON *absent = NULL;
    bool found = params[0] &&
                 database_query(session, "field_values", 2, params, &absent,
                                &(struct error){ .kind = ERROR_NONE }) &&
                 cJSON_IsObject(absent);

    if (found) {
        explain(absent, batch != NULL, err);
    }
    cJSON_Delete(absent);
    return found;
}
