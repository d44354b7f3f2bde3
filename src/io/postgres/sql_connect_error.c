/* sql_connect_error.c - causes of failed connections: by SQLSTATE, and by the texts of libpq and of
 * poolers, which have no SQLSTATE of their own. */
#include "io/postgres/sql_connect_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/secret.h"
#include "io/postgres/sqlstate.h"

enum { STATE_LENGTH = 5 };

struct text_rule {
    const char *text; /* part of the message */
    enum error_kind kind;
    const char *what;
    const char *hint;
};

#define NO_CONNECTION "cannot connect to the database"
#define CHECK_CERTIFICATE "Set sslrootcert to its authority, or use sslmode=require."
#define FULL_POOLER "Raise the limit of clients of the pooler, or lower --db-connections."
#define DEMANDS_TLS "Remove sslmode=disable, allow or prefer from the database URL."

/* libpq's own messages, without a SQLSTATE. */
static const struct text_rule local_rules[] = {
    { "does not support SSL", ERROR_CONFIG, "the database offers no TLS",
      "If the network is trusted, add sslmode=disable to the database URL." },
    { "certificate verify failed", ERROR_CONFIG, "the certificate of the database is not accepted",
      CHECK_CERTIFICATE },
    { "root certificate file", ERROR_CONFIG, "the certificate of the database is not accepted",
      CHECK_CERTIFICATE },
    { "does not match host name", ERROR_CONFIG, "the certificate of the database is not accepted",
      "Use a name of the certificate as host of the database URL. sslmode=verify-ca checks its "
      "authority only." },
    { "no password supplied", ERROR_CONFIG, "the database asks for a password, and none is set",
      "Write it into the database URL, or set PGPASSWORD." },
    { "translate host name", ERROR_DATABASE, NO_CONNECTION,
      "Check the host name in the database URL, and the DNS of this machine." },
    { "Connection refused", ERROR_DATABASE, NO_CONNECTION,
      "Nothing listens there: check host and port of the database URL, and that the server runs." },
    { "No such file or directory", ERROR_DATABASE, NO_CONNECTION,
      "No server has this socket: check host and port of the database URL, and that it runs." },
    { "received invalid response", ERROR_DATABASE, "the server does not answer like Postgres",
      "Another service listens there: check host and port of the database URL." },
    { "expected authentication request", ERROR_DATABASE, "the server does not answer like Postgres",
      "Another service listens there: check host and port of the database URL." },
    { "SSL error", ERROR_DATABASE, NO_CONNECTION,
      "TLS failed: check port and sslmode of the database URL, and what is in between." },
    { "", ERROR_DATABASE, NO_CONNECTION,
      "Check host and port of the database URL, that the server runs, and its log." },
};

/* Messages of servers and poolers that say more than their SQLSTATE. */
static const struct text_rule server_rules[] = {
    { "no such database", ERROR_CONFIG, "the pooler knows no such database",
      "Check the name after the last '/' of the database URL, and the databases of the pooler." },
    { "no such user", ERROR_CONFIG, "the pooler knows no such user",
      "Check the user in the database URL, and the users of the pooler." },
    { "unsupported startup parameter", ERROR_CONFIG, "the pooler rejects a parameter",
      "Remove it from the database URL, or let the pooler ignore it "
      "(ignore_startup_parameters)." },
    { "no more connections allowed", ERROR_DATABASE, "the pooler has no free connection",
      FULL_POOLER },
    { "max clients reached", ERROR_DATABASE, "the pooler has no free connection", FULL_POOLER },
    { "MaxClients", ERROR_DATABASE, "the pooler has no free connection", FULL_POOLER },
    { "server login", ERROR_DATABASE, "the pooler cannot reach the database",
      "Check that the database runs and lets the pooler in, and the log of the pooler." },
    { "cannot connect to server", ERROR_DATABASE, "the pooler cannot reach the database",
      "Check that the database runs and lets the pooler in, and the log of the pooler." },
    { "SSL required", ERROR_CONFIG, "the server demands TLS", DEMANDS_TLS },
    { "SSL connection is required", ERROR_CONFIG, "the server demands TLS", DEMANDS_TLS },
    { "Tenant or user not found", ERROR_DATABASE, "the pooler knows no such project or user",
      "Through Supabase's pooler the user is postgres.PROJECT-REF." },
    { "permission denied for database", ERROR_CONFIG, "the role may not connect to the database",
      "Its owner can allow it: grant connect on database NAME to ROLE." },
    { "the database system is starting up", ERROR_DATABASE, "the database starts",
      "Wait, and try again." },
    { "the database system is shutting down", ERROR_DATABASE, "the database stops",
      "Start it again." },
    { "no encryption", ERROR_DATABASE, "the database denies access",
      "The server may accept encrypted connections only: remove sslmode=disable, allow or prefer "
      "from the database URL. Or allow the connection in pg_hba.conf." },
};

