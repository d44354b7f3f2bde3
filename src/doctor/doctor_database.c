/* doctor_database.c - is the database there, up to date, safe, and does it wake us? */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "doctor/doctor.h"
#include "io/loop.h"
#include "queue/migrate.h"

enum { NOTIFY_MS = 10 * 1000, CLOCK_SKEW_MS = 5000 };

static bool connected(const struct doctor *doctor, struct finding *out)
{
    if (!doctor->session) {
        finding_set(out, VERDICT_SKIP, "not asked: there is no connection");
    }
    return doctor->session;
}

/* One statement's facts, in the arena-less tree that the caller deletes. */
static cJSON *facts_of(const struct doctor *doctor, const char *statement, struct finding *out)
{
    struct error err;
    cJSON *facts;

    if (!database_query(doctor->session, statement, 0, NULL, &facts, &err)) {
        finding_of(out, &err);
        return NULL;
    }
    return facts;
}

static void look_connect(struct doctor *doctor, struct finding *out)
{
    struct error err;
    int64_t began = clock_mono_us();

    doctor->has_url = database_url_of(doctor->settings, &doctor->url, &err);
    if (doctor->has_url) {
        doctor->session = sql_open(&doctor->url, "darkroom doctor", &err);
    }
    if (!doctor->session) {
        finding_of(out, &err);
        return;
    }
    finding_set(out, VERDICT_OK, "%s, from %s, in %" PRId64 " ms", doctor->url.shown,
                setting_source(doctor->settings, "database-url"), (clock_mono_us() - began) / 1000);
    if (doctor->url.notes[0]) {
        finding_hint(out, "%s", doctor->url.notes);
    }
}

static void look_tables(struct doctor *doctor, struct finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    const char *missing = json_peek_text(facts, "missing");
    int64_t skew = json_peek_int(facts, "nowMs", 0) - clock_wall_ms();

    if (facts && missing) {
        finding_set(out, VERDICT_FAIL, "the application's tables are not all there: no %s",
                    missing);
        finding_hint(out, "Is this the application's database?");
    } else if (facts && (skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS)) {
        finding_set(out, VERDICT_WARN, "the database's clock is %" PRId64 " s off from ours",
                    skew / 1000);
    } else if (facts) {
        finding_set(out, VERDICT_OK, "the application's tables are there (Postgres %s)",
                    json_peek_text(facts, "version"));
    }
    cJSON_Delete(facts);
}

static void look_schema(struct doctor *doctor, struct finding *out)
{
    struct error err;

    if (!connected(doctor, out)) {
        return;
    }
    doctor->migrated = migrate_check(doctor->session, &err);
    if (doctor->migrated) {
        finding_set(out, VERDICT_OK, "up to date");
    } else {
        finding_set(out, VERDICT_FAIL, "%s",
                    strstr(err.text, "does not exist") ? "darkroom is not set up in this database"
                                                       : err.text);
        finding_hint(out, "Run `darkroom migrate`.");
    }
}

static void look_rights(struct doctor *doctor, struct finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    const char *open = json_peek_text(facts, "openTo");
    bool rls = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "rls"));
    bool bypass = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "bypassesRls"));

    if (facts && open && !rls) {
        finding_set(out, VERDICT_WARN,
                    "%s may insert into job_queue, which has no row level security: anybody with "
                    "the public key can queue jobs",
                    open);
        finding_hint(out, "alter table job_queue enable row level security; with a policy for what "
                          "the application does.");
    } else if (facts && rls && !bypass) {
        finding_set(out, VERDICT_WARN,
                    "job_queue has row level security, and the role '%s' does not bypass it",
                    json_peek_text(facts, "user"));
        finding_hint(out, "Connect as postgres, or as a role with BYPASSRLS.");
    } else if (facts) {
        finding_set(out, VERDICT_OK, "only the application's own roles may queue jobs");
    }
    cJSON_Delete(facts);
}

