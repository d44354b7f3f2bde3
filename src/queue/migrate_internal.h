/* migrate_internal.h - shared by the files of migrate: state of the schema, scripts, attempts. */
#ifndef QUEUE_MIGRATE_INTERNAL_H
#define QUEUE_MIGRATE_INTERNAL_H
#include <cjson/cJSON.h>

#include "base/embed.h"
#include "queue/migrate.h"

enum {
    SCHEMA_FILES = 64, /* maximum number of files in sql/install */
    SCHEMA_STEPS = SCHEMA_FILES + 8,
    SCHEMA_SCRIPT_BYTES = 8 << 20,
    COMPATIBLE_FROM = 8 /* sql/install/009_compatibility.sql serves programs of version 8 */
};

/* Returns the next file of sql/install after `after` (NULL: the first), or NULL. */
const struct embedded *install_file_next(const struct embedded *after);
/* Schema version of this program: the number of the last file. */
int install_version(void);

struct schema_state {
    int version;         /* 0: no schema, or one of a version before 10 */
    int compatible_from; /* oldest program version that can use it */
    cJSON *files;        /* name to SHA-256; NULL if version is 0 */
    char *missing;       /* tables of the application that do not exist; NULL if all do */
    bool earlier;        /* tables of a version before 10 exist */
};
bool schema_state_read(struct sql_session *session, struct schema_state *out,
                       struct error *err) MUST_CHECK;
/* The same for a migration: if another program has dropped or replaced objects of the schema, no
 * file counts as applied. */
bool schema_state_for_migration(struct sql_session *session, struct schema_state *out,
                                struct error *err) MUST_CHECK;
void schema_state_free(struct schema_state *state);
/* Whether the current text of the file is applied. */
bool schema_state_has(const struct schema_state *state, const struct embedded *file);
/* Fails with ERROR_CONFIG if only a later program can use the schema. */
bool schema_state_check_later(const struct schema_state *state, struct error *err) MUST_CHECK;
/* Number of files that are not applied. */
int schema_state_outstanding(const struct schema_state *state);

/* The transaction of a migration, in steps. */
struct migrate_step {
    const char *name; /* of the file, for reports; NULL: not reported */
    char *sql;
};
struct migrate_script {
    struct migrate_step steps[SCHEMA_STEPS]; /* the first one begins the transaction */
    int count;
};
/* Steps that apply all outstanding files. */
bool migrate_script_build(struct migrate_script *script, const struct schema_state *state,
                          struct error *err) MUST_CHECK;
/* Steps that remove the schema. */
void migrate_script_build_undo(struct migrate_script *script);
void migrate_script_print(const struct migrate_script *script, struct text *out);
void migrate_script_free(struct migrate_script *script);

/* Runs `attempt` until it does not fail because of a lock, or until the time is up. Between
 * attempts, rolls back, reports which sessions block, and pauses. */
bool migrate_repeat(struct sql_session *session, const struct migrate_options *options,
                    bool (*attempt)(void *context, struct error *err), void *context,
                    struct error *err) MUST_CHECK;
/* Reports a line, if the caller wants progress. */
void migrate_tell(const struct migrate_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Before the migration of a large job_queue: adds columns and builds indexes without blocking the
 * application. */
bool migrate_prepare_large(struct sql_session *session, const struct migrate_options *options,
                           const struct schema_state *state, struct error *err) MUST_CHECK;

/* After the migration of a large job_queue, or when there was nothing to migrate: replaces NULL in
 * rows that are older than the trigger which prevents it. */
bool migrate_finish_large(struct sql_session *session, const struct migrate_options *options,
                          struct error *err) MUST_CHECK;

/* Fails with the first problem that sql/queries/migrate_problems.sql finds; reports the others.
 * A removal needs less than a migration. */
bool migrate_find_problems(struct sql_session *session, const struct migrate_options *options,
                           bool removal, struct error *err) MUST_CHECK;
#endif
