/* batch_run.c - runs a batch until it is done, paused or cancelled. */
#include "batch/batch_run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/runtime.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/memory.h"
#include "batch/batch_session.h"
#include "batch/command_line.h"
#include "io/stop_signals.h"

enum { TICK_MS = 100, FINISH_US = 15000000, FLAGS_BYTES = 8000 };

/* -- events ----------------------------------------------------------------------------------- */

static void request_pause(struct batch_session *session, const char *why, bool at_once)
{
    if (!session->pause_reason) {
        session->pause_reason = why;
    }
    batch_session_stop_worker(session, at_once);
}

static void on_signal(int number, void *context)
{
    struct batch_session *session = context;

    if (session->over || (number == SIGHUP && session->interrupts > 0)) {
        return;
    }
    if (session->interrupts++ == 0) {
        batch_progress_note(
            &session->display,
            "pausing: running jobs finish; press Ctrl-C again to return them to the queue now");
    } else if (!session->worker) {
        session->over = true;
    }
    request_pause(session, "interrupted", session->interrupts > 1);
}

static const char *problem_of(const struct batch_session *session)
{
    if (session->sql_error.kind != ERROR_NONE) {
        return session->sql_error.text;
    }
    if (!session->run->worker_setup && session->progress &&
        json_peek_int(session->progress, "workers", 0) == 0) {
        return "no worker is running: start `darkroom work`";
    }
    return NULL;
}

static void tick(void *context)
{
    struct batch_session *session = context;
    const struct error *fatal = session->worker ? worker_unrecoverable(session->worker) : NULL;

    if (fatal && session->fatal.kind == ERROR_NONE) {
        session->fatal = *fatal;
    }
    if (session->fatal.kind != ERROR_NONE && !session->pause_reason && !session->over) {
        request_pause(session, session->fatal.text, false);
    }
    batch_session_query_next(session);
    batch_progress_show(&session->display, session->progress, problem_of(session));
}

/* Saves the pause and reads the final progress, for at most 15 s. Called after the worker ended. */
static void finish(struct batch_session *session)
{
    int64_t until = clock_mono_us() + FINISH_US;
    bool requested = false;
    int count = 0;

    session->worker = NULL;
    session->finishing = true;
    while (clock_mono_us() < until && !(requested && session->progress_count > count)) {
        if (!requested && session->query == QUERY_NONE &&
            (!session->pause_reason || session->pause_saved)) {
            requested = true;
            count = session->progress_count;
            session->progress_us = 0;
        }
        batch_session_query_next(session);
        loop_wait(session->loop, TICK_MS);
    }
    if (session->pause_reason && !session->pause_saved) {
        batch_progress_note(&session->display,
                            "the database did not answer, so the pause is not saved: workers "
                            "elsewhere may continue the batch");
    }
}

/* -- the run ---------------------------------------------------------------------------------- */

static void start(struct batch_session *session)
{
    const struct batch_run *run = session->run;

    signal(SIGPIPE, SIG_IGN); /* a closed output pipe must not stop the batch */
    signal(SIGUSR1, SIG_IGN);
    stop_signals_on_loop(session->loop, on_signal, session);
    session->refilled_us = clock_mono_us();
    session->rate_tokens = 1;
    session->timer = loop_timer_new(session->loop, tick, session);
    loop_timer_start(session->timer, TICK_MS, TICK_MS);
    batch_progress_begin(&session->display, run->batch, run->usd_estimated,
                         setting_flag(run->settings, "json"));
}

static bool run_here(struct batch_session *session, const struct database_url *url,
                     struct error *err)
{
    const struct settings *settings = session->run->settings;
    struct worker_config config = { .grace_ms = (uint32_t)setting_int(settings, "grace") * 1000,
                                    .batch = session->run->batch };
    struct runtime runtime;
    bool good;

    if (!runtime_prepare(settings, session->run->worker_setup, url, NULL, err) ||
        !runtime_open(settings, session->run->worker_setup, url, config, &runtime, err)) {
        return false;
    }
    session->loop = runtime.loop;
    session->performer = runtime.performer;
    session->worker = runtime.worker;
    start(session);
    good = worker_run(runtime.worker, err);
    if (!good) {
        session->fatal = *err;
        session->pause_reason = session->pause_reason ? session->pause_reason : session->fatal.text;
    }
    finish(session);
    loop_timer_free(session->timer);
    runtime_close(&runtime);
    return true;
}

static bool run_elsewhere(struct batch_session *session, const struct database_url *url,
                          struct error *err)
{
    struct sql_config config = { .url = url, .application_name = "darkroom batch" };

