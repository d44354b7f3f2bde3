/* schema_state.c - which schema the database has, and whether this program can use it. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "queue/migrate_internal.h"

static const char prefix[] = "sql/install/";

const struct embedded *install_file_next(const struct embedded *after)
{
    for (const struct embedded *file = after ? after + 1 : embedded_files; file->name; file++) {
        if (strncmp(file->name, prefix, sizeof prefix - 1) == 0) {
            return file;
        }
    }
    return NULL;
}

int install_version(void)
{
    int version = 0;

    for (const struct embedded *file = NULL; (file = install_file_next(file));) {
        version = atoi(file->name + sizeof prefix - 1);
    }
    return version;
}

/* Runs a statement of sql/queries that returns JSON, or nothing: then *out is NULL. */
static bool query_json(struct sql_session *session, const char *statement, cJSON **out,
                       struct error *err)
{
    struct blob value;
    bool good;

    *out = NULL;
    if (!sql_query(session, statement, 0, NULL, &value, err)) {
        return false;
    }
    good =
        value.size == 0 || json_parse(value.data, value.size, "the state of the schema", out, err);
    blob_free(&value);
    return good;
}

bool schema_state_read(struct sql_session *session, struct schema_state *out, struct error *err)
{
    cJSON *found, *json;
    const char *missing;

    *out = (struct schema_state){ 0 };
    if (!query_json(session, "schema_installed", &found, err)) {
        return false;
    }
    missing = json_peek_text(found, "missing");
    out->missing = missing ? xstrdup(missing) : NULL;
    out->earlier = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(found, "earlier"));
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(found, "installed"))) {
        cJSON_Delete(found);
        return true;
    }
    cJSON_Delete(found);
    if (!query_json(session, "schema_state", &json, err)) {
        return false;
    }
    out->version = (int)json_peek_int(json, "version", 0);
    out->compatible_from = (int)json_peek_int(json, "compatibleFrom", 0);
    out->files = cJSON_DetachItemFromObjectCaseSensitive(json, "files");
    cJSON_Delete(json);
    return true;
}

/* The function that names what is missing may be missing itself. */
static bool has_damage_report(struct sql_session *session, bool *out, struct error *err)
{
    struct blob value = { 0 };
    bool good =
        sql_query(session,
                  "select 1 where to_regprocedure('darkroom.damaged_objects()') is not null", 0,
                  NULL, &value, err);

    *out = good && value.size > 0;
    blob_free(&value);
    return good;
}

/* Reads what is missing of the schema of this program; NULL if a migration is due anyway. */
static bool read_damage(struct sql_session *session, const struct schema_state *state, cJSON **out,
                        struct error *err)
{
    bool has_report;

    *out = NULL;
    if (state->version != install_version() || schema_state_outstanding(state) > 0) {
        return true;
    }
    if (!has_damage_report(session, &has_report, err)) {
        return false;
    }
    if (!has_report) {
        *out = cJSON_CreateArray();
        cJSON_AddItemToArray(*out, cJSON_CreateString("function darkroom.damaged_objects()"));
        return true;
    }
    return query_json(session, "schema_damage", out, err);
}

bool schema_state_for_migration(struct sql_session *session, struct schema_state *out,
                                struct error *err)
{
    cJSON *damage = NULL;
    bool good = schema_state_read(session, out, err) && read_damage(session, out, &damage, err);

    if (good && cJSON_GetArraySize(damage) > 0) { /* all files are applied again */
        cJSON_Delete(out->files);
        out->files = NULL;
    }
    cJSON_Delete(damage);
    return good;
}

bool migrate_damage(struct sql_session *session, struct text *out, struct error *err)
{
    enum { SHOWN = 5 };
    const cJSON *object;
    struct schema_state state = { 0 };
    cJSON *damage = NULL;
    int count = 0;
    bool good =
        schema_state_read(session, &state, err) && read_damage(session, &state, &damage, err);

    cJSON_ArrayForEach(object, damage)
    {
        if (count++ < SHOWN) {
            text_printf(out, "%s%s", count > 1 ? ", " : "", object->valuestring);
        }
    }
    if (count > SHOWN) {
        text_printf(out, " and %d more", count - SHOWN);
    }
    cJSON_Delete(damage);
    schema_state_free(&state);
    return good;
}

void schema_state_free(struct schema_state *state)
{
    cJSON_Delete(state->files);
    free(state->missing);
    *state = (struct schema_state){ 0 };
}

bool schema_state_has(const struct schema_state *state, const struct embedded *file)
{
    const char *applied = json_peek_text(state->files, file->name);
    char sha256[DIGEST_TEXT];

    digest_hex(file->data, file->size, sha256);
    return applied && strcmp(applied, sha256) == 0;
}

int schema_state_outstanding(const struct schema_state *state)
{
    int count = 0;

    for (const struct embedded *file = NULL; (file = install_file_next(file));) {
        count += !schema_state_has(state, file);
    }
    return count > 0 ? count : state->version < install_version();
}

bool schema_state_check_later(const struct schema_state *state, struct error *err)
{
    int version = install_version();

    if (state->version <= version || state->compatible_from <= version) {
        return true;
    }
    error_set(err, ERROR_CONFIG,
              "the database has schema version %d, which needs a program of schema version %d or "
              "later; this program has %d",
              state->version, state->compatible_from, version);
    return error_hint(err, "Install a later darkroom.");
}

static bool check_state(const struct schema_state *state, struct error *err)
{
    int version = install_version();

    if (state->missing) {
        error_set(err, ERROR_CONFIG, "tables of the application are missing: %s", state->missing);
        return error_hint(err, "Check that this is the application's database: see the name after "
                               "the last '/' of its URL.");
    }
    if (!schema_state_check_later(state, err)) {
        return false;
    }
    if (state->version > version || (state->version > 0 && schema_state_outstanding(state) == 0)) {
        return true;
    }
    if (state->version == 0 && !state->earlier) {
        error_set(err, ERROR_CONFIG, "the database is not set up for darkroom");
    } else if (state->version == 0 || state->version == version) {
        error_set(err, ERROR_CONFIG, "the database has the schema of an earlier darkroom");
    } else {
        error_set(err, ERROR_CONFIG, "the database has schema version %d; this program needs %d",
                  state->version, version);
    }
    return error_hint(err, "Run `darkroom migrate`.");
}

bool migrate_check(struct sql_session *session, int *later, struct error *err)
{
    struct schema_state state;
    bool good = schema_state_read(session, &state, err) && check_state(&state, err);

    if (later) {
        *later = state.version > install_version() ? state.version : 0;
    }
    schema_state_free(&state);
    return good;
}
