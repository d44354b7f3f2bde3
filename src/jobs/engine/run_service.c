/* run_service.c - which service a step uses, whether the step may use it now, and whether an error
 * is about the service or about the job. */
#include <string.h>
#include <strings.h>

#include "jobs/engine/engine_internal.h"

static struct services *services_of(const struct run *run)
{
    return &run->engine->services;
}

static bool calls_provider(const struct run *run)
{
    return run_needs_slot(run) && run->job.call.provider;
}

/* A photo may come from any address of the internet, or from the store without its key. */
static bool uses_store(const struct run *run)
{
    const struct op *op = &run->job.op;

    if (!(run_step(run)->flags & STEP_USES_STORE) || op->kind == OP_NONE) {
        return false;
    }
    return !op->http.untrusted_url || store_serves(&run->job.context->store_target, op->http.url);
}

/* A step that stores a result in the application's tables. */
static bool stores_row(const struct run *run)
{
    return (run_step(run)->flags & STEP_RETRY_IN_PLACE) && run->job.op.kind == OP_SQL;
}

/* Returns the service that an error of the current step is about; NULL: the job itself. */
static struct service *service_of_error(const struct run *run, const struct error *why)
{
    const struct call *call = &run->job.call;

    if (service_status_of(why) == SERVICE_HEALTHY) {
        return NULL;
    }
    if (stores_row(run)) {
        return services_of_tables(services_of(run));
    }
    if (calls_provider(run) || (run->job.error_of_model && call->provider)) {
        /* A failing or busy model says nothing about others of its provider. */
        return call->model && (why->kind == ERROR_BUSY || why->kind == ERROR_REMOTE ||
                               why->kind == ERROR_CONFIG || why->kind == ERROR_FORMAT)
                   ? services_of_model(services_of(run), call->provider, call->model)
                   : services_of_provider(services_of(run), call->provider, call->model);
    }
    if (uses_store(run)) {
        return services_of_store(services_of(run), run->job.context);
    }
    return NULL;
}

/* Returns GATE_CLOSED if one of the services is stopped, else GATE_WAIT if one must be checked
 * first. *closed is the stopped one. */
static enum gate gate_of(struct run *run, struct service *const *needed, int count,
                         struct service **closed)
{
    enum gate gate = GATE_OPEN;

    for (int i = 0; i < count; i++) {
        enum gate one =
            services_gate(services_of(run), needed[i], run->job.claimed.id, run_now_ms(run));

        if (one == GATE_CLOSED) {
            *closed = needed[i];
            return GATE_CLOSED;
        }
        gate = one == GATE_WAIT ? GATE_WAIT : gate;
    }
    return gate;
}

enum gate run_gate(struct run *run)
{
    const struct call *call = &run->job.call;
    struct service *needed[4] = { 0 }, *closed = NULL;
    int count = 0;
    enum gate gate;

    if (!calls_provider(run)) {
        return GATE_OPEN;
    }
    needed[count++] = services_of_provider(services_of(run), call->provider, call->model);
    needed[count++] = services_of_model(services_of(run), call->provider, call->model);
    if ((run_step(run)->flags & STEP_PAID) && (run->job.type->needs & NEEDS_STORE)) {
        needed[count++] = services_of_store(services_of(run), run->job.context);
    }
    needed[count++] = services_of_tables(services_of(run));
    gate = gate_of(run, needed, count, &closed);
    if (gate == GATE_CLOSED) {
        run->queue_rejection = closed->state.reason;
        run->service = closed;
    }
    return gate;
}

/* When what has just ended was sent. */
static int64_t began_ms(const struct run *run)
{
    return calls_provider(run) ? run->entry.call_began_ms : run->sent_ms;
}

/* One request may be at fault; that several jobs in a row are is unlikely: then the API, or what it
 * is told, has changed. */
enum { UNEXPLAINED_MOST = 2 };

bool run_is_unexplained(struct run *run)
{
    const struct call *call = &run->job.call;
    struct service *model;

    if (run->error.kind != ERROR_INPUT || run->error.cause != ERROR_CAUSE_UNEXPLAINED ||
        !calls_provider(run) || !call->model) {
        return false;
    }
    model = services_of_model(services_of(run), call->provider, call->model);
    if (model && ++model->unexplained > UNEXPLAINED_MOST) {
        run->error.kind = ERROR_REMOTE;
    }
    return true;
}

void run_note_failure(struct run *run)
{
    run->service = run->answer_from_spool ? NULL : service_of_error(run, &run->error);
    service_failed(services_of(run), run->service, &run->error, began_ms(run), run_now_ms(run));
}

void run_note_success(struct run *run)
{
    const struct call *call = &run->job.call;
    const struct op *op = &run->job.op;
    int64_t now_ms = run_now_ms(run);

    if (calls_provider(run) && op->kind == OP_HTTP && !run->answer_from_spool) {
        struct service *model = services_of_model(services_of(run), call->provider, call->model);

        if (model) {
            model->unexplained = 0;
        }
        service_succeeded(services_of_provider(services_of(run), call->provider, call->model),
                          began_ms(run), now_ms, op->timeout_ms);
        service_succeeded(model, began_ms(run), now_ms, op->timeout_ms);
    } else if (uses_store(run) && (run_step(run)->flags & STEP_RETRY_IN_PLACE)) {
        service_succeeded(services_of_store(services_of(run), run->job.context), began_ms(run),
                          now_ms, op->kind == OP_HTTP ? op->timeout_ms : 0);
    } else if (stores_row(run)) {
        service_succeeded(services_of_tables(services_of(run)), began_ms(run), now_ms, 0);
    }
}
