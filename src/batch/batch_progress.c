/* batch_progress.c - rows, lines and events of a batch under way. */
#include "batch/batch_progress.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "term/duration.h"
#include "term/table.h"

enum { PLAIN_US = 10 * 1000 * 1000, EVENT_US = 1000 * 1000 };
enum { ROW_STANDS, ROW_PACE, ROW_COST, ROW_LEFT, ROW_ERRORS };

static int64_t count_of(const cJSON *standing, const char *key)
{
    return json_peek_int(standing, key, 0);
}

static int64_t ended_of(const cJSON *standing)
{
    return count_of(standing, "done") + count_of(standing, "failed") +
           count_of(standing, "cancelled");
}

static void say_standing(const cJSON *standing, char out[WATCH_LINE])
{
    int size =
        snprintf(out, WATCH_LINE, "%lld of %lld done, %lld failed, %lld running",
                 (long long)count_of(standing, "done"), (long long)count_of(standing, "items"),
                 (long long)count_of(standing, "failed"), (long long)count_of(standing, "running"));
    const char *state = json_peek_text(standing, "state"), *why = json_peek_text(standing, "why");

    if (state && strcmp(state, "paused") == 0) {
        snprintf(out + size, WATCH_LINE - (size_t)size, "; paused: %.60s", why ? why : "");
    }
}

static void say_rate(const struct batch_progress *watch, char out[WATCH_LINE])
{
    double rate = eta_rate(&watch->pace, 60);

    if (rate < 0) {
        snprintf(out, WATCH_LINE, "not known yet");
    } else if (rate < 1.0 / 6) {
        snprintf(out, WATCH_LINE, "%.0f an hour", rate * 3600);
    } else {
        snprintf(out, WATCH_LINE, "%.0f a minute", rate * 60);
    }
}

static void say_cost(const struct batch_progress *watch, const cJSON *standing,
                     char out[WATCH_LINE])
{
    double spent = fmax(json_peek_number(standing, "spentUsd", -1), 0),
           most = json_peek_number(standing, "maxUsd", -1);
    int64_t lost = count_of(standing, "ambiguousCalls");
    int size = snprintf(out, WATCH_LINE, "%.2f USD", spent);

    if (watch->usd_estimated >= 0) {
        size +=
            snprintf(out + size, WATCH_LINE - (size_t)size, " of about %.2f", watch->usd_estimated);
    }
    if (most >= 0) {
        size += snprintf(out + size, WATCH_LINE - (size_t)size, ", never above %.2f", most);
    }
    if (lost > 0 && size < WATCH_LINE) {
        snprintf(out + size, WATCH_LINE - (size_t)size, "; perhaps %.2f more: %lld lost answer%s",
                 fmax(json_peek_number(standing, "ambiguousUsd", -1), 0), (long long)lost,
                 lost == 1 ? "" : "s");
    }
}

static void say_left(const struct batch_progress *watch, const cJSON *standing,
                     char out[WATCH_LINE])
{
    int64_t left = count_of(standing, "items") - ended_of(standing);
    double least, most;

    if (eta_remaining(&watch->pace, left, (double)count_of(standing, "p95Ms") / 1000, &least,
                      &most)) {
        duration_text(least, most, out, WATCH_LINE);
    } else {
        snprintf(out, WATCH_LINE, "not known%s", watch->pace.count > 30 ? "" : " yet");
    }
}

/* -- a terminal ------------------------------------------------------------------------------- */

static int add_errors(struct batch_progress *watch, const cJSON *standing,
                      struct term_progress_row *rows)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(standing, "errors"), *row;
    int count = 0;

    cJSON_ArrayForEach(row, errors)
    {
        const char *error = json_peek_text(row, "error");
        char *line = watch->lines[ROW_ERRORS + count];

        if (count == PROGRESS_ERRORS) {
            break;
        }
        snprintf(watch->counts[count], sizeof watch->counts[count], "%lld x",
                 (long long)count_of(row, "count"));
        snprintf(line, WATCH_LINE, "%.*s", WATCH_LINE - 1, error ? error : "not told why");
        rows[count] = (struct term_progress_row){ .name = watch->counts[count],
                                                  .state = line,
                                                  .style = STYLE_BAD };
        count++;
    }
    return count;
}

static int fill_rows(struct batch_progress *watch, const cJSON *standing, const char *trouble,
                     struct term_progress_row *rows)
{
    int count = 4;

    rows[ROW_STANDS] = (struct term_progress_row){ .name = watch->batch,
                                                   .state = watch->lines[ROW_STANDS],
                                                   .began_us = watch->began_us };
    rows[ROW_PACE] = (struct term_progress_row){ .name = "pace", .state = watch->lines[ROW_PACE] };
    rows[ROW_COST] =
        (struct term_progress_row){ .name = "cost so far", .state = watch->lines[ROW_COST] };
    rows[ROW_LEFT] =
        (struct term_progress_row){ .name = "time left", .state = watch->lines[ROW_LEFT] };
    count += add_errors(watch, standing, rows + ROW_ERRORS);
    if (trouble) {
        snprintf(watch->lines[ROW_ERRORS + PROGRESS_ERRORS], WATCH_LINE, "%.*s", WATCH_LINE - 1,
                 trouble);
        rows[count++] =
            (struct term_progress_row){ .name = "just now",
                                        .state = watch->lines[ROW_ERRORS + PROGRESS_ERRORS],
                                        .style = STYLE_WARN };
    }
    return count;
}