enum {
    LOCAL_RULES = sizeof local_rules / sizeof *local_rules,
    SERVER_RULES = sizeof server_rules / sizeof *server_rules
};

void sql_copy_line(const char *message, char *out, size_t size)
{
    char *line = xstrndup(message, strcspn(message, "\n"));

    secret_copy(out, size, line);
    free(line);
}

/* libpq 15 has no function that returns the SQLSTATE of a failed connection. With verbose messages
 * it is part of the text: "FATAL:  28P01: ...", where "FATAL" is in the server's language. Copies
 * it, and returns what follows it; else NULL. */
static const char *find_state(const char *message, char state[STATE_LENGTH + 1])
{
    for (const char *at = message; (at = strstr(at, ":  ")) != NULL; at++) {
        const char *code = at + 3;

        if (strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == STATE_LENGTH &&
            strncmp(code + STATE_LENGTH, ": ", 2) == 0) {
            memcpy(state, code, STATE_LENGTH);
            state[STATE_LENGTH] = '\0';
            return code + STATE_LENGTH + 2;
        }
    }
    return NULL;
}

static const struct text_rule *find_rule(const struct text_rule *rules, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (strstr(text, rules[i].text)) {
            return &rules[i];
        }
    }
    return NULL;
}

static void local_error(const char *message, const char *shown, struct error *err)
{
    const struct text_rule *rule = find_rule(local_rules, LOCAL_RULES, message);
    bool ipv6 = strstr(shown, ".supabase.co") && (strstr(message, "Network is unreachable") ||
                                                  strstr(message, "No address associated"));
    char line[200];

    sql_copy_line(message, line, sizeof line);
    error_set(err, rule->kind, "%s: %s", rule->what, line);
    error_hint(err, "%s",
               ipv6 ? "The direct address is IPv6 only; use the session pooler on port 5432."
                    : rule->hint);
}

/* The message contains no password: libpq never parses the URL itself (see database_url.c). */
void sql_connect_error(const char *message, const char *shown, struct error *err)
{
    char state[STATE_LENGTH + 1], line[160];
    const char *text = find_state(message, state);
    const struct sqlstate_rule *rule = sqlstate_rule(text ? state : NULL);
    const struct text_rule *known;
    bool fixable = rule->remedy == SQL_FIX_SETUP;

    if (!text) {
        local_error(message, shown, err);
        return;
    }
    sql_copy_line(text, line, sizeof line);
    known = find_rule(server_rules, SERVER_RULES, line);
    /* 28000 also says that a role may not log in, which passes when an operator allows it again */
    fixable = fixable || (strcmp(state, "28000") == 0 && strstr(line, "does not exist"));
    error_set(err,
              known     ? known->kind
              : fixable ? ERROR_CONFIG
                        : ERROR_DATABASE,
              "%s: %s (%s, %s)", known ? known->what : rule->what, line, state, shown);
    if (known || rule->hint) {
        error_hint(err, "%s", known ? known->hint : rule->hint);
    } else {
        error_hint(err, "Check the log of the server, or of the pooler in between.");
    }
}
