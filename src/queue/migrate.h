/* migrate.h - creates, upgrades, checks and removes the schema of sql/install. Blocking.
 *
 * A migration is one transaction. It waits at most a quarter of a second for a lock, since the
 * application queues behind it; then it rolls back and tries again. */
#ifndef QUEUE_MIGRATE_H
#define QUEUE_MIGRATE_H
#include "base/text.h"
#include "io/postgres/sql.h"

/* Callbacks and limits; zero-initialized: defaults. */
struct migrate_options {
    uint32_t wait_ms; /* how long attempts are repeated while other sessions block; 0: a minute */
    void (*progress)(const char *line, void *context); /* one line per event; NULL: not reported */
    void *context;
};

struct migration_report {
    int applied;     /* files applied by this call */
    int version;     /* schema version afterwards; may be later than this program's */
    bool newer;      /* a later program has migrated the schema, which this one can use */
    char said[2000]; /* one line per applied file */
};

/* Reads the schema's version (0: not installed) and how many migrations are outstanding; 0 also for
 * the schema of a later program. Fails if they cannot be applied (see migrate). Changes nothing. */
bool migrate_outstanding(struct sql_session *session, int *version, int *outstanding,
                         struct error *err) MUST_CHECK;

/* Appends what another program has dropped, disabled or replaced of the schema, in words; nothing
 * if the schema is complete, or is not that of this program. migrate() restores it. */
bool migrate_damage(struct sql_session *session, struct text *out, struct error *err) MUST_CHECK;

/* Applies the changed files of sql/install; all of them if objects are missing, see migrate_damage.
 * Checks ownership, tables, columns and types first, and changes nothing if one does not fit.
 * Concurrent calls run one after the other. `options` may be NULL. */
bool migrate(struct sql_session *session, const struct migrate_options *options,
             struct migration_report *report, struct error *err) MUST_CHECK;

/* Appends the statements that migrate would run, as a script for psql. Makes the same checks and
 * changes nothing. */
bool migrate_print(struct sql_session *session, struct text *out, struct error *err) MUST_CHECK;

/* Fails with ERROR_CONFIG, and a hint with what to do, if this program cannot use the schema, or
 * tables of the application are missing. A later schema that declares itself compatible is good;
 * *later is then its version, and else 0. It may be NULL. */
bool migrate_check(struct sql_session *session, int *later, struct error *err) MUST_CHECK;

/* Removes darkroom from the database, in any state, in one transaction; keeps the credit history in
 * schema darkroom_history. Fails and changes nothing while workers hold jobs. */
bool migrate_undo(struct sql_session *session, const struct migrate_options *options,
                  struct error *err) MUST_CHECK;
bool migrate_undo_print(struct sql_session *session, struct text *out,
                        struct error *err) MUST_CHECK;

/* Appends the GRANT statements that a worker needs which connects as `role`, with SELECT on the
 * views for operators. ERROR_CONFIG if there is no such role, or if this program's schema is not
 * installed. */
bool migrate_grants(struct sql_session *session, const char *role, struct text *out,
                    struct error *err) MUST_CHECK;
#endif
