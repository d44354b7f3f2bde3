/* enqueue_wait.c - reads the job once a second until it has ended. */
#include "cli/jobs/enqueue_wait.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "cli/jobs/job_list.h"
#include "cli/jobs/job_show.h"
#include "io/stop_signals.h"
#include "term/state_style.h"
#include "term/table.h"
#include "term/term_progress.h"

enum { PARTS = 12, TEXT_BYTES = 200, POLL_MS = 1000, STEP_MS = 100, SENTENCE_BYTES = 1200 };

struct waiting {
    const struct settings *settings;
    struct term_progress *term;
    int64_t began_us, ended_us[PARTS + 1];
    char states[PARTS + 1][TEXT_BYTES];
    bool json;
};

static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    stop_requested = number;
}

static const char *what_of(const cJSON *job)
{
    const cJSON *payload = cJSON_GetObjectItemCaseSensitive(job, "payload");

    return job_list_what(json_peek_text(job, "type"), json_peek_text(payload, "imageType"));
}

static bool has_ended(const char *state)
{
    return state && (strcmp(state, "completed") == 0 || strcmp(state, "failed") == 0 ||
                     strcmp(state, "ready") == 0);
}

static void set_row(struct waiting *waiting, struct term_progress_row *rows, int at,
                    const char *name, const char *state, const char *message)
{
    bool ended = has_ended(state);

    if (ended && !waiting->ended_us[at]) {
        waiting->ended_us[at] = clock_mono_us();
    }
    snprintf(waiting->states[at], TEXT_BYTES, "%.24s%s%.160s", state ? state : "",
             message && message[0] ? ": " : "", message ? message : "");
    rows[at] = (struct term_progress_row){ .name = name,
                                           .state = waiting->states[at],
                                           .style = state_style(state),
                                           .began_us = waiting->began_us,
                                           .ended_us = waiting->ended_us[at] };
}

/* The job, and the parts of a pack. */
static int fill_rows(struct waiting *waiting, const cJSON *job, struct term_progress_row *rows)
{
    const cJSON *part;
    int count = 1;

    set_row(waiting, rows, 0, what_of(job), json_peek_text(job, "status"),
            json_peek_text(job, "message"));
    cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(job, "parts"))
    {
        if (count <= PARTS) {
            const char *slot = json_peek_text(part, "part");
            bool aplus = slot && strcmp(slot, "APLUS") == 0;

            set_row(waiting, rows, count, aplus ? "A+ content" : job_list_what(NULL, slot),
                    json_peek_text(part, "state"), json_peek_text(part, "message"));
            count++;
        }
    }
    return count;
}

/* Sleeps until the next reading; rows are redrawn meanwhile, since they show the time. */
static void pause_and_draw(struct waiting *waiting, const struct term_progress_row *rows, int count)
{
    struct timespec step = { .tv_nsec = STEP_MS * 1000000L };

    for (int ms = 0; ms < POLL_MS && !stop_requested; ms += STEP_MS) {
        if (waiting->term) {
            term_progress_update(waiting->term, rows, count);
        }
        nanosleep(&step, NULL);
    }
}

/* "All 6 images are ready." The message of a pack with missing parts says what is missing. */
static void sentence_of(const cJSON *job, char out[SENTENCE_BYTES])
{
    const char *message = json_peek_text(job, "message"), *image = json_peek_text(job, "image");
    const char *status = json_peek_text(job, "status");
    int parts = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(job, "parts"));

    if (status && strcmp(status, "failed") == 0) {
        snprintf(out, SENTENCE_BYTES, "%.1000s", message ? message : "The job failed.");
    } else if (parts > 0) {
        snprintf(out, SENTENCE_BYTES, "All %d parts of the pack are ready.", parts);
    } else {
        snprintf(out, SENTENCE_BYTES, "The %s is ready%s%.900s", what_of(job), image ? ": " : ".",
                 image ? image : "");
    }
}

static int print_end(const struct waiting *waiting, const cJSON *job)
{
    const char *status = json_peek_text(job, "status");
    bool completed = status && strcmp(status, "completed") == 0;
    char sentence[SENTENCE_BYTES];

    sentence_of(job, sentence);
    if (waiting->json) {
        cJSON *out = cJSON_CreateObject();

        cJSON_AddStringToObject(out, "event", "ended");
        json_add_text(out, "job", json_peek_text(job, "id"));
        json_add_text(out, "status", status);
        cJSON_AddStringToObject(out, "message", sentence);
        cJSON_AddNumberToObject(out, "refundedCredits",
                                (double)json_peek_int(job, "refundedCredits", 0));
        json_add_number(out, "seconds", (double)(clock_mono_us() - waiting->began_us) / 1e6);
        table_json(stdout, out, NULL);
        cJSON_Delete(out);
    } else {
        printf("%s\n", term_text(sentence, false));
    }
    return completed ? EXIT_STATUS_OK : EXIT_STATUS_SOME_FAILED;
}

/* Reads the job until it has ended, or a signal arrives. *last is the last reading. */
static bool poll(struct waiting *waiting, struct sql_session *session, const char *id, cJSON **last,
                 struct error *err)
{
    struct term_progress_row rows[PARTS + 1];
    int count = 0;
    bool good;

    while ((good = job_load(session, id, last, err))) {
        count = fill_rows(waiting, *last, rows);
        if (waiting->term) {
            term_progress_update(waiting->term, rows, count);
        }
        if (has_ended(json_peek_text(*last, "status")) || stop_requested) {
            break;
        }
        pause_and_draw(waiting, rows, count);
        cJSON_Delete(*last);
        *last = NULL;
    }
    if (waiting->term) {
        term_progress_end(waiting->term, good ? rows : NULL, good ? count : 0);
        waiting->term = NULL;
    }
    return good;
}

int enqueue_wait(struct sql_session *session, const struct settings *settings, const char *job,
                 struct error *err)
{
    struct waiting waiting = { .settings = settings,
                               .began_us = clock_mono_us(),
                               .json = setting_flag(settings, "json") };
    cJSON *last = NULL;
    int status = 0;

    stop_signals_handle(on_signal);
    if (!waiting.json) {
        waiting.term = term_progress_begin(stderr, stderr);
    }
    if (poll(&waiting, session, job, &last, err)) {
        if (has_ended(json_peek_text(last, "status"))) {
            status = print_end(&waiting, last);
        } else {
            fprintf(stderr,
                    "Not waiting any longer: the job stays in the queue. `darkroom jobs show "
                    "%.8s` shows its progress.\n",
                    job);
            status = EXIT_STATUS_INTERRUPTED;
        }
    } else {
        error_hint(err, "The job stays in the queue: darkroom jobs show %.8s", job);
    }
    cJSON_Delete(last);
    return status;
}
