/* select_sql.c - runs an SQL condition of an operator on a view. */
#include "batch/select_sql.h"

#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "base/text.h"

enum { EXPRESSION_BYTES = 8000, IDS_MOST = 100000 };

/* A temporary view lets PostgreSQL analyse the condition without running it. The statement is sent
 * with the extended protocol, which allows no second statement in it. */
static const char view_form[] =
    "create temporary view darkroom_condition as select id from %s where (%s\n)";

static bool run(struct sql_session *session, const char *statement, struct error *err)
{
    return sql_query(session, statement, 0, NULL, NULL, err);
}

static bool has_only_view(struct sql_session *session, const struct sql_selection *selection,
                          struct error *err)
{
    static const char *const params[] = { "pg_temp.darkroom_condition" };
    const cJSON *refused;
    cJSON *answer = NULL;
    bool good = database_query(session, "sql_dependencies", 1, params, &answer, err);

    refused = cJSON_GetObjectItemCaseSensitive(answer, "refused");
    if (good && !cJSON_IsArray(refused)) {
        good = error_set(err, ERROR_INTERNAL, "the condition could not be analysed");
    } else if (good && refused->child) {
        error_set(err, ERROR_INPUT, "%.160s is not allowed", refused->child->valuestring);
        good = error_hint(err,
                          "A condition may use the columns of %s, operators, and functions whose "
                          "result depends on their arguments alone.",
                          selection->view);
    }
    cJSON_Delete(answer);
    return good;
}

static bool analyse(struct sql_session *session, const struct sql_selection *selection,
                    const char *expression, struct arena *arena, struct error *err)
{
    struct error ignored;
    bool good;

    if (!run(session, "begin transaction", err)) {
        return false;
    }
    if (!run(session, arena_printf(arena, view_form, selection->view, expression), err)) {
        good = false;
        if (strncmp(sql_last_state(session), "42", 2) == 0 ||
            strncmp(sql_last_state(session), "22", 2) == 0) {
            err->kind = ERROR_INPUT;
        }
        if (!err->hint[0]) {
            error_hint(err, "It is a condition on %s, like \"%s\".", selection->view,
                       selection->example);
        }
    } else {
        good = has_only_view(session, selection, err);
    }
    return run(session, "rollback transaction", good ? err : &ignored) && good;
}

static bool read_ids(const cJSON *answer, struct arena *arena, const char **ids, int *count,
                     struct error *err)
{
    int64_t found = json_peek_int(answer, "count", 0);

    if (found == 0) {
        error_set(err, ERROR_INPUT, "no image meets the condition");
        err->cause = ERROR_CAUSE_EMPTY;
        return error_hint(err, "Check it with `select * from darkroom.images limit 5` in psql.");
    }
    if (found > IDS_MOST) {
        return error_set(err, ERROR_INPUT, "%lld images meet the condition; at most %d are allowed",
                         (long long)found, IDS_MOST);
    }
    *ids = arena_text(arena, json_peek_text(answer, "ids"));
    *count = (int)found;
    return true;
}

static bool execute(struct sql_session *session, const char *statement, const char *param,
                    cJSON **answer, struct error *err)
{
    struct error ignored;
    bool good = run(session, "begin transaction read only", err) &&
                run(session, "set local statement_timeout = '30s'", err) &&
                database_query(session, statement, param ? 1 : 0, &param, answer, err);

    if (!good && strcmp(sql_last_state(session), "57014") == 0) {
        error_set(err, ERROR_INPUT, "the condition took longer than 30 s");
    } else if (!good && strncmp(sql_last_state(session), "22", 2) == 0) {
        err->kind = ERROR_INPUT; /* a division by zero, for example */
    }
    return run(session, "rollback transaction", good ? err : &ignored) && good;
}

bool select_sql_query(struct sql_session *session, const struct sql_selection *selection,
                      const char *expression, const char *param, cJSON **answer, struct error *err)
{
    struct arena *arena;
    const char *statement;
    bool good;

    *answer = NULL;
    if (strlen(expression) > EXPRESSION_BYTES || utf8_length(expression) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "it is longer than %d bytes, or not UTF-8",
                         EXPRESSION_BYTES);
    }
    arena = arena_new();
    statement = arena_printf(arena, "%s(%s\n)%s", selection->before, expression, selection->after);
    good = analyse(session, selection, expression, arena, err) &&
           execute(session, statement, param, answer, err);
    arena_free(arena);
    return good;
}

bool select_sql(struct sql_session *session, const char *expression, struct arena *arena,
                const char **ids, int *count, struct error *err)
{
    static const struct sql_selection selection = {
        .view = "darkroom.images",
        .example = "model = 'dall-e-3'",
        .before = "select json_build_object('count', count(*), 'ids', (array_agg(id order by "
                  "id))::text) from (select id from darkroom.images where newest and ",
        .after = ") chosen",
    };
    cJSON *answer = NULL;
    bool good = select_sql_query(session, &selection, expression, NULL, &answer, err) &&
                read_ids(answer, arena, ids, count, err);

    cJSON_Delete(answer);
    return good;
}
