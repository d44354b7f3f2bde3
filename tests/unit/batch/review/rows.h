/* rows.h - rows as darkroom.batch_items returns them, for the tests of src/batch/review. */
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

struct test_row { /* of batch_items; NULL and negative values are left out */
    int item, variant;
    const char *state, *decision, *product, *model, *error;
    int failed; /* number of failed checks, of three */
    double similarity, usd;
};

static inline cJSON *metadata_of(const struct test_row *row)
{
    cJSON *metadata = cJSON_CreateObject(), *checks = cJSON_AddArrayToObject(metadata, "checks");
    static const char *const names[] = { "white", "fill", "blank" };

    cJSON_AddStringToObject(metadata, "model", row->model ? row->model : "gpt-image-9");
    for (int i = 0; i < 3; i++) {
        cJSON *check = cJSON_CreateObject();

        cJSON_AddStringToObject(check, "check", names[i]);
        cJSON_AddBoolToObject(check, "passed", i >= row->failed);
        cJSON_AddNumberToObject(check, "measured", 0.5);
        cJSON_AddStringToObject(check, "message", "2.1 % of it <is> not white");
        cJSON_AddItemToArray(checks, check);
    }
    if (row->similarity >= 0) {
        cJSON *similarity = cJSON_AddObjectToObject(metadata, "likeness");

        cJSON_AddNumberToObject(similarity, "score", row->similarity);
        cJSON_AddNumberToObject(similarity, "colour", 1.5);
    }
    return metadata;
}

static inline void add_row(cJSON *rows, const struct test_row *row)
{
    cJSON *json = cJSON_CreateObject(), *before;
    bool done = !row->state || strcmp(row->state, "done") == 0;

    cJSON_AddNumberToObject(json, "item", row->item);
    cJSON_AddNumberToObject(json, "variant", row->variant);
    cJSON_AddStringToObject(json, "state", row->state ? row->state : "done");
    cJSON_AddStringToObject(json, "type", "LIFESTYLE");
    cJSON_AddStringToObject(json, "product", row->product ? row->product : "Clay Cup");
    cJSON_AddStringToObject(json, "project", "p1");
    cJSON_AddStringToObject(json, "photo", "https://x/photo.jpg");
    if (row->decision) {
        cJSON_AddStringToObject(json, "decision", row->decision);
    }
    if (row->error) {
        cJSON_AddStringToObject(json, "message", row->error);
    }
    if (done) {
        cJSON_AddStringToObject(json, "url", "https://x/after.png");
        cJSON_AddNumberToObject(json, "width", 1536);
        cJSON_AddNumberToObject(json, "height", 1024);
        cJSON_AddItemToObject(json, "metadata", metadata_of(row));
    }
    if (row->usd >= 0) {
        cJSON_AddNumberToObject(json, "costUsd", row->usd);
    }
    before = cJSON_AddObjectToObject(json, "before");
    cJSON_AddStringToObject(before, "url", "https://x/before.png");
    cJSON_AddItemToArray(rows, json);
}

struct read { /* rows, and the items read from them */
    cJSON *rows;
    struct arena *arena;
    struct review_items items;
};

static inline void read_rows(const struct test_row *rows, int count, struct read *out)
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
