/* status_view.c - sections: queue, rates and cost, services, workers, packs, batches, failures. The
 * lists share the lines that the fixed sections leave. */
#include "cli/jobs/status_view.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "cli/jobs/job_list.h"
#include "cli/jobs/services_view.h"
#include "term/relative_time.h"
#include "term/short_id.h"
#include "term/state_style.h"
#include "term/table.h"
#include "term/term.h"

enum { LINE = 1400, LISTS = 5 };

struct status_view {
    FILE *to;
    const cJSON *status;
    int width;
};

static int64_t count_of(const cJSON *object, const char *key)
{
    return json_peek_int(object, key, 0);
}

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Prints one line, cut to the width. */
static void line(const struct status_view *view, enum term_style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void line(const struct status_view *view, enum term_style style, const char *fmt, ...)
{
    char text[LINE], cut[LINE * 2];
    va_list list;

    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    term_fit(text, view->width, false, cut, sizeof cut);
    fprintf(view->to, "%s%s%s\n", term_style_code(view->to, style), cut,
            term_style_code(view->to, STYLE_NORMAL));
}

/* -- fixed sections ---------------------------------------------------------------------------- */

static const char *queue_name(const char *type)
{
    static const char *const names[][2] = {
        { "generate-image", "images" },      { "generate-complete-pack", "packs" },
        { "generate-aplus", "A+ content" },  { "regenerate-image", "images again" },
        { "batch-api", "Batch API chunks" },
    };

    for (size_t i = 0; type && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i][0], type) == 0) {
            return names[i][1];
        }
    }
    return "other types";
}

static void add_total(cJSON *rows)
{
    static const char *const keys[] = {
        "ready", "later", "running", "open", "completed", "failed"
    };
    cJSON *total = cJSON_CreateObject();
    double oldest = -1;
    const cJSON *row;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        int64_t sum = 0;

        cJSON_ArrayForEach(row, rows)
        {
            sum += count_of(row, keys[i]);
        }
        cJSON_AddNumberToObject(total, keys[i], (double)sum);
    }
    cJSON_ArrayForEach(row, rows)
    {
        double seconds = json_peek_number(row, "oldestSeconds", -1);

        oldest = seconds > oldest ? seconds : oldest;
    }
    if (oldest >= 0) {
        cJSON_AddNumberToObject(total, "oldestSeconds", oldest);
    }
    cJSON_AddStringToObject(total, "name", "all");
    cJSON_AddItemToArray(rows, total);
}

