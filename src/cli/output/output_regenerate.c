/* output_regenerate.c - objects of darkroom regenerate, and those that darkroom batch also prints.
 */
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

const struct output_object output_text_only = {
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

const struct output_object output_estimate_kind = {
    .name = "estimate-kind",
    .meaning = "Part of an estimate: one image type by one model",
    .fields = estimate_kind_fields,
};

/* -- progress */

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

const struct output_object output_batch_progress = {
    .name = "batch-progress",
    .meaning = "Progress of a running batch, about once a second, and its end",
    .fields = batch_progress_fields,
};

/* -- regenerate */

static const struct output_field count_by_name_fields[] = {
    { "*", OUTPUT_INTEGER, .meaning = "number of images" },
    { .name = NULL },
};

static const struct output_object count_by_name = {
    .name = "count-by-name",
    .meaning = "Numbers by name; the name is that of an image type or a model",
    .fields = count_by_name_fields,
};

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
    OUTPUT_EVENT("plan"),
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
    OUTPUT_EVENT("created"),
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
                                                          &output_batch_queued,
                                                          &output_batch_progress, NULL };
