/* sqlstate.c - the table of SQLSTATEs. */
#include "io/postgres/sqlstate.h"

#include <string.h>

#define NOT_NOW "the database cannot run the statement now"
#define BROKE "the connection to the database broke"
#define NOT_SET_UP "the database is not set up for darkroom"
#define OUTDATED "the tables of the database have changed"
#define DENIED "the database denies access"
#define BAD_VALUE "the database rejects a value"

#define MIGRATE "Run `darkroom migrate`."
#define MIGRATE_IF_STAYS "Run `darkroom migrate` if this does not pass by itself."
#define CONNECTION_LIMIT                                                                           \
    "Raise the connection limit of the role, database or pooler, or lower --db-connections."

static const struct sqlstate_rule rules[] = {
    { "", SQL_RETRY_FRESH, "the database reports an error", NULL, false },

    { "08", SQL_RETRY_FRESH, BROKE, NULL, false },
    { "57P", SQL_RETRY_FRESH, BROKE, NULL, false }, /* shutdown, crash, idle timeout */
    { "XX", SQL_RETRY_FRESH, "the database or its pooler reports an internal error", NULL, false },
    { "53", SQL_RETRY_FRESH, "the database is out of resources", NULL, false },
    { "53100", SQL_RETRY_FRESH, "the disk of the database is full",
      "Free disk space of the database, or enlarge its disk.", false },
    { "53300", SQL_RETRY_FRESH, "the database has no free connection", CONNECTION_LIMIT, false },
    { "25006", SQL_RETRY_FRESH, "the database is read-only",
      "It is a replica, or its disk is full. Connect to the primary, or free disk space.", false },
    { "28000", SQL_RETRY_FRESH, DENIED,
      "Check that the role exists and may log in, and that pg_hba.conf allows the connection.",
      false },
    { "0A000", SQL_RETRY_FRESH, OUTDATED, MIGRATE_IF_STAYS, true }, /* cached plan */
    { "42804", SQL_RETRY_FRESH, OUTDATED, MIGRATE_IF_STAYS, true },
    { "42703", SQL_RETRY_FRESH, OUTDATED, MIGRATE_IF_STAYS, true },
    { "22P02", SQL_RETRY_FRESH, OUTDATED, MIGRATE_IF_STAYS, true }, /* value of an enum */

    { "40", SQL_RETRY_SAME, NOT_NOW, NULL, false }, /* deadlock, serialization */
    { "55P03", SQL_RETRY_SAME, "another session holds a lock on a row that the statement needs",
      "End long transactions of other sessions: select pid, state, query from pg_stat_activity "
      "where xact_start < now() - interval '1 minute'.",
      false },
    { "55006", SQL_RETRY_SAME, NOT_NOW, NULL, false },
    { "57014", SQL_RETRY_SAME, "the database cancelled the statement",
      "It took too long, or an operator cancelled it.", false },

    { "22", SQL_FIX_DATA, BAD_VALUE, NULL, false },
    { "23", SQL_FIX_DATA, BAD_VALUE, NULL, false },
    { "54", SQL_FIX_DATA, BAD_VALUE, NULL, false }, /* too large for an index or a row */

    { "28P01", SQL_FIX_SETUP, "the database refused the user or password",
      "Check the user and password in the database URL.", false },
    { "3D000", SQL_FIX_SETUP, "the database does not exist",
      "Check the name after the last '/' of the database URL.", false },
    { "3F000", SQL_FIX_SETUP, NOT_SET_UP, MIGRATE, false },
    { "42P01", SQL_FIX_SETUP, NOT_SET_UP, MIGRATE, false },
    { "42883", SQL_FIX_SETUP, NOT_SET_UP, MIGRATE, false },
    { "42501", SQL_FIX_SETUP, DENIED,
      "Grant the role its rights: `darkroom migrate --grants ROLE` prints them.", false },
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
