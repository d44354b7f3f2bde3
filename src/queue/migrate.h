/* migrate.h - applies sql/install/NNN_*.sql in order, once each; safe by two at once. And back.
 * Blocking. */
#ifndef QUEUE_MIGRATE_H
#define QUEUE_MIGRATE_H
#include "io/postgres/sql.h"

struct migration_report {
    int applied;     /* now */
    int version;     /* after */
    char said[2000]; /* one line a file that was applied */
};
bool migrate(struct sql_session *session, struct migration_report *report,
             struct error *err) MUST_CHECK;
/* Fails with ERROR_CONFIG and the hint to run `darkroom migrate` where it is not up to date. */
bool migrate_check(struct sql_session *session, struct error *err) MUST_CHECK;
/* Takes darkroom out of the database again: sql/uninstall.sql. Fails, and changes nothing, while
 * workers hold jobs. */
bool migrate_undo(struct sql_session *session, struct error *err) MUST_CHECK;
#endif
