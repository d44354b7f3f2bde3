/* output_shared.c - objects that several commands print. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- shared with other commands */

static const struct output_field error_fields[] = {
    OUTPUT_EVENT("error"),
    { "kind", OUTPUT_TEXT, .meaning = "kind of the error",
      .values = "input|config|key|quota|format|refused|busy|remote|network|database|output|lost|"
                "stopped|internal" },
    { "message", OUTPUT_TEXT, .meaning = "what is wrong" },
    { "hint", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what to do about it" },
    { "exitStatus", OUTPUT_INTEGER,
      .meaning = "exit status of the command, as `darkroom help exit-status` lists it" },
    { .name = NULL },
};

const struct output_object output_error = {
    .name = "error",
    .meaning = "An error of the command, also printed as text on standard error",
    .fields = error_fields,
};

static const struct output_field version_fields[] = {
    OUTPUT_EVENT("version"),
    { "name", OUTPUT_TEXT, .meaning = "name of the program", .values = "darkroom" },
    { "version", OUTPUT_TEXT, .meaning = "version of the program" },
    { .name = NULL },
};

const struct output_object output_version = {
    .name = "version",
    .meaning = "Name and version of the program",
    .fields = version_fields,
};

static const struct output_field service_fields[] = {
    { "event", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "kind of the object",
      .values = "service" },
    { "key", OUTPUT_TEXT,
      .meaning = "the service: provider/NAME, model/PROVIDER/MODEL, store/NAME/BUCKET or "
                 "database/tables" },
    { "state", OUTPUT_TEXT, .meaning = "state of the service",
      .values = "slow|rate limited|failing|unreachable|key rejected|out of "
                "credit|misconfigured|unreadable|retired" },
    { "reason", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it is in this state" },
    { "hint", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what an operator can do" },
    { "failures", OUTPUT_INTEGER, .meaning = "failed calls in a row" },
    { "since", OUTPUT_TEXT, .meaning = "time at which the state began" },
    { "seconds", OUTPUT_INTEGER, .meaning = "seconds since then" },
    { "probeSeconds", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "seconds until the next probe; null if none is planned" },
    { "probing", OUTPUT_BOOLEAN | OUTPUT_NULL, .meaning = "whether a worker probes it now" },
    { "stops", OUTPUT_BOOLEAN, .meaning = "whether jobs that need it are not claimed" },
    { "waiting", OUTPUT_INTEGER, .meaning = "jobs that came back and wait for it" },
    { .name = NULL },
};

const struct output_object output_service = {
    .name = "service",
    .meaning = "A provider, model, store or database in trouble",
    .fields = service_fields,
};

static const struct output_field batch_queued_fields[] = {
    OUTPUT_EVENT("queued"),
    { "batch", OUTPUT_TEXT, .meaning = "id of the batch" },
    { "queued", OUTPUT_INTEGER, .meaning = "items that got a job" },
    { "unpaid", OUTPUT_INTEGER,
      .meaning = "items without a job, because their users lack the credits" },
    { .name = NULL },
};

const struct output_object output_batch_queued = {
    .name = "batch-queued",
    .meaning = "The waiting items of a batch were queued",
    .fields = batch_queued_fields,
};

static const struct output_field batch_error_fields[] = {
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the reason; null if none was recorded" },
    { "count", OUTPUT_INTEGER, .meaning = "items that failed for it" },
    { "item", OUTPUT_INTEGER, .meaning = "number of the first of these items" },
    { .name = NULL },
};

const struct output_object output_batch_error = {
    .name = "batch-error",
    .meaning = "A reason for which items of a batch failed",
    .fields = batch_error_fields,
};

static const struct output_field selection_fields[] = {
    { "command", OUTPUT_TEXT | OUTPUT_OPTIONAL,
      .meaning = "command line that selects the same images" },
    { "images", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "images selected" },
    { "named", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "ids and URLs given on the command line" },
    { .name = NULL },
};

const struct output_object output_selection = {
    .name = "selection",
    .meaning = "What a batch was made from",
    .fields = selection_fields,
    .open = true,
};

static const struct output_field batch_summary_fields[] = {
    { "event", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "kind of the object",
      .values = "batch-summary" },
    BATCH_FIELDS,
    { .name = NULL },
};

const struct output_object output_batch_summary = {
    .name = "batch-summary",
    .meaning = "A batch and its progress",
    .fields = batch_summary_fields,
};
