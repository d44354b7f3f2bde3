/* batch_progress.c - prints the rows, lines and events of a running batch. */
#include "batch/batch_progress.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "term/duration.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_wrap.h"

enum { WAITING_BYTES = 1 << 20, READER_END_MS = 10 * 1000, TERMINAL_END_MS = INT32_MAX };
enum { LINE_INTERVAL_US = 10 * 1000 * 1000, EVENT_INTERVAL_US = 1000 * 1000 };
enum { ROW_STATUS, ROW_RATE, ROW_COST, ROW_LEFT, ROW_ERRORS };

static int64_t count_of(const cJSON *progress, const char *key)
{
    return json_peek_int(progress, key, 0);
}

static int64_t finished_of(const cJSON *progress)
{
    return count_of(progress, "done") + count_of(progress, "failed") +
           count_of(progress, "cancelled");
}

static void format_status(const cJSON *progress, char out[PROGRESS_TEXT])
{
    int size =
        snprintf(out, PROGRESS_TEXT, "%lld of %lld done, %lld failed, %lld running",
                 (long long)count_of(progress, "done"), (long long)count_of(progress, "items"),
                 (long long)count_of(progress, "failed"), (long long)count_of(progress, "running"));
    const char *state = json_peek_text(progress, "state"),
               *why = json_peek_text(progress, "reason");

    if (state && strcmp(state, "paused") == 0) {
        snprintf(out + size, PROGRESS_TEXT - (size_t)size, "; paused: %.60s", why ? why : "");
    }
}

static void format_rate(const struct batch_progress *display, char out[PROGRESS_TEXT])
{
    double rate = eta_rate(&display->eta, 60);

    if (rate < 0) {
        snprintf(out, PROGRESS_TEXT, "not known yet");
    } else if (rate < 1.0 / 6) {
        snprintf(out, PROGRESS_TEXT, "%.0f per hour", rate * 3600);
    } else {
        snprintf(out, PROGRESS_TEXT, "%.0f per minute", rate * 60);
    }
}

static void format_cost(const struct batch_progress *display, const cJSON *progress,
                        char out[PROGRESS_TEXT])
{
    double spent = fmax(json_peek_number(progress, "spentUsd", -1), 0),
           max = json_peek_number(progress, "maxUsd", -1);
    int64_t lost_responses = count_of(progress, "ambiguousCalls");
    int size = snprintf(out, PROGRESS_TEXT, "%.2f USD", spent);

    if (display->usd_estimated >= 0) {
        size += snprintf(out + size, PROGRESS_TEXT - (size_t)size, " of about %.2f",
                         display->usd_estimated);
    }
    if (max >= 0) {
        size += snprintf(out + size, PROGRESS_TEXT - (size_t)size, ", limit %.2f", max);
    }
    if (lost_responses > 0 && size < PROGRESS_TEXT) {
        snprintf(out + size, PROGRESS_TEXT - (size_t)size,
                 "; up to %.2f more for %lld lost response%s",
                 fmax(json_peek_number(progress, "ambiguousUsd", -1), 0), (long long)lost_responses,
                 lost_responses == 1 ? "" : "s");
    }
}

static void format_time_left(const struct batch_progress *display, const cJSON *progress,
                             char out[PROGRESS_TEXT])
{
    int64_t left = count_of(progress, "items") - finished_of(progress);
    double min, max;

    if (eta_remaining(&display->eta, left, (double)count_of(progress, "p95Ms") / 1000, &min,
                      &max)) {
        duration_text(min, max, out, PROGRESS_TEXT);
    } else {
        snprintf(out, PROGRESS_TEXT, "not known%s", display->eta.count > 30 ? "" : " yet");
    }
}

/* -- rows on a terminal ----------------------------------------------------------------------- */

