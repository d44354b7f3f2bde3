/* batch_run.c - a batch from its first job to its end, a pause, or a crash. */
#include "batch/batch_run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/runtime.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "batch/batch_session.h"

enum { TICK_MS = 100, TELL_US = 15000000 };

/* -- turns ------------------------------------------------------------------------------------ */

static void want_pause(struct batch_session *post, const char *why, bool at_once)
{
    if (!post->pause_why) {
        post->pause_why = why;
    }
    batch_session_stop_worker(post, at_once);
}

static void on_signal(int number, void *context)
{
    struct batch_session *post = context;

    (void)number;
    if (post->over) {
        return;
    }
    if (post->interrupts++ == 0) {
        batch_progress_note(&post->watch, "pausing: what runs may end; once more stops at once");
    } else if (!post->worker) {
        post->over = true;
    }
    want_pause(post, "interrupted", post->interrupts > 1);
}

static const char *trouble_of(const struct batch_session *post)
{
    if (post->trouble.kind != ERROR_NONE) {
        return post->trouble.text;
    }
    if (!post->run->worker_setup && post->standing &&
        json_peek_int(post->standing, "workers", 0) == 0) {
        return "no worker is there: start `darkroom work`";
    }
    return NULL;
}

static void tick(void *context)
{
    struct batch_session *post = context;
    const struct error *hopeless = post->worker ? worker_unrecoverable(post->worker) : NULL;

    if (hopeless && post->hopeless.kind == ERROR_NONE) {
        post->hopeless = *hopeless;
    }
    if (post->hopeless.kind != ERROR_NONE && !post->pause_why && !post->over) {
        want_pause(post, post->hopeless.text, false);
    }
    batch_session_query_next(post);
    batch_progress_show(&post->watch, post->standing, trouble_of(post));
}

/* The worker has ended, or it is time to leave: what the database must know is told, within bounds,
 * and the last figures are fetched. */
static void tell_the_end(struct batch_session *post)
{
    int64_t until = clock_mono_us() + TELL_US;
    bool told = false;
    int answers = 0;

    post->worker = NULL;
    post->ending = true;
    while (clock_mono_us() < until && !(told && post->answers > answers)) {
        if (!told && post->asking == ASKING_NOTHING && (!post->pause_why || post->pause_told)) {
            told = true;
            answers = post->answers;
            post->asked_us = 0;
        }
        batch_session_query_next(post);
        loop_wait(post->loop, TICK_MS);
    }
    if (post->pause_why && !post->pause_told) {
        batch_progress_note(&post->watch,
                            "the database is away and was not told of the pause: workers "
                            "elsewhere may go on with the batch");
    }
}

/* -- from beginning to end -------------------------------------------------------------------- */

static void begin(struct batch_session *post)
{
    const struct batch_run *run = post->run;

    signal(SIGPIPE, SIG_IGN); /* a reader that went away is no reason to stop */
    loop_on_signal(post->loop, SIGINT, on_signal, post);
    loop_on_signal(post->loop, SIGTERM, on_signal, post);
    post->fed_us = clock_mono_us();
    post->allowance = 1;
    post->timer = loop_timer_new(post->loop, tick, post);
    loop_timer_start(post->timer, TICK_MS, TICK_MS);
    batch_progress_begin(&post->watch, run->batch, run->usd_estimated,
                         setting_flag(run->settings, "json"));
}

static bool run_here(struct batch_session *post, const struct database_url *url, struct error *err)
{
    const struct settings *settings = post->run->settings;
    struct worker_config config = { .grace_ms = (uint32_t)setting_int(settings, "grace") * 1000,
                                    .batch = post->run->batch };
    struct runtime runtime;
    bool good;

    if (!runtime_prepare(settings, post->run->worker_setup, url, err) ||
        !runtime_open(settings, post->run->worker_setup, url, config, &runtime, err)) {
        return false;
    }
    post->loop = runtime.loop;
    post->performer = runtime.performer;
    post->worker = runtime.worker;
    begin(post);
    good = worker_run(runtime.worker, err);
    if (!good) {
        post->hopeless = *err;
        post->pause_why = post->pause_why ? post->pause_why : post->hopeless.text;
    }
    tell_the_end(post);
    loop_timer_free(post->timer);
    runtime_close(&runtime);
    return true;
}

static bool run_elsewhere(struct batch_session *post, const struct database_url *url,
                          struct error *err)
{
    struct sql_config config = { .url = url, .application_name = "darkroom batch" };

    if (!(post->loop = loop_new(1, err))) {
        return false;
    }
    if (!(post->sql = sql_new(post->loop, &config, err))) {
        loop_free(post->loop);
        return false;
    }
    post->performer = perform_new(post->loop, NULL, post->sql);
    begin(post);
    while (!post->over && loop_wait(post->loop, TICK_MS * 10)) {
    }
    tell_the_end(post);
    loop_timer_free(post->timer);
    sql_free(post->sql);
    perform_free(post->performer);
    loop_free(post->loop);
    return true;
}

static int settle(struct batch_session *post, struct error *err)
{
    const char *state = json_peek_text(post->standing, "state");
    int64_t failed = json_peek_int(post->standing, "failed", 0);
    bool done = state && strcmp(state, "done") == 0;
    bool cancelled = state && strcmp(state, "cancelled") == 0;

    batch_progress_end(&post->watch, post->standing,
                       done        ? "done"
                       : cancelled ? "cancelled"
                                   : "paused");
    if (done) {
        fprintf(stderr, "next: darkroom review %s%s%s\n", post->run->batch,
                failed > 0 ? ", or once more what failed: darkroom batch retry-failed " : "",
                failed > 0 ? post->run->batch : "");
        return failed > 0 ? EXIT_STATUS_SOME_FAILED : 0;
    }
    if (cancelled) {
        error_set(err, ERROR_STOPPED, "batch '%s' was cancelled", post->run->batch);
        return 1;
    }
    fprintf(stderr, "paused; go on with: %s\n", post->run->again);
    if (post->hopeless.kind != ERROR_NONE) {
        *err = post->hopeless;
        return 0; /* by its kind */
    }
    return EXIT_STATUS_UNFINISHED;
}

int batch_run(const struct batch_run *run, struct error *err)
{
    struct batch_session *post = calloc(1, sizeof *post);
    struct database_url url;
    int status = 0;

    if (!post) {
        abort();
    }
    post->run = run;
    if (database_url_of(run->settings, &url, err)) {
        if (run->worker_setup ? run_here(post, &url, err) : run_elsewhere(post, &url, err)) {
            status = settle(post, err);
        }
        database_url_free(&url);
    }
    cJSON_Delete(post->standing);
    op_clear(&post->op);
    free(post);
    return status;
}

bool batch_queue_all(struct sql_session *session, const char *batch, int64_t *queued,
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
