/* services_view.c - sentences about services. */
#include "cli/jobs/services_view.h"

#include "base/json.h"
#include "term/relative_time.h"
#include "term/state_style.h"
#include "term/term_wrap.h"

enum { LINE_BYTES = 1200 };

void services_view_line(const cJSON *row, char *out, size_t size)
{
    const char *reason = json_peek_text(row, "reason"), *key = json_peek_text(row, "key");
    const char *state = json_peek_text(row, "state");
    int64_t waiting = json_peek_int(row, "waiting", 0);
    double probe = json_peek_number(row, "probeSeconds", -1);
    char age[24], next[80] = "", jobs[80] = "";

    relative_time_age(json_peek_number(row, "seconds", 0), age, sizeof age);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "probing"))) {
        snprintf(next, sizeof next, " A worker probes it now.");
    } else if (probe >= 0 && probe < 1) {
        snprintf(next, sizeof next, " The next probe is due.");
    } else if (probe >= 0) {
        char wait[24];

        relative_time_age(probe, wait, sizeof wait);
        snprintf(next, sizeof next, " Next probe in %s.", wait);
    }
    if (waiting > 0) {
        snprintf(jobs, sizeof jobs, " %lld job%s came back and wait%s.", (long long)waiting,
                 waiting == 1 ? "" : "s", waiting == 1 ? "s" : "");
    }
    snprintf(out, size, "%.100s %.40s for %s: %.600s.%s%s", key ? key : "", state ? state : "", age,
             reason ? reason : "no reason recorded", next, jobs);
}

void services_view_print(FILE *to, const cJSON *rows)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const char *hint = json_peek_text(row, "hint");
        char line[LINE_BYTES], all[LINE_BYTES + 400];

        services_view_line(row, line, sizeof line);
        snprintf(all, sizeof all, "%s%s%.380s", line, hint && hint[0] ? " " : "", hint ? hint : "");
        term_print_wrapped(to, state_style(json_peek_text(row, "state")), all);
    }
}
