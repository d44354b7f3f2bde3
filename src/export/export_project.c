/* export_project.c - finds and loads a project. */
#include "export/export_project.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_MATCHES = 5 };

static bool ambiguous(const char *text, const cJSON *matches, struct error *err)
{
    char list[240] = "";
    const cJSON *row;
    int count = 0;

    cJSON_ArrayForEach(row, matches)
    {
        size_t used = strlen(list);
        const char *id = json_peek_text(row, "id");

        if (count++ < SHOWN_MATCHES) {
            snprintf(list + used, sizeof list - used, "%s%.40s", used ? ", " : "", id ? id : "");
        }
    }
    error_set(err, ERROR_INPUT, "'%.60s' means more than one project", text);
    return error_hint(err, "Name one by its id: %s%s.", list, count > SHOWN_MATCHES ? ", ..." : "");
}

bool export_project_load(struct sql_session *session, const char *text, cJSON **out,
                         struct error *err)
{
    cJSON *matches = NULL;
    const char *id;
    bool good;

    *out = NULL;
    if (!database_query(session, "export_find", 1, &text, &matches, err)) {
        return false;
    }
    id = json_peek_text(cJSON_GetArrayItem(matches, 0), "id");
    if (!id || !*text) {
        error_set(err, ERROR_INPUT, "no project has the id or name '%.60s'", text);
        good = error_hint(err, "An id, its beginning, or the whole name is needed.");
    } else if (cJSON_GetArraySize(matches) > 1) {
        good = ambiguous(text, matches, err);
    } else {
        good = database_query(session, "export_load", 1, &id, out, err);
    }
    cJSON_Delete(matches);
    if (good && !cJSON_IsObject(*out)) {
        return error_set(err, ERROR_INPUT, "the project was deleted meanwhile");
    }
    return good;
}
