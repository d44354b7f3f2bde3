/* migrate.c - brings the database to this program's schema version, or removes the schema. */
#include "queue/migrate.h"

#include <stdio.h>
#include <string.h>

#include "queue/migrate_internal.h"

/* Building an index of a large queue may take minutes. */
enum { STATEMENT_MS = 60 * 60 * 1000 };

struct migration {
    struct sql_session *session;
    const struct migrate_options *options;
    struct migration_report *report;
};

/* Fills the report and returns true if there is nothing to do. */
static bool is_done(const struct schema_state *state, struct migration_report *report)
{
    report->version = state->version;
    report->newer = state->version > install_version();
    return report->newer || schema_state_outstanding(state) == 0;
}

static bool run_steps(struct migration *migration, const struct migrate_script *script,
                      struct error *err)
{
    struct migration_report *report = migration->report;

    for (int i = 1; i < script->count; i++) { /* the transaction has begun already */
        size_t used = strlen(report->said);

        if (!sql_script(migration->session, script->steps[i].sql, err)) {
            return false;
        }
        if (script->steps[i].name) {
            report->applied++;
            snprintf(report->said + used, sizeof report->said - used, "%s\n",
                     script->steps[i].name);
        }
    }
    report->version = install_version();
    return true;
}

/* Reads the state again under the lock: another migration may have finished meanwhile. */
static bool attempt_migration(void *context, struct error *err)
{
    struct migration *migration = context;
    struct migrate_script script = { 0 };
    struct schema_state state = { 0 };
    bool good;

    *migration->report = (struct migration_report){ 0 };
    good = migrate_script_build(&script, &state, err) &&
           sql_script(migration->session, script.steps[0].sql, err) &&
           schema_state_for_migration(migration->session, &state, err);
    migrate_script_free(&script);
    if (good && is_done(&state, migration->report)) {
        good = sql_script(migration->session, "rollback", err);
    } else if (good) {
        good = migrate_script_build(&script, &state, err) && run_steps(migration, &script, err);
        migrate_script_free(&script);
    }
    schema_state_free(&state);
    return good;
}

bool migrate_outstanding(struct sql_session *session, int *version, int *outstanding,
                         struct error *err)
{
    struct schema_state state;
    bool good = schema_state_for_migration(session, &state, err);

    *version = good ? state.version : 0;
    *outstanding =
        good && state.version <= install_version() ? schema_state_outstanding(&state) : 0;
    schema_state_free(&state);
    return good && (*outstanding == 0 || migrate_find_problems(session, NULL, false, err));
}

bool migrate(struct sql_session *session, const struct migrate_options *options,
             struct migration_report *report, struct error *err)
{
    struct migration migration = { session, options, report };
    struct schema_state state;
    bool good, done;

    *report = (struct migration_report){ 0 };
    sql_limit_statements(session, STATEMENT_MS);
    good =
        schema_state_for_migration(session, &state, err) && schema_state_check_later(&state, err);
    done = good && is_done(&state, report);
    if (good && !done) {
        good = migrate_find_problems(session, options, false, err) &&
               migrate_prepare_large(session, options, &state, err) &&
               migrate_repeat(session, options, attempt_migration, &migration, err);
    }
    schema_state_free(&state);
    return good && (report->newer || migrate_finish_large(session, options, err));
}

bool migrate_print(struct sql_session *session, struct text *out, struct error *err)
{
    struct migrate_script script = { 0 };
    struct migration_report report;
    struct schema_state state;
    bool good =
        schema_state_for_migration(session, &state, err) && schema_state_check_later(&state, err);

    if (good && is_done(&state, &report)) {
        text_printf(out, "-- Nothing to do: the schema is at version %d.\n", report.version);
    } else if (good) {
        good = migrate_find_problems(session, NULL, false, err) &&
               migrate_script_build(&script, &state, err);
        if (good) {
            migrate_script_print(&script, out);
        }
        migrate_script_free(&script);
    }
    schema_state_free(&state);
    return good;
}

/* -- removal ---------------------------------------------------------------------------------- */

/* Also finds what an interrupted or manual removal left. */
static bool is_installed(struct sql_session *session, struct error *err)
{
    struct blob value;
    bool found;

    if (!sql_query(session,
                   "select 1 where to_regnamespace('darkroom') is not null"
                   " or exists (select 1 from pg_attribute where attname like 'darkroom\\_%'"
                   " and attrelid = to_regclass('public.job_queue') and not attisdropped"
                   " and col_description(attrelid, attnum) is not null)"
                   " or exists (select 1 from pg_proc where prosrc like '%darkroom.%'"
                   " and pronamespace = to_regnamespace('public')"
                   " and proname in ('get_next_job', 'mark_job_processing', 'mark_job_completed',"
                   " 'mark_job_failed'))",
                   0, NULL, &value, err)) {
        return false;
    }
    found = value.size > 0;
    blob_free(&value);
    return found || error_set(err, ERROR_CONFIG, "darkroom is not set up in this database");
}

static bool check_undo(struct sql_session *session, struct error *err)
{
    struct schema_state state = { 0 };
    bool good = migrate_find_problems(session, NULL, true, err) && is_installed(session, err) &&
                schema_state_read(session, &state, err);

    if (good && state.version > install_version()) {
        error_set(err, ERROR_CONFIG,
                  "the database has schema version %d, which is later than this program's %d",
                  state.version, install_version());
        good = error_hint(err, "Remove it with the darkroom that migrated it.");
    }
    schema_state_free(&state);
    return good;
}

static bool attempt_undo(void *context, struct error *err)
{
    struct migration *migration = context;
    struct migrate_script script;
    bool good;

    migrate_script_build_undo(&script);
    good = sql_script(migration->session, script.steps[0].sql, err) &&
           run_steps(migration, &script, err);
    migrate_script_free(&script);
    return good;
}

bool migrate_undo(struct sql_session *session, const struct migrate_options *options,
                  struct error *err)
{
    struct migration_report report = { 0 };
    struct migration migration = { session, options, &report };

    sql_limit_statements(session, STATEMENT_MS);
    return check_undo(session, err) &&
           migrate_repeat(session, options, attempt_undo, &migration, err);
}

bool migrate_undo_print(struct sql_session *session, struct text *out, struct error *err)
{
    struct migrate_script script;

    if (!check_undo(session, err)) {
        return false;
    }
    migrate_script_build_undo(&script);
    migrate_script_print(&script, out);
    migrate_script_free(&script);
    return true;
}
