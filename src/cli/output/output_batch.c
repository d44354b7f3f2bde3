/* output_batch.c - objects of darkroom batch. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

static const struct output_field estimate_fields[] = {
    ESTIMATE_FIELDS(OUTPUT_OPTIONAL),
    { .name = NULL },
};

static const struct output_object estimate = {
    .name = "estimate",
    .meaning = "The estimate made when the batch was created, as that version stored it",
    .fields = estimate_fields,
    .open = true,
};

/* -- state of a batch */

static const struct output_field item_counts_fields[] = {
    { "items", OUTPUT_INTEGER, .meaning = "all items" },
    { "done", OUTPUT_INTEGER, .meaning = "candidates stored" },
    { "failed", OUTPUT_INTEGER, .meaning = "items that failed" },
    { "accepted", OUTPUT_INTEGER, .meaning = "candidates accepted" },
    { .name = NULL },
};

static const struct output_object item_counts = {
    .name = "item-counts",
    .meaning = "Items of a batch by state",
    .fields = item_counts_fields,
};

static const struct output_field counts_by_name_fields[] = {
    { "*", OUTPUT_OBJECT, .meaning = "items with this name", .object = &item_counts },
    { .name = NULL },
};

static const struct output_object counts_by_name = {
    .name = "item-counts-by-name",
    .meaning = "Items of a batch by image type or model, which is the name",
    .fields = counts_by_name_fields,
};

static const struct output_field reason_counts_fields[] = {
    { "items", OUTPUT_INTEGER, .meaning = "candidates with this reason" },
    { "accepted", OUTPUT_INTEGER, .meaning = "of these, accepted ones" },
    { "rejected", OUTPUT_INTEGER, .meaning = "of these, rejected ones" },
    { .name = NULL },
};

static const struct output_object reason_counts = {
    .name = "reason-counts",
    .meaning = "Candidates of a batch with one reason",
    .fields = reason_counts_fields,
};

static const struct output_field counts_by_reason_fields[] = {
    { "*", OUTPUT_OBJECT, .meaning = "candidates with this reason", .object = &reason_counts },
    { .name = NULL },
};

static const struct output_object counts_by_reason = {
    .name = "reason-counts-by-name",
    .meaning = "Candidates of a batch by the reason that reviewers gave, which is the name",
    .fields = counts_by_reason_fields,
};

static const struct output_field request_counts_fields[] = {
    { "total", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "all requests" },
    { "completed", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "completed requests" },
    { "failed", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "failed requests" },
    { .name = NULL },
};

static const struct output_object request_counts = {
    .name = "request-counts",
    .meaning = "The provider's own numbers of requests",
    .fields = request_counts_fields,
    .open = true,
};

static const struct output_field chunk_fields[] = {
    { "chunk", OUTPUT_INTEGER, .meaning = "number of the part, from 1" },
    { "state", OUTPUT_TEXT, .meaning = "state of the part",
      .values = "open|sending|sent|finished" },
    { "status", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the provider's status" },
    { "remote", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the provider's id" },
    { "counts", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the provider's numbers of requests",
      .object = &request_counts },
    { "job", OUTPUT_TEXT, .meaning = "id of the job that sends it and reads the results" },
    { "jobStatus", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "status of this job" },
    { "checked", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "time of the last look at the provider's status" },
    { "reason", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what it waits for, or why it failed" },
    { .name = NULL },
};

static const struct output_object chunk = {
    .name = "chunk",
    .meaning = "A part of a batch that goes through the provider's Batch API",
    .fields = chunk_fields,
};

static const struct output_field batch_options_fields[] = {
    { "models", OUTPUT_LIST | OUTPUT_OPTIONAL,
      .meaning = "models that make the candidates; the worker's own if empty" },
    { "quality", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "requested quality" },
    { "prompt", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "prompt of the batch" },
    { "textOnly", OUTPUT_OBJECT | OUTPUT_OPTIONAL, .meaning = "options of --text-only",
      .object = &output_text_only },
    { "variants", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "candidates per image and model" },
    { "charge", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "who is charged",
      .values = "none|users" },
    { "keep", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "what accepting does with the old image",
      .values = "replace|add" },
    { "batchApi", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether the provider's Batch API is used" },
    { "rate", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "most images started per second" },
    { .name = NULL },
};

static const struct output_object batch_options = {
    .name = "batch-options",
    .meaning = "Options of a batch, as the version that created it stored them",
    .fields = batch_options_fields,
    .open = true,
};

static const struct output_field batch_detail_fields[] = {
    OUTPUT_EVENT("batch-detail"),
    BATCH_FIELDS,
    { "options", OUTPUT_OBJECT, .meaning = "options of the batch", .object = &batch_options },
    { "estimate", OUTPUT_OBJECT, .meaning = "the estimate made when it was created",
      .object = &estimate },
    { "byKind", OUTPUT_OBJECT, .meaning = "items by image type", .object = &counts_by_name },
    { "byModel", OUTPUT_OBJECT, .meaning = "items by model", .object = &counts_by_name },
    { "byReason", OUTPUT_OBJECT, .meaning = "candidates by the reason of their decision",
      .object = &counts_by_reason },
    { "errors", OUTPUT_LIST, .meaning = "why items failed, most frequent first",
      .object = &output_batch_error },
    { "chunks", OUTPUT_LIST, .meaning = "parts that go through the provider's Batch API",
      .object = &chunk },
    { "images", OUTPUT_INTEGER, .meaning = "images that have candidates" },
    { .name = NULL },
};

static const struct output_object batch_detail = {
    .name = "batch-detail",
    .meaning = "Everything about one batch (batch show)",
    .fields = batch_detail_fields,
};

static const struct output_field batch_changed_fields[] = {
    { "event", OUTPUT_TEXT, .meaning = "what it did",
      .values = "pause|resume|cancel|retry-failed" },
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "changed", OUTPUT_INTEGER, .meaning = "items, or jobs of items, that changed their state" },
    { .name = NULL },
};

static const struct output_object batch_changed = {
    .name = "batch-changed",
    .meaning = "A command changed the state of a batch",
    .fields = batch_changed_fields,
};

static const struct output_field change_plan_fields[] = {
    OUTPUT_EVENT("plan"),
    { "change", OUTPUT_TEXT, .meaning = "what would be done",
      .values = "pause|resume|cancel|retry-failed" },
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "items", OUTPUT_INTEGER, .meaning = "items that would change their state" },
    { "running", OUTPUT_INTEGER, .meaning = "items that are being made" },
    { "usd", OUTPUT_NUMBER | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "expected cost in USD of items that would be made; null if it is unknown" },
    { .name = NULL },
};

static const struct output_object change_plan = {
    .name = "batch-change-plan",
    .meaning = "What a command would do with a batch (--dry-run)",
    .fields = change_plan_fields,
};

const struct output_object *const output_batch[] = {
    &output_batch_summary, &batch_detail, &batch_changed, &change_plan, &output_batch_progress,
    &output_batch_queued,  NULL
};
