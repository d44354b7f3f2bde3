/* sql_connect.h - connecting, and the errors of connections and statements. */
#ifndef IO_POSTGRES_SQL_CONNECT_H
#define IO_POSTGRES_SQL_CONNECT_H
#include <libpq-fe.h>
#include <signal.h>

#include "base/blob.h"
#include "io/postgres/database_url.h"
#include "io/postgres/sqlstate.h"

struct connect_request; /* owns copies of all it needs, so that it may outlive the sql */
struct connect_request *connect_request_new(const struct database_url *url,
                                            const char *application_name);
/* Also waits for the answer to a first statement: a pooler accepts connections for which it has no
 * session of the server. */
void connect_request_ask(struct connect_request *request);
void connect_request_run(void *request); /* blocking */
/* Frees the request. Returns the connection, or NULL with *err set. */
PGconn *connect_request_finish(struct connect_request *request, struct error *err);
void connect_request_discard(void *request); /* also closes the connection */

/* Connects; blocking. Returns NULL on failure; the error contains no part of the password. A value
 * of *stop that is not 0 ends the wait with ERROR_STOPPED; `stop` may be NULL. */
PGconn *sql_connect(const struct database_url *url, const char *application_name,
                    const volatile sig_atomic_t *stop, struct error *err);

enum socket_wait { SOCKET_READY, SOCKET_LATE, SOCKET_STOPPED };
/* Blocks until the socket has one of the events of poll(2), the time of clock_mono_us is over, or
 * *stop is not 0; `stop` may be NULL. */
enum socket_wait sql_wait_for_socket(const PGconn *conn, short events, int64_t end_us,
                                     const volatile sig_atomic_t *stop);

/* Sets *err from a failed statement of a command, and returns the rule that applies. */
const struct sqlstate_rule *sql_error_of(const PGresult *result, const PGconn *conn,
                                         struct error *err);

/* The text of sql/queries/<name>.sql. Returns NULL if there is no such file. */
const char *sql_text(const char *name);
/* Copies the first column of the first row, with a zero byte after it; empty if null or no row. */
bool sql_value_of(const PGresult *result, struct blob *out, struct error *err) MUST_CHECK;
#endif
