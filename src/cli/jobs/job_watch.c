/* job_watch.c - the list of jobs, again and again. */
#include "cli/jobs/job_watch.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/jobs/job_filter.h"
#include "cli/jobs/job_list.h"
#include "cli/jobs/services_view.h"
#include "cli/jobs/watch.h"
#include "term/table.h"

enum { SHOWN_ROWS = 200, HEADING_BYTES = 200 };

struct job_watch {
    const struct settings *settings;
    char *filter;  /* of the database; NULL before the first session */
    cJSON *before; /* status and message by id, of what was printed */
};

static bool read_jobs(struct sql_session *session, void *context, cJSON **out, struct error *err)
{
    struct job_watch *watch = context;
    int64_t count = setting_int(watch->settings, "count");
    cJSON *rows = NULL, *services = NULL;

    if (!watch->filter && !job_filter_read(session, watch->settings, &watch->filter, err)) {
        return false;
    }
    if (term_is_live(stdout)) {
        count = term_height(stdout) < SHOWN_ROWS ? term_height(stdout) : SHOWN_ROWS;
    }
    if (!job_list_query(session, watch->filter, count, &rows, err) ||
        !database_query(session, "services", 0, NULL, &services, err)) {
        cJSON_Delete(rows);
        return false;
    }
    if (!setting_flag(watch->settings, "json")) {
        job_list_prepare(rows, term_is_terminal(stdout), clock_wall_ms());
    }
    *out = cJSON_CreateObject();
    cJSON_AddItemToObject(*out, "jobs", rows);
    cJSON_AddItemToObject(*out, "services", services);
    return true;
}

static void draw_jobs(FILE *to, void *context, cJSON *data)
{
    const struct job_watch *watch = context;
    cJSON *services = cJSON_GetObjectItemCaseSensitive(data, "services");
    char now[25], heading[HEADING_BYTES], line[HEADING_BYTES];
    bool filtered = strcmp(watch->filter, "{}") != 0;

    clock_format(clock_wall_ms(), now);
    snprintf(heading, sizeof heading, "darkroom jobs%s  %.8s UTC  q: end",
             filtered ? ", those that match" : "", now + 11);
    term_fit(heading, term_width(to), false, line, sizeof line);
    fprintf(to, "%s%s%s\n\n", term_style_code(to, STYLE_BOLD), line,
            term_style_code(to, STYLE_NORMAL));
    if (cJSON_GetArraySize(services) > 0) {
        services_view_print(to, services);
        fprintf(to, "\n");
    }
    job_list_print(to, cJSON_GetObjectItemCaseSensitive(data, "jobs"));
}

static void print_change(FILE *to, const cJSON *row, const char *now)
{
    fprintf(to, "%.8s %s %s %s%s%s%s%s\n", now + 11, term_text(json_peek_text(row, "id"), false),
            term_text(json_peek_text(row, "what"), false), json_peek_text(row, "status"),
            json_peek_text(row, "product") ? ", " : "",
            term_text(json_peek_text(row, "product"), false),
            json_peek_text(row, "message") ? ": " : "",
            term_text(json_peek_text(row, "message"), false));
}

/* Oldest first, as a log. Rows that left the list are forgotten. */
static void print_jobs(FILE *to, void *context, cJSON *data)
{
    struct job_watch *watch = context;
    cJSON *rows = cJSON_GetObjectItemCaseSensitive(data, "jobs"), *after = cJSON_CreateObject();
    char now[25];

    clock_format(clock_wall_ms(), now);
    for (int i = cJSON_GetArraySize(rows) - 1; i >= 0; i--) {
        const cJSON *row = cJSON_GetArrayItem(rows, i);
        const char *id = json_peek_text(row, "id"), *error = json_peek_text(row, "message");
        const char *status = json_peek_text(row, "status"), *known;
        char state[400];

        snprintf(state, sizeof state, "%.20s %.360s", status ? status : "", error ? error : "");
        known = json_peek_text(watch->before, id ? id : "");
        cJSON_AddStringToObject(after, id ? id : "", state);
        if (known && strcmp(known, state) == 0) {
            continue;
        }
        if (setting_flag(watch->settings, "json")) {
            table_json(to, row, "job");
        } else {
            print_change(to, row, now);
        }
    }
    cJSON_Delete(watch->before);
    watch->before = after;
}

int job_watch(const struct settings *settings, struct error *err)
{
    struct job_watch context = { .settings = settings };
    struct repeated_view watch = { .settings = settings,
                                   .command = "darkroom jobs",
                                   .context = &context,
                                   .read = read_jobs,
                                   .draw = draw_jobs,
                                   .print = print_jobs };
    int status = watch_run(&watch, err);

    cJSON_free(context.filter);
    cJSON_Delete(context.before);
    return status;
}