static int add_errors(struct batch_progress *display, const cJSON *progress,
                      struct term_progress_row *rows)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(progress, "errors"), *row;
    int count = 0;

    cJSON_ArrayForEach(row, errors)
    {
        const char *error = json_peek_text(row, "message");
        char *line = display->texts[ROW_ERRORS + count];

        if (count == PROGRESS_ERRORS) {
            break;
        }
        snprintf(display->counts[count], sizeof display->counts[count], "%lld x",
                 (long long)count_of(row, "count"));
        snprintf(line, PROGRESS_TEXT, "%.*s", PROGRESS_TEXT - 1,
                 error ? error : "no reason recorded");
        rows[count] = (struct term_progress_row){ .name = display->counts[count],
                                                  .state = line,
                                                  .style = STYLE_BAD };
        count++;
    }
    return count;
}

static int fill_rows(struct batch_progress *display, const cJSON *progress, const char *problem,
                     struct term_progress_row *rows)
{
    int count = 4;

    rows[ROW_STATUS] = (struct term_progress_row){ .name = display->batch,
                                                   .state = display->texts[ROW_STATUS],
                                                   .began_us = display->started_us };
    rows[ROW_RATE] =
        (struct term_progress_row){ .name = "rate", .state = display->texts[ROW_RATE] };
    rows[ROW_COST] =
        (struct term_progress_row){ .name = "cost so far", .state = display->texts[ROW_COST] };
    rows[ROW_LEFT] =
        (struct term_progress_row){ .name = "time left", .state = display->texts[ROW_LEFT] };
    count += add_errors(display, progress, rows + ROW_ERRORS);
    if (problem) {
        snprintf(display->texts[ROW_ERRORS + PROGRESS_ERRORS], PROGRESS_TEXT, "%.*s",
                 PROGRESS_TEXT - 1, problem);
        rows[count++] =
            (struct term_progress_row){ .name = "problem",
                                        .state = display->texts[ROW_ERRORS + PROGRESS_ERRORS],
                                        .style = STYLE_WARN };
    }
    return count;
}

static void format_all(struct batch_progress *display, const cJSON *progress)
{
    if (progress) {
        format_status(progress, display->texts[ROW_STATUS]);
        format_rate(display, display->texts[ROW_RATE]);
        format_cost(display, progress, display->texts[ROW_COST]);
        format_time_left(display, progress, display->texts[ROW_LEFT]);
    }
}

static void draw(struct batch_progress *display, const cJSON *progress, const char *problem,
                 bool last)
{
    struct term_progress_row rows[ROW_ERRORS + PROGRESS_ERRORS + 1];
    int count;

    format_all(display, progress);
    count = fill_rows(display, progress, problem, rows);
    if (last) {
        rows[ROW_STATUS].ended_us = clock_mono_us();
        term_progress_end(display->term, rows, count);
        display->term = NULL;
    } else {
        term_progress_update(display->term, rows, count);
    }
}

/* -- lines and JSON events -------------------------------------------------------------------- */

static void print_line(struct batch_progress *display, const cJSON *progress, const char *problem)
{
    format_all(display, progress);
    fprintf(display->err, "%s: %s; %s; %s; time left: %s%s%s\n", display->batch,
            display->texts[ROW_STATUS], display->texts[ROW_RATE], display->texts[ROW_COST],
            display->texts[ROW_LEFT], problem ? "; " : "", term_text(problem, false));
    fflush(display->err);
}

static void print_event(struct batch_progress *display, const cJSON *progress, const char *event)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *item;

    cJSON_AddStringToObject(out, "event", event);
    cJSON_AddNumberToObject(out, "seconds",
                            (double)((clock_mono_us() - display->started_us) / 100000) / 10);
    cJSON_ArrayForEach(item, progress)
    {
        if (strcmp(item->string, "what") != 0) {
            cJSON_AddItemToObject(out, item->string, cJSON_Duplicate(item, true));
        }
    }
    table_json(display->out, out, NULL);
    fflush(display->out);
    cJSON_Delete(out);
}

/* -- the display ------------------------------------------------------------------------------ */