static void print_queue(const struct status_view *view)
{
    static const struct table_column columns[] = {
        { "name", "QUEUE", .max_width = 20, .min_width = 8 },
        { "ready", "WAITING", .right = true },
        { "later", "LATER", .right = true, .optional = true },
        { "running", "RUNNING", .right = true },
        { "open", "OPEN", .right = true, .optional = true },
        { "completed", "DONE 24 H", .right = true },
        { "failed", "FAILED 24 H", .right = true },
        { "oldest", "OLDEST", .right = true },
    };
    cJSON *rows = cJSON_Duplicate(member(view->status, "queue"), true), *row;

    if (cJSON_GetArraySize(rows) != 1) {
        add_total(rows);
    }
    cJSON_ArrayForEach(row, rows)
    {
        double oldest = json_peek_number(row, "oldestSeconds", -1);
        char age[24];

        relative_time_age(oldest, age, sizeof age);
        cJSON_AddStringToObject(row, "oldest", oldest < 0 ? "-" : age);
        if (!member(row, "name")) {
            cJSON_AddStringToObject(row, "name", queue_name(json_peek_text(row, "type")));
        }
    }
    table_print_columns(view->to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

static void print_rates(const struct status_view *view, double budget_usd)
{
    const cJSON *ten = cJSON_GetArrayItem(member(view->status, "rates"), 0);
    const cJSON *hour = cJSON_GetArrayItem(member(view->status, "rates"), 1);
    double spent = json_peek_number(view->status, "spentTodayUsd", 0);
    char budget[60] = "";

    line(view, STYLE_NORMAL,
         "%-10s%.1f per min, last 10 min: %lld done, %lld failed; 1 h: %lld, %lld", "rate",
         (double)count_of(ten, "completed") / 10, (long long)count_of(ten, "completed"),
         (long long)count_of(ten, "failed"), (long long)count_of(hour, "completed"),
         (long long)count_of(hour, "failed"));
    if (budget_usd > 0) {
        snprintf(budget, sizeof budget, " of %.2f USD (%.0f %%)", budget_usd,
                 spent / budget_usd * 100);
    } else {
        snprintf(budget, sizeof budget, " USD, no budget in the settings here");
    }
    line(view, budget_usd > 0 && spent >= budget_usd ? STYLE_BAD : STYLE_NORMAL, "%-10s%.2f%s",
         "today", spent, budget);
}

/* -- lists ------------------------------------------------------------------------------------- */

static void print_service(const struct status_view *view, const cJSON *row, int id_length)
{
    char text[LINE];

    (void)id_length;
    services_view_line(row, text, sizeof text);
    line(view, state_style(json_peek_text(row, "state")), "  %s", text);
}

static void print_worker(const struct status_view *view, const cJSON *row, int id_length)
{
    const char *state = json_peek_text(row, "state"), *id = json_peek_text(row, "id");
    double beat = json_peek_number(row, "heartbeatSeconds", 0);
    bool dead = state && strcmp(state, "dead") == 0;
    char ago[40], up[24];

    (void)id_length;
    relative_time_ago(beat, ago, sizeof ago);
    relative_time_age(json_peek_number(row, "upSeconds", 0), up, sizeof up);
    line(view, dead ? STYLE_BAD : STYLE_NORMAL, "  %s%lld running, heartbeat %s, up %s, %s",
         dead ? "DEAD " : "", (long long)count_of(row, "running"), ago, up, id ? id : "");
}

static void print_pack(const struct status_view *view, const cJSON *row, int id_length)
{
    const char *product = json_peek_text(row, "product"), *project = json_peek_text(row, "project");
    const char *message = json_peek_text(row, "message");
    char id[80], age[24], name[200];

    short_id(json_peek_text(row, "id") ? json_peek_text(row, "id") : "", id_length, id, sizeof id);
    relative_time_age(json_peek_number(row, "seconds", 0), age, sizeof age);
    term_fit(product ? product : project ? project : "", 28, true, name, sizeof name);
    line(view, STYLE_NORMAL, "  %s  %s  %s, %s", id, name, age,
         message ? message : "no part has ended");
}

static void print_batch(const struct status_view *view, const cJSON *row, int id_length)
{
    const char *why = json_peek_text(row, "reason"), *state = json_peek_text(row, "state");
    double spent = json_peek_number(row, "spentUsd", 0), most = json_peek_number(row, "maxUsd", -1);
    char limit[40] = "";

    (void)id_length;
    if (most >= 0) {
        snprintf(limit, sizeof limit, " of %.2f", most);
    }
    line(view, state_style(state), "  %s  %s: %lld of %lld done, %lld failed, %.2f%s USD%s%s",
         json_peek_text(row, "id"), state ? state : "", (long long)count_of(row, "done"),
         (long long)count_of(row, "items"), (long long)count_of(row, "failed"), spent, limit,
         why ? "; " : "", why ? why : "");
}

static void print_failure(const struct status_view *view, const cJSON *row, int id_length)
{
    const char *message = json_peek_text(row, "message");
    char id[80], ago[40], what[120];

    short_id(json_peek_text(row, "id") ? json_peek_text(row, "id") : "", id_length, id, sizeof id);
    relative_time_ago(json_peek_number(row, "seconds", 0), ago, sizeof ago);
    term_fit(job_list_what(json_peek_text(row, "type"), json_peek_text(row, "image")), 17, true,
             what, sizeof what);
    line(view, STYLE_NORMAL, "  %s  %-10s  %s  %s", id, ago, what, message ? message : "");
}

struct status_list {
    const char *key, *title;
    const char *count_key; /* of the number in all; NULL: the rows are all */
    const char *none;      /* heading without rows; NULL: no heading */
    void (*print)(const struct status_view *view, const cJSON *row, int id_length);
};

static const struct status_list lists[LISTS] = {
    { "services", "services in trouble", NULL, "all services work", print_service },
    { "workers", "workers", "workerCount", "no worker is running: `darkroom work` starts one",
      print_worker },
    { "openBatches", "open batches", NULL, NULL, print_batch },
    { "openPacks", "open packs", "openPackCount", NULL, print_pack },
    { "failures", "last failures", NULL, NULL, print_failure },
};

/* Shares `space` lines between the lists, one line at a time. */
static void share_lines(const struct status_view *view, int space, int shown[LISTS])
{
    bool added = true;

    for (int i = 0; i < LISTS; i++) {
        int rows = cJSON_GetArraySize(member(view->status, lists[i].key));

        shown[i] = 0;
        space -= rows > 0 || lists[i].none; /* the heading */
    }
    while (added && space > 0) {
        added = false;
        for (int i = 0; i < LISTS && space > 0; i++) {
            if (shown[i] < cJSON_GetArraySize(member(view->status, lists[i].key))) {
                shown[i]++;
                space--;
                added = true;
            }
        }
    }
}

static void print_list(const struct status_view *view, const struct status_list *list, int shown)
{
    const cJSON *rows = member(view->status, list->key), *row;
    int count = cJSON_GetArraySize(rows), id_length = short_id_length(rows, "id"), printed = 0;
    int64_t all = list->count_key ? count_of(view->status, list->count_key) : count;
    bool newest = list->print == print_failure; /* how many there are says the queue's table */
    bool bad = list->print == print_service || list->print == print_failure;

    if (count == 0) {
        if (list->none) {
            line(view, list->print == print_worker ? STYLE_WARN : STYLE_DIM, "%s", list->none);
        }
        return;
    }
    if (all > shown && !newest) {
        line(view, bad ? STYLE_WARN : STYLE_BOLD, "%s: %lld, %d shown", list->title, (long long)all,
             shown);
    } else {
        line(view, bad ? STYLE_WARN : STYLE_BOLD, "%s", list->title);
    }
    cJSON_ArrayForEach(row, rows)
    {
        if (printed++ < shown) {
            list->print(view, row, id_length);
        }
    }
}

void status_view_print(FILE *to, const cJSON *status, double budget_usd, int height)
{
    struct status_view view = { .to = to, .status = status, .width = term_width(to) };
    const char *at = json_peek_text(status, "at"), *database = json_peek_text(status, "database");
    int queues = cJSON_GetArraySize(member(status, "queue")), shown[LISTS];
    int fixed =
        1 + 1 + queues + (queues != 1) + 2; /* heading, table with its head and total, rates */

    line(&view, STYLE_BOLD, "darkroom status  database %s  %.8s UTC", database ? database : "",
         at && strlen(at) > 11 ? at + 11 : "");
    print_queue(&view);
    print_rates(&view, budget_usd);
    share_lines(&view, height - fixed, shown);
    for (int i = 0; i < LISTS; i++) {
        print_list(&view, &lists[i], shown[i]);
    }
}

void status_view_line(const cJSON *status, char *out, size_t size)
{
    const cJSON *row, *ten = cJSON_GetArrayItem(member(status, "rates"), 0);
    int64_t waiting = 0, running = 0;

    cJSON_ArrayForEach(row, member(status, "queue"))
    {
        waiting += count_of(row, "ready") + count_of(row, "later");
        running += count_of(row, "running");
    }
    snprintf(
        out, size,
        "%lld waiting, %lld running, %lld workers, 10 min: %lld done, %lld failed, %d services "
        "in trouble, %.2f USD today",
        (long long)waiting, (long long)running, (long long)count_of(status, "workerCount"),
        (long long)count_of(ten, "completed"), (long long)count_of(ten, "failed"),
        cJSON_GetArraySize(member(status, "services")),
        json_peek_number(status, "spentTodayUsd", 0));
}
