/* output_jobs.c - objects of darkroom jobs and darkroom enqueue. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- jobs */

static const struct output_field job_fields[] = {
    OUTPUT_EVENT("job"),
    { "id", OUTPUT_TEXT, .meaning = "id of the job" },
    { "type", OUTPUT_TEXT,
      .meaning = "job type: generate-image, generate-complete-pack, generate-aplus, "
                 "regenerate-image or batch-api" },
    { "status", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "status: pending, processing, completed or failed" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "image", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "image type; null for jobs that make no single image" },
    { "user", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the user who pays" },
    { "email", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "e-mail address of this user" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "retries", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "attempts that failed and were repeated" },
    { "maxRetries", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "most attempts that are repeated" },
    { "priority", OUTPUT_INTEGER,
      .meaning =
          "priority: jobs with a higher number are claimed first; jobs of batches have -10" },
    { "worker", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the worker that runs it" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "the sentence for the seller: why it failed, or the progress of a pack" },
    { "parent", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the pack that it is a part of" },
    { "matches", OUTPUT_BOOLEAN,
      .meaning = "whether it meets the conditions; a pack is listed with parts that do" },
    { "url", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "URL of the stored image" },
    { "created", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was queued" },
    { "completed", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it ended" },
    { "seconds", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "seconds from created to completed" },
    { "runningSeconds", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "seconds that a running job has been running" },
    { "waitsSeconds", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "seconds until a job that is not due is due" },
    { "paused", OUTPUT_BOOLEAN | OUTPUT_NULL, .meaning = "whether it waits for its paused batch" },
    { .name = NULL },
};

static const struct output_object job = {
    .name = "job",
    .meaning = "A job of the list",
    .fields = job_fields,
};

static const struct output_field failure_fields[] = {
    { "lease", OUTPUT_INTEGER, .meaning = "lease number of the attempt" },
    { "worker", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the worker" },
    { "failed", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time of the failure" },
    { "message", OUTPUT_TEXT, .meaning = "the sentence for the seller" },
    { "detail", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the technical detail for operators" },
    { .name = NULL },
};

static const struct output_object failure = {
    .name = "failure",
    .meaning = "A failed attempt of a job",
    .fields = failure_fields,
};

static const struct output_field charge_fields[] = {
    { "slot", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the image or text that was paid for" },
    { "credits", OUTPUT_INTEGER, .meaning = "credits charged" },
    { "source", OUTPUT_TEXT, .meaning = "who recorded the payment",
      .values = "application|worker|free|unpaid" },
    { "state", OUTPUT_TEXT,
      .meaning = "whether the result was delivered, or the credits were returned",
      .values = "open|delivered|returned" },
    { .name = NULL },
};

static const struct output_object charge = {
    .name = "charge",
    .meaning = "What a job costs its user",
    .fields = charge_fields,
};

static const struct output_field part_fields[] = {
    { "part", OUTPUT_TEXT, .meaning = "image type, or APLUS for the A+ content" },
    { "job", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the job that makes it" },
    { "state", OUTPUT_TEXT, .meaning = "whether it is being made, is stored, or has failed",
      .values = "open|ready|failed" },
    { "refundedCredits", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "credits refunded for it" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "what is missing, and what the seller can do" },
    { .name = NULL },
};

static const struct output_object part = {
    .name = "part",
    .meaning = "An image or text of a pack",
    .fields = part_fields,
};

static const struct output_field typical_seconds_fields[] = {
    { "count", OUTPUT_INTEGER, .meaning = "completed jobs measured, the last 200 at most" },
    { "p50", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "median, in seconds" },
    { "p95", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "95th percentile, in seconds" },
    { .name = NULL },
};

static const struct output_object typical_seconds = {
    .name = "typical-seconds",
    .meaning = "How long jobs of this kind take, from their start to their end",
    .fields = typical_seconds_fields,
};

static const struct output_field call_fields[] = {
    { "step", OUTPUT_TEXT, .meaning = "step of the job that made the call" },
    { "call", OUTPUT_INTEGER, .meaning = "number of the call within the step, from 0" },
    { "provider", OUTPUT_TEXT, .meaning = "provider that was called" },
    { "model", OUTPUT_TEXT, .meaning = "model that was called" },
    { "outcome", OUTPUT_TEXT,
      .meaning = "outcome, such as ok or rejected; \"not known\" if no answer was recorded" },
    { "http", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "HTTP status" },
    { "ms", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "milliseconds until the answer was complete" },
    { "usd", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "cost in USD" },
    { "requestId", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the provider's id of the request" },
    { "sent", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was sent" },
    { "worker", OUTPUT_TEXT, .meaning = "id of the worker" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it failed" },
    { .name = NULL },
};

static const struct output_object call = {
    .name = "call",
    .meaning = "A paid call to a model",
    .fields = call_fields,
};

static const struct output_field rejection_fields[] = {
    { "call", OUTPUT_INTEGER, .meaning = "id of the call" },
    { "job", OUTPUT_TEXT, .meaning = "id of the job" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "image", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "image type" },
    { "step", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "step of the job" },
    { "number", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "number of the call within the step, from 0" },
    { "model", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "model that made it" },
    { "check", OUTPUT_TEXT, .meaning = "name of the check" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it was rejected" },
    { "measured", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "measured value, in the unit of the check" },
    { "limit", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "limit of the check, in the same unit" },
    { "pictureBytes", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "bytes of the kept picture; null if none is kept" },
    { "at", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time of the rejection" },
    { "file", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "file that --pictures wrote" },
    { .name = NULL },
};

static const struct output_object rejection = {
    .name = "rejection",
    .meaning = "An answer of a model that a check rejected",
    .fields = rejection_fields,
};

static const struct output_field job_detail_fields[] = {
    OUTPUT_EVENT("job-detail"),
    { "id", OUTPUT_TEXT, .meaning = "id of the job" },
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "status", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "status: pending, processing, completed or failed" },
    { "payload", OUTPUT_ANY, .meaning = "what the application requested, as it stored it" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "user", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the user who pays" },
    { "retries", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "attempts that failed and were repeated" },
    { "maxRetries", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "most attempts that are repeated" },
    { "busy", OUTPUT_INTEGER, .meaning = "times that a provider was too busy for it" },
    { "losses", OUTPUT_INTEGER,
      .meaning = "times that its worker died, since it last made progress" },
    { "lease", OUTPUT_INTEGER, .meaning = "lease number: grows with each claim" },
    { "worker", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the worker that runs it" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the sentence for the seller" },
    { "errorDetail", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "the technical detail of the last failure" },
    { "failures", OUTPUT_LIST, .meaning = "failed attempts, oldest first", .object = &failure },
    { "created", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was queued" },
    { "completed", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it ended" },
    { "due", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "time from which it can be claimed; null if it is paused" },
    { "refusedBecause", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why no worker can claim it" },
    { "answer", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "where a paid answer is kept until the image is stored" },
    { "charge", OUTPUT_OBJECT | OUTPUT_NULL,
      .meaning = "what the user pays; null before the first claim", .object = &charge },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits refunded" },
    { "pack", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the pack that it is a part of" },
    { "parts", OUTPUT_LIST | OUTPUT_NULL, .meaning = "parts of a pack; null for other jobs",
      .object = &part },
    { "image", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "URL of the stored image" },
    { "runningSeconds", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "seconds that a running job has been running" },
    { "typicalSeconds", OUTPUT_OBJECT, .meaning = "how long such jobs take",
      .object = &typical_seconds },
    { "calls", OUTPUT_LIST, .meaning = "paid calls to models, oldest first", .object = &call },
    { "retriedAs", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the job that repeats it" },
    { "rejections", OUTPUT_LIST, .meaning = "answers of models that checks rejected, oldest first",
      .object = &rejection },
    { .name = NULL },
};

static const struct output_object job_detail = {
    .name = "job-detail",
    .meaning = "Everything recorded about one job (jobs show)",
    .fields = job_detail_fields,
};

static const struct output_field job_event_fields[] = {
    { "job", OUTPUT_TEXT, .meaning = "id of the job" },
    { "at", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "time of the event; null for a state that holds now" },
    { "event", OUTPUT_TEXT, .meaning = "kind of the event",
      .values = "created|call|failure|ended|part|cannot start" },
    { "message", OUTPUT_TEXT, .meaning = "what happened" },
    { .name = NULL },
};

static const struct output_object job_event = {
    .name = "job-event",
    .meaning = "An event in the life of a job (jobs logs)",
    .fields = job_event_fields,
};

static const struct output_field cancelled_fields[] = {
    OUTPUT_EVENT("cancelled"),
    { "id", OUTPUT_TEXT, .meaning = "id of the job" },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits refunded" },
    { "dryRun", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "true with --dry-run: nothing was changed" },
    { .name = NULL },
};

static const struct output_object cancelled = {
    .name = "job-cancelled",
    .meaning = "A job was cancelled (jobs cancel)",
    .fields = cancelled_fields,
};

static const struct output_field retried_fields[] = {
    OUTPUT_EVENT("retried"),
    { "id", OUTPUT_TEXT, .meaning = "id of the failed job" },
    { "state", OUTPUT_TEXT,
      .meaning = "queued if it is repeated; else why not, such as retried or missing" },
    { "job", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "id of the job that repeats it" },
    { "jobs", OUTPUT_LIST | OUTPUT_OPTIONAL,
      .meaning = "of a pack: ids of the jobs that repeat its parts" },
    { "jobState", OUTPUT_TEXT | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "status of the job that repeated it before" },
    { "dryRun", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "true with --dry-run: nothing was changed" },
    { .name = NULL },
};

static const struct output_object retried = {
    .name = "job-retried",
    .meaning = "A job was repeated, or not (jobs retry)",
    .fields = retried_fields,
};

static const struct output_field retry_type_fields[] = {
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "image", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "image type" },
    { "jobs", OUTPUT_INTEGER, .meaning = "jobs that can be repeated" },
    { "keptAnswers", OUTPUT_INTEGER, .meaning = "of these, jobs with an answer that is paid for" },
    { "usdEach", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "expected cost of one job in USD; null if it is unknown" },
    { "priceSource", OUTPUT_TEXT, .meaning = "what the expected cost comes from",
      .values = "completed jobs|catalog|unknown" },
    { .name = NULL },
};

static const struct output_object retry_type = {
    .name = "retry-type",
    .meaning = "Failed jobs of one kind",
    .fields = retry_type_fields,
};

static const struct output_field retry_skipped_fields[] = {
    { "reason", OUTPUT_TEXT, .meaning = "why they are not repeated" },
    { "jobs", OUTPUT_INTEGER, .meaning = "number of jobs" },
    { .name = NULL },
};

static const struct output_object retry_skipped = {
    .name = "retry-skipped",
    .meaning = "Failed jobs that are left out",
    .fields = retry_skipped_fields,
};

static const struct output_field retry_plan_fields[] = {
    OUTPUT_EVENT("plan"),
    { "jobs", OUTPUT_INTEGER, .meaning = "failed jobs that can be repeated" },
    { "usd", OUTPUT_NUMBER, .meaning = "expected cost in USD, of the jobs whose price is known" },
    { "unpricedJobs", OUTPUT_INTEGER, .meaning = "jobs whose price is unknown" },
    { "chargedCredits", OUTPUT_INTEGER, .meaning = "credits that will be charged" },
    { "refundedCredits", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "credits that were refunded when they failed" },
    { "paidCredits", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "credits that stay paid" },
    { "keptAnswers", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "jobs with an answer that is paid for" },
    { "types", OUTPUT_LIST, .meaning = "the jobs by kind", .object = &retry_type },
    { "skipped", OUTPUT_LIST, .meaning = "failed jobs that are left out",
      .object = &retry_skipped },
    { .name = NULL },
};

static const struct output_object retry_plan = {
    .name = "retry-plan",
    .meaning = "What `jobs retry` with conditions will do",
    .fields = retry_plan_fields,
};

static const struct output_field retry_end_fields[] = {
    OUTPUT_EVENT("done"),
    { "retried", OUTPUT_INTEGER, .meaning = "jobs that are repeated" },
    { "leftOut", OUTPUT_INTEGER,
      .meaning = "jobs that another command or the seller repeated meanwhile" },
    { "notReached", OUTPUT_INTEGER, .meaning = "jobs that were left when the command was stopped" },
    { .name = NULL },
};

static const struct output_object retry_end = {
    .name = "retry-end",
    .meaning = "What `jobs retry` with conditions did",
    .fields = retry_end_fields,
};

const struct output_object *const output_jobs[] = {
    &job,     &job_detail, &job_event, &output_service,      &cancelled,
    &retried, &retry_plan, &retry_end, &output_batch_queued, NULL
};

/* -- enqueue */

static const struct output_field enqueued_fields[] = {
    OUTPUT_EVENT("enqueued"),
    { "job", OUTPUT_TEXT, .meaning = "id of the job" },
    { "credits", OUTPUT_INTEGER, .meaning = "credits charged" },
    { "balance", OUTPUT_INTEGER, .meaning = "the owner's credits before" },
    { "workers", OUTPUT_INTEGER, .meaning = "workers that live" },
    { .name = NULL },
};

static const struct output_object enqueued = {
    .name = "enqueued",
    .meaning = "A job was queued",
    .fields = enqueued_fields,
};

static const struct output_field enqueue_end_fields[] = {
    OUTPUT_EVENT("ended"),
    { "job", OUTPUT_TEXT, .meaning = "id of the job" },
    { "status", OUTPUT_TEXT, .meaning = "how it ended", .values = "completed|failed" },
    { "message", OUTPUT_TEXT, .meaning = "one sentence about the result" },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits refunded" },
    { "seconds", OUTPUT_NUMBER, .meaning = "seconds that the command waited" },
    { .name = NULL },
};

static const struct output_object enqueue_end = {
    .name = "enqueue-end",
    .meaning = "The job has ended (--wait)",
    .fields = enqueue_end_fields,
};

const struct output_object *const output_enqueue[] = { &enqueued, &enqueue_end, NULL };
