/* sql_client.h - runs statements of tests on a private Postgres.
 *
 * The statement `remaining` calls a function which here runs the SQL text it is given. */
#ifndef TESTS_SQL_CLIENT_H
#define TESTS_SQL_CLIENT_H
#include "demo/private_postgres.h"
#include "io/loop.h"
#include "io/postgres/sql.h"

struct sql_client {
    struct private_postgres cluster;
    struct database_url url;
    struct sql_session *session; /* another, blocking connection */
    struct loop *loop;
    struct sql *sql;
    /* set by a test before sql_client_connect; 0 or NULL: the default */
    const struct database_url *route; /* through a proxy or a pooler */
    uint32_t connections, proof_ms;
    int ended, woken; /* number of statements that ended, and of calls to wake */
    char order[300];  /* the letters of the statements, in the order in which they ended */
};
extern struct sql_client client;

int sql_client_start(void **state); /* for the group: starts Postgres */
int sql_client_stop(void **state);
int sql_client_set_up(void **state); /* for each test: loop and connections */
int sql_client_tear_down(void **state);
void sql_client_connect(void); /* closes the connections and opens new ones */

struct op sql_client_statement(const char *text);
void sql_client_begin(struct op *op, const char *letter); /* fails if done is called within begin */
void sql_client_wait(int count);                          /* until so many ended */
void sql_client_perform(struct op *op);
void assert_value(struct op *op, const char *want); /* then clears the op */

void sql_client_run_directly(const char *script);    /* over the other connection */
void sql_client_wait_until(bool (*condition)(void)); /* at most a minute */
bool sql_client_is_up(void);
bool sql_client_listens(void);
#endif
