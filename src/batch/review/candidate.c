/* candidate.c - reads the rows of a batch into items with their candidates, best first. */
#include "batch/review/candidate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/kind.h"

enum { IMAGE_EDGE = 512, PHOTO_EDGE = 256 };

/* Differences up to this are measurement noise. */
static const double similarity_tolerance = 0.01;

static const char *text_of(const cJSON *row, const char *key)
{
    const char *text = json_peek_text(row, key);

    return text ? text : "";
}

/* -- order ----------------------------------------------------------------------------------- */

/* Returns a negative number if a is better than b. Compares, in this order: generated, fewer failed
 * checks, more similar to the product photo, cheaper, lower variant number. */
static int compare_candidates(const struct candidate *a, const struct candidate *b)
{
    double more_similar = a->similarity - b->similarity, cheaper = b->usd - a->usd;

    if (a->done != b->done) {
        return a->done ? -1 : 1;
    }
    if (a->failed != b->failed) {
        return a->failed - b->failed;
    }
    if (more_similar > similarity_tolerance || more_similar < -similarity_tolerance) {
        return more_similar > 0 ? -1 : 1;
    }
    if (a->usd >= 0 && b->usd >= 0 && cheaper != 0) {
        return cheaper > 0 ? -1 : 1;
    }
    return a->variant - b->variant;
}

/* Insertion sort: there are few candidates, and qsort requires a transitive order, which a
 * comparison with a tolerance is not. */
static void sort_candidates(struct review_item *item)
{
    for (int i = 1; i < item->count; i++) {
        struct candidate candidate = item->candidates[i];
        int to = i;

        while (to > 0 && compare_candidates(&candidate, &item->candidates[to - 1]) < 0) {
            item->candidates[to] = item->candidates[to - 1];
            to--;
        }
        item->candidates[to] = candidate;
    }
}

bool candidate_passed(const struct review_item *item, const struct candidate *candidate)
{
    return candidate == item->candidates && candidate->done && candidate->decision[0] == '\0' &&
           candidate->check_count > 0 && candidate->failed == 0;
}

/* -- reading --------------------------------------------------------------------------------- */

static void read_similarity(const cJSON *metadata, struct candidate *out)
{
    const cJSON *similarity = cJSON_GetObjectItemCaseSensitive(metadata, "likeness");

    out->similarity = json_peek_number(similarity, "score", -1);
    out->shape = json_peek_number(similarity, "shape", -1);
    out->colour = json_peek_number(similarity, "colour", -1);
}

static void read_candidate(const cJSON *row, int64_t variant, struct candidate *out)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(row, "metadata");
    const char *model = json_peek_text(metadata, "model");
    const char *quality = json_peek_text(metadata, "quality");

    *out = (struct candidate){ .variant = (int)variant,
                               .state = text_of(row, "state"),
                               .decision = text_of(row, "decision"),
                               .error = text_of(row, "message"),
                               .model = model ? model : text_of(row, "model"),
                               .quality = quality ? quality : text_of(row, "quality"),
                               .url = text_of(row, "url"),
                               .width = (int)json_peek_int(row, "width", 0),
                               .height = (int)json_peek_int(row, "height", 0),
                               .bytes = json_peek_int(row, "size", 0),
                               .usd = json_peek_number(row, "costUsd", -1) };
    out->done = strcmp(out->state, "done") == 0;
    out->check_count = out->done ? check_results_read(row, out->checks) : 0;
    out->failed = out->check_count - check_results_passed(out->checks, out->check_count);
    read_similarity(metadata, out);
    out->image = (struct thumbnail){ .url = out->done ? out->url : "",
                                     .scope = { .kind = FETCH_RESULT },
                                     .edge = IMAGE_EDGE };
}

static void set_title(const cJSON *row, struct review_item *out)
{
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(row, "moduleRequest");
    int64_t module = json_peek_int(target, "module", -1);
    const char *type = text_of(row, "type");
    enum image_kind kind = kind_find(type);

    out->kind = kind == IMAGE_KINDS ? type : kind_title(kind);
    if (kind == A_PLUS_MODULE && module >= 0) {
        snprintf(out->title, sizeof out->title, "A+ module %d, image %d", (int)module + 1,
                 (int)json_peek_int(target, "slot", 0) + 1);
    } else {
        snprintf(out->title, sizeof out->title, "%.60s", out->kind);
    }
}

/* Items of a project are consecutive, so sharing with the previous item fetches each photo once. */
static struct thumbnail *photo_of(const cJSON *row, const struct review_items *items,
                                  struct arena *arena)
{
    const char *url = text_of(row, "photo");
    struct thumbnail *photo;

    if (items->count > 0 && strcmp(items->list[items->count - 1].photo->url, url) == 0) {
        return items->list[items->count - 1].photo;
    }
    photo = arena_alloc(arena, sizeof *photo);
    *photo = (struct thumbnail){ .url = url,
                                 .scope = { FETCH_PHOTO, text_of(row, "user") },
                                 .edge = PHOTO_EDGE };
    return photo;
}

static void read_item(const cJSON *row, int64_t number, const struct review_items *items,
                      struct arena *arena, struct review_item *out)
{
    const cJSON *before = cJSON_GetObjectItemCaseSensitive(row, "before");

    *out = (struct review_item){ .number = (int)number,
                                 .source = text_of(row, "source"),
                                 .project = text_of(row, "project"),
                                 .product = text_of(row, "product"),
                                 .style = text_of(row, "style"),
                                 .photo = photo_of(row, items, arena) };
    set_title(row, out);
    out->has_before = cJSON_IsObject(before);
    out->before = (struct thumbnail){ .url = text_of(before, "url"),
                                      .scope = { .kind = FETCH_RESULT },
                                      .edge = IMAGE_EDGE };
    out->before_width = (int)json_peek_int(before, "width", 0);
    out->before_height = (int)json_peek_int(before, "height", 0);
    out->before_model = text_of(cJSON_GetObjectItemCaseSensitive(before, "metadata"), "model");
}

bool review_items_read(const cJSON *rows, struct arena *arena, struct review_items *out,
                       struct error *err)
{
    int max_rows = cJSON_GetArraySize(rows);
    struct candidate *next = arena_alloc(arena, ((size_t)max_rows + 1) * sizeof *next);
    struct review_item *item = NULL;
    const cJSON *row;

    *out = (struct review_items){ .list = arena_alloc(arena,
                                                      ((size_t)max_rows + 1) * sizeof *out->list) };
    cJSON_ArrayForEach(row, rows)
    {
        int64_t number, variant;

        if (!json_int(row, "item", 1, INT32_MAX, &number, err) ||
            !json_int(row, "variant", 1, INT32_MAX, &variant, err)) {
            return false;
        }
        if (!item || item->number != number) {
            item = &out->list[out->count];
            read_item(row, number, out, arena, item);
            item->candidates = next;
            out->count++;
        }
        read_candidate(row, variant, next++);
        item->count++;
        out->candidates++;
    }
    for (int i = 0; i < out->count; i++) {
        sort_candidates(&out->list[i]);
    }
    return true;
}

void review_items_free(struct review_items *items)
{
    for (int i = 0; i < items->count; i++) {
        struct review_item *item = &items->list[i];

        blob_free(&item->before.jpeg);
        blob_free(&item->photo->jpeg);
        for (int j = 0; j < item->count; j++) {
            blob_free(&item->candidates[j].image.jpeg);
        }
    }
    *items = (struct review_items){ 0 };
}
