/* doctor_database.c - is the database there, up to date, safe, and does it wake us? */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "doctor/doctor.h"
#include "io/loop.h"
#include "queue/migrate.h"

enum { NOTIFY_MS = 10 * 1000, CLOCK_SKEW_MS = 5000 };

static bool connected(const struct doctor *doctor, struct doctor_finding *out)
{
    if (!doctor->session) {
        doctor_finding_set(out, DOCTOR_SKIP, "not asked: there is no connection");
    }
    return doctor->session;
}

/* One statement's facts, in the arena-less tree that the caller deletes. */
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
    int64_t began = clock_mono_us();

    doctor->has_url = database_url_of(doctor->settings, &doctor->url, &err);
    if (doctor->has_url) {
        doctor->session = sql_open(&doctor->url, "darkroom doctor", &err);
    }
    if (!doctor->session) {
        doctor_finding_from_error(out, &err);
        return;
    }
    doctor_finding_set(out, DOCTOR_OK, "%s, from %s, in %" PRId64 " ms", doctor->url.shown,
                       setting_source(doctor->settings, "database-url"),
                       (clock_mono_us() - began) / 1000);
    if (doctor->url.notes[0]) {
        doctor_finding_hint(out, "%s", doctor->url.notes);
    }
}

static void check_tables(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    const char *missing = json_peek_text(facts, "missing");
    int64_t skew = json_peek_int(facts, "nowMs", 0) - clock_wall_ms();

    if (facts && missing) {
        doctor_finding_set(out, DOCTOR_FAIL, "the application's tables are not all there: no %s",
                           missing);
        doctor_finding_hint(out, "Is this the application's database?");
    } else if (facts && (skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS)) {
        doctor_finding_set(out, DOCTOR_WARN, "the database's clock is %" PRId64 " s off from ours",
                           skew / 1000);
    } else if (facts) {
        doctor_finding_set(out, DOCTOR_OK, "the application's tables are there (Postgres %s)",
                           json_peek_text(facts, "version"));
    }
    cJSON_Delete(facts);
}

static void check_schema(struct doctor *doctor, struct doctor_finding *out)
{
    struct error err;

    if (!connected(doctor, out)) {
        return;
    }
    doctor->migrated = migrate_check(doctor->session, &err);
    if (doctor->migrated) {
        doctor_finding_set(out, DOCTOR_OK, "up to date");
    } else {
        doctor_finding_set(out, DOCTOR_FAIL, "%s",
                           strstr(err.text, "does not exist")
                               ? "darkroom is not set up in this database"
                               : err.text);
        doctor_finding_hint(out, "Run `darkroom migrate`.");
    }
}

static void check_rights(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    const char *open = json_peek_text(facts, "openTo");
    bool rls = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "rls"));
    bool bypass = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "bypassesRls"));

    if (facts && open && !rls) {
        doctor_finding_set(
            out, DOCTOR_WARN,
            "%s may insert into job_queue, which has no row level security: anybody with "
            "the public key can queue jobs",
            open);
        doctor_finding_hint(
            out, "alter table job_queue enable row level security; with a policy for what "
                 "the application does.");
    } else if (facts && rls && !bypass) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "job_queue has row level security, and the role '%s' does not bypass it",
                           json_peek_text(facts, "user"));
        doctor_finding_hint(out, "Connect as postgres, or as a role with BYPASSRLS.");
    } else if (facts) {
        doctor_finding_set(out, DOCTOR_OK, "only the application's own roles may queue jobs");
    }
    cJSON_Delete(facts);
}

/* The tick that the worker replaces does no harm beside it (get_next_job claims now), but each of
 * its calls takes a job from us into the slower way. */
static void check_tick(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    bool cron = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "cron"));
    cJSON *ticks = cron ? facts_of(doctor, "doctor_cron", out) : NULL;
    const char *names = json_peek_text(ticks, "names");

    if (names) {
        doctor_finding_set(out, DOCTOR_WARN, "pg_cron still calls the old processor: %.200s",
                           names);
        doctor_finding_hint(
            out, "select cron.alter_job(jobid, active := false) from cron.job where jobname = "
                 "'...'; true brings it back.");
    } else if (facts && (ticks || !cron)) {
        doctor_finding_set(out, DOCTOR_OK, "no cron job works on the queue beside us");
    }
    cJSON_Delete(ticks);
    cJSON_Delete(facts);
}

/* A NOTIFY to ourselves must come back: through a transaction pooler nothing is refused, and
 * nothing is heard. */
static void check_notify(struct doctor *doctor, struct doctor_finding *out)
{
    struct sql_config config = { .url = &doctor->url,
                                 .application_name = "darkroom doctor",
                                 .channel = "darkroom_doctor" };
    int64_t began = clock_mono_us(), end = began + (int64_t)NOTIFY_MS * 1000;
    struct error err;
    struct sql *sql;

    if (!connected(doctor, out)) {
        return;
    }
    if (doctor->url.transaction_pooler) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "a transaction pooler is in between: jobs are found by polling alone");
        doctor_finding_hint(out, "Set DIRECT_URL to a direct or session connection.");
        return;
    }
    sql = doctor->loop ? sql_new(doctor->loop, &config, &err) : NULL;
    while (sql && !sql_listening(sql) && clock_mono_us() < end) {
        loop_wait(doctor->loop, 100);
    }
    if (sql && sql_listening(sql)) {
        doctor_finding_set(out, DOCTOR_OK, "a NOTIFY comes back, after %" PRId64 " ms",
                           (clock_mono_us() - began) / 1000);
    } else {
        doctor_finding_set(out, DOCTOR_WARN, "a NOTIFY to ourselves did not come back within %d s",
                           NOTIFY_MS / 1000);
        doctor_finding_hint(out, "Is a pooler in between? Set DIRECT_URL to a direct connection.");
    }
    sql_free(sql);
}

static void check_queue(struct doctor *doctor, struct doctor_finding *out)
{
    cJSON *facts;
    int64_t workers, oldest, lapsed;

    if (!connected(doctor, out)) {
        return;
    }
    if (!doctor->migrated) {
        doctor_finding_set(out, DOCTOR_SKIP, "not asked: the schema is not up to date");
        return;
    }
    facts = facts_of(doctor, "doctor_queue", out);
    if (!facts) {
        return;
    }
    workers = json_peek_int(facts, "workers", 0);
    oldest = json_peek_int(facts, "oldestSeconds", 0);
    lapsed = json_peek_int(facts, "lapsed", 0);
    doctor_finding_set(out, DOCTOR_OK,
                       "%" PRId64 " pending, %" PRId64 " running, %" PRId64
                       " failed today, %" PRId64 " workers",
                       json_peek_int(facts, "pending", 0), json_peek_int(facts, "processing", 0),
                       json_peek_int(facts, "failedToday", 0), workers);
    if (json_peek_int(facts, "belowZero", 0) > 0) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out,
                            "Some balance is below zero: `darkroom credits --check` names it.");
    } else if ((oldest > 60 || lapsed > 0) && workers == 0) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out, "Jobs wait and no worker is there: start `darkroom work`.");
    } else if (oldest > 600) {
        out->status = DOCTOR_WARN;
        doctor_finding_hint(out,
                            "A job has waited for %" PRId64 " minutes: more workers, or --jobs?",
                            oldest / 60);
    }
    cJSON_Delete(facts);
}

const struct doctor_check doctor_database_checks[] = {
    { "database", check_connect }, { "tables", check_tables },
    { "schema", check_schema },    { "rights", check_rights },
    { "cron", check_tick },        { "notify", check_notify },
    { "queue", check_queue },      { NULL, NULL },
};
