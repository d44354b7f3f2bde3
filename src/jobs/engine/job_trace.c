/* job_trace.c - fills the spans of a job.
 *
 * https://opentelemetry.io/docs/specs/semconv: messaging, and gen_ai. Images have no operation of
 * their own there: generate_content with gen_ai.output.type image. */
#include "jobs/engine/job_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "jobs/engine/engine_internal.h"
#include "telemetry/trace.h"

/* -- the attempt ------------------------------------------------------------------------------- */

/* An invalid traceparent begins a new trace, as the specification asks. */
static struct trace_context parent_of(const struct claimed_job *claimed)
{
    struct trace_context parent = { .is_set = false };
    struct error ignored;
    cJSON *payload;

    if (strstr(claimed->payload, "\"traceparent\"") &&
        json_parse(claimed->payload, strlen(claimed->payload), "payload", &payload, &ignored)) {
        (void)traceparent_read(json_peek_text(payload, "traceparent"), &parent);
        cJSON_Delete(payload);
    }
    return parent;
}

void job_trace_begin(struct run *run)
{
    struct trace_context parent;

    if (!trace_is_on()) {
        return;
    }
    parent = parent_of(&run->job.claimed);
    memcpy(run->trace_parent, parent.span_id, SPAN_ID);
    trace_begin(&parent, &run->trace);
}

/* An attempt that gives the job back has not failed. */
static const char *error_of_end(const struct run *run)
{
    switch (run->job_end) {
    case JOB_RETRY_LATER:
    case JOB_FAILED:
    case JOB_LEASE_LOST:
        return error_rule(run->error.kind)->name;
    default:
        return NULL;
    }
}

void job_trace_end(struct run *run)
{
    static const char *const ends[] = {
        [JOB_COMPLETED] = "completed", [JOB_RETRY_LATER] = "retried",
        [JOB_FAILED] = "failed",       [JOB_LEASE_LOST] = "lost",
        [JOB_RETURNED] = "returned",   [JOB_RESCHEDULED] = "rescheduled",
        [JOB_WAITS] = "waits",
    };
    const struct job *job = &run->job;
    const char *type = job->type ? job->type->name : "unknown";
    char name[80];
    struct span span = { .context = run->trace,
                         .name = name,
                         .kind = SPAN_CONSUMER,
                         .began_us = run->began_us,
                         .error = error_of_end(run) };

    if (!run->trace.is_set) {
        return;
    }
    job_trace_step_ended(run, run->job_end != JOB_COMPLETED && run->job_end != JOB_RESCHEDULED);
    span.ended_us = clock_mono_us(); /* after its last step */
    snprintf(name, sizeof name, "process %s", type);
    memcpy(span.parent_id, run->trace_parent, SPAN_ID);
    span_text(&span, "messaging.system", "darkroom");
    span_text(&span, "messaging.operation.type", "process");
    span_text(&span, "messaging.operation.name", "process");
    span_text(&span, "messaging.destination.name", type);
    span_text(&span, "messaging.message.id", job->claimed.id);
    span_text(&span, "messaging.client.id", job->holder.worker);
    span_whole(&span, "darkroom.job.attempt", job->claimed.attempt);
    span_text(&span, "darkroom.job.outcome", ends[run->job_end]);
    span_text(&span, "darkroom.project.id", job->project_id);
    if (job->cost_microusd > 0) {
        span_number(&span, "darkroom.cost_usd", (double)job->cost_microusd / 1e6);
    }
    if (run->refunded_credits > 0) {
        span_whole(&span, "darkroom.credits.refunded", run->refunded_credits);
    }
    span_text(&span, "error.type", span.error);
    span_end(&span);
}

/* -- steps ------------------------------------------------------------------------------------- */

void job_trace_step_began(struct run *run)
{
    if (run->trace.is_set) {
        trace_begin(&run->trace, &run->step_trace);
    }
}

