/* provider_queue.c - who waits before which provider, and who is let through. */
#include "base/clock.h"
#include "jobs/engine/run.h"

enum { RETRY_LEAST_MS = 1000 }; /* of Retry-After, which counts in seconds */

static struct line *line_of(struct engine *engine, const struct provider *provider)
{
    for (int i = 0; i < ENGINE_LINES; i++) {
        struct line *line = &engine->lines[i];

        if (!line->provider) {
            line->provider = provider;
            concurrency_limit_init(&line->limit, engine->config.max_calls_per_provider,
                                   engine->config.initial_pause_ms);
        }
        if (line->provider == provider) {
            return line;
        }
    }
    return &engine->lines[ENGINE_LINES - 1];
}

void line_forget(struct line *line, struct run *run)
{
    struct run *before = NULL;

    for (struct run *at = line->first; at; before = at, at = at->behind) {
        if (at != run) {
            continue;
        }
        if (before) {
            before->behind = at->behind;
        } else {
            line->first = at->behind;
        }
        if (line->last == at) {
            line->last = before;
        }
        run->behind = NULL;
        return;
    }
}

/* Of paid calls to the run's model; NULL: it is not counted. */
static struct rate_limit *rate_of(struct line *line, const struct run *run)
{
    const struct model *model = run->job.call.model;

    for (int i = 0; i < LINE_RATES && (run_step(run)->flags & STEP_PAID); i++) {
        struct model_rate *at = &line->rates[i];

        if (!at->model) {
            at->model = model;
        }
        if (at->model == model) {
            return &at->rate;
        }
    }
    return NULL;
}

/* The first whose model may be asked now. */
static struct run *line_next(struct line *line, int64_t now_ms)
{
    for (struct run *run = line->first; run; run = run->behind) {
        const struct rate_limit *rate = rate_of(line, run);

        if (!rate || rate_limit_admits(rate, now_ms)) {
            return run;
        }
    }
    return NULL;
}

static void line_admit(struct engine *engine, struct line *line, struct run *run)
{
    struct rate_limit *rate = rate_of(line, run);

    line_forget(line, run);
    run->admitted = true;
    run->call_began_ms = engine_now(engine);
    if (rate) {
        rate_limit_take(rate, run->call_began_ms);
        run->rate_sent = rate->sent;
    }
    run_admitted(run);
}

void line_move(struct engine *engine, struct line *line)
{
    struct run *run;

    while (line->first && concurrency_limit_paused(&line->limit, engine_now(engine))) {
        run = line->first;
        line_forget(line, run);
        run_refused(run, &line->limit.why);
    }
    while ((run = line_next(line, engine_now(engine))) &&
           concurrency_limit_admit(&line->limit, engine_now(engine))) {
        line_admit(engine, line, run);
    }
}

void engine_join(struct run *run)
{
    struct line *line = line_of(run->engine, run->job.call.provider);

    run->line = line;
    run->behind = NULL;
    if (line->last) {
        line->last->behind = run;
    } else {
        line->first = run;
    }
    line->last = run;
    line_move(run->engine, line);
}

/* True where the call was turned away for no other reason than the number of requests a minute: the
 * rate is what has to give way then, and not the number of calls at once. */
static bool note_rate(const struct run *run, const struct error *how, int64_t now_ms)
{
    const struct op *op = &run->job.op;
    struct rate_limit *rate = rate_of(run->line, run);

    if (!rate || op->kind != OP_HTTP || op->http_response.limit_requests <= 0) {
        return false;
    }
    rate_limit_update(rate, op->http_response.limit_requests, op->http_response.remaining_requests,
                      run->rate_sent);
    if (how->kind != ERROR_BUSY || op->http_response.remaining_requests != 0 ||
        how->retry_ms > RETRY_LEAST_MS) {
        return false;
    }
    rate_limit_rejected(rate, now_ms);
    return true;
}

void engine_leave(struct run *run, const struct error *how)
{
    static const struct error says_nothing = { .kind = ERROR_STOPPED };
    int64_t now_ms = engine_now(run->engine);

    if (!run->admitted) {
        return;
    }
    run->admitted = false;
    if (note_rate(run, how, now_ms)) {
        how = &says_nothing;
    }
    concurrency_limit_call_ended(&run->line->limit, how, run->call_began_ms, now_ms);
    line_move(run->engine, run->line);
}

int64_t engine_next_admission_ms(struct engine *engine)
{
    int64_t now_ms = engine_now(engine), due = -1;

    for (int i = 0; i < ENGINE_LINES; i++) {
        for (struct run *run = engine->lines[i].first; run; run = run->behind) {
            const struct rate_limit *rate = rate_of(&engine->lines[i], run);
            int64_t wait = rate ? rate_limit_wait_ms(rate, now_ms) : 0;

            if (wait > 0 && (due < 0 || wait < due)) {
                due = wait;
            }
        }
    }
    return due;
}
