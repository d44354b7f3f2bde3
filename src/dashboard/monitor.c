/* monitor.c - reads the database once a second while a browser is connected, and publishes what it
 * read.
 *
 * What takes long is read less often: at most about one hundredth of a processor is used for each
 * of the two statements, as far as LONGEST_MS allows. */
#include "base/clock.h"
#include "dashboard/dashboard_internal.h"

enum { SECOND_MS = 1000, LIVE_LONGEST_MS = 3000, TOTALS_LONGEST_MS = 60 * 1000, SHARE = 100 };
enum { PAUSE_MS = 10 * 1000 };

struct monitor {
    struct dashboard *dashboard;
    cJSON *totals; /* owned; NULL: none yet */
    int64_t totals_due_us;
    int64_t problem_ms; /* since when the database has not answered; 0: it answers */
};

static int64_t next_ms(double took_ms, int64_t longest_ms)
{
    int64_t ms = (int64_t)(took_ms * SHARE);

    return ms < SECOND_MS ? SECOND_MS : ms < longest_ms ? ms : longest_ms;
}

static bool read_totals(struct monitor *monitor, struct error *err)
{
    cJSON *totals;

    if (monitor->totals && clock_mono_us() < monitor->totals_due_us) {
        return true;
    }
    if (!session_pool_query(monitor->dashboard->live_pool, SESSION_READ, "dashboard_totals", 0,
                            NULL, &totals, err)) {
        return false;
    }
    cJSON_Delete(monitor->totals);
    monitor->totals = totals;
    monitor->totals_due_us =
        clock_mono_us() + next_ms(json_peek_number(totals, "tookMs", 0), TOTALS_LONGEST_MS) * 1000;
    cJSON_DeleteItemFromObjectCaseSensitive(totals, "tookMs"); /* not shown: differs each time */
    return true;
}

static void add_members(cJSON *to, const cJSON *from)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, from)
    {
        cJSON_AddItemToObject(to, member->string, cJSON_Duplicate(member, true));
    }
}

/* What the page must know about this process. */
static void add_process(const struct dashboard *dashboard, cJSON *snapshot)
{
    cJSON *process = cJSON_AddObjectToObject(snapshot, "process");

    cJSON_AddStringToObject(process, "version", DARKROOM_VERSION);
    json_add_text(process, "worker", dashboard->config.worker);
    cJSON_AddBoolToObject(process, "draining", atomic_load(&dashboard->draining));
    cJSON_AddNumberToObject(process, "dailyBudget", dashboard->config.daily_budget_usd);
    json_add_text(process, "database", dashboard->config.url->shown);
}

static void add_problem(struct monitor *monitor, const struct error *err, cJSON *snapshot)
{
    cJSON *problem = cJSON_AddObjectToObject(snapshot, "problem");

    monitor->problem_ms = monitor->problem_ms ? monitor->problem_ms : clock_wall_ms();
    cJSON_AddStringToObject(problem, "text", err->text);
    cJSON_AddStringToObject(problem, "hint", err->hint);
    cJSON_AddNumberToObject(problem, "since", (double)monitor->problem_ms);
}

/* Returns how long to wait until the next reading. */
static int64_t read_once(struct monitor *monitor)
{
    struct dashboard *dashboard = monitor->dashboard;
    cJSON *snapshot = cJSON_CreateObject(), *live = NULL;
    int64_t began_us = clock_mono_us(), now_ms = clock_wall_ms();
    struct error err;
    double took_ms;

    add_process(dashboard, snapshot);
    if (session_pool_query(dashboard->live_pool, SESSION_READ, "dashboard_live", 0, NULL, &live,
                           &err) &&
        read_totals(monitor, &err)) {
        now_ms = json_peek_int(live, "now", now_ms);
        took_ms = json_peek_number(live, "tookMs", 0);
        cJSON_DeleteItemFromObjectCaseSensitive(live, "now"); /* part of each event */
        cJSON_DeleteItemFromObjectCaseSensitive(live, "tookMs");
        add_members(snapshot, live);
        add_members(snapshot, monitor->totals);
        monitor->problem_ms = 0;
    } else {
        took_ms = (double)SECOND_MS / SHARE * 2;
        add_problem(monitor, &err, snapshot);
    }
    cJSON_Delete(live);
    live_feed_publish(dashboard->feed, snapshot, now_ms);
    took_ms =
        (double)next_ms(took_ms, LIVE_LONGEST_MS) - (double)(clock_mono_us() - began_us) / 1000;
    return took_ms > 0 ? (int64_t)took_ms : 1;
}

void *monitor_run(void *context)
{
    struct monitor monitor = { .dashboard = context };
    struct dashboard *dashboard = monitor.dashboard;

    do {
        if (live_feed_wait_for_stream(dashboard->feed, PAUSE_MS)) {
            if (!live_feed_pause(dashboard->feed, read_once(&monitor))) {
                break;
            }
        }
        session_pool_close_idle(dashboard->live_pool);
        session_pool_close_idle(dashboard->pool);
    } while (!dashboard->stop);
    cJSON_Delete(monitor.totals);
    return NULL;
}
