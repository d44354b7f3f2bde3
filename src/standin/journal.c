/* journal.c - records requests, and counts them by route and status. */
#include "standin/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { ROUTE_COUNTS = 64 };

struct route_count { /* requests of one route with one status */
    char route[16];
    int status;
    uint64_t count;
};

struct journal {
    FILE *file;
    struct journal_record *records; /* a ring buffer once JOURNAL_KEPT is reached */
    size_t count, capacity;
    struct route_count route_counts[ROUTE_COUNTS];
    int count_rows;
    uint64_t total, images, faults, left;
    double usd;
};

bool journal_open(const char *path, struct journal **out, struct error *err)
{
    struct journal *journal = xcalloc(1, sizeof *journal);

    if (path && path[0]) {
        journal->file = fopen(path, "ae");
        if (!journal->file) {
            free(journal);
            return error_set(err, ERROR_CONFIG, "cannot write journal '%s': %s", path,
                             strerror(errno));
        }
        setvbuf(journal->file, NULL, _IOLBF, 0);
    }
    *out = journal;
    return true;
}

void journal_close(struct journal *journal)
{
    if (!journal) {
        return;
    }
    if (journal->file) {
        fclose(journal->file);
    }
    free(journal->records);
    free(journal);
}

static cJSON *record_json(const struct journal_record *r)
{
    cJSON *object = cJSON_CreateObject();
    char time[25];

    clock_format(r->arrived_ms, time);
    cJSON_AddNumberToObject(object, "seq", (double)r->seq);
    cJSON_AddStringToObject(object, "time", time);
    cJSON_AddStringToObject(object, "request_id", r->request_id);
    cJSON_AddStringToObject(object, "method", r->method);
    cJSON_AddStringToObject(object, "path", r->path);
    cJSON_AddStringToObject(object, "route", r->route);
    cJSON_AddStringToObject(object, "model", r->model);
    cJSON_AddStringToObject(object, "size", r->size);
    cJSON_AddStringToObject(object, "fault", r->fault);
    cJSON_AddNumberToObject(object, "status", r->status);
    cJSON_AddNumberToObject(object, "latency_ms", r->latency_ms);
    cJSON_AddNumberToObject(object, "took_ms", (double)r->took_us / 1000);
    cJSON_AddNumberToObject(object, "bytes_in", (double)r->bytes_in);
    cJSON_AddNumberToObject(object, "bytes_out", (double)r->bytes_out);
    cJSON_AddNumberToObject(object, "images", r->images);
    cJSON_AddNumberToObject(object, "usd", r->usd);
    cJSON_AddBoolToObject(object, "left", r->left);
    cJSON_AddStringToObject(object, "sha256", r->sha256);
    cJSON_AddStringToObject(object, "prompt", r->prompt);
    return object;
}

static void count(struct journal *journal, const struct journal_record *r)
{
    struct route_count *route_count = NULL;

    for (int i = 0; i < journal->count_rows && !route_count; i++) {
        struct route_count *g = &journal->route_counts[i];

        route_count = g->status == r->status && strcmp(g->route, r->route) == 0 ? g : NULL;
    }
    if (!route_count && journal->count_rows < ROUTE_COUNTS) {
        route_count = &journal->route_counts[journal->count_rows++];
        route_count->status = r->status;
        memcpy(route_count->route, r->route, sizeof route_count->route);
    }
    if (route_count) {
        route_count->count++;
    }
    journal->images += (uint64_t)r->images;
    journal->usd += r->usd;
    journal->faults += r->fault[0] != '\0';
    journal->left += r->left;
}

static void store_record(struct journal *journal, const struct journal_record *r)
{
    if (journal->count == journal->capacity && journal->capacity < JOURNAL_KEPT) {
        size_t capacity = journal->capacity ? journal->capacity * 2 : 256;

        capacity = capacity < JOURNAL_KEPT ? capacity : JOURNAL_KEPT;
        journal->records = xrealloc(journal->records, capacity * sizeof *journal->records);
        journal->capacity = capacity;
    }
    if (journal->count < journal->capacity) {
        journal->records[journal->count++] = *r;
    } else {
        journal->records[journal->total % journal->capacity] = *r;
    }
}

void journal_add(struct journal *journal, const struct journal_record *record)
{
    store_record(journal, record);
    count(journal, record);
    journal->total++;
    if (journal->file) {
        cJSON *object = record_json(record);
        char *line = cJSON_PrintUnformatted(object);

        fprintf(journal->file, "%s\n", line ? line : "{}");
        cJSON_free(line);
        cJSON_Delete(object);
    }
}

void journal_reset(struct journal *journal)
{
    FILE *file = journal->file;

    free(journal->records);
    *journal = (struct journal){ .file = file };
}

cJSON *journal_list(const struct journal *journal, uint64_t after)
{
    cJSON *array = cJSON_CreateArray();
    size_t first = journal->total > journal->count ? journal->total % journal->count : 0;

    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_record *r = &journal->records[(first + i) % journal->count];

        if (r->seq > after) {
            cJSON_AddItemToArray(array, record_json(r));
        }
    }
    return array;
}

cJSON *journal_stats(const struct journal *journal)
{
    cJSON *object = cJSON_CreateObject(), *routes;

    cJSON_AddNumberToObject(object, "requests", (double)journal->total);
    cJSON_AddNumberToObject(object, "images", (double)journal->images);
    cJSON_AddNumberToObject(object, "usd", journal->usd);
    cJSON_AddNumberToObject(object, "faults", (double)journal->faults);
    cJSON_AddNumberToObject(object, "clients_left", (double)journal->left);
    routes = cJSON_AddObjectToObject(object, "routes");
    for (int i = 0; i < journal->count_rows; i++) {
        const struct route_count *g = &journal->route_counts[i];
        cJSON *route = cJSON_GetObjectItem(routes, g->route);
        char status[12];

        route = route ? route : cJSON_AddObjectToObject(routes, g->route);
        snprintf(status, sizeof status, "%d", g->status);
        cJSON_AddNumberToObject(route, status, (double)g->count);
    }
    return object;
}
