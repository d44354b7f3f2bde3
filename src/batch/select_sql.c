/* select_sql.c - runs an SQL condition of an operator on the view darkroom.images. */
#include "batch/select_sql.h"

#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "base/text.h"

enum { EXPRESSION_BYTES = 8000, IDS_MOST = 100000 };

/* A temporary view lets PostgreSQL analyse the condition without running it. The statement is sent
 * with the extended protocol, which allows no second statement in it. */
static const char view_form[] =
    "create temporary view darkroom_condition as select id from darkroom.images where (%s\n)";

/* Runs one statement, and sets ERROR_INPUT if the condition is the cause. */
static bool run(struct sql_session *session, const char *statement, struct error *err)
{
    return sql_query(session, statement, 0, NULL, NULL, err);
}

static bool has_only_view(struct sql_session *session, struct error *err)
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
        good = error_hint(err, "A condition may use the columns of darkroom.images, operators, and "
                               "functions whose result depends on their arguments alone.");
    }
    cJSON_Delete(answer);
    return good;
}

static bool analyse(struct sql_session *session, const char *expression, struct arena *arena,
                    struct error *err)
{
    struct error ignored;
    bool good;

    if (!run(session, "begin transaction", err)) {
        return false;
    }
    if (!run(session, arena_printf(arena, view_form, expression), err)) {
        good = false;
        if (strncmp(sql_last_state(session), "42", 2) == 0 ||
            strncmp(sql_last_state(session), "22", 2) == 0) {
            err->kind = ERROR_INPUT;
        }
        if (!err->hint[0]) {
            error_hint(err, "It is a condition on darkroom.images, like \"model = 'dall-e-3'\".");
        }
    } else {
        good = has_only_view(session, err);
    }
    return run(session, "rollback transaction", good ? err : &ignored) && good;
}

static bool read_ids(const cJSON *answer, struct arena *arena, const char **ids, int *count,
                     struct error *err)
{
    int64_t found = json_peek_int(answer, "count", 0);

    if (found == 0) {
        error_set(err, ERROR_INPUT, "no image meets the condition");
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

static bool execute(struct sql_session *session, const char *expression, struct arena *arena,
                    cJSON **answer, struct error *err)
{
    struct error ignored;
    bool good =
        run(session, "begin transaction read only", err) &&
        run(session, "set local statement_timeout = '30s'", err) &&
        database_query(session,
                       arena_printf(arena,
                                    "select json_build_object('count', count(*), 'ids', "
                                    "(array_agg(id order by id))::text) from (select id from "
                                    "darkroom.images where newest and (%s\n)) chosen",
                                    expression),
                       0, NULL, answer, err);

    if (!good && strcmp(sql_last_state(session), "57014") == 0) {
        error_set(err, ERROR_INPUT, "the condition took longer than 30 s");
    } else if (!good && strncmp(sql_last_state(session), "22", 2) == 0) {
        err->kind = ERROR_INPUT; /* a division by zero, for example */
    }
    return run(session, "rollback transaction", good ? err : &ignored) && good;
}

bool select_sql(struct sql_session *session, const char *expression, struct arena *arena,
                const char **ids, int *count, struct error *err)
{
    cJSON *answer = NULL;
    bool good;

    if (strlen(expression) > EXPRESSION_BYTES || utf8_length(expression) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "it is longer than %d bytes, or not UTF-8",
                         EXPRESSION_BYTES);
    }
    good = analyse(session, expression, arena, err) &&
           execute(session, expression, arena, &answer, err) &&
           read_ids(answer, arena, ids, count, err);
    cJSON_Delete(answer);
    return good;
}