void batch_progress_begin(struct batch_progress *display, const char *batch, double usd_estimated,
                          bool json)
{
    *display = (struct batch_progress){
        .batch = batch, .usd_estimated = usd_estimated, .json = json, .started_us = clock_mono_us()
    };
    display->err_writer = log_writer_start(STDERR_FILENO, WAITING_BYTES);
    display->out_writer = log_writer_start(STDOUT_FILENO, WAITING_BYTES);
    display->err = display->err_writer ? log_writer_stream(display->err_writer) : stderr;
    display->out = display->out_writer ? log_writer_stream(display->out_writer) : stdout;
    if (!json && term_is_live(stderr)) {
        display->term = term_progress_begin(stderr, display->err);
    } else if (display->err_writer) {
        log_writer_attach(display->err_writer);
    }
}

void batch_progress_show(struct batch_progress *display, const cJSON *progress, const char *problem)
{
    int64_t now = clock_mono_us(), interval = display->json ? EVENT_INTERVAL_US : LINE_INTERVAL_US;

    if (progress) {
        eta_add_sample(&display->eta, now, finished_of(progress));
    }
    if (display->term) {
        if (!display->err_writer || log_writer_is_idle(display->err_writer)) {
            draw(display, progress, problem, false);
        }
    } else if (progress && (display->printed_us == 0 || now - display->printed_us >= interval)) {
        display->printed_us = now;
        if (display->json) {
            print_event(display, progress, "progress");
        } else {
            print_line(display, progress, problem);
        }
    }
}

void batch_progress_note(struct batch_progress *display, const char *line)
{
    if (display->term) {
        term_progress_note(display->term, line);
    } else {
        fprintf(display->err, "%s\n", term_text(line, false));
        fflush(display->err);
    }
}

void batch_progress_summary(FILE *to, const cJSON *progress, double usd_estimated, double seconds)
{
    const cJSON *row;
    int64_t lost_responses = count_of(progress, "ambiguousCalls");
    char time[48], line[900];

    fprintf(to, "%s: %lld made, %lld failed", json_peek_text(progress, "id"),
            (long long)count_of(progress, "done"), (long long)count_of(progress, "failed"));
    if (count_of(progress, "cancelled") > 0) {
        fprintf(to, ", %lld cancelled", (long long)count_of(progress, "cancelled"));
    }
    if (seconds >= 0) {
        duration_text(seconds, seconds, time, sizeof time);
        fprintf(to, ", in %s", time);
    }
    fprintf(to, "; %.4f USD", fmax(json_peek_number(progress, "spentUsd", -1), 0));
    if (usd_estimated >= 0) {
        fprintf(to, " (estimated: %.4f)", usd_estimated);
    }
    fprintf(to, "\n");
    if (lost_responses > 0) {
        fprintf(to,
                "%lld call%s ended without a response and may have been billed: up to %.4f "
                "USD more\n",
                (long long)lost_responses, lost_responses == 1 ? "" : "s",
                fmax(json_peek_number(progress, "ambiguousUsd", -1), 0));
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(progress, "errors"))
    {
        const char *message = json_peek_text(row, "message");

        snprintf(line, sizeof line, "%lld x %.800s", (long long)count_of(row, "count"),
                 message ? message : "no reason recorded");
        fprintf(to, "  ");
        term_print_from_column(to, 2, line);
        fprintf(to, "\n");
    }
}

void batch_progress_end(struct batch_progress *display, const cJSON *progress, const char *event)
{
    double seconds = (double)(clock_mono_us() - display->started_us) / 1e6;

    if (display->term) {
        draw(display, progress, NULL, true);
    }
    if (display->json) {
        print_event(display, progress, event);
    } else if (progress) {
        batch_progress_summary(display->out, progress, display->usd_estimated, seconds);
        fflush(display->out);
    }
}

/* A terminal goes on when its user wants it; another reader may never read. */
static uint32_t end_ms_of(int fd)
{
    return isatty(fd) ? TERMINAL_END_MS : READER_END_MS;
}

void batch_progress_close(struct batch_progress *display)
{
    if (!display->err_writer) {
        fflush(display->err);
    }
    log_writer_stop(display->out_writer, end_ms_of(STDOUT_FILENO));
    log_writer_stop(display->err_writer, end_ms_of(STDERR_FILENO));
}
