/* batch_session.c - items become jobs, and once a second the batch tells how it stands. Nothing of
 * it is kept here: whoever resumes after a crash asks the database again. */
#include "batch/batch_session.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { ASK_US = 1000000, MANY = 1000, AHEAD_SECONDS = 2 };

/* -- what is asked ---------------------------------------------------------------------------- */

static void ask(struct batch_session *post, enum asking asking, const char *statement,
                const char *second);

/* How many items may become jobs now. */
static int room(struct batch_session *post, int64_t now)
{
    const struct batch_run *run = post->run;
    int64_t many = MANY, bound = MANY;

    if (run->rate > 0) {
        double ahead = run->rate * AHEAD_SECONDS > 1 ? run->rate * AHEAD_SECONDS : 1;

        post->allowance += run->rate * (double)(now - post->fed_us) / 1e6;
        post->allowance = post->allowance < ahead ? post->allowance : ahead;
        many = (int64_t)post->allowance;
    }
    post->fed_us = now;
    if (run->most > 0 && !run->worker_setup) { /* the worker that is here keeps its own bound */
        bound = run->most - post->open_jobs;
    }
    many = many < bound ? many : bound;
    return (int)(many < MANY ? many : MANY);
}

void batch_session_query_next(struct batch_session *post)
{
    int64_t now = clock_mono_us();
    int many;

    if (post->asking != ASKING_NOTHING || (post->over && !post->ending)) {
        return;
    }
    if (post->pause_why && !post->pause_told) {
        ask(post, ASKING_PAUSE, "batch_pause", post->pause_why);
        return;
    }
    if (now - post->asked_us >= ASK_US || !post->standing) {
        post->asked_us = now;
        ask(post, ASKING_PROGRESS, "batch_progress", NULL);
        return;
    }
    many = post->filling && !post->pause_why && !post->ending ? room(post, now) : 0;
    if (many > 0) {
        snprintf(post->most, sizeof post->most, "%d", many);
        ask(post, ASKING_JOBS, "batch_enqueue", post->most);
    }
}

/* -- what is answered ------------------------------------------------------------------------- */

static void take_jobs(struct batch_session *post, const cJSON *answer)
{
    int64_t queued = json_peek_int(answer, "queued", 0),
            unpaid = json_peek_int(answer, "unpaid", 0);

    post->allowance -= (double)(queued + unpaid);
    post->open_jobs += queued;
    post->filling = json_peek_int(answer, "left", 0) > 0;
}

void batch_session_stop_worker(struct batch_session *post, bool at_once)
{
    if (post->worker && (!post->stopping || at_once)) {
        post->stopping = true;
        worker_stop(post->worker);
    }
}

static void take_progress(struct batch_session *post, cJSON *answer)
{
    const char *state = json_peek_text(answer, "state");
    int64_t running = json_peek_int(answer, "running", 0);
    int64_t waiting = json_peek_int(answer, "waiting", 0);
    bool stopped = state && (strcmp(state, "paused") == 0 || strcmp(state, "cancelled") == 0);

    cJSON_Delete(post->standing);
    post->standing = answer;
    post->answers++;
    post->open_jobs = json_peek_int(answer, "queued", 0) + running;
    /* one that has no item left to queue is "filling" until batch_enqueue has looked */
    post->filling = !stopped && (waiting > 0 || (state && strcmp(state, "filling") == 0));
    if (!state) {
        error_set(&post->hopeless, ERROR_INPUT, "batch '%s' is gone", post->run->batch);
    }
    if (!state || (post->open_jobs == 0 && !post->filling) || (stopped && running == 0)) {
        post->over = true;
        batch_session_stop_worker(post, false);
    }
}

static void answered(struct op *op, void *context)
{
    struct batch_session *post = context;
    enum asking asking = post->asking;
    struct error err = op->error;
    cJSON *answer = NULL;

    if (err.kind == ERROR_NONE) {
        const struct blob *value = &op->sql_result.value;

        if (!json_parse(value->size ? (const void *)value->data : "null",
                        value->size ? value->size : 4, "the database's answer", &answer, &err)) {
            answer = NULL;
        }
    }
    post->trouble = err;
    post->asking = ASKING_NOTHING;
    op_clear(op);
    if (err.kind != ERROR_NONE) {
        post->asked_us = clock_mono_us(); /* tried again in a second */
        if (err.kind == ERROR_INTERNAL || err.kind == ERROR_CONFIG) {
            post->hopeless = err;
        }
        return;
    }
    if (asking == ASKING_PROGRESS) {
        take_progress(post, answer);
        return;
    }
    if (asking == ASKING_JOBS) {
        take_jobs(post, answer);
    } else {
        post->pause_told = true;
        post->asked_us = 0;
    }
    cJSON_Delete(answer);
}

static void ask(struct batch_session *post, enum asking asking, const char *statement,
                const char *second)
{
    post->asking = asking;
    post->op = (struct op){ .kind = OP_SQL, .sql.statement = statement };
    op_param(&post->op, post->run->batch);
    if (asking != ASKING_PROGRESS) {
        op_param(&post->op, second);
    }
    post->performer->begin(post->performer, &post->op, answered, post);
}
