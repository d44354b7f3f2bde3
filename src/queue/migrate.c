/* migrate.c - brings the database to this program's version. */
#include "queue/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/embed.h"

static const char prefix[] = "sql/install/";

/* Every darkroom process takes this advisory lock, so that two migrations run one after the other.
 */
static const char lock[] = "select pg_advisory_lock(720726171)";
static const char unlock[] = "select pg_advisory_unlock(720726171)";

static const char table[] =
    "create schema if not exists darkroom;"
    "create table if not exists darkroom.migration ("
    " number int primary key, name text not null, sha256 text not null,"
    " applied_at timestamptz not null default now());"
    "comment on table darkroom.migration is 'Applied files of sql/install.';"
    "comment on column darkroom.migration.number is 'Number of the file, from its name.';"
    "comment on column darkroom.migration.name is 'Path of the file.';"
    "comment on column darkroom.migration.sha256 is 'SHA-256 of the applied text. A changed file "
    "is applied again.';"
    "comment on column darkroom.migration.applied_at is 'When the file was last applied.';";

static bool is_applied(struct sql_session *session, const char *name, const char *sha256,
                       bool *applied, struct error *err)
{
    const char *params[] = { name, sha256 };
    struct blob value;

    if (!sql_query(session, "select 1 from darkroom.migration where name = $1 and sha256 = $2", 2,
                   params, &value, err)) {
        return false;
    }
    *applied = value.size > 0;
    blob_free(&value);
    return true;
}

static bool apply(struct sql_session *session, const struct embedded *file, const char *sha256,
                  struct error *err)
{
    char number[8];
    const char *params[] = { number, file->name, sha256 };

    snprintf(number, sizeof number, "%.3s", file->name + sizeof prefix - 1);
    return sql_script(session, (const char *)file->data, err) &&
           sql_query(session,
                     "insert into darkroom.migration (number, name, sha256) values ($1, $2, $3)"
                     " on conflict (number) do update set name = excluded.name,"
                     " sha256 = excluded.sha256, applied_at = now()",
                     3, params, NULL, err);
}

static bool migrate_files(struct sql_session *session, struct migration_report *report,
                          struct error *err)
{
    for (const struct embedded *file = embedded_files; file->name; file++) {
        char sha256[DIGEST_TEXT];
        bool applied;
        size_t used = strlen(report->said);

        if (strncmp(file->name, prefix, sizeof prefix - 1) != 0) {
            continue;
        }
        digest_hex(file->data, file->size, sha256);
        if (!is_applied(session, file->name, sha256, &applied, err)) {
            return false;
        }
        report->version = atoi(file->name + sizeof prefix - 1);
        if (applied) {
            continue;
        }
        if (!apply(session, file, sha256, err)) {
            return false;
        }
        report->applied++;
        snprintf(report->said + used, sizeof report->said - used, "%s\n", file->name);
    }
    return true;
}

/* Applies all outstanding files in one transaction, so that a worker of the version before sees
 * either the old schema or the new one. */
static bool migrate_in_transaction(struct sql_session *session, struct migration_report *report,
                                   struct error *err)
{
    struct error ignored;

    if (sql_script(session, "begin", err) && sql_script(session, table, err) &&
        migrate_files(session, report, err) && sql_script(session, "commit", err)) {
        return true;
    }
    if (!sql_script(session, "rollback", &ignored)) {
        return false; /* err keeps the first error */
    }
    return false;
}

static bool has_host_table(struct sql_session *session, struct error *err)
{
    struct blob value;
    bool found;

    if (!sql_query(session, "select 1 where to_regclass('public.job_queue') is not null", 0, NULL,
                   &value, err)) {
        return false;
    }
    found = value.size > 0;
    blob_free(&value);
    if (!found) {
        error_set(err, ERROR_CONFIG, "this database has no table job_queue");
        return error_hint(err,
                          "Connect to the database of the application whose jobs darkroom runs.");
    }
    return true;
}

bool migrate(struct sql_session *session, struct migration_report *report, struct error *err)
{
    struct error ignored;
    bool good;

    *report = (struct migration_report){ 0 };
    if (!has_host_table(session, err) || !sql_query(session, lock, 0, NULL, NULL, err)) {
        return false;
    }
    good = migrate_in_transaction(session, report, err);
    if (!sql_query(session, unlock, 0, NULL, NULL, good ? err : &ignored)) {
        return false;
    }
    return good;
}

static bool has_schema(struct sql_session *session, struct error *err)
{
    struct blob value;
    bool found;

    if (!sql_query(session, "select 1 where to_regclass('darkroom.migration') is not null", 0, NULL,
                   &value, err)) {
        return false;
    }
    found = value.size > 0;
    blob_free(&value);
    return found || error_set(err, ERROR_CONFIG, "darkroom is not set up in this database");
}

/* Upgrades first, so that the script has to know only the current schema. */
bool migrate_undo(struct sql_session *session, struct error *err)
{
    const struct embedded *script = embed_find("sql/uninstall.sql");
    struct migration_report report = { 0 };
    struct error ignored;
    bool good;

    if (!has_host_table(session, err) || !has_schema(session, err) ||
        !sql_query(session, lock, 0, NULL, NULL, err)) {
        return false;
    }
    good = migrate_in_transaction(session, &report, err) &&
           sql_script(session, (const char *)script->data, err);
    return sql_query(session, unlock, 0, NULL, NULL, good ? err : &ignored) && good;
}

bool migrate_check(struct sql_session *session, struct error *err)
{
    for (const struct embedded *file = embedded_files; file->name; file++) {
        char sha256[DIGEST_TEXT];
        bool applied;

        if (strncmp(file->name, prefix, sizeof prefix - 1) != 0) {
            continue;
        }
        digest_hex(file->data, file->size, sha256);
        if (!is_applied(session, file->name, sha256, &applied, err)) {
            return false;
        }
        if (!applied) {
            error_set(err, ERROR_CONFIG, "the database is not up to date for this darkroom");
            return error_hint(err, "Run `darkroom migrate`.");
        }
    }
    return true;
}