static void say_all(struct batch_progress *watch, const cJSON *standing)
{
    if (standing) {
        say_standing(standing, watch->lines[ROW_STANDS]);
        say_rate(watch, watch->lines[ROW_PACE]);
        say_cost(watch, standing, watch->lines[ROW_COST]);
        say_left(watch, standing, watch->lines[ROW_LEFT]);
    }
}

static void draw(struct batch_progress *watch, const cJSON *standing, const char *trouble,
                 bool last)
{
    struct term_progress_row rows[ROW_ERRORS + PROGRESS_ERRORS + 1];
    int count;

    say_all(watch, standing);
    count = fill_rows(watch, standing, trouble, rows);
    if (last) {
        rows[ROW_STANDS].ended_us = clock_mono_us();
        term_progress_end(watch->term, rows, count);
        watch->term = NULL;
    } else {
        term_progress_update(watch->term, rows, count);
    }
}

/* -- elsewhere -------------------------------------------------------------------------------- */

static void tell_line(struct batch_progress *watch, const cJSON *standing, const char *trouble)
{
    say_all(watch, standing);
    fprintf(stderr, "%s: %s; %s; %s; left: %s%s%s\n", watch->batch, watch->lines[ROW_STANDS],
            watch->lines[ROW_PACE], watch->lines[ROW_COST], watch->lines[ROW_LEFT],
            trouble ? "; " : "", trouble ? trouble : "");
    fflush(stderr);
}

static void tell_event(struct batch_progress *watch, const cJSON *standing, const char *event)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *item;

    cJSON_AddStringToObject(out, "event", event);
    cJSON_AddNumberToObject(out, "seconds",
                            (double)((clock_mono_us() - watch->began_us) / 100000) / 10);
    cJSON_ArrayForEach(item, standing)
    {
        if (strcmp(item->string, "what") != 0) {
            cJSON_AddItemToObject(out, item->string, cJSON_Duplicate(item, true));
        }
    }
    table_json(stdout, out);
    fflush(stdout);
    cJSON_Delete(out);
}

/* -- the watch -------------------------------------------------------------------------------- */

void batch_progress_begin(struct batch_progress *watch, const char *batch, double usd_estimated,
                          bool json)
{
    *watch = (struct batch_progress){
        .batch = batch, .usd_estimated = usd_estimated, .json = json, .began_us = clock_mono_us()
    };
    watch->term = !json && term_is_live(stderr) ? term_progress_begin(stderr) : NULL;
}

void batch_progress_show(struct batch_progress *watch, const cJSON *standing, const char *trouble)
{
    int64_t now = clock_mono_us(), every = watch->json ? EVENT_US : PLAIN_US;

    if (standing) {
        eta_add_sample(&watch->pace, now, ended_of(standing));
    }
    if (watch->term) {
        draw(watch, standing, trouble, false);
    } else if (standing && (watch->told_us == 0 || now - watch->told_us >= every)) {
        watch->told_us = now;
        if (watch->json) {
            tell_event(watch, standing, "progress");
        } else {
            tell_line(watch, standing, trouble);
        }
    }
}

void batch_progress_note(struct batch_progress *watch, const char *line)
{
    if (watch->term) {
        term_progress_note(watch->term, line);
    } else {
        fprintf(stderr, "%s\n", line);
    }
}

void batch_progress_summary(FILE *to, const cJSON *standing, double usd_estimated, double seconds)
{
    const cJSON *row;
    int64_t lost = count_of(standing, "ambiguousCalls");
    char time[48];

    fprintf(to, "%s: %lld made, %lld failed", json_peek_text(standing, "id"),
            (long long)count_of(standing, "done"), (long long)count_of(standing, "failed"));
    if (count_of(standing, "cancelled") > 0) {
        fprintf(to, ", %lld cancelled", (long long)count_of(standing, "cancelled"));
    }
    if (seconds >= 0) {
        duration_text(seconds, seconds, time, sizeof time);
        fprintf(to, ", in %s", time);
    }
    fprintf(to, "; %.4f USD", fmax(json_peek_number(standing, "spentUsd", -1), 0));
    if (usd_estimated >= 0) {
        fprintf(to, " (estimated: %.4f)", usd_estimated);
    }
    fprintf(to, "\n");
    if (lost > 0) {
        fprintf(to,
                "%lld call%s ended without an answer and may have been billed: perhaps %.4f USD "
                "more\n",
                (long long)lost, lost == 1 ? "" : "s",
                fmax(json_peek_number(standing, "ambiguousUsd", -1), 0));
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(standing, "errors"))
    {
        fprintf(to, "  %lld x %s\n", (long long)count_of(row, "count"),
                json_peek_text(row, "error") ? json_peek_text(row, "error") : "not told why");
    }
}

void batch_progress_end(struct batch_progress *watch, const cJSON *standing, const char *event)
{
    double seconds = (double)(clock_mono_us() - watch->began_us) / 1e6;

    if (watch->term) {
        draw(watch, standing, NULL, true);
    }
    if (watch->json) {
        tell_event(watch, standing, event);
    } else if (standing) {
        batch_progress_summary(stdout, standing, watch->usd_estimated, seconds);
        fflush(stdout);
    }
}