    if (!(session->loop = loop_new(1, err))) {
        return false;
    }
    if (!(session->sql = sql_new(session->loop, &config))) {
        loop_free(session->loop);
        return false;
    }
    session->performer = perform_new(session->loop, NULL, session->sql);
    start(session);
    while (!session->over && loop_wait(session->loop, TICK_MS * 10)) {
    }
    finish(session);
    loop_timer_free(session->timer);
    sql_free(session->sql);
    perform_free(session->performer);
    loop_free(session->loop);
    return true;
}

static void print_resume_command(FILE *to, const struct batch_run *run)
{
    static const char *const worker_flags[] = { "here", WORKER_SETTINGS, NULL };
    struct text flags;

    text_begin(&flags, FLAGS_BYTES);
    command_line_flags(&flags, run->settings, worker_flags);
    fprintf(to, "paused; to resume: darkroom batch resume %s%s\n", run->batch, flags.data);
    text_end(&flags);
}

static int report_result(struct batch_session *session, struct error *err)
{
    const char *state = json_peek_text(session->progress, "state");
    int64_t failed = json_peek_int(session->progress, "failed", 0);
    bool done = state && strcmp(state, "done") == 0;
    bool cancelled = state && strcmp(state, "cancelled") == 0;

    batch_progress_end(&session->display, session->progress,
                       done        ? "done"
                       : cancelled ? "cancelled"
                                   : "paused");
    if (done) {
        fprintf(session->display.err, "next: darkroom review %s%s%s\n", session->run->batch,
                failed > 0 ? "; to retry what failed: darkroom batch retry-failed " : "",
                failed > 0 ? session->run->batch : "");
        return failed > 0 ? EXIT_STATUS_SOME_FAILED : 0;
    }
    if (cancelled) {
        error_set(err, ERROR_STOPPED, "Batch '%s' was cancelled.", session->run->batch);
        return 1;
    }
    print_resume_command(session->display.err, session->run);
    if (session->fatal.kind != ERROR_NONE) {
        *err = session->fatal;
        return 0; /* the caller derives the exit status from the error */
    }
    return EXIT_STATUS_UNFINISHED;
}

int batch_run(const struct batch_run *run, struct error *err)
{
    struct batch_session *session = xcalloc(1, sizeof *session);
    struct database_url url;
    int status = 0;

    session->run = run;
    if (!run->worker_setup && strcmp(setting_source(run->settings, "jobs"), "flag") == 0) {
        session->max_open_jobs = (int)setting_int(run->settings, "jobs");
    }
    if (database_url_of(run->settings, &url, err)) {
        if (run->worker_setup ? run_here(session, &url, err) : run_elsewhere(session, &url, err)) {
            status = report_result(session, err);
            batch_progress_close(&session->display);
        }
        database_url_free(&url);
    }
    cJSON_Delete(session->progress);
    op_clear(&session->op);
    free(session);
    return status;
}

/* Queues jobs for all waiting items. *unpaid counts the items whose users lack the credits. */
static bool queue_all(struct sql_session *session, const char *batch, int64_t *queued,
                      int64_t *unpaid, struct error *err)
{
    const char *params[] = { batch, NULL };
    int64_t left = 1;

    *queued = *unpaid = 0;
    while (left > 0) {
        cJSON *answer;

        if (!database_query(session, "batch_enqueue", 2, params, &answer, err)) {
            return false;
        }
        *queued += json_peek_int(answer, "queued", 0);
        *unpaid += json_peek_int(answer, "unpaid", 0);
        left = json_peek_int(answer, "left", 0);
        cJSON_Delete(answer);
    }
    return true;
}

bool batch_queue_and_detach(struct sql_session *session, const struct settings *settings,
                            const char *batch, struct error *err)
{
    int64_t queued, unpaid;

    if (!queue_all(session, batch, &queued, &unpaid, err)) {
        error_hint(err, "`darkroom batch resume %s` continues it.", batch);
        return false;
    }
    if (setting_flag(settings, "json")) {
        printf("{\"event\":\"queued\",\"batch\":\"%s\",\"queued\":%lld,\"unpaid\":%lld}\n", batch,
               (long long)queued, (long long)unpaid);
        return true;
    }
    printf("%s: %lld queued", batch, (long long)queued);
    if (unpaid > 0) {
        printf(", %lld not queued for lack of credits", (long long)unpaid);
    }
    printf("\n");
    fprintf(stderr, "`darkroom batch show %s` shows its progress\n", batch);
    return true;
}
