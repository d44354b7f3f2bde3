/* migrate.h - applies the changed files of sql/install in order, in one transaction, and removes
 * the schema again. Concurrent calls run one after the other. Blocking. */
#ifndef QUEUE_MIGRATE_H
#define QUEUE_MIGRATE_H
#include "io/postgres/sql.h"

struct migration_report {
    int applied;     /* files applied by this call */
    int version;     /* schema version afterwards */
    char said[2000]; /* one line per applied file */
};
bool migrate(struct sql_session *session, struct migration_report *report,
             struct error *err) MUST_CHECK;
/* Fails with ERROR_CONFIG and the hint to run `darkroom migrate` if the schema is not up to date.
 */
bool migrate_check(struct sql_session *session, struct error *err) MUST_CHECK;
/* Runs sql/uninstall.sql. Fails and changes nothing while workers hold jobs. */
bool migrate_undo(struct sql_session *session, struct error *err) MUST_CHECK;
#endif
