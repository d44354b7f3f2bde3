/* output_status.c - objects of darkroom status and darkroom credits. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- status */

static const struct output_field queue_counts_fields[] = {
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "ready", OUTPUT_INTEGER, .meaning = "jobs that can be claimed" },
    { "later", OUTPUT_INTEGER, .meaning = "jobs that are due later" },
    { "running", OUTPUT_INTEGER, .meaning = "jobs that a worker runs" },
    { "open", OUTPUT_INTEGER, .meaning = "jobs that wait for their children, such as packs" },
    { "completed", OUTPUT_INTEGER, .meaning = "jobs completed within a day" },
    { "failed", OUTPUT_INTEGER, .meaning = "jobs failed within a day" },
    { "oldestSeconds", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "seconds for which the oldest ready job has waited" },
    { .name = NULL },
};

static const struct output_object queue_counts = {
    .name = "queue-counts",
    .meaning = "Jobs of one type",
    .fields = queue_counts_fields,
};

static const struct output_field rate_fields[] = {
    { "minutes", OUTPUT_INTEGER, .meaning = "length of the period in minutes" },
    { "completed", OUTPUT_INTEGER, .meaning = "jobs completed" },
    { "failed", OUTPUT_INTEGER, .meaning = "jobs failed" },
    { .name = NULL },
};

static const struct output_object rate = {
    .name = "rate",
    .meaning = "Jobs that ended lately",
    .fields = rate_fields,
};

static const struct output_field worker_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id: host:process:random" },
    { "version", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "version" },
    { "heartbeatSeconds", OUTPUT_NUMBER, .meaning = "seconds since its last heartbeat" },
    { "upSeconds", OUTPUT_INTEGER, .meaning = "seconds since it started" },
    { "running", OUTPUT_INTEGER, .meaning = "jobs that it runs" },
    { "state", OUTPUT_TEXT, .meaning = "whether it lives", .values = "ok|dead" },
    { .name = NULL },
};

static const struct output_object worker = {
    .name = "worker",
    .meaning = "A worker",
    .fields = worker_fields,
};

static const struct output_field open_pack_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of its job" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "its progress, as the seller reads it" },
    { "seconds", OUTPUT_INTEGER, .meaning = "seconds since it was queued" },
    { .name = NULL },
};

static const struct output_object open_pack = {
    .name = "open-pack",
    .meaning = "A pack that is being made",
    .fields = open_pack_fields,
};

static const struct output_field recent_failure_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the job" },
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "image", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "image type" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "user", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the user" },
    { "email", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "e-mail address of the user" },
    { "seconds", OUTPUT_INTEGER, .meaning = "seconds since it failed" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the sentence for the seller" },
    { .name = NULL },
};

static const struct output_object recent_failure = {
    .name = "recent-failure",
    .meaning = "A job that failed within a day",
    .fields = recent_failure_fields,
};

static const struct output_field status_fields[] = {
    OUTPUT_EVENT("status"),
    { "at", OUTPUT_TEXT, .meaning = "time of the reading" },
    { "database", OUTPUT_TEXT, .meaning = "name of the database" },
    { "queue", OUTPUT_LIST, .meaning = "jobs by type", .object = &queue_counts },
    { "rates", OUTPUT_LIST, .meaning = "jobs that ended in the last 10 and 60 minutes",
      .object = &rate },
    { "workerCount", OUTPUT_INTEGER, .meaning = "registered workers" },
    { "workers", OUTPUT_LIST, .meaning = "the first of them", .object = &worker },
    { "services", OUTPUT_LIST, .meaning = "services in trouble", .object = &output_service },
    { "spentTodayUsd", OUTPUT_NUMBER, .meaning = "cost of today's calls to models in USD" },
    { "openPackCount", OUTPUT_INTEGER, .meaning = "packs that are being made" },
    { "openPacks", OUTPUT_LIST, .meaning = "the first of them, oldest first",
      .object = &open_pack },
    { "openBatches", OUTPUT_LIST, .meaning = "batches in progress, newest first",
      .object = &output_batch_summary },
    { "failures", OUTPUT_LIST, .meaning = "jobs that failed last, newest first",
      .object = &recent_failure },
    { .name = NULL },
};

static const struct output_object status = {
    .name = "status",
    .meaning = "What happens now",
    .fields = status_fields,
};

const struct output_object *const output_status[] = { &status, NULL };

/* -- credits */

static const struct output_field credit_entry_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the transaction" },
    { "amount", OUTPUT_INTEGER, .meaning = "credits: negative if they were used" },
    { "type", OUTPUT_TEXT,
      .meaning = "type of the transaction, such as PURCHASE, USAGE, REFUND or BONUS" },
    { "description", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "description, which the seller reads" },
    { "job", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the job" },
    { "created", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "time of the transaction" },
    { "balance", OUTPUT_INTEGER, .meaning = "credits after it" },
    { .name = NULL },
};

static const struct output_object credit_entry = {
    .name = "credit-entry",
    .meaning = "A transaction",
    .fields = credit_entry_fields,
};

static const struct output_field credit_balance_fields[] = {
    OUTPUT_EVENT("credit-balance"),
    { "user", OUTPUT_TEXT, .meaning = "id of the user" },
    { "email", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "e-mail address" },
    { "balance", OUTPUT_INTEGER, .meaning = "credits" },
    { "entries", OUTPUT_LIST, .meaning = "transactions, newest first; --count of them",
      .object = &credit_entry },
    { .name = NULL },
};

static const struct output_object credit_balance = {
    .name = "credit-balance",
    .meaning = "The credits of a user",
    .fields = credit_balance_fields,
};

static const struct output_field credits_added_fields[] = {
    OUTPUT_EVENT("credits-added"),
    { "user", OUTPUT_TEXT, .meaning = "id of the user" },
    { "email", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "e-mail address" },
    { "credits", OUTPUT_INTEGER, .meaning = "credits added" },
    { "before", OUTPUT_INTEGER, .meaning = "balance before" },
    { "after", OUTPUT_INTEGER, .meaning = "balance after" },
    { "transaction", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "id of the transaction; null with --dry-run" },
    { .name = NULL },
};

static const struct output_object credits_added = {
    .name = "credits-added",
    .meaning = "Credits were added, or would be with --dry-run",
    .fields = credits_added_fields,
};

static const struct output_field credit_finding_fields[] = {
    OUTPUT_EVENT("credit-finding"),
    { "kind", OUTPUT_TEXT, .meaning = "kind of the difference",
      .values = "forged|lost|owed|differs" },
    { "user", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the user" },
    { "finding", OUTPUT_TEXT, .meaning = "what is wrong" },
    { "subject", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the job, image or user" },
    { "detail", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "amounts and transactions" },
    { .name = NULL },
};

static const struct output_object credit_finding = {
    .name = "credit-finding",
    .meaning = "Credits that do not add up (--check)",
    .fields = credit_finding_fields,
};

const struct output_object *const output_credits[] = { &credit_balance, &credits_added,
                                                       &credit_finding, NULL };
