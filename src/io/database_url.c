/* database_url.c - DATABASE_URL as people write it, made fit for libpq. */
#include "io/database_url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What ORMs put into the URL and libpq refuses; and what becomes of it. */
enum fate { FATE_DROP, FATE_SCHEMA, FATE_POOLER, FATE_SSLMODE, FATE_KEEP };

static const struct {
    const char *name;
    enum fate fate;
} parameters[] = {
    { "pgbouncer", FATE_POOLER },
    { "connection_limit", FATE_DROP },
    { "pool_timeout", FATE_DROP },
    { "schema", FATE_SCHEMA },
    { "sslaccept", FATE_DROP },
    { "statement_cache_size", FATE_DROP },
    { "socket_timeout", FATE_DROP },
    { "supa", FATE_DROP },
    { "sslmode", FATE_SSLMODE },
    { "ssl", FATE_KEEP },
    { "host", FATE_KEEP },
    { "hostaddr", FATE_KEEP },
    { "port", FATE_KEEP },
    { "dbname", FATE_KEEP },
    { "user", FATE_KEEP },
    { "password", FATE_KEEP },
    { "passfile", FATE_KEEP },
    { "channel_binding", FATE_KEEP },
    { "connect_timeout", FATE_KEEP },
    { "client_encoding", FATE_KEEP },
    { "options", FATE_KEEP },
    { "application_name", FATE_KEEP },
    { "fallback_application_name", FATE_KEEP },
    { "keepalives", FATE_KEEP },
    { "keepalives_idle", FATE_KEEP },
    { "keepalives_interval", FATE_KEEP },
    { "keepalives_count", FATE_KEEP },
    { "tcp_user_timeout", FATE_KEEP },
    { "gssencmode", FATE_KEEP },
    { "sslcompression", FATE_KEEP },
    { "sslcert", FATE_KEEP },
    { "sslkey", FATE_KEEP },
    { "sslpassword", FATE_KEEP },
    { "sslrootcert", FATE_KEEP },
    { "sslcrl", FATE_KEEP },
    { "sslcrldir", FATE_KEEP },
    { "sslsni", FATE_KEEP },
    { "ssl_min_protocol_version", FATE_KEEP },
    { "ssl_max_protocol_version", FATE_KEEP },
    { "requirepeer", FATE_KEEP },
    { "krbsrvname", FATE_KEEP },
    { "gsslib", FATE_KEEP },
    { "service", FATE_KEEP },
    { "target_session_attrs", FATE_KEEP },
};

static bool refuse(struct error *err, const char *what)
{
    error_set(err, ERROR_CONFIG, "the database URL %s", what);
    return error_hint(err, "It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
}

static bool add(struct database_url *url, const char *keyword, const char *value, struct error *err)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) { /* said twice: the later word wins */
            free(url->values[i]);
            url->values[i] = strdup(value);
            return true;
        }
    }
    if (url->count == DATABASE_URL_PARAMETERS) {
        return refuse(err, "has too many parameters");
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

static int hex(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* Percent-decodes in place; false for a broken escape or a zero byte. */
static bool decode(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text != '%') {
            *to++ = *text;
            continue;
        }
        if (hex(text[1]) < 0 || hex(text[2]) < 0 || (hex(text[1]) == 0 && hex(text[2]) == 0)) {
            return false;
        }
        *to++ = (char)(hex(text[1]) * 16 + hex(text[2]));
        text += 2;
    }
    *to = '\0';
    return true;
}

static bool take_parameter(struct database_url *url, const char *name, const char *value,
                           struct error *err)
{
    char options[200];
    size_t i = 0, count = sizeof parameters / sizeof *parameters;

    while (i < count && strcmp(parameters[i].name, name) != 0) {
        i++;
    }
    if (i == count) {
        return error_set(err, ERROR_CONFIG, "the database URL has an unknown parameter '%.40s'",
                         name);
    }
    switch (parameters[i].fate) {
    case FATE_DROP:
        note(url, "'%s' is an ORM's own and was left out", name);
        return true;
    case FATE_POOLER:
        url->transaction_pooler = url->transaction_pooler || strcmp(value, "true") == 0;
        note(url, "'%s' was read as: a transaction pooler is in between", name);
        return true;
    case FATE_SCHEMA:
        for (const char *at = value; *at; at++) {
            if (!isalnum((unsigned char)*at) && *at != '_') {
                return refuse(err, "names a schema with odd characters");
            }
        }
        snprintf(options, sizeof options, "-c search_path=%.60s", value);
        note(url, "'%s' became the search path", name);
        return add(url, "options", options, err);
    case FATE_SSLMODE:
        if (strcmp(value, "no-verify") == 0) { /* node-postgres' word for it */
            value = "require";
            note(url, "'%s=no-verify' was read as 'require'", name);
        }
        return add(url, name, value, err);
    case FATE_KEEP:
        break;
    }
    if (strcmp(name, "ssl") == 0) {
        return strcmp(value, "true") != 0 || add(url, "sslmode", "require", err);
    }
    return add(url, name, value, err);
}

static bool take_query(struct database_url *url, char *query, struct error *err)
{
    while (query && *query) {
        char *end = strchr(query, '&'), *equals;

        if (end) {
            *end = '\0';
        }
        equals = strchr(query, '=');
        if (!equals) {
            return refuse(err, "has a parameter without a value");
        }
        *equals = '\0';
        if (!decode(query) || !decode(equals + 1)) {
            return refuse(err, "has a broken % escape in a parameter");
        }
        if (!take_parameter(url, query, equals + 1, err)) {
            return false;
        }
        query = end ? end + 1 : NULL;
    }
    return true;
}

