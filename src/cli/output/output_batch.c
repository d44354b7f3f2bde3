/* output_batch.c - objects of darkroom batch and darkroom regenerate. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- estimates */

static const struct output_field text_only_fields[] = {
    { "language", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "language of the texts" },
    { "layout", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "layout of the texts" },
    { "brandKit", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "id of the brand kit" },
    { "logoFile", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "name of the logo's file" },
    { "logo", OUTPUT_TEXT | OUTPUT_OPTIONAL,
      .meaning = "the logo itself, in base64; only in stored batches" },
    { "width", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "width of the images in pixels" },
    { "height", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "height of the images in pixels" },
    { .name = NULL },
};

static const struct output_object text_only = {
    .name = "text-only",
    .meaning = "Options of --text-only",
    .fields = text_only_fields,
};

static const struct output_field estimate_kind_fields[] = {
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "candidates", OUTPUT_INTEGER, .meaning = "images to make" },
    { "model", OUTPUT_TEXT, .meaning = "model that makes them" },
    { "size", OUTPUT_TEXT, .meaning = "requested size: WIDTHxHEIGHT in pixels" },
    { "quality", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "requested quality" },
    { "usdPerCall", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "expected cost of one call in USD; null if it is unknown" },
    { "callsPerImage", OUTPUT_NUMBER,
      .meaning = "expected calls per image, with those that checks reject" },
    { "priceSource", OUTPUT_TEXT, .meaning = "what the expected cost comes from",
      .values = "calls of the last 30 days|price table|unknown" },
    { "calls", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "what the calls make, if it is no image",
      .values = "translation" },
    { "madeLocally", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "images that are cut out on this machine, without cost" },
    { "possiblyMadeLocally", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "images that may be cut out on this machine" },
    { .name = NULL },
};

static const struct output_object estimate_kind = {
    .name = "estimate-kind",
    .meaning = "Part of an estimate: one image type by one model",
    .fields = estimate_kind_fields,
};

#define ESTIMATE_FIELDS(more)                                                                      \
    { "textOnly", OUTPUT_OBJECT | OUTPUT_OPTIONAL, .meaning = "options of --text-only",            \
      .object = &text_only },                                                                      \
        { "withoutPlate", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                        \
          .meaning =                                                                               \
              "images without the picture below their text, which --text-only leaves out" },       \
        { "imageCalls", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "calls to image models: 0 with --text-only" },                                \
        { "images", OUTPUT_INTEGER | (more), .meaning = "images selected" },                       \
        { "candidates", OUTPUT_INTEGER | (more), .meaning = "candidates to make" },                \
        { "projects", OUTPUT_INTEGER | (more), .meaning = "projects of these images" },            \
        { "users", OUTPUT_INTEGER | (more), .meaning = "users who own them" },                     \
        { "usd", OUTPUT_NUMBER | OUTPUT_NULL | (more), .meaning = "expected cost in USD" },        \
        { "usdMin", OUTPUT_NUMBER | OUTPUT_NULL | (more),                                          \
          .meaning = "lowest expected cost in USD" },                                              \
        { "usdMax", OUTPUT_NUMBER | OUTPUT_NULL | (more),                                          \
          .meaning = "highest expected cost in USD" },                                             \
        { "priceKnown", OUTPUT_BOOLEAN | (more),                                                   \
          .meaning = "whether the price of every call is known" },                                 \
        { "calls", OUTPUT_INTEGER | (more), .meaning = "expected calls to models" },               \
        { "pricedByRecordedCalls", OUTPUT_INTEGER | (more),                                        \
          .meaning = "calls priced by similar calls of the last 30 days" },                        \
        { "pricedByTable", OUTPUT_INTEGER | (more),                                                \
          .meaning = "calls priced by the price table" },                                          \
        { "credits", OUTPUT_INTEGER | (more), .meaning = "credits that users are charged" },       \
        { "secondsMin", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "shortest expected duration in seconds" },                                    \
        { "secondsMax", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "longest expected duration in seconds" },                                     \
    {                                                                                              \
        "kinds", OUTPUT_LIST | (more), .meaning = "the estimate by image type and model",          \
                                       .object = &estimate_kind                                    \
    }

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

static const struct output_field count_by_name_fields[] = {
    { "*", OUTPUT_INTEGER, .meaning = "number of images" },
    { .name = NULL },
};

static const struct output_object count_by_name = {
    .name = "count-by-name",
    .meaning = "Numbers by name; the name is that of an image type or a model",
    .fields = count_by_name_fields,
};

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
    { "why", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what it waits for, or why it failed" },
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
      .object = &text_only },
    { "variants", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "candidates per image and model" },
    { "charge", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "who is charged",
      .values = "none|users" },
    { "keep", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "what accepting does with the old image",
      .values = "replace|add" },
    { "batchApi", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether the provider's Batch API is used" },
    { "rate", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "most images a minute" },
    { .name = NULL },
};

static const struct output_object batch_options = {
    .name = "batch-options",
    .meaning = "Options of a batch, as the version that created it stored them",
    .fields = batch_options_fields,
    .open = true,
};

