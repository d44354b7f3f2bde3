/* job_log.c - one message per step (debug) and one at the end of a job. */
#include "jobs/engine/job_log.h"

#include "base/log.h"

static const char *const end_messages[] = {
    [JOB_COMPLETED] = "job completed",
    [JOB_RETRY_LATER] = "job failed, will be retried",
    [JOB_FAILED] = "job failed",
    [JOB_LEASE_LOST] = "job lost to another worker",
    [JOB_RETURNED] = "job returned to the queue",
    [JOB_RESCHEDULED] = "job rescheduled",
    [JOB_WAITS] = "job waits for a service",
};

void log_job_end(const struct job *job, enum job_end how, const struct error *why,
                 int64_t refunded_credits, int64_t duration_us)
{
    const struct attempt *attempt = &job->attempt;
    struct log_field fields[18];
    int count = 0;

    fields[count++] = LOG_TEXT_FIELD("job", job->claimed.id);
    if (job->image) {
        fields[count++] = LOG_TEXT_FIELD("image", job->image);
    }
    fields[count++] = LOG_NUMBER_FIELD("ms", (double)(duration_us / 1000));
    if (job->product) {
        fields[count++] = LOG_TEXT_FIELD("product", job->product);
    }
    fields[count++] = LOG_TEXT_FIELD("type", job->claimed.type);
    if (job->project_id) {
        fields[count++] = LOG_TEXT_FIELD("project", job->project_id);
    }
    fields[count++] = LOG_NUMBER_FIELD("attempt", job->claimed.attempt);
    if (job->call.provider) {
        fields[count++] = LOG_TEXT_FIELD("provider", job->call.provider->name);
        fields[count++] = LOG_TEXT_FIELD("model", job->call.model->id);
    }
    if (attempt->request_id && attempt->request_id[0]) {
        fields[count++] = LOG_TEXT_FIELD("request_id", attempt->request_id);
    }
    if (attempt->http_status > 0) {
        fields[count++] = LOG_NUMBER_FIELD("http_status", attempt->http_status);
    }
    if (job->cost_microusd > 0) {
        fields[count++] = LOG_NUMBER_FIELD("cost_usd", (double)job->cost_microusd / 1e6);
    }
    if (how != JOB_COMPLETED && how != JOB_RESCHEDULED) {
        if (job->type && job->step < job->type->step_count) {
            fields[count++] = LOG_TEXT_FIELD("step", job->type->steps[job->step].name);
        }
        fields[count++] = LOG_TEXT_FIELD("class", error_rule(why->kind)->name);
        fields[count++] = LOG_TEXT_FIELD("error", why->text);
    }
    if (refunded_credits > 0) {
        fields[count++] = LOG_NUMBER_FIELD("refunded", (double)refunded_credits);
    }
    log_event(how == JOB_RESCHEDULED || how == JOB_WAITS ? LOG_DEBUG
              : how == JOB_COMPLETED                     ? LOG_INFO
                                                         : LOG_WARNING,
              end_messages[how], fields, count);
}

void log_job_step(const struct job *job, const char *step)
{
    log_event(LOG_DEBUG, "step",
              (struct log_field[]){ LOG_TEXT_FIELD("job", job->claimed.id),
                                    LOG_TEXT_FIELD("type", job->claimed.type),
                                    LOG_TEXT_FIELD("step", step) },
              3);
}

void log_job_waits(const struct job *job, const struct error *why)
{
    log_event(LOG_WARNING, "the database does not execute a step of the job; it is repeated",
              (struct log_field[]){
                  LOG_TEXT_FIELD("job", job->claimed.id),
                  LOG_TEXT_FIELD("project", job->project_id ? job->project_id : ""),
                  LOG_TEXT_FIELD("step", job->type->steps[job->step].name),
                  LOG_TEXT_FIELD("error", why->text), LOG_TEXT_FIELD("hint", why->hint) },
              5);
}
