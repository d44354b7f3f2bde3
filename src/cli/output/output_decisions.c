/* output_decisions.c - objects of the commands that review candidates and explain images. */
#include <stddef.h>

#include "cli/output/output_object.h"

/* -- accept, reject, revert */

static const struct output_field decision_plan_fields[] = {
    OUTPUT_EVENT("decision-plan"),
    { "item", OUTPUT_INTEGER, .meaning = "number of the image in the batch" },
    { "variant", OUTPUT_INTEGER, .meaning = "number of the candidate for the image" },
    { "verb", OUTPUT_TEXT, .meaning = "what would be done", .values = "accept|reject|revert" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "decision", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "the decision so far: accepted, rejected or reverted" },
    { .name = NULL },
};

static const struct output_object decision_plan = {
    .name = "decision-plan",
    .meaning = "A candidate that would change (--dry-run)",
    .fields = decision_plan_fields,
};

static const struct output_field decision_plan_total_fields[] = {
    OUTPUT_EVENT("decision-plan-total"),
    { "total", OUTPUT_BOOLEAN, .meaning = "true: the object has the sums" },
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "accept", OUTPUT_INTEGER, .meaning = "candidates that would be accepted" },
    { "reject", OUTPUT_INTEGER, .meaning = "candidates that would be rejected" },
    { "revert", OUTPUT_INTEGER, .meaning = "candidates that would be reverted" },
    { "replaces", OUTPUT_INTEGER, .meaning = "images that candidates would replace" },
    { "restores", OUTPUT_INTEGER, .meaning = "replaced images that would come back" },
    { "fromTrash", OUTPUT_INTEGER, .meaning = "rejected candidates that would leave the trash" },
    { "projects", OUTPUT_INTEGER, .meaning = "projects with a change" },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits that would be refunded at most" },
    { "unchanged", OUTPUT_INTEGER, .meaning = "candidates that would stay as they are" },
    { .name = NULL },
};

static const struct output_object decision_plan_total = {
    .name = "decision-plan-total",
    .meaning = "Sums of what would change (--dry-run); the last object",
    .fields = decision_plan_total_fields,
};

static const struct output_field decision_fields[] = {
    OUTPUT_EVENT("decision"),
    { "item", OUTPUT_INTEGER, .meaning = "number of the image in the batch" },
    { "variant", OUTPUT_INTEGER, .meaning = "number of the candidate for the image" },
    { "verb", OUTPUT_TEXT, .meaning = "what was to be done", .values = "accept|reject|revert" },
    { "state", OUTPUT_TEXT,
      .meaning = "accepted, rejected or reverted; \"already\" if it was before; else why not" },
    { .name = NULL },
};

static const struct output_object decision = {
    .name = "decision",
    .meaning = "A decision was carried out, or not",
    .fields = decision_fields,
};

static const struct output_field outcome_fields[] = {
    { "verb", OUTPUT_TEXT, .meaning = "what was to be done", .values = "accept|reject|revert" },
    { "state", OUTPUT_TEXT, .meaning = "the result" },
    { "count", OUTPUT_INTEGER, .meaning = "number of decisions" },
    { .name = NULL },
};

static const struct output_object outcome = {
    .name = "decision-outcome",
    .meaning = "Decisions with the same result",
    .fields = outcome_fields,
};

static const struct output_field decision_total_fields[] = {
    OUTPUT_EVENT("decision-total"),
    { "total", OUTPUT_BOOLEAN, .meaning = "true: the object has the sums" },
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "outcomes", OUTPUT_LIST, .meaning = "decisions by result", .object = &outcome },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits refunded" },
    { "trashed", OUTPUT_INTEGER, .meaning = "files that went to the trash" },
    { "trashDays", OUTPUT_INTEGER, .meaning = "days for which the trash keeps a file" },
    { .name = NULL },
};

static const struct output_object decision_total = {
    .name = "decision-total",
    .meaning = "Sums of the decisions; the last object",
    .fields = decision_total_fields,
};

const struct output_object *const output_decisions[] = { &decision, &decision_total, &decision_plan,
                                                         &decision_plan_total, NULL };

/* -- review */

static const struct output_field review_fields[] = {
    OUTPUT_EVENT("review"),
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "images", OUTPUT_INTEGER, .meaning = "images of the batch" },
    { "candidates", OUTPUT_INTEGER, .meaning = "candidates for them" },
    { "thumbnails", OUTPUT_INTEGER, .meaning = "pictures in the pages" },
    { "missing", OUTPUT_INTEGER, .meaning = "pictures that could not be read" },
    { "pages", OUTPUT_INTEGER, .meaning = "pages written" },
    { "files", OUTPUT_LIST, .meaning = "paths of all files written" },
    { .name = NULL },
};

static const struct output_object review = {
    .name = "review",
    .meaning = "The pages that were written",
    .fields = review_fields,
};

const struct output_object *const output_review[] = { &review, NULL };

/* -- explain */

