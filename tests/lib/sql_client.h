/* sql_client.h - statements of tests to a Postgres of their own.
 *
 * The statement left_over calls darkroom.left_over(text), which here runs the text it is given. */
#ifndef TESTS_SQL_CLIENT_H
#define TESTS_SQL_CLIENT_H
#include "demo/private_postgres.h"
#include "io/loop.h"
#include "io/postgres/sql.h"

struct sql_client {
    struct private_postgres cluster;
    struct database_url url;
    struct sql_session *session; /* beside the loop */
    struct loop *loop;
    struct sql *sql;
    int ended, woken; /* how many statements ended; how often we were woken */
    char order[300];  /* the letters of those that ended */
};
extern struct sql_client client;

int sql_client_start(void **state); /* of the group: the cluster */
int sql_client_stop(void **state);
int sql_client_set_up(void **state); /* of each test: loop and connections ("under test") */
int sql_client_tear_down(void **state);

struct op sql_client_statement(const char *text);
void sql_client_begin(struct op *op, const char *letter); /* done within begin fails the test */
void sql_client_wait(int count);                          /* until so many ended */
void sql_client_perform(struct op *op);
void assert_value(struct op *op, const char *want); /* and clears the op */

void sql_client_run_directly(const char *script); /* over the other connection */
void sql_client_wait_until(bool (*so)(void));     /* waits until it is so */
bool sql_client_is_up(void);
bool sql_client_listens(void);
#endif
