/* output_tools.c - objects of the commands that run and set up. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- work, dashboard, stand-in */

static const struct output_field listening_fields[] = {
    OUTPUT_EVENT("listening"),
    { "url", OUTPUT_TEXT,
      .meaning =
          "its address; that of the dashboard includes the token if it was made for this run" },
    { .name = NULL },
};

static const struct output_object listening = {
    .name = "listening",
    .meaning = "A server is ready: the dashboard, or the stand-in",
    .fields = listening_fields,
};

static const struct output_field worker_totals_fields[] = {
    OUTPUT_EVENT("stopped"),
    { "completed", OUTPUT_INTEGER, .meaning = "jobs completed" },
    { "failed", OUTPUT_INTEGER, .meaning = "jobs failed for good" },
    { "retried", OUTPUT_INTEGER, .meaning = "attempts that failed and will be repeated" },
    { "leasesLost", OUTPUT_INTEGER, .meaning = "jobs that another worker took over" },
    { "returned", OUTPUT_INTEGER, .meaning = "jobs returned to the queue" },
    { "refundedCredits", OUTPUT_INTEGER, .meaning = "credits refunded" },
    { "spentUsd", OUTPUT_NUMBER, .meaning = "cost of the calls to models in USD" },
    { .name = NULL },
};

static const struct output_object worker_totals = {
    .name = "worker-totals",
    .meaning = "What a worker did, when it has stopped",
    .fields = worker_totals_fields,
};

const struct output_object *const output_work[] = { &worker_totals, &listening, NULL };

const struct output_object *const output_dashboard[] = { &listening, NULL };

const struct output_object *const output_stand_in[] = { &listening, NULL };

/* -- set up */

static const struct output_field migrated_fields[] = {
    OUTPUT_EVENT("migrated"),
    { "applied", OUTPUT_INTEGER, .meaning = "migrations applied" },
    { "version", OUTPUT_INTEGER, .meaning = "schema version of the database" },
    { .name = NULL },
};

static const struct output_object migrated = {
    .name = "migrated",
    .meaning = "The schema was upgraded, or was up to date",
    .fields = migrated_fields,
};

static const struct output_field undone_fields[] = {
    OUTPUT_EVENT("undone"),
    { "undone", OUTPUT_BOOLEAN, .meaning = "true" },
    { .name = NULL },
};

static const struct output_object undone = {
    .name = "undone",
    .meaning = "The schema was removed from the database (--undo)",
    .fields = undone_fields,
};

static const struct output_field script_fields[] = {
    OUTPUT_EVENT("script"),
    { "sql", OUTPUT_TEXT, .meaning = "statements for psql" },
    { .name = NULL },
};

static const struct output_object script = {
    .name = "script",
    .meaning = "SQL that would run (--dry-run, --grants)",
    .fields = script_fields,
};

const struct output_object *const output_migrate[] = { &migrated, &undone, &script, NULL };

static const struct output_field finding_fields[] = {
    OUTPUT_EVENT("finding"),
    { "check", OUTPUT_TEXT, .meaning = "name of the check" },
    { "verdict", OUTPUT_TEXT, .meaning = "result", .values = "ok|warn|fail|skip" },
    { "message", OUTPUT_TEXT, .meaning = "what was found" },
    { "hint", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what to do; null if there is nothing to do" },
    { .name = NULL },
};

static const struct output_object finding = {
    .name = "finding",
    .meaning = "The result of a check",
    .fields = finding_fields,
};

const struct output_object *const output_doctor[] = { &finding, NULL };

static const struct output_field tidied_fields[] = {
    OUTPUT_EVENT("tidied"),
    { "kind", OUTPUT_TEXT, .meaning = "kind: object, spool, or the table of the rows" },
    { "count", OUTPUT_INTEGER, .meaning = "objects or rows" },
    { "bytes", OUTPUT_INTEGER, .meaning = "size of the objects in bytes; 0 for rows" },
    { "removed", OUTPUT_BOOLEAN, .meaning = "whether it was removed" },
    { .name = NULL },
};

static const struct output_object tidied = {
    .name = "tidied",
    .meaning = "What can be removed, or was removed, of one kind",
    .fields = tidied_fields,
};

static const struct output_field unknown_object_fields[] = {
    OUTPUT_EVENT("unknown-object"),
    { "path", OUTPUT_TEXT, .meaning = "path in the bucket" },
    { "bytes", OUTPUT_INTEGER, .meaning = "size in bytes" },
    { .name = NULL },
};

static const struct output_object unknown_object = {
    .name = "unknown-object",
    .meaning = "An object in the store that no row names (--list)",
    .fields = unknown_object_fields,
};

const struct output_object *const output_tidy[] = { &tidied, &unknown_object, NULL };

static const struct output_field setting_fields[] = {
    OUTPUT_EVENT("setting"),
    { "name", OUTPUT_TEXT, .meaning = "name of its flag" },
    { "value", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "value, without passwords and keys; null if it is not set" },
    { "source", OUTPUT_TEXT, .meaning = "where the value comes from" },
    { "valid", OUTPUT_BOOLEAN, .meaning = "whether the value can be used" },
    { .name = NULL },
};

static const struct output_object setting = {
    .name = "setting",
    .meaning = "A setting",
    .fields = setting_fields,
};

const struct output_object *const output_config[] = { &setting, NULL };

/* -- dev-graph */

static const struct output_field graph_step_fields[] = {
    OUTPUT_EVENT("graph-step"),
    { "name", OUTPUT_TEXT, .meaning = "name" },
    { "purpose", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what it does" },
    { "flags", OUTPUT_LIST, .meaning = "properties of a step, such as paid" },
    { "successors", OUTPUT_LIST | OUTPUT_NULL,
      .meaning = "names of those that may follow; null if any may" },
    { .name = NULL },
};

static const struct output_object graph_step = {
    .name = "graph-step",
    .meaning = "A phase of the engine, or a step of a job type",
    .fields = graph_step_fields,
};

const struct output_object *const output_dev_graph[] = { &graph_step, NULL };
