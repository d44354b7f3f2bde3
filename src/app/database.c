/* database.c - short database sessions of commands. */
#include "app/database.h"

#include <stdio.h>
#include <string.h>

bool database_url_of(const struct settings *settings, struct database_url *out, struct error *err)
{
    const char *text = setting_text(settings, "database-url");

    if (!text) {
        error_set(err, ERROR_CONFIG, "the database URL is not set");
        return error_hint(err, "Set DATABASE_URL, or DIRECT_URL if DATABASE_URL leads to a "
                               "pooler.");
    }
    return database_url_read(text, out, err);
}

struct sql_session *database_open(const struct settings *settings, const char *command,
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

bool database_query(struct sql_session *session, const char *statement, int param_count,
                    const char *const *params, cJSON **out, struct error *err)
{
    struct blob value;
    bool good;

    *out = NULL;
    if (!sql_query(session, statement, param_count, params, &value, err)) {
        if (strstr(err->text, "schema \"darkroom\" does not exist")) {
            error_hint(err, "Run `darkroom migrate` first.");
        }
        return false;
    }
    good = json_parse(value.size ? (const void *)value.data : "null", value.size ? value.size : 4,
                      "the reply of the database", out, err);
    blob_free(&value);
    return good;
}