static const struct output_field stored_image_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the image" },
    { "projectId", OUTPUT_TEXT, .meaning = "id of the project" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "style", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "style" },
    { "url", OUTPUT_TEXT, .meaning = "URL of the file" },
    { "width", OUTPUT_INTEGER, .meaning = "width in pixels" },
    { "height", OUTPUT_INTEGER, .meaning = "height in pixels" },
    { "size", OUTPUT_INTEGER, .meaning = "size of the file in bytes" },
    { "metadata", OUTPUT_OBJECT | OUTPUT_NULL,
      .meaning = "how it was made, as the version that made it recorded it" },
    { "createdAt", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was made" },
    { .name = NULL },
};

static const struct output_object stored_image = {
    .name = "stored-image",
    .meaning = "A row of the application's table GeneratedImage",
    .fields = stored_image_fields,
    .open = true,
};

static const struct output_field batch_item_fields[] = {
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "item", OUTPUT_INTEGER, .meaning = "number of the image in the batch" },
    { "variant", OUTPUT_INTEGER, .meaning = "number of the candidate for the image" },
    { "source", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the image that it may replace" },
    { "project", OUTPUT_TEXT, .meaning = "id of the project" },
    { "user", OUTPUT_TEXT, .meaning = "id of the user who owns it" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "style", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "style" },
    { "model", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "requested model; null: the worker's own" },
    { "quality", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "requested quality; null: the worker's own" },
    { "credits", OUTPUT_INTEGER, .meaning = "credits that the user pays" },
    { "state", OUTPUT_TEXT, .meaning = "state of the item",
      .values = "waiting|queued|done|failed|cancelled" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it failed" },
    { "url", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "URL of the file" },
    { "width", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "width in pixels" },
    { "height", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "height in pixels" },
    { "bytes", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "size of the file in bytes" },
    { "metadata", OUTPUT_OBJECT | OUTPUT_NULL,
      .meaning = "how it was made, as the version that made it recorded it" },
    { "decision", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "decision of a reviewer",
      .values = "accepted|rejected|reverted" },
    { "decidedAt", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time of the decision" },
    { "decidedBy", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "who decided" },
    { "replaced", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the image that it replaced",
      .object = &stored_image },
    { .name = NULL },
};

static const struct output_object batch_item = {
    .name = "batch-item",
    .meaning = "The candidate of a batch",
    .fields = batch_item_fields,
};

static const struct output_field explained_project_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the project" },
    { "user", OUTPUT_TEXT, .meaning = "id of the user who owns it" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "description", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "text of the product" },
    { "category", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "category of the product" },
    { "status", OUTPUT_TEXT, .meaning = "status of the project" },
    { "photo", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "URL of the first photo" },
    { .name = NULL },
};

static const struct output_object explained_project = {
    .name = "explained-project",
    .meaning = "The project of the image",
    .fields = explained_project_fields,
};

static const struct output_field explained_job_fields[] = {
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "status", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "status: pending, processing, completed or failed" },
    { "payload", OUTPUT_ANY, .meaning = "what the application requested, as it stored it" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the sentence for the seller" },
    { "created", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was queued" },
    { .name = NULL },
};

static const struct output_object explained_job = {
    .name = "explained-job",
    .meaning = "The job in the queue",
    .fields = explained_job_fields,
};

static const struct output_field explained_call_fields[] = {
    { "step", OUTPUT_TEXT, .meaning = "step of the job that made the call" },
    { "call", OUTPUT_INTEGER, .meaning = "number of the call within the step, from 0" },
    { "provider", OUTPUT_TEXT, .meaning = "provider that was called" },
    { "model", OUTPUT_TEXT, .meaning = "model that was called" },
    { "outcome", OUTPUT_TEXT,
      .meaning = "outcome, such as ok or rejected; \"not known\" if no answer was recorded" },
    { "http", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "HTTP status" },
    { "ms", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "milliseconds until the answer was complete" },
    { "usd", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "cost in USD" },
    { "usage", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "tokens, as the provider counts them" },
    { "requestId", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the provider's id of the request" },
    { "request", OUTPUT_OBJECT | OUTPUT_NULL,
      .meaning = "prompt, size and quality as sent, without images and secrets" },
    { "sent", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time at which it was sent" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it failed" },
    { .name = NULL },
};

static const struct output_object explained_call = {
    .name = "explained-call",
    .meaning = "A paid call to a model, with its request",
    .fields = explained_call_fields,
};

static const struct output_field explanation_fields[] = {
    OUTPUT_EVENT("explanation"),
    { "job", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the job" },
    { "image", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the stored image; null if there is none",
      .object = &stored_image },
    { "item", OUTPUT_OBJECT | OUTPUT_NULL,
      .meaning = "the candidate of a batch; null for other images", .object = &batch_item },
    { "project", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the project; null if it was deleted",
      .object = &explained_project },
    { "queue", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the job; null if it was deleted",
      .object = &explained_job },
    { "calls", OUTPUT_LIST, .meaning = "paid calls to models, oldest first",
      .object = &explained_call },
    { .name = NULL },
};

static const struct output_object explanation = {
    .name = "explanation",
    .meaning = "How an image was made",
    .fields = explanation_fields,
};

const struct output_object *const output_explain[] = { &explanation, NULL };
