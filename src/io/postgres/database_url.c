/* database_url.c - splits DATABASE_URL into keywords and values for libpq. */
#include "io/postgres/database_url_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

static int hex(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* Percent-decodes in place. Returns false on an invalid escape or a zero byte. */
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

/* After a password, an unknown name is probably part of the password, which was not escaped: it is
 * not shown. */
static bool add_named(struct database_url *url, const char *name, const char *value,
                      bool *after_password, struct error *err)
{
    if (*after_password && !database_url_knows(name, strlen(name))) {
        return database_url_refuse(err, "has an unescaped character in its password");
    }
    *after_password = *after_password || strstr(name, "password") != NULL;
    return database_url_parameter(url, name, value, err);
}

static bool read_query(struct database_url *url, char *query, struct error *err)
{
    bool after_password = false;

    while (query && *query) {
        char *end = strchr(query, '&'), *equals;

        if (end) {
            *end = '\0';
        }
        equals = strchr(query, '=');
        if (!equals) {
            return database_url_refuse(err, "has a parameter without a value");
        }
        *equals = '\0';
        if (!decode(query) || !decode(equals + 1)) {
            return database_url_refuse(err, "has a broken % escape in a parameter");
        }
        if (!add_named(url, query, equals + 1, &after_password, err)) {
            return false;
        }
        query = end ? end + 1 : NULL;
    }
    return true;
}

static bool read_host(struct database_url *url, char *host, struct error *err)
{
    char *port = host[0] == '[' ? strchr(host, ']') : NULL;

    if (port) { /* [::1]:5432 */
        *port++ = '\0';
        host++;
        port = *port == ':' ? port + 1 : NULL;
    } else if ((port = strrchr(host, ':')) != NULL) {
        *port++ = '\0';
    }
    if (strchr(host, ',')) {
        return database_url_refuse(err, "names more than one host");
    }
    if (port && (port[strspn(port, "0123456789")] != '\0' || strlen(port) > 5)) {
        error_set(err, ERROR_CONFIG, "the port in the database URL is not a number");
        return error_hint(err, "In a password write '/', '@', ':' and '#' as %%2F, %%40, %%3A "
                               "and %%23.");
    }
    if (!decode(host)) {
        return database_url_refuse(err, "has a broken % escape in the host");
    }
    return (*host == '\0' || database_url_add(url, "host", host, err)) &&
           (!port || *port == '\0' || database_url_add(url, "port", port, err));
}

static bool read_authority(struct database_url *url, char *authority, struct error *err)
{
    char *at = strrchr(authority, '@'); /* passwords may contain '@', hosts do not */
    char *colon;

    if (at) {
        *at = '\0';
        colon = strchr(authority, ':');
        if (colon) {
            *colon = '\0';
            if (strstr(colon + 1, "[YOUR-PASSWORD]") || strcmp(colon + 1, "password") == 0) {
                error_set(err, ERROR_CONFIG,
                          "the database URL contains a placeholder instead of the password");
                return error_hint(err, "Replace it by the password of the database.");
            }
            if (!decode(colon + 1) || !database_url_add(url, "password", colon + 1, err)) {
                return database_url_refuse(err, "has a broken % escape in the password");
            }
        }
        if (!decode(authority) || (*authority && !database_url_add(url, "user", authority, err))) {
            return database_url_refuse(err, "has a broken % escape in the user");
        }
        authority = at + 1;
    }
    return read_host(url, authority, err);
}

/* Finds the '?' that is followed by a known parameter. Any other '?' is part of a password. */
static char *query_of(char *rest)
{
    for (char *at = rest; (at = strchr(at, '?')) != NULL; at++) {
        size_t size = strcspn(at + 1, "=&");

        if (at[1 + size] == '=' && database_url_knows(at + 1, size)) {
            return at;
        }
    }
    return NULL;
}

static bool read_url(struct database_url *url, char *rest, struct error *err)
{
    char *query = query_of(rest), *slash;

    if (query) { /* an '@' or '/' in the query is not part of the authority */
        *query++ = '\0';
    }
    if (strchr(rest, '#') || (query && strchr(query, '#'))) {
        error_set(err, ERROR_CONFIG, "the database URL contains a '#'");
        return error_hint(err, "In a password write it as %%23.");
    }
    /* the authority ends at the first '/' after the last '@' */
    slash = strrchr(rest, '@');
    if (!query && (query = strchr(slash ? slash : rest, '?')) != NULL) {
        *query++ = '\0';
    }
    slash = strchr(slash ? slash : rest, '/');
    if (slash) {
        *slash++ = '\0';
    }
    if (!read_authority(url, rest, err)) {
        return false;
    }
    if (slash && *slash) {
        if (!decode(slash) || !database_url_add(url, "dbname", slash, err)) {
            return database_url_refuse(err, "has a broken % escape in the database's name");
        }
    }
    return read_query(url, query, err);
}

/* Reads "host=/tmp dbname=x". Values with spaces or quotes are not supported. */
static bool read_keywords(struct database_url *url, char *rest, struct error *err)
{
    bool after_password = false;
    char *saved = NULL;

    for (char *word = strtok_r(rest, " \t", &saved); word; word = strtok_r(NULL, " \t", &saved)) {
        char *equals = strchr(word, '=');

        if (!equals || strchr(equals, '\'')) {
            return database_url_refuse(err, "is neither a URL nor plain keyword=value pairs");
        }
        *equals = '\0';
        if (!add_named(url, word, equals + 1, &after_password, err)) {
            return false;
        }
    }
    return true;
}

bool database_url_has_password(const struct database_url *url)
{
    return database_url_value(url, "password", NULL) != NULL;
}

static void finish(struct database_url *url)
{
    const char *host = database_url_value(url, "host", "local socket");

    if (strncmp(host, "pgbouncer", 9) == 0 ||
        strcmp(database_url_value(url, "port", ""), "6543") == 0) {
        url->transaction_pooler = true;
    }
    snprintf(url->shown, sizeof url->shown, "%.50s@%.80s:%.5s/%.50s",
             database_url_value(url, "user", ""), host, database_url_value(url, "port", "5432"),
             database_url_value(url, "dbname", ""));
    for (char *at = url->shown; *at; at++) {
        *at = (unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at;
    }
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
        return database_url_refuse(err, size ? "is too long" : "is empty");
    }
    copy = xstrndup(text, size);
    if (strncasecmp(copy, "prisma", 6) == 0) {
        free(copy);
        error_set(err, ERROR_CONFIG, "the database URL is for Prisma's proxy");
        return error_hint(err, "A worker needs the direct postgresql:// URL: set DIRECT_URL.");
    }
    start = strstr(copy, "://");
    if (start) {
        *start = '\0';
        good = (strcmp(copy, "postgresql") == 0 || strcmp(copy, "postgres") == 0)
                   ? read_url(out, start + 3, err)
                   : database_url_refuse(err, "does not begin with postgresql://");
    } else {
        good = read_keywords(out, copy, err);
    }
    explicit_bzero(copy, size);
    free(copy);
    if (!good || !database_url_require_tls(out, err)) {
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