void job_trace_step_ended(struct run *run, bool failed)
{
    const struct job *job = &run->job;
    struct span span = { .context = run->step_trace,
                         .kind = SPAN_INTERNAL,
                         .began_us = run->step_began_us,
                         .ended_us = clock_mono_us() };

    if (!run->step_trace.is_set) {
        return;
    }
    run->step_trace.is_set = false;
    memcpy(span.parent_id, run->trace.span_id, SPAN_ID);
    span.name = run_step(run)->name;
    span.error = failed ? error_rule(run->error.kind)->name : NULL;
    span_text(&span, "messaging.message.id", job->claimed.id);
    if (run->retries > 0) {
        span_whole(&span, "darkroom.step.retries", run->retries);
    }
    if (run->answer_from_spool) {
        span_text(&span, "darkroom.answer", "spool");
    }
    span_text(&span, "error.type", span.error);
    span_end(&span);
}

/* -- calls ------------------------------------------------------------------------------------- */

/* Writes the host of a URL, and returns its port; 0 if it names none. */
static int server_of(const char *url, char *host, size_t size)
{
    const char *at = strstr(url, "://"), *end, *user, *colon;

    if (!at) {
        return 0;
    }
    at += 3;
    end = at + strcspn(at, "/?#");
    user = memrchr(at, '@', (size_t)(end - at));
    at = user ? user + 1 : at;
    colon = memrchr(at, ':', (size_t)(end - at));
    colon = colon && !memchr(colon, ']', (size_t)(end - colon)) ? colon : NULL; /* of IPv6 */
    snprintf(host, size, "%.*s", (int)((colon ? colon : end) - at), at);
    return colon ? (int)strtol(colon + 1, NULL, 10) : strncmp(url, "https", 5) == 0 ? 443 : 80;
}

static void add_request(struct span *span, const struct run *run)
{
    const struct job *job = &run->job;
    const struct http_response *response = &job->op.http_response;
    bool is_text = job->call.model && !(job->call.model->tasks & (TASK_EDIT | TASK_IMAGE));

    span_text(span, "gen_ai.operation.name", is_text ? "chat" : "generate_content");
    span_text(span, "gen_ai.output.type", is_text ? "text" : "image");
    span_text(span, "gen_ai.provider.name", job->call.provider->name);
    span_text(span, "gen_ai.request.model", job->call.model ? job->call.model->id : NULL);
    span_text(span, "gen_ai.response.id", job->attempt.request_id);
    span_whole(span, "darkroom.call.index", job->call_index);
    if (job->op.kind == OP_HTTP && response->status > 0) {
        span_whole(span, "http.response.status_code", response->status);
    }
}

static int64_t known(int64_t tokens)
{
    return tokens > 0 ? tokens : 0;
}

static void add_usage(struct span *span, const struct attempt *attempt)
{
    const struct usage *usage = &attempt->tokens;
    int64_t input = known(usage->text_in) + known(usage->text_cached) + known(usage->image_in) +
                    known(usage->image_cached);
    int64_t output = known(usage->text_out) + known(usage->image_out);

    if (attempt->cost_microusd >= 0) {
        span_number(span, "darkroom.cost_usd", (double)attempt->cost_microusd / 1e6);
    }
    if (input > 0 || output > 0) {
        span_whole(span, "gen_ai.usage.input_tokens", input);
        span_whole(span, "gen_ai.usage.output_tokens", output);
    }
}

void job_trace_call_ended(struct run *run, bool failed)
{
    const struct job *job = &run->job;
    const char *model = job->call.model ? job->call.model->id : "";
    char name[160], host[200] = "";
    struct span span = { .name = name,
                         .kind = SPAN_CLIENT,
                         .began_us = run->call_began_us,
                         .ended_us = clock_mono_us() };
    int port;

    if (!run->step_trace.is_set || !(run_step(run)->flags & STEP_PAID) || run->answer_from_spool) {
        return;
    }
    trace_begin(&run->step_trace, &span.context);
    memcpy(span.parent_id, run->step_trace.span_id, SPAN_ID);
    add_request(&span, run);
    snprintf(name, sizeof name, "%s %s", span.attributes[0].text, model);
    port = job->op.kind == OP_HTTP ? server_of(job->op.http.url, host, sizeof host) : 0;
    span_text(&span, "server.address", host);
    if (port > 0) {
        span_whole(&span, "server.port", port);
    }
    if (!failed) {
        add_usage(&span, &job->attempt);
    }
    span.error = failed ? error_rule(run->error.kind)->name : NULL;
    span_text(&span, "error.type", span.error);
    span_end(&span);
}
