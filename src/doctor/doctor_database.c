/* doctor_database.c - checks of the database: connection, schema, privileges, notifications, queue.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "doctor/doctor_webhooks.h"
#include "io/loop.h"
#include "queue/migrate.h"

enum { NOTIFY_MS = 10 * 1000, CLOCK_SKEW_MS = 5000, STATEMENT_MS = 30 * 1000, DAMAGE_BYTES = 2000 };

static bool connected(const struct doctor *doctor, struct doctor_finding *out)
{
    if (!doctor->session) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: no connection");
    }
    return doctor->session;
}

/* Runs a query that returns JSON. Returns NULL, with the finding set, on failure. The caller
 * deletes the result. */
static cJSON *facts_of(const struct doctor *doctor, const char *statement,
                       struct doctor_finding *out)
{
    struct error err;
    cJSON *facts;

    if (!database_query(doctor->session, statement, 0, NULL, &facts, &err)) {
        doctor_finding_from_error(out, &err);
        return NULL;
    }
    return facts;
}

static void check_connect(struct doctor *doctor, struct doctor_finding *out)
{
    struct error err;
    char encryption[100];
    int64_t began = clock_mono_us();

    if (setting_error(doctor->settings, "database-url")) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the database URL is invalid");
        return;
    }
    doctor->has_url = database_url_of(doctor->settings, &doctor->url, &err);
    if (doctor->has_url) {
        doctor->session = sql_open(&doctor->url, "darkroom doctor", &err);
    }
    if (!doctor->session) {
        doctor_finding_from_error(out, &err);
        return;
    }
    sql_limit_statements(doctor->session, STATEMENT_MS);
    sql_describe_encryption(doctor->session, encryption, sizeof encryption);
    doctor_finding_set(out, DOCTOR_OK, "%s, from %s, in %" PRId64 " ms, %s", doctor->url.shown,
                       setting_source(doctor->settings, "database-url"),
                       (clock_mono_us() - began) / 1000, encryption);
    if (!doctor->url.local && !sql_is_encrypted(doctor->session)) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out, "The password and all data cross the network readable: remove "
                                 "sslmode=disable, allow or prefer.");
    } else if (doctor->url.notes[0]) {
        doctor_finding_hint(out, "%s", doctor->url.notes);
    }
}

/* A replica and a read-only session answer every other check. */
static bool fail_of_no_writes(const cJSON *facts, struct doctor_finding *out)
{
    bool replica = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "replica"));

    if (replica) {
        doctor_finding_set(out, DOCTOR_FAIL,
                           "the database is a read replica: it accepts no writes");
        doctor_finding_hint(out, "Use the address of the primary database.");
    } else if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "readOnly"))) {
        doctor_finding_set(out, DOCTOR_FAIL, "sessions of this role or database are read-only");
        doctor_finding_hint(out,
                            "Unset default_transaction_read_only for the role and the database.");
    } else {
        return false;
    }
    return true;
}

/* Names the first of the application's large tables that every job has to read completely. */
static bool warn_of_no_index(const cJSON *facts, struct doctor_finding *out)
{
    const cJSON *first =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(facts, "unindexed"), 0);
    const char *table = json_peek_text(first, "table");
    const char *column = json_peek_text(first, "column");

    if (!table || !column) {
        return false;
    }
    doctor_finding_set(out, DOCTOR_WARN,
                       "\"%s\" has no index on \"%s\": each job reads all %" PRId64 " MB of it",
                       table, column, json_peek_int(first, "mb", 0));
    doctor_finding_hint(out, "Run: create index concurrently on \"%s\" (\"%s\");", table, column);
    return true;
}

