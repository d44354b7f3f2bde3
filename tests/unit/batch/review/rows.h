/* rows.h - rows of a batch, as the database answers, for tests of src/review. */
#ifndef UNIT_REVIEW_ROWS_H
#define UNIT_REVIEW_ROWS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "batch/review/candidate.h"

struct row { /* of batch_items; NULL and negative: not there */
    int item, variant;
    const char *state, *decision, *product, *model, *error;
    int failed; /* checks, of three */
    double likeness, usd;
};

static inline cJSON *metadata_of(const struct row *row)
{
    cJSON *metadata = cJSON_CreateObject(), *checks = cJSON_AddArrayToObject(metadata, "checks");
    static const char *const names[] = { "white", "fill", "blank" };

    cJSON_AddStringToObject(metadata, "model", row->model ? row->model : "gpt-image-9");
    for (int i = 0; i < 3; i++) {
        cJSON *check = cJSON_CreateObject();

        cJSON_AddStringToObject(check, "check", names[i]);
        cJSON_AddBoolToObject(check, "passed", i >= row->failed);
        cJSON_AddNumberToObject(check, "measured", 0.5);
        cJSON_AddStringToObject(check, "says", "2.1 % of it <is> not white");
        cJSON_AddItemToArray(checks, check);
    }
    if (row->likeness >= 0) {
        cJSON *likeness = cJSON_AddObjectToObject(metadata, "likeness");

        cJSON_AddNumberToObject(likeness, "score", row->likeness);
        cJSON_AddNumberToObject(likeness, "colour", 1.5);
    }
    return metadata;
}

static inline void add_row(cJSON *rows, const struct row *row)
{
    cJSON *one = cJSON_CreateObject(), *before;
    bool done = !row->state || strcmp(row->state, "done") == 0;

    cJSON_AddNumberToObject(one, "item", row->item);
    cJSON_AddNumberToObject(one, "variant", row->variant);
    cJSON_AddStringToObject(one, "state", row->state ? row->state : "done");
    cJSON_AddStringToObject(one, "type", "LIFESTYLE");
    cJSON_AddStringToObject(one, "product", row->product ? row->product : "Clay Cup");
    cJSON_AddStringToObject(one, "project", "p1");
    cJSON_AddStringToObject(one, "photo", "https://x/photo.jpg");
    if (row->decision) {
        cJSON_AddStringToObject(one, "decision", row->decision);
    }
    if (row->error) {
        cJSON_AddStringToObject(one, "error", row->error);
    }
    if (done) {
        cJSON_AddStringToObject(one, "url", "https://x/after.png");
        cJSON_AddNumberToObject(one, "width", 1536);
        cJSON_AddNumberToObject(one, "height", 1024);
        cJSON_AddItemToObject(one, "metadata", metadata_of(row));
    }
    if (row->usd >= 0) {
        cJSON_AddNumberToObject(one, "costUsd", row->usd);
    }
    before = cJSON_AddObjectToObject(one, "before");
    cJSON_AddStringToObject(before, "url", "https://x/before.png");
    cJSON_AddItemToArray(rows, one);
}

struct read { /* rows and what was read of them */
    cJSON *rows;
    struct arena *arena;
    struct review_items items;
};

static inline void read_rows(const struct row *rows, int count, struct read *out)
{
    struct error err;

    out->rows = cJSON_CreateArray();
    out->arena = arena_new();
    for (int i = 0; i < count; i++) {
        add_row(out->rows, &rows[i]);
    }
    if (!review_items_read(out->rows, out->arena, &out->items, &err)) {
        fail_msg("%s", err.text);
    }
}

static inline void read_end(struct read *read)
{
    review_items_free(&read->items);
    arena_free(read->arena);
    cJSON_Delete(read->rows);
}
#endif