/* The tick that the worker replaces does no harm beside it (get_next_job claims now), but each of
 * its calls takes a job from us into the slower way. */
static void look_tick(struct doctor *doctor, struct finding *out)
{
    cJSON *facts = connected(doctor, out) ? facts_of(doctor, "doctor", out) : NULL;
    bool cron = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(facts, "cron"));
    cJSON *ticks = cron ? facts_of(doctor, "doctor_cron", out) : NULL;
    const char *names = json_peek_text(ticks, "names");

    if (names) {
        finding_set(out, VERDICT_WARN, "pg_cron still calls the old processor: %.200s", names);
        finding_hint(out,
                     "select cron.alter_job(jobid, active := false) from cron.job where jobname = "
                     "'...'; true brings it back.");
    } else if (facts && (ticks || !cron)) {
        finding_set(out, VERDICT_OK, "no cron job works on the queue beside us");
    }
    cJSON_Delete(ticks);
    cJSON_Delete(facts);
}

/* A NOTIFY to ourselves must come back: through a transaction pooler nothing is refused, and
 * nothing is heard. */
static void look_notify(struct doctor *doctor, struct finding *out)
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
        finding_set(out, VERDICT_WARN,
                    "a transaction pooler is in between: jobs are found by polling alone");
        finding_hint(out, "Set DIRECT_URL to a direct or session connection.");
        return;
    }
    sql = doctor->loop ? sql_new(doctor->loop, &config, &err) : NULL;
    while (sql && !sql_listening(sql) && clock_mono_us() < end) {
        loop_wait(doctor->loop, 100);
    }
    if (sql && sql_listening(sql)) {
        finding_set(out, VERDICT_OK, "a NOTIFY comes back, after %" PRId64 " ms",
                    (clock_mono_us() - began) / 1000);
    } else {
        finding_set(out, VERDICT_WARN, "a NOTIFY to ourselves did not come back within %d s",
                    NOTIFY_MS / 1000);
        finding_hint(out, "Is a pooler in between? Set DIRECT_URL to a direct connection.");
    }
    sql_free(sql);
}

static void look_queue(struct doctor *doctor, struct finding *out)
{
    cJSON *facts;
    int64_t workers, oldest, lapsed;

    if (!connected(doctor, out)) {
        return;
    }
    if (!doctor->migrated) {
        finding_set(out, VERDICT_SKIP, "not asked: the schema is not up to date");
        return;
    }
    facts = facts_of(doctor, "doctor_queue", out);
    if (!facts) {
        return;
    }
    workers = json_peek_int(facts, "workers", 0);
    oldest = json_peek_int(facts, "oldestSeconds", 0);
    lapsed = json_peek_int(facts, "lapsed", 0);
    finding_set(out, VERDICT_OK,
                "%" PRId64 " pending, %" PRId64 " running, %" PRId64 " failed today, %" PRId64
                " workers",
                json_peek_int(facts, "pending", 0), json_peek_int(facts, "processing", 0),
                json_peek_int(facts, "failedToday", 0), workers);
    if (json_peek_int(facts, "belowZero", 0) > 0) {
        out->verdict = VERDICT_WARN;
        finding_hint(out, "Some balance is below zero: `darkroom credits --check` names it.");
    } else if ((oldest > 60 || lapsed > 0) && workers == 0) {
        out->verdict = VERDICT_WARN;
        finding_hint(out, "Jobs wait and no worker is there: start `darkroom work`.");
    } else if (oldest > 600) {
        out->verdict = VERDICT_WARN;
        finding_hint(out, "A job has waited for %" PRId64 " minutes: more workers, or --jobs?",
                     oldest / 60);
    }
    cJSON_Delete(facts);
}

const struct check_up doctor_database[] = {
    { "database", look_connect }, { "tables", look_tables },
    { "schema", look_schema },    { "rights", look_rights },
    { "cron", look_tick },        { "notify", look_notify },
    { "queue", look_queue },      { NULL, NULL },
};