static void check_tables(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    cJSON *schema = facts ? facts_of(doctor, "schema_installed", out) : NULL;
    const char *missing = json_peek_text(schema, "missing");
    int64_t skew = json_peek_int(facts, "nowMs", 0) - clock_wall_ms();

    doctor->read_only = facts && fail_of_no_writes(facts, out);
    doctor->other_database = missing != NULL && !doctor->read_only;
    if (!schema || doctor->read_only) {
        cJSON_Delete(schema);
        cJSON_Delete(facts);
        return;
    }
    if (missing) {
        doctor_finding_set(out, DOCTOR_FAIL, "tables of the application are missing: %s", missing);
        doctor_finding_hint(out,
                            "Check that this is the application's database: see the name after "
                            "the last '/' of its URL.");
    } else if (skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "the clocks of the database and this machine differ by %" PRId64 " s",
                           skew / 1000);
    } else if (!warn_of_no_index(facts, out)) {
        doctor_finding_set(out, DOCTOR_OK, "the application's tables exist (Postgres %s)",
                           json_peek_text(facts, "version"));
    }
    cJSON_Delete(schema);
    cJSON_Delete(facts);
}

static void report_damage(struct doctor *doctor, struct doctor_finding *out)
{
    struct error err;
    struct text damage;

    text_begin(&damage, DAMAGE_BYTES);
    if (!migrate_damage(doctor->session, &damage, &err)) {
        doctor_finding_set(out, DOCTOR_WARN, "%s", err.text);
    } else if (damage.size > 0) {
        doctor_finding_set(out, DOCTOR_FAIL, "another program has dropped or replaced %s",
                           damage.data);
        doctor_finding_hint(out, "Run `darkroom migrate`, which restores it.");
    } else {
        doctor_finding_set(out, DOCTOR_OK, "up to date");
    }
    text_end(&damage);
}

static void check_schema(struct doctor *doctor, struct doctor_finding *out)
{
    struct error err;

    if (!connected(doctor, out)) {
        return;
    }
    if (doctor->other_database) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the application's tables are missing");
        return;
    }
    doctor->migrated = migrate_check(doctor->session, NULL, &err);
    if (doctor->migrated) {
        report_damage(doctor, out);
    } else {
        doctor_finding_from_error(out, &err);
    }
}

static void check_rights(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    const char *open = json_peek_text(facts, "openTo");
    bool rls = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "rls"));
    bool bypass = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "bypassesRls"));

    if (facts && doctor->other_database) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the application's tables are missing");
        cJSON_Delete(facts);
        return;
    }
    if (facts && open && !rls) {
        doctor_finding_set(
            out, DOCTOR_WARN,
            "%s may insert into job_queue, which has no row level security: everyone with "
            "the public key can queue jobs",
            open);
        doctor_finding_hint(out, "`darkroom migrate` enables it.");
    } else if (facts && rls && !bypass) {
        doctor_finding_set(
            out, DOCTOR_WARN,
            "job_queue has row level security, and no policy lets the role '%s' read it",
            json_peek_text(facts, "user"));
        doctor_finding_hint(out, "Run the statements that `darkroom migrate --grants %s` prints.",
                            json_peek_text(facts, "user"));
    } else if (facts) {
        doctor_finding_set(out, DOCTOR_OK, "only the application's roles may queue jobs");
    }
    cJSON_Delete(facts);
}

/* The cron job that the worker replaces is harmless, because get_next_job claims jobs safely, but
 * it runs some jobs in the slower edge function. */
static void check_cron(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    bool cron = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "cron"));
    cJSON *ticks = cron ? facts_of(doctor, "doctor_cron", out) : NULL;
    const char *names = json_peek_text(ticks, "names");

    if (names) {
        doctor_finding_set(out, DOCTOR_WARN, "pg_cron still calls the former job processor: %.200s",
                           names);
        doctor_finding_hint(
            out, "Disable it: select cron.alter_job(jobid, active := false) from cron.job "
                 "where jobname = '...';");
    } else if (facts && (ticks || !cron)) {
        doctor_finding_set(out, DOCTOR_OK, "no cron job processes the queue");
    }
    cJSON_Delete(ticks);
    cJSON_Delete(facts);
}

/* Sends a notification to this session. A transaction pooler accepts LISTEN but delivers nothing.
 */
