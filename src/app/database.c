/* database.c - short database sessions of commands. */
#include "app/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queue/migrate.h"

/* libpq would send the password of PGPASSWORD to any server: one that only a file of the current
 * folder names must not get it (see setting_redirected). */
static bool check_password(const struct settings *settings, const struct database_url *url,
                           struct error *err)
{
    const char *password = getenv("PGPASSWORD");

    if (!password || !*password || url->local || database_url_has_password(url) ||
        !setting_is_from_folder(settings, "database-url") ||
        setting_flag(settings, "trust-dotenv")) {
        return true;
    }
    error_set(
        err, ERROR_CONFIG,
        "the password from environment PGPASSWORD would be sent to the server that %.80s sets",
        setting_source(settings, "database-url"));
    return error_hint(err, "Set DATABASE_URL in the environment too, or write the password into "
                           "that file. DARKROOM_TRUST_DOTENV=yes allows it.");
}

bool database_url_of(const struct settings *settings, struct database_url *out, struct error *err)
{
    const char *text = setting_text(settings, "database-url");

    if (!text) {
        error_set(err, ERROR_CONFIG, "the database URL is not set");
        return error_hint(err, "Set DATABASE_URL, or DIRECT_URL if DATABASE_URL leads to a "
                               "pooler.");
    }
    if (!database_url_read(text, out, err)) {
        return false;
    }
    if (!check_password(settings, out, err) ||
        !database_url_trust(out, setting_text(settings, "ca-file"), err)) {
        database_url_free(out);
        return false;
    }
    return true;
}

struct sql_session *database_open_unchecked(const struct settings *settings, const char *command,
                                            struct error *err)
{
    struct database_url url;
    struct sql_session *session;
    char name[64];

    if (!database_url_of(settings, &url, err)) {
        return NULL;
    }
    snprintf(name, sizeof name, "darkroom %s", command);
    session = sql_open(&url, name, err);
    database_url_free(&url);
    return session;
}

/* A role that may only call functions cannot read the version: its statements then show whether the
 * schema fits. */
static bool check_schema(struct sql_session *session, struct error *err)
{
    return migrate_check(session, NULL, err) || strcmp(sql_last_state(session), "42501") == 0;
}

struct sql_session *database_open(const struct settings *settings, const char *command,
                                  struct error *err)
{
    struct sql_session *session = database_open_unchecked(settings, command, err);

    if (session && !check_schema(session, err)) {
        sql_close(session);
        return NULL;
    }
    err->kind = session ? ERROR_NONE : err->kind;
    return session;
}

bool database_query(struct sql_session *session, const char *statement, int param_count,
                    const char *const *params, cJSON **out, struct error *err)
{
    struct blob value;
    bool good;

    *out = NULL;
    if (!sql_query(session, statement, param_count, params, &value, err)) {
        return false;
    }
    good = json_parse_own(value.size ? (const void *)value.data : "null",
                          value.size ? value.size : 4, "the reply of the database", out, err);
    blob_free(&value);
    return good;
}
