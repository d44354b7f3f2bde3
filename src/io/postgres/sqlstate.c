/* sqlstate.c - the table of SQLSTATEs. */
#include "io/postgres/sqlstate.h"

#include <string.h>

#define NOT_NOW "the database cannot run the statement now"
#define BROKE "the connection to the database broke"
#define NOT_SET_UP "the database is not set up for darkroom"
#define OUTDATED "the tables of the database have changed"
#define DENIED "the database denies access"
#define BAD_VALUE "the database rejects a value"
#define BAD_ROW "a constraint or trigger of the application rejects a row"

#define FIX_RULE                                                                                   \
    "Correct the constraint or trigger, so that it accepts what the application itself writes "    \
    "there."
#define MIGRATE "Run `darkroom migrate`."
#define MIGRATE_IF_STAYS "Run `darkroom migrate` if this does not pass by itself."
#define CONNECTION_LIMIT                                                                           \
    "Raise the connection limit of the role, database or pooler, or lower --db-connections."

static const struct sqlstate_rule rules[] = {
    { "", "the database reports an error", NULL, SQL_RETRY_FRESH, false },

    { "08", BROKE, NULL, SQL_RETRY_FRESH, false },
    { "57P", BROKE, NULL, SQL_RETRY_FRESH, false }, /* shutdown, crash, idle timeout */
    { "XX", "the database or its pooler reports an internal error", NULL, SQL_RETRY_FRESH, false },
    { "53", "the database is out of resources", NULL, SQL_RETRY_FRESH, false },
    { "53100", "the disk of the database is full",
      "Free disk space of the database, or enlarge its disk.", SQL_RETRY_FRESH, false },
    { "53300", "the database has no free connection", CONNECTION_LIMIT, SQL_RETRY_FRESH, false },
    { "25006", "the database is read-only",
      "It is a replica, or its disk is full. Connect to the primary, or free disk space.",
      SQL_RETRY_FRESH, false },
    { "28000", DENIED,
      "Check that the role exists and may log in, and that pg_hba.conf allows the connection.",
      SQL_RETRY_FRESH, false },
    { "0A000", OUTDATED, MIGRATE_IF_STAYS, SQL_RETRY_FRESH, true }, /* cached plan */
    { "42804", OUTDATED, MIGRATE_IF_STAYS, SQL_RETRY_FRESH, true },
    { "42703", OUTDATED, MIGRATE_IF_STAYS, SQL_RETRY_FRESH, true },
    { "22P02", OUTDATED, MIGRATE_IF_STAYS, SQL_RETRY_FRESH, true }, /* value of an enum */

    { "40", NOT_NOW, NULL, SQL_RETRY_SAME, false }, /* deadlock, serialization */
    { "55P03", "another session holds a lock on a row that the statement needs",
      "End long transactions of other sessions: select pid, state, query from pg_stat_activity "
      "where xact_start < now() - interval '1 minute'.",
      SQL_RETRY_SAME, false },
    { "55006", NOT_NOW, NULL, SQL_RETRY_SAME, false },
    { "57014", "the database cancelled the statement",
      "It took too long, or an operator cancelled it.", SQL_RETRY_SAME, false },

    { "22", BAD_VALUE, NULL, SQL_FIX_DATA, false },
    /* class 23 and WITH CHECK OPTION; errors of triggers, which are functions */
    { "23", BAD_ROW, FIX_RULE, SQL_FIX_DATA, false },
    { "44", BAD_ROW, FIX_RULE, SQL_FIX_DATA, false },
    { "P0", BAD_ROW, FIX_RULE, SQL_FIX_DATA, false },
    { "38", BAD_ROW, FIX_RULE, SQL_FIX_DATA, false },
    { "39", BAD_ROW, FIX_RULE, SQL_FIX_DATA, false },
    { "54", BAD_VALUE, NULL, SQL_FIX_DATA, false }, /* too large for an index or a row */

    { "28P01", "the database refused the user or password",
      "Check the user and password in the database URL.", SQL_FIX_SETUP, false },
    { "3D000", "the database does not exist",
      "Check the name after the last '/' of the database URL.", SQL_FIX_SETUP, false },
    { "3F000", NOT_SET_UP, MIGRATE, SQL_FIX_SETUP, false },
    { "42P01", NOT_SET_UP, MIGRATE, SQL_FIX_SETUP, false },
    { "42883", NOT_SET_UP, MIGRATE, SQL_FIX_SETUP, false },
    { "42501", DENIED, "Grant the role its rights: `darkroom migrate --grants ROLE` prints them.",
      SQL_FIX_SETUP, false },
};

const struct sqlstate_rule *sqlstate_rule(const char *state)
{
    const struct sqlstate_rule *best = &rules[0];

    for (size_t i = 1; state && i < sizeof rules / sizeof *rules; i++) {
        size_t size = strlen(rules[i].prefix);

        if (size > strlen(best->prefix) && strncmp(state, rules[i].prefix, size) == 0) {
            best = &rules[i];
        }
    }
    return best;
}
