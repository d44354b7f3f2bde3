/* schema_state.c - which schema the database has, and whether this program can use it. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/log.h"
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

bool schema_state_read(struct sql_session *session, struct schema_state *out, struct error *err)
{
    struct blob value;
    cJSON *json = NULL;
    bool good;

    *out = (struct schema_state){ 0 };
    if (!sql_query(session,
                   "select 1 where to_regclass('darkroom.schema_version') is not null"
                   " and to_regclass('darkroom.schema_file') is not null",
                   0, NULL, &value, err)) {
        return false;
    }
    good = value.size > 0;
    blob_free(&value);
    if (!good) {
        return true;
    }
    if (!sql_query(session, "schema_state", 0, NULL, &value, err)) {
        return false;
    }
    good = value.size == 0 ||
           json_parse(value.data, value.size, "the schema version in the database", &json, err);
    blob_free(&value);
    out->version = (int)json_peek_int(json, "version", 0);
    out->compatible_from = (int)json_peek_int(json, "compatibleFrom", 0);
    out->files = cJSON_DetachItemFromObjectCaseSensitive(json, "files");
    cJSON_Delete(json);
    return good;
}

void schema_state_free(struct schema_state *state)
{
    cJSON_Delete(state->files);
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

static bool check_state(const struct schema_state *state, struct error *err)
{
    int version = install_version();

    if (state->version > version && state->compatible_from > version) {
        error_set(err, ERROR_CONFIG,
                  "the database has schema version %d, which needs a program of schema version %d "
                  "or later; this program has %d",
                  state->version, state->compatible_from, version);
        return error_hint(err, "Install a later darkroom.");
    }
    if (state->version > version) {
        log_printf(LOG_INFO,
                   "the database has schema version %d; this program has %d and can use it",
                   state->version, version);
        return true;
    }
    if (state->version == 0) {
        error_set(err, ERROR_CONFIG, "the database is not set up for this darkroom");
        return error_hint(err, "Run `darkroom migrate`.");
    }
    if (schema_state_outstanding(state) > 0) {
        error_set(err, ERROR_CONFIG, "the database is not up to date for this darkroom");
        return error_hint(err, "Run `darkroom migrate`.");
    }
    return true;
}

bool migrate_outstanding(struct sql_session *session, int *version, int *outstanding,
                         struct error *err)
{
    struct schema_state state;
    bool good = schema_state_read(session, &state, err);

    *version = good ? state.version : 0;
    *outstanding =
        good && state.version <= install_version() ? schema_state_outstanding(&state) : 0;
    schema_state_free(&state);
    return good;
}

bool migrate_check(struct sql_session *session, struct error *err)
{
    struct schema_state state;
    bool good = schema_state_read(session, &state, err) && check_state(&state, err);

    schema_state_free(&state);
    return good;
}
