/* database_tls.c - when the connection to Postgres must be encrypted, and whom it trusts. */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/postgres/database_url_internal.h"

/* What libpq takes from the environment and the service file. The caller frees it. */
static PQconninfoOption *libpq_defaults(const struct database_url *url)
{
    const char *service = database_url_value(url, "service", NULL), *before = getenv("PGSERVICE");
    char *saved = before ? xstrdup(before) : NULL;
    PQconninfoOption *defaults;

    if (service) { /* libpq reads the service file only for this variable */
        setenv("PGSERVICE", service, 1);
    }
    defaults = PQconndefaults();
    if (service && saved) {
        setenv("PGSERVICE", saved, 1);
    } else if (service) {
        unsetenv("PGSERVICE");
    }
    free(saved);
    return defaults;
}

static const char *default_of(const PQconninfoOption *defaults, const char *keyword)
{
    while (defaults && defaults->keyword && strcmp(defaults->keyword, keyword) != 0) {
        defaults++;
    }
    return defaults && defaults->keyword && defaults->val ? defaults->val : "";
}

static const char *effective(const struct database_url *url, const PQconninfoOption *defaults,
                             const char *keyword)
{
    return database_url_value(url, keyword, default_of(defaults, keyword));
}

/* Unix sockets and the loopback interface. */
static bool is_local(const char *host)
{
    struct in_addr v4;

    return *host == '\0' || *host == '/' || *host == '@' || strcasecmp(host, "localhost") == 0 ||
           strcmp(host, "::1") == 0 ||
           (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127);
}

/* True if all hosts of a list, separated by commas, are local. */
static bool all_local(const char *hosts)
{
    for (;;) {
        size_t size = strcspn(hosts, ",");
        char host[256];

        if (size >= sizeof host) {
            return false;
        }
        snprintf(host, sizeof host, "%.*s", (int)size, hosts);
        if (!is_local(host)) {
            return false;
        }
        if (hosts[size] == '\0') {
            return true;
        }
        hosts += size + 1;
    }
}

bool database_url_require_tls(struct database_url *url, struct error *err)
{
    PQconninfoOption *defaults = libpq_defaults(url);
    const char *address = effective(url, defaults, "hostaddr");
    const char *mode = default_of(defaults, "sslmode"), *variable = getenv("PGSSLMODE");
    bool given = database_url_value(url, "sslmode", NULL) || (variable && *variable) ||
                 (*mode && strcmp(mode, "prefer") != 0); /* libpq's own default is prefer */

    url->local = all_local(*address ? address : effective(url, defaults, "host"));
    PQconninfoFree(defaults);
    return url->local || given || database_url_add(url, "sslmode", "require", err);
}

/* libpq's own file, ~/.postgresql/root.crt, has priority. */
static bool has_own_authorities(void)
{
    const char *variable = getenv("PGSSLROOTCERT"), *home = getenv("HOME");
    char path[4096];

    snprintf(path, sizeof path, "%s/.postgresql/root.crt", home ? home : "");
    return (variable && *variable) || access(path, R_OK) == 0;
}

bool database_url_trust(struct database_url *url, const char *ca_file, struct error *err)
{
    const char *variable = getenv("PGSSLMODE");
    const char *mode = database_url_value(url, "sslmode", variable ? variable : "");

    return !ca_file || strncmp(mode, "verify-", 7) != 0 ||
           database_url_value(url, "sslrootcert", NULL) || has_own_authorities() ||
           database_url_add(url, "sslrootcert", ca_file, err);
}
