/* sqlstate.h - what a SQLSTATE of Postgres, or of a pooler, means for a worker.
 *
 * A table of classes and codes. The default is a retry on a fresh connection, so a state that is
 * not listed neither ends a worker nor costs a job an attempt. */
#ifndef IO_POSTGRES_SQLSTATE_H
#define IO_POSTGRES_SQLSTATE_H
#include <stdbool.h>

enum sql_remedy {
    SQL_RETRY_FRESH, /* close the connection and repeat the statement on a new one */
    SQL_RETRY_SAME,  /* repeat the statement; the connection is good */
    SQL_FIX_DATA,    /* the statement's own values are invalid: a retry cannot help */
    SQL_FIX_SETUP    /* an operator must fix the password, database, schema or privileges */
};

struct sqlstate_rule {
    const char *prefix; /* of a SQLSTATE: two characters for a class, five for one code */
    const char *what;   /* begins the error text: "the database cannot run the statement now" */
    const char *hint;   /* what an operator can do; NULL if nothing is needed */
    enum sql_remedy remedy;
    bool stale_plan; /* plans that the session has cached no longer fit the tables */
};

/* Returns the row with the longest matching prefix, or the default row, whose prefix is "". `state`
 * may be NULL: the connection broke. */
const struct sqlstate_rule *sqlstate_rule(const char *state);
#endif
