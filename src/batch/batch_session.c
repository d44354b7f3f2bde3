/* batch_session.c - queues jobs for the items of a batch, and reads its progress once a second. No
 * state is kept here that the database does not have: after a crash, a new session continues. */
#include "batch/batch_session.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { PROGRESS_INTERVAL_US = 1000000, ENQUEUE_MAX = 1000, BURST_SECONDS = 2 };

/* -- queries ---------------------------------------------------------------------------------- */

static void send_query(struct batch_session *session, enum batch_query query, const char *statement,
                       const char *second);

/* Returns how many jobs may be queued now. */
static int enqueue_count(struct batch_session *session, int64_t now)
{
    const struct batch_run *run = session->run;
    int64_t count = ENQUEUE_MAX, bound = ENQUEUE_MAX;

    if (run->rate > 0) {
        double burst = run->rate * BURST_SECONDS > 1 ? run->rate * BURST_SECONDS : 1;

        session->rate_tokens += run->rate * (double)(now - session->refilled_us) / 1e6;
        session->rate_tokens = session->rate_tokens < burst ? session->rate_tokens : burst;
        count = (int64_t)session->rate_tokens;
    }
    session->refilled_us = now;
    if (session->max_open_jobs > 0) {
        bound = session->max_open_jobs - session->open_jobs;
    }
    count = count < bound ? count : bound;
    return (int)(count < ENQUEUE_MAX ? count : ENQUEUE_MAX);
}

void batch_session_query_next(struct batch_session *session)
{
    int64_t now = clock_mono_us();
    int count;

    if (session->query != QUERY_NONE || (session->over && !session->finishing)) {
        return;
    }
    if (session->pause_reason && !session->pause_saved) {
        send_query(session, QUERY_PAUSE, "batch_pause", session->pause_reason);
        return;
    }
    if (now - session->progress_us >= PROGRESS_INTERVAL_US || !session->progress) {
        session->progress_us = now;
        send_query(session, QUERY_PROGRESS, "batch_progress", NULL);
        return;
    }
    count = session->items_left && !session->pause_reason && !session->finishing
                ? enqueue_count(session, now)
                : 0;
    if (count > 0) {
        snprintf(session->enqueue_limit, sizeof session->enqueue_limit, "%d", count);
        send_query(session, QUERY_ENQUEUE, "batch_enqueue", session->enqueue_limit);
    }
}

/* -- answers ---------------------------------------------------------------------------------- */

static void read_enqueued(struct batch_session *session, const cJSON *answer)
{
    int64_t queued = json_peek_int(answer, "queued", 0),
            unpaid = json_peek_int(answer, "unpaid", 0);

    session->rate_tokens -= (double)(queued + unpaid);
    session->open_jobs += queued;
    session->items_left = json_peek_int(answer, "left", 0) > 0;
}

void batch_session_stop_worker(struct batch_session *session, bool at_once)
{
    if (session->worker && (!session->worker_stopping || at_once)) {
        session->worker_stopping = true;
        worker_stop(session->worker);
    }
}

static void read_progress(struct batch_session *session, cJSON *answer)
{
    const char *state = json_peek_text(answer, "state");
    int64_t running = json_peek_int(answer, "running", 0);
    int64_t waiting = json_peek_int(answer, "waiting", 0);
    bool stopped = state && (strcmp(state, "paused") == 0 || strcmp(state, "cancelled") == 0);

    cJSON_Delete(session->progress);
    session->progress = answer;
    session->progress_count++;
    session->open_jobs = json_peek_int(answer, "queued", 0) + running;
    /* batch_enqueue ends the state "filling": call it again, although no item waits */
    session->items_left = !stopped && (waiting > 0 || (state && strcmp(state, "filling") == 0));
    if (!state) {
        error_set(&session->fatal, ERROR_INPUT, "Batch '%s' no longer exists.",
                  session->run->batch);
    }
    if (!state || (session->open_jobs == 0 && !session->items_left) || (stopped && running == 0)) {
        session->over = true;
        batch_session_stop_worker(session, false);
    }
}

static void on_answer(struct op *op, void *context)
{
    struct batch_session *session = context;
    enum batch_query query = session->query;
    struct error err = op->error;
    cJSON *answer = NULL;

    if (err.kind == ERROR_NONE) {
        const struct blob *value = &op->sql_result.value;

        if (!json_parse_own(value->size ? (const void *)value->data : "null",
                            value->size ? value->size : 4, "the database's answer", &answer,
                            &err)) {
            answer = NULL;
        }
    }
    session->sql_error = err;
    session->query = QUERY_NONE;
    op_clear(op);
    if (err.kind != ERROR_NONE) {
        session->progress_us = clock_mono_us(); /* retried after a second */
        if (err.kind == ERROR_INTERNAL || err.kind == ERROR_CONFIG) {
            session->fatal = err;
        }
        return;
    }
    if (query == QUERY_PROGRESS) {
        read_progress(session, answer);
        return;
    }
    if (query == QUERY_ENQUEUE) {
        read_enqueued(session, answer);
    } else {
        session->pause_saved = true;
        session->progress_us = 0;
    }
    cJSON_Delete(answer);
}

static void send_query(struct batch_session *session, enum batch_query query, const char *statement,
                       const char *second)
{
    session->query = query;
    session->op = (struct op){ .kind = OP_SQL, .sql.statement = statement };
    op_param(&session->op, session->run->batch);
    if (query != QUERY_PROGRESS) {
        op_param(&session->op, second);
    }
    session->performer->begin(session->performer, &session->op, on_answer, session);
}
