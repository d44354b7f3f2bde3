/* database_parameter.c - the parameters of DATABASE_URL: libpq's own, and those of ORMs. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/postgres/database_url_internal.h"

/* What ORMs put into the URL and libpq refuses; and what becomes of it. */
enum fate { FATE_DROP, FATE_SCHEMA, FATE_POOLER, FATE_SSLMODE, FATE_KEEP, FATE_UNKNOWN };

static const struct {
    const char *name;
    enum fate fate;
} parameters[] = { { "pgbouncer", FATE_POOLER },    { "connection_limit", FATE_DROP },
                   { "pool_timeout", FATE_DROP },   { "schema", FATE_SCHEMA },
                   { "sslaccept", FATE_DROP },      { "statement_cache_size", FATE_DROP },
                   { "socket_timeout", FATE_DROP }, { "supa", FATE_DROP },
                   { "sslmode", FATE_SSLMODE } };

/* What libpq knows itself. */
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

/* The fate of a parameter; FATE_UNKNOWN where there is no such. */
static enum fate fate_of(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (strlen(parameters[i].name) == size && memcmp(parameters[i].name, name, size) == 0) {
            return parameters[i].fate;
        }
    }
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (strlen(kept[i]) == size && memcmp(kept[i], name, size) == 0) {
            return FATE_KEEP;
        }
    }
    return FATE_UNKNOWN;
}

bool database_url_refuse(struct error *err, const char *what)
{
    error_set(err, ERROR_CONFIG, "the database URL %s", what);
    return error_hint(err, "It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
}

bool database_url_add(struct database_url *url, const char *keyword, const char *value,
                      struct error *err)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) { /* said twice: the later word wins */
            free(url->values[i]);
            url->values[i] = strdup(value);
            return true;
        }
    }
    if (url->count == DATABASE_URL_PARAMETERS) {
        return database_url_refuse(err, "has too many parameters");
    }
    url->keywords[url->count] = strdup(keyword);
    url->values[url->count++] = strdup(value);
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
    return fate_of(name, size) != FATE_UNKNOWN;
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
    error_set(err, ERROR_CONFIG, "the database URL has an sslmode that there is not");
    return error_hint(err, "It is disable, allow, prefer, require, verify-ca or verify-full.");
}

static bool take_schema(struct database_url *url, const char *value, struct error *err)
{
    char options[100];

    for (const char *at = value; *at; at++) {
        if (!isalnum((unsigned char)*at) && *at != '_') {
            return database_url_refuse(err, "names a schema with odd characters");
        }
    }
    if (*value == '\0' || strlen(value) > 63) {
        return database_url_refuse(err, "names no schema that can be");
    }
    snprintf(options, sizeof options, "-c search_path=%.63s", value);
    note(url, "'%s' became the search path", "schema");
    return database_url_add(url, "options", options, err);
}

bool database_url_parameter(struct database_url *url, const char *name, const char *value,
                            struct error *err)
{
    switch (fate_of(name, strlen(name))) {
    case FATE_UNKNOWN:
        return error_set(err, ERROR_CONFIG, "the database URL has an unknown parameter '%.40s'",
                         name);
    case FATE_DROP:
        note(url, "'%s' is an ORM's own and was left out", name);
        return true;
    case FATE_POOLER:
        if (strcmp(value, "true") == 0) {
            url->transaction_pooler = true;
            note(url, "'%s' was read as: a transaction pooler is in between", name);
        }
        return true;
    case FATE_SCHEMA:
        return take_schema(url, value, err);
    case FATE_SSLMODE:
        if (strcmp(value, "no-verify") == 0) { /* node-postgres' word for it */
            value = "require";
            note(url, "'%s=no-verify' was read as 'require'", name);
        }
        return check_sslmode(value, err) && database_url_add(url, name, value, err);
    case FATE_KEEP:
        break;
    }
    if (strcmp(name, "ssl") == 0) {
        return strcmp(value, "true") != 0 || database_url_add(url, "sslmode", "require", err);
    }
    return database_url_add(url, name, value, err);
}
