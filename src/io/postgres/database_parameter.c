/* database_parameter.c - the parameters of DATABASE_URL: libpq's own, and those of ORMs. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/postgres/database_url_internal.h"

/* What is done with a parameter. Those of ORMs are unknown to libpq. */
enum parameter_action {
    PARAMETER_DROP,
    PARAMETER_SCHEMA,
    PARAMETER_POOLER,
    PARAMETER_SSLMODE,
    PARAMETER_KEEP,
    PARAMETER_UNKNOWN
};

static const struct {
    const char *name;
    enum parameter_action action;
} parameters[] = { { "pgbouncer", PARAMETER_POOLER },    { "connection_limit", PARAMETER_DROP },
                   { "pool_timeout", PARAMETER_DROP },   { "schema", PARAMETER_SCHEMA },
                   { "sslaccept", PARAMETER_DROP },      { "statement_cache_size", PARAMETER_DROP },
                   { "socket_timeout", PARAMETER_DROP }, { "supa", PARAMETER_DROP },
                   { "sslmode", PARAMETER_SSLMODE } };

/* Parameters of libpq. */
static const char *const kept[] = { "ssl",
                                    "host",
                                    "hostaddr",
                                    "port",
                                    "dbname",
                                    "user",
                                    "password",
                                    "passfile",
                                    "channel_binding",
                                    "connect_timeout",
                                    "client_encoding",
                                    "options",
                                    "application_name",
                                    "fallback_application_name",
                                    "keepalives",
                                    "keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "tcp_user_timeout",
                                    "gssencmode",
                                    "sslcompression",
                                    "sslcert",
                                    "sslkey",
                                    "sslpassword",
                                    "sslrootcert",
                                    "sslcrl",
                                    "sslcrldir",
                                    "sslsni",
                                    "ssl_min_protocol_version",
                                    "ssl_max_protocol_version",
                                    "requirepeer",
                                    "krbsrvname",
                                    "gsslib",
                                    "service",
                                    "target_session_attrs" };

/* Returns PARAMETER_UNKNOWN if neither libpq nor an ORM has such a parameter. */
static enum parameter_action action_of(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (strlen(parameters[i].name) == size && memcmp(parameters[i].name, name, size) == 0) {
            return parameters[i].action;
        }
    }
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (strlen(kept[i]) == size && memcmp(kept[i], name, size) == 0) {
            return PARAMETER_KEEP;
        }
    }
    return PARAMETER_UNKNOWN;
}

bool database_url_refuse(struct error *err, const char *what)
{
    error_set(err, ERROR_CONFIG, "the database URL %s", what);
    return error_hint(err, "It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
}

const char *database_url_value(const struct database_url *url, const char *keyword,
                               const char *fallback)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) {
            return url->values[i];
        }
    }
    return fallback;
}

bool database_url_add(struct database_url *url, const char *keyword, const char *value,
                      struct error *err)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) { /* given twice: the last one counts */
            free(url->values[i]);
            url->values[i] = xstrdup(value);
            return true;
        }
    }
    if (url->count == DATABASE_URL_PARAMETERS) {
        return database_url_refuse(err, "has too many parameters");
    }
    url->keywords[url->count] = xstrdup(keyword);
    url->values[url->count++] = xstrdup(value);
    return true;
}

static void note(struct database_url *url, const char *fmt, const char *name)
{
    size_t used = strlen(url->notes);

    if (used > 0 && used + 2 < sizeof url->notes) {
        used += (size_t)snprintf(url->notes + used, sizeof url->notes - used, "; ");
    }
    snprintf(url->notes + used, sizeof url->notes - used, fmt, name);
}

bool database_url_knows(const char *name, size_t size)
{
    return action_of(name, size) != PARAMETER_UNKNOWN;
}

static bool check_sslmode(const char *value, struct error *err)
{
    static const char *const modes[] = { "disable", "allow",     "prefer",
                                         "require", "verify-ca", "verify-full" };

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i], value) == 0) {
            return true;
        }
    }
    error_set(err, ERROR_CONFIG, "the database URL has an unknown sslmode");
    return error_hint(
        err, "Valid values are disable, allow, prefer, require, verify-ca or verify-full.");
}

static bool add_schema(struct database_url *url, const char *value, struct error *err)
{
    char options[100];

    for (const char *at = value; *at; at++) {
        if (!isalnum((unsigned char)*at) && *at != '_') {
            return database_url_refuse(err, "names a schema with invalid characters");
        }
    }
    if (*value == '\0' || strlen(value) > 63) {
        return database_url_refuse(err, "has an empty or too long schema");
    }
    snprintf(options, sizeof options, "-c search_path=%.63s", value);
    note(url, "'%s' was used as the search path", "schema");
    return database_url_add(url, "options", options, err);
}

bool database_url_parameter(struct database_url *url, const char *name, const char *value,
                            struct error *err)
{
    switch (action_of(name, strlen(name))) {
    case PARAMETER_UNKNOWN:
        return error_set(err, ERROR_CONFIG, "the database URL has an unknown parameter '%.40s'",
                         name);
    case PARAMETER_DROP:
        note(url, "'%s' was dropped: only ORMs use it", name);
        return true;
    case PARAMETER_POOLER:
        if (strcmp(value, "true") == 0) {
            url->transaction_pooler = true;
            note(url, "'%s' means a transaction pooler is used", name);
        }
        return true;
    case PARAMETER_SCHEMA:
        return add_schema(url, value, err);
    case PARAMETER_SSLMODE:
        if (strcmp(value, "no-verify") == 0) { /* the name in node-postgres */
            value = "require";
            note(url, "'%s=no-verify' was read as 'require'", name);
        }
        return check_sslmode(value, err) && database_url_add(url, name, value, err);
    case PARAMETER_KEEP:
        break;
    }
    if (strcmp(name, "ssl") == 0) {
        return database_url_add(url, "sslmode", strcmp(value, "true") == 0 ? "require" : "prefer",
                                err);
    }
    return database_url_add(url, name, value, err);
}