static void check_notify(struct doctor *doctor, struct doctor_finding *out)
{
    struct sql_config config = { .url = &doctor->url,
                                 .application_name = "darkroom doctor",
                                 .channel = "darkroom_doctor" };
    int64_t began = clock_mono_us(), end = began + (int64_t)NOTIFY_MS * 1000;
    struct sql *sql;

    if (!connected(doctor, out)) {
        return;
    }
    if (doctor->read_only) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the database accepts no writes");
        return;
    }
    if (doctor->url.transaction_pooler) {
        doctor_finding_set(
            out, DOCTOR_WARN,
            "the connection uses a transaction pooler: jobs are found only by polling");
        doctor_finding_hint(out, "Set DIRECT_URL to a direct or session connection.");
        return;
    }
    sql = doctor->loop ? sql_new(doctor->loop, &config) : NULL;
    while (sql && !sql_listening(sql) && sql_session_problem(sql)->kind == ERROR_NONE &&
           clock_mono_us() < end) {
        loop_wait(doctor->loop, 100);
    }
    if (sql && sql_listening(sql)) {
        doctor_finding_set(out, DOCTOR_OK, "notifications arrive, after %" PRId64 " ms",
                           (clock_mono_us() - began) / 1000);
    } else if (sql && sql_session_problem(sql)->kind != ERROR_NONE) {
        doctor_finding_from_error(out, sql_session_problem(sql));
        out->status = DOCTOR_WARN; /* jobs are found by polling */
    } else {
        doctor_finding_set(out, DOCTOR_WARN, "a notification did not arrive within %d s",
                           NOTIFY_MS / 1000);
        doctor_finding_hint(out, "If a pooler is used, set DIRECT_URL to a direct connection.");
    }
    sql_free(sql);
}

/* Warns of refunds that wait for a correction in the application. */
static bool warn_of_owed(const cJSON *facts, struct doctor_finding *out)
{
    const cJSON *owed = cJSON_GetObjectItemCaseSensitive(facts, "owed");
    const char *reason = json_peek_text(owed, "reason");

    if (!cJSON_IsObject(owed)) {
        return false;
    }
    out->status = DOCTOR_WARN;
    doctor_finding_hint(out,
                        "Refunds of %" PRId64 " credits for %" PRId64
                        " jobs are rejected by a constraint or trigger of \"CreditTransaction\": "
                        "%.160s. Correct it; they are then paid within a minute.",
                        json_peek_int(owed, "credits", 0), json_peek_int(owed, "refunds", 0),
                        reason ? reason : "the reason is not known");
    return true;
}

static void warn_of_waiting(const cJSON *facts, struct doctor_finding *out)
{
    int64_t workers = json_peek_int(facts, "workers", 0);
    int64_t oldest = json_peek_int(facts, "oldestSeconds", 0);
    int64_t lapsed = json_peek_int(facts, "lapsed", 0);

    if ((oldest > 60 || lapsed > 0) && workers == 0) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out,
                            "Jobs are waiting and no worker is running: start `darkroom work`.");
    } else if (oldest > 600) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out,
                            "A job has waited for %" PRId64
                            " minutes: add workers or raise --jobs.",
                            oldest / 60);
    }
}

static void check_queue(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts;

    if (!connected(doctor, out)) {
        return;
    }
    if (!doctor->migrated) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the schema cannot be used");
        return;
    }
    facts = facts_of(doctor, "doctor_queue", out);
    if (!facts) {
        return;
    }
    doctor_finding_set(out, DOCTOR_OK,
                       "%" PRId64 " pending, %" PRId64 " running, %" PRId64
                       " failed today, %" PRId64 " workers",
                       json_peek_int(facts, "pending", 0), json_peek_int(facts, "processing", 0),
                       json_peek_int(facts, "failedToday", 0), json_peek_int(facts, "workers", 0));
    if (json_peek_int(facts, "belowZero", 0) > 0) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out, "A balance is negative: `darkroom credits --check` lists it.");
    } else if (!warn_of_owed(facts, out)) {
        warn_of_waiting(facts, out);
    }
    cJSON_Delete(facts);
}

const struct doctor_check doctor_database_checks[] = {
    { "database", check_connect },
    { "tables", check_tables },
    { "schema", check_schema },
    { "rights", check_rights },
    { "cron", check_cron },
    { "notify", check_notify },
    { "queue", check_queue },
    { "webhooks", doctor_check_webhooks },
    { NULL, NULL },
};
