/* find_id.c - asks the database what the first characters of an id can mean. */
#include "app/ids/find_id.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { LISTED = 6, LIST_BYTES = 1 << 20 };

static const struct {
    const char *name, *valid, *hint;
} kinds[] = {
    [ID_JOB] = { "job", "0123456789abcdefABCDEF-", "`darkroom jobs` lists jobs with their ids." },
    [ID_IMAGE] = { "image", NULL, "Give the id or URL of an image, or the id of its job." },
    [ID_PROJECT] = { "project", NULL, "Give the id of a project, or its first characters." },
    [ID_BATCH] = { "batch", NULL, "`darkroom batch list` lists all batches." },
    [ID_USER] = { "user", NULL, "Give the user's id or e-mail address." },
};

/* Lists what the text could mean: "b7-3f2a, b71-09aa and 4 more". */
static void list_matches(const cJSON *matches, struct error *err)
{
    char names[260] = "";
    const cJSON *match;
    size_t used = 0;
    int shown = 0;

    cJSON_ArrayForEach(match, matches)
    {
        const char *id = json_peek_text(match, "id"), *note = json_peek_text(match, "note");
        int size;

        if (shown == LISTED || used + 80 > sizeof names) {
            break;
        }
        size = snprintf(names + used, sizeof names - used, "%s%.40s%s%.24s%s", shown ? ", " : "",
                        id ? id : "", note ? " (" : "", note ? note : "", note ? ")" : "");
        used += (size_t)size;
        shown++;
    }
    error_hint(err, "It could be %s%s.", names,
               cJSON_GetArraySize(matches) > shown ? ", or others" : "");
}

static bool explain(enum id_kind kind, const char *given, const cJSON *matches, struct error *err)
{
    if (cJSON_GetArraySize(matches) > 1) {
        error_set(err, ERROR_INPUT, "'%.60s' is the beginning of more than one %s id", given,
                  kinds[kind].name);
        list_matches(matches, err);
        return false;
    }
    error_set(err, ERROR_INPUT, "no %s has the id '%.60s'", kinds[kind].name, given);
    return error_hint(err, "%s", kinds[kind].hint);
}

static bool find(struct sql_session *session, enum id_kind kind, const char *given, bool keep,
                 char out[ID_TEXT], struct error *err)
{
    const char *params[] = { kinds[kind].name, given }, *id;
    const cJSON *matches;
    cJSON *answer;
    bool good;

    if (!database_query(session, "id_find", 2, params, &answer, err)) {
        return false;
    }
    id = json_peek_text(answer, "id");
    matches = cJSON_GetObjectItemCaseSensitive(answer, "matches");
    good = id && strlen(id) < ID_TEXT;
    if (good) {
        snprintf(out, ID_TEXT, "%s", id);
    } else if (keep && cJSON_GetArraySize(matches) == 0) {
        good = true;
        memmove(out, given, strlen(given) + 1);
    } else {
        explain(kind, given, matches, err);
    }
    cJSON_Delete(answer);
    return good;
}

/* False for a text that is no id and no beginning of one. */
static bool is_possible(enum id_kind kind, const char *given)
{
    return given[0] && strlen(given) < ID_TEXT && utf8_length(given) != SIZE_MAX &&
           (!kinds[kind].valid || !given[strspn(given, kinds[kind].valid)]);
}

bool find_id(struct sql_session *session, enum id_kind kind, const char *given, char out[ID_TEXT],
             struct error *err)
{
    if (!is_possible(kind, given)) {
        error_set(err, ERROR_INPUT, "'%.60s' is not a %s id", given, kinds[kind].name);
        return error_hint(err, "%s", kinds[kind].hint);
    }
    return find(session, kind, given, false, out, err);
}

bool find_id_or_keep(struct sql_session *session, enum id_kind kind, const char *given,
                     char out[ID_TEXT], struct error *err)
{
    if (!is_possible(kind, given)) {
        if (strlen(given) >= ID_TEXT) {
            return error_set(err, ERROR_INPUT, "'%.60s...' is not a %s id", given,
                             kinds[kind].name);
        }
        memmove(out, given, strlen(given) + 1);
        return true;
    }
    return find(session, kind, given, true, out, err);
}

bool find_ids(struct sql_session *session, enum id_kind kind, const char *lines, bool keep,
              char **out, struct error *err)
{
    struct text found;
    bool good = true;

    *out = NULL;
    if (!lines) {
        return true;
    }
    text_begin(&found, LIST_BYTES);
    for (const char *at = lines; *at && good;) {
        size_t size = strcspn(at, "\n");
        char given[ID_TEXT], id[ID_TEXT];

        snprintf(given, sizeof given, "%.*s", (int)(size < ID_TEXT ? size : ID_TEXT - 1), at);
        good = keep ? find_id_or_keep(session, kind, given, id, err)
                    : find_id(session, kind, given, id, err);
        if (good) {
            text_printf(&found, "%s%s", found.size ? "\n" : "", id);
        }
        at += size + (at[size] == '\n');
    }
    *out = good ? text_detach(&found) : NULL;
    text_end(&found);
    return good;
}