static const struct output_field batch_detail_fields[] = {
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

static const struct output_field batch_progress_fields[] = {
    { "event", OUTPUT_TEXT, .meaning = "progress, or how the run ended",
      .values = "progress|done|paused|cancelled" },
    { "seconds", OUTPUT_NUMBER, .meaning = "seconds since the command began to run the batch" },
    PROGRESS_FIELDS(OUTPUT_OPTIONAL),
    { "errors", OUTPUT_LIST | OUTPUT_OPTIONAL, .meaning = "why items failed, most frequent first",
      .object = &output_batch_error },
    { "p50Ms", OUTPUT_INTEGER | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "median duration of the model calls so far in milliseconds" },
    { "p95Ms", OUTPUT_INTEGER | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "95th percentile of the same in milliseconds" },
    { "workers", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "workers that live" },
    { .name = NULL },
};

static const struct output_object batch_progress = {
    .name = "batch-progress",
    .meaning = "Progress of a running batch, about once a second, and its end",
    .fields = batch_progress_fields,
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
    { "event", OUTPUT_TEXT, .meaning = "tells this object from others", .values = "plan" },
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
    &output_batch_summary, &batch_detail, &batch_changed, &change_plan, &batch_progress,
    &output_batch_queued,  NULL
};

/* -- regenerate */

static const struct output_field short_of_credits_fields[] = {
    { "user", OUTPUT_TEXT, .meaning = "id of the user" },
    { "email", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "e-mail address" },
    { "due", OUTPUT_INTEGER, .meaning = "credits that all images cost" },
    { "balance", OUTPUT_INTEGER, .meaning = "credits of the user" },
    { .name = NULL },
};

static const struct output_object short_of_credits = {
    .name = "short-of-credits",
    .meaning = "A user with too few credits for all images",
    .fields = short_of_credits_fields,
};

static const struct output_field selected_image_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the image, or slot:PROJECT:SLOT for one that failed" },
    { "project", OUTPUT_TEXT, .meaning = "id of the project" },
    { "user", OUTPUT_TEXT, .meaning = "id of the user" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "style", OUTPUT_TEXT, .meaning = "style" },
    { "model", OUTPUT_TEXT, .meaning = "model that made it; empty if unknown" },
    { "provider", OUTPUT_TEXT, .meaning = "provider that made it; empty if unknown" },
    { "created", OUTPUT_TEXT, .meaning = "time at which it was made" },
    { "width", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "width in pixels" },
    { "height", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "height in pixels" },
    { "bytes", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "size of its file in bytes" },
    { "cost", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "cost in USD; null if unknown" },
    { "quality", OUTPUT_TEXT, .meaning = "requested quality" },
    { "template", OUTPUT_TEXT, .meaning = "version of the prompt" },
    { "marketplace", OUTPUT_TEXT, .meaning = "marketplace whose rules it was checked by" },
    { "failed", OUTPUT_LIST, .meaning = "names of the checks that it failed" },
    { "checks", OUTPUT_INTEGER, .meaning = "number of these checks" },
    { "status", OUTPUT_TEXT, .meaning = "status of the project" },
    { "state", OUTPUT_TEXT, .meaning = "whether the image exists", .values = "stored|failed" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "category", OUTPUT_TEXT, .meaning = "category of the product" },
    { "brand", OUTPUT_TEXT, .meaning = "name of the brand" },
    { "plate", OUTPUT_TEXT,
      .meaning = "kind of the picture below its text: scene or cut-out; empty if there is none" },
    { "language", OUTPUT_TEXT, .meaning = "language of its text, if --text-only set it" },
    { "url", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "URL of the image" },
    { .name = NULL },
};

static const struct output_object selected_image = {
    .name = "selected-image",
    .meaning = "An image that conditions select, with the fields of --where",
    .fields = selected_image_fields,
};

static const struct output_field batch_plan_fields[] = {
    { "event", OUTPUT_TEXT, .meaning = "tells this object from others", .values = "plan" },
    ESTIMATE_FIELDS(0),
    { "currentModels", OUTPUT_OBJECT, .meaning = "images by the model that made them",
      .object = &count_by_name },
    { "shortOfCreditsCount", OUTPUT_INTEGER, .meaning = "users with too few credits" },
    { "shortOfCredits", OUTPUT_LIST, .meaning = "the first 20 of them",
      .object = &short_of_credits },
    { "missingCount", OUTPUT_INTEGER,
      .meaning = "given images that do not exist or do not meet the conditions" },
    { "missing", OUTPUT_LIST, .meaning = "the first 20 of their ids or URLs" },
    { "rows", OUTPUT_LIST, .meaning = "the first images", .object = &selected_image },
    { .name = NULL },
};

static const struct output_object batch_plan = {
    .name = "batch-plan",
    .meaning = "What `regenerate` would do (--dry-run)",
    .fields = batch_plan_fields,
};

static const struct output_field batch_created_fields[] = {
    { "event", OUTPUT_TEXT, .meaning = "tells this object from others", .values = "created" },
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "items", OUTPUT_INTEGER, .meaning = "candidates to make" },
    { .name = NULL },
};

static const struct output_object batch_created = {
    .name = "batch-created",
    .meaning = "A batch was created",
    .fields = batch_created_fields,
};

const struct output_object *const output_regenerate[] = { &batch_plan, &batch_created,
                                                          &output_batch_queued, &batch_progress,
                                                          NULL };
