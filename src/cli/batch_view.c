/* batch_view.c - the tables of batches. */
#include "cli/batch_view.h"

#include <stdio.h>

#include "base/json.h"
#include "batch/batch_plan.h"
#include "batch/batch_progress.h"
#include "term/state_style.h"
#include "term/table.h"

enum { FACT_COLUMNS = 10 };

void batch_view_list(cJSON *rows)
{
    static const struct table_column columns[] = {
        { "id", "BATCH", .right = false },
        { "state", "STATE", .style = state_style },
        { "done", "DONE", .right = true },
        { "items", "ITEMS", .right = true },
        { "failed", "FAILED", .right = true },
        { "running", "RUNNING", .optional = true, .right = true },
        { "accepted", "ACCEPTED", .right = true },
        { "usd", "USD", .right = true },
        { "created", "CREATED", .optional = true },
        { "command", "COMMAND", .max_width = 200, .min_width = 12 },
    };
    cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const char *command =
            json_peek_text(cJSON_GetObjectItemCaseSensitive(row, "what"), "command");
        char usd[32];

        snprintf(usd, sizeof usd, "%.4f", json_peek_number(row, "spentUsd", 0));
        cJSON_AddStringToObject(row, "usd", usd);
        cJSON_AddStringToObject(row, "command", command ? command : "");
    }
    table_print_columns(stdout, rows, columns, sizeof columns / sizeof *columns);
}

/* Prints an object like {"LIFESTYLE": {"items": 3, ...}} as a table. */
static void print_rows(const cJSON *counts, const struct column *columns, int column_count)
{
    cJSON *rows = cJSON_CreateArray();
    const cJSON *count;

    cJSON_ArrayForEach(count, counts)
    {
        cJSON *row = cJSON_Duplicate(count, true);

        cJSON_AddStringToObject(row, "name", count->string);
        cJSON_AddItemToArray(rows, row);
    }
    printf("\n");
    table_print(stdout, rows, columns, column_count);
    cJSON_Delete(rows);
}

static void print_counts(const cJSON *counts, const char *title)
{
    const struct column columns[] = { { "name", title, 0 },
                                      { "items", "ITEMS", 0 },
                                      { "done", "DONE", 0 },
                                      { "failed", "FAILED", 0 },
                                      { "accepted", "ACCEPTED", 0 } };

    print_rows(counts, columns, sizeof columns / sizeof *columns);
}

/* Prints what reviewers gave as reasons, if they did. */
static void print_reasons(const cJSON *counts)
{
    static const struct column columns[] = { { "name", "REASON", 0 },
                                             { "items", "ITEMS", 0 },
                                             { "accepted", "ACCEPTED", 0 },
                                             { "rejected", "REJECTED", 0 } };

    if (cJSON_GetArraySize(counts) > 0) {
        print_rows(counts, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints the chunks that go through the provider's Batch API, with what they wait for. */
static void print_chunks(const cJSON *batch)
{
    static const struct column columns[] = {
        { "chunk", "CHUNK", 0 },      { "state", "STATE", 0 },     { "status", "PROVIDER", 0 },
        { "remote", "BATCH ID", 40 }, { "checked", "CHECKED", 0 }, { "reason", "REASON", 200 },
    };
    const cJSON *chunks = cJSON_GetObjectItemCaseSensitive(batch, "chunks");

    if (cJSON_GetArraySize(chunks) > 0) {
        printf("\n");
        table_print(stdout, chunks, columns, sizeof columns / sizeof *columns);
    }
}

void batch_view_print(const cJSON *batch)
{
    static const char *const facts[][2] = {
        { "state", "state" },     { "reason", "reason" },   { "by", "by" },
        { "created", "created" }, { "waiting", "waiting" }, { "queued", "queued" },
        { "running", "running" }, { "maxUsd", "max. USD" }, { "options", "options" },
    };

    batch_progress_summary(stdout, batch, batch_estimated_usd(batch), -1);
    printf("\n");
    table_fact(stdout, "command", FACT_COLUMNS,
               cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(batch, "what"),
                                                "command"));
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        table_fact(stdout, facts[i][1], FACT_COLUMNS,
                   cJSON_GetObjectItemCaseSensitive(batch, facts[i][0]));
    }
    print_counts(cJSON_GetObjectItemCaseSensitive(batch, "byKind"), "KIND");
    print_counts(cJSON_GetObjectItemCaseSensitive(batch, "byModel"), "MODEL");
    print_reasons(cJSON_GetObjectItemCaseSensitive(batch, "byReason"));
    print_chunks(batch);
}
