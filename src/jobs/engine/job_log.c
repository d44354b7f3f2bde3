/* job_log.c - the log lines of a job: one a step (debug), one at its end. */
#include "jobs/engine/job_log.h"

#include "base/log.h"

static const char *const ending_words[] = {
    [JOB_COMPLETED] = "done",         [JOB_RETRY_LATER] = "failed, will be tried again",
    [JOB_FAILED] = "failed for good", [JOB_LEASE_LOST] = "lost to another worker",
    [JOB_RETURNED] = "given back",    [JOB_RESCHEDULED] = "waits"
};

void log_job_end(const struct job *job, enum job_end ending, const struct error *why,
                 int64_t refunded, int64_t took_us)
{
    const struct attempt *attempt = &job->attempt;
    struct log_field fields[14];
    int count = 0;

    fields[count++] = LOG_TEXT_FIELD("job", job->claimed.id);
    fields[count++] = LOG_TEXT_FIELD("type", job->claimed.type);
    if (job->project_id) {
        fields[count++] = LOG_TEXT_FIELD("project", job->project_id);
    }
    fields[count++] = LOG_NUMBER_FIELD("attempt", job->claimed.attempt);
    fields[count++] = LOG_NUMBER_FIELD("ms", (double)(took_us / 1000));
    if (job->call.provider) {
        fields[count++] = LOG_TEXT_FIELD("provider", job->call.provider->name);
        fields[count++] = LOG_TEXT_FIELD("model", job->call.model->id);
    }
    if (attempt->request_id && attempt->request_id[0]) {
        fields[count++] = LOG_TEXT_FIELD("request_id", attempt->request_id);
    }
    if (job->cost_microusd > 0) {
        fields[count++] = LOG_NUMBER_FIELD("cost_usd", (double)job->cost_microusd / 1e6);
    }
    if (ending != JOB_COMPLETED && ending != JOB_RESCHEDULED) {
        if (job->type && job->step < job->type->step_count) {
            fields[count++] = LOG_TEXT_FIELD("step", job->type->steps[job->step].name);
        }
        fields[count++] = LOG_TEXT_FIELD("class", error_rule(why->kind)->name);
        fields[count++] = LOG_TEXT_FIELD("error", why->text);
    }
    if (refunded > 0) {
        fields[count++] = LOG_NUMBER_FIELD("refunded", (double)refunded);
    }
    log_event(ending == JOB_RESCHEDULED ? LOG_DEBUG
              : ending == JOB_COMPLETED ? LOG_INFO
                                        : LOG_WARNING,
              ending_words[ending], fields, count);
}

void log_job_step(const struct job *job, const char *step)
{
    log_event(LOG_DEBUG, "step",
              (struct log_field[]){ LOG_TEXT_FIELD("job", job->claimed.id),
                                    LOG_TEXT_FIELD("type", job->claimed.type),
                                    LOG_TEXT_FIELD("step", step) },
              3);
}