static bool take_host(struct database_url *url, char *host, struct error *err)
{
    char *port = host[0] == '[' ? strchr(host, ']') : NULL;

    if (port) { /* [::1]:5432 */
        *port++ = '\0';
        host++;
        port = *port == ':' ? port + 1 : NULL;
    } else if ((port = strrchr(host, ':')) != NULL) {
        *port++ = '\0';
    }
    if (port && (port[strspn(port, "0123456789")] != '\0' || strlen(port) > 5)) {
        error_set(err, ERROR_CONFIG, "the database URL has no number where the port should be");
        return error_hint(err, "A '/', '@', ':' or '#' in the password is written %%2F, %%40, "
                               "%%3A, %%23.");
    }
    if (!decode(host)) {
        return refuse(err, "has a broken % escape in the host");
    }
    if (port && strcmp(port, "6543") == 0) {
        url->transaction_pooler = true;
    }
    return (*host == '\0' || add(url, "host", host, err)) &&
           (!port || *port == '\0' || add(url, "port", port, err));
}

static bool take_authority(struct database_url *url, char *authority, struct error *err)
{
    char *at = strrchr(authority, '@'); /* passwords have '@' in them, hosts have not */
    char *colon;

    if (at) {
        *at = '\0';
        colon = strchr(authority, ':');
        if (colon) {
            *colon = '\0';
            if (strstr(colon + 1, "[YOUR-PASSWORD]") || strcmp(colon + 1, "password") == 0) {
                error_set(err, ERROR_CONFIG, "the database URL still has a placeholder in it");
                return error_hint(err, "Put the database's real password there.");
            }
            if (!decode(colon + 1) || !add(url, "password", colon + 1, err)) {
                return refuse(err, "has a broken % escape in the password");
            }
        }
        if (!decode(authority) || (*authority && !add(url, "user", authority, err))) {
            return refuse(err, "has a broken % escape in the user");
        }
        authority = at + 1;
    }
    return take_host(url, authority, err);
}

static bool read_url(struct database_url *url, char *rest, struct error *err)
{
    char *query, *slash;

    if (strchr(rest, '#')) {
        error_set(err, ERROR_CONFIG, "the database URL has a '#' in it");
        return error_hint(err, "In a password it is written %%23.");
    }
    /* the authority ends at the first '/' behind the last '@' */
    slash = strrchr(rest, '@');
    query = strchr(slash ? slash : rest, '?');
    if (query) {
        *query++ = '\0';
    }
    slash = strchr(slash ? slash : rest, '/');
    if (slash) {
        *slash++ = '\0';
    }
    if (!take_authority(url, rest, err)) {
        return false;
    }
    if (slash && *slash) {
        if (!decode(slash) || !add(url, "dbname", slash, err)) {
            return refuse(err, "has a broken % escape in the database's name");
        }
    }
    return take_query(url, query, err);
}

/* "host=/tmp dbname=x": values without blanks or quotes, which is all that is needed here. */
static bool read_keywords(struct database_url *url, char *rest, struct error *err)
{
    char *saved = NULL;

    for (char *word = strtok_r(rest, " \t", &saved); word; word = strtok_r(NULL, " \t", &saved)) {
        char *equals = strchr(word, '=');

        if (!equals || strchr(equals, '\'')) {
            return refuse(err, "is neither a URL nor plain keyword=value pairs");
        }
        *equals = '\0';
        if (!take_parameter(url, word, equals + 1, err)) {
            return false;
        }
    }
    return true;
}

static const char *value_of(const struct database_url *url, const char *keyword,
                            const char *fallback)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) {
            return url->values[i];
        }
    }
    return fallback;
}

static void finish(struct database_url *url)
{
    const char *host = value_of(url, "host", "local socket");

    if (strncmp(host, "pgbouncer", 9) == 0) {
        url->transaction_pooler = true;
    }
    snprintf(url->shown, sizeof url->shown, "%.50s@%.80s:%.5s/%.50s", value_of(url, "user", ""),
             host, value_of(url, "port", "5432"), value_of(url, "dbname", ""));
}

bool database_url_read(const char *text, struct database_url *out, struct error *err)
{
    char *copy, *start;
    size_t size;
    bool good;

    *out = (struct database_url){ 0 };
    while (isspace((unsigned char)*text) || *text == '"' || *text == '\'') {
        text++;
    }
    size = strlen(text);
    while (size > 0 && (isspace((unsigned char)text[size - 1]) || strchr("\"'", text[size - 1]))) {
        size--;
    }
    if (size == 0 || size > 4000) {
        return refuse(err, size ? "is too long" : "is empty");
    }
    copy = strndup(text, size);
    if (strncasecmp(copy, "prisma", 6) == 0) {
        free(copy);
        error_set(err, ERROR_CONFIG, "the database URL goes to Prisma's proxy");
        return error_hint(err, "A worker needs the direct postgresql:// URL: set DIRECT_URL.");
    }
    start = strstr(copy, "://");
    if (start) {
        *start = '\0';
        good = (strcmp(copy, "postgresql") == 0 || strcmp(copy, "postgres") == 0)
                   ? read_url(out, start + 3, err)
                   : refuse(err, "does not begin with postgresql://");
    } else {
        good = read_keywords(out, copy, err);
    }
    explicit_bzero(copy, size);
    free(copy);
    if (!good) {
        database_url_free(out);
        return false;
    }
    finish(out);
    return true;
}

void database_url_free(struct database_url *url)
{
    for (int i = 0; i < url->count; i++) {
        free(url->keywords[i]);
        explicit_bzero(url->values[i], strlen(url->values[i]));
        free(url->values[i]);
    }
    *url = (struct database_url){ 0 };
}
