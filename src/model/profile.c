/* profile.c - reads, writes and searches latency profiles. */
#include "model/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { SCHEMA = 1, SIDE_MAX = 100000, MIN_CALLS = 30, MIN_MS = 60 * 1000, EXTRA_MS = 10 * 1000 };
static const double seconds_max = 86400, usd_max = 10000;

static const struct {
    const char *name;
    enum task task;
} tasks[] = { { "image", TASK_IMAGE }, { "edit", TASK_EDIT }, { "text", TASK_TEXT } };

/* Reads a number between 0 and `max`; NAN if the key is missing. */
static bool read_number(const cJSON *row, const char *key, double max, double *out,
                        struct error *err)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, key);

    *out = NAN;
    if (!value || cJSON_IsNull(value)) {
        return true;
    }
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) || value->valuedouble > max) {
        return error_set(err, ERROR_INPUT, "profile: '%s' must be a number between 0 and %g", key,
                         max);
    }
    *out = value->valuedouble;
    return true;
}

static bool read_word(const cJSON *row, const char *key, char *out, size_t capacity,
                      struct error *err)
{
    const char *text;

    if (!json_text_or(row, key, "", &text, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (strlen(text) >= capacity) {
        return error_set(err, ERROR_INPUT, "profile: '%s' is too long", key);
    }
    snprintf(out, capacity, "%s", text);
    return true;
}

static bool read_task(const cJSON *row, enum task *out, struct error *err)
{
    char name[16];

    if (!read_word(row, "task", name, sizeof name, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(tasks[i].name, name) == 0) {
            *out = tasks[i].task;
            return true;
        }
    }
    return error_set(err, ERROR_INPUT, "profile: 'task' is '%s', not image, edit or text", name);
}

static bool read_call(const cJSON *row, struct profile_call *out, struct error *err)
{
    double width, height, count, limit;

    if (!read_word(row, "provider", out->provider, sizeof out->provider, err) ||
        !read_word(row, "model", out->model, sizeof out->model, err) ||
        !read_word(row, "quality", out->quality, sizeof out->quality, err) ||
        !read_task(row, &out->task, err) || !read_number(row, "width", SIDE_MAX, &width, err) ||
        !read_number(row, "height", SIDE_MAX, &height, err) ||
        !read_number(row, "count", 1e12, &count, err) ||
        !read_number(row, "p50", seconds_max, &out->p50, err) ||
        !read_number(row, "p90", seconds_max, &out->p90, err) ||
        !read_number(row, "p95", seconds_max, &out->p95, err) ||
        !read_number(row, "p99", seconds_max, &out->p99, err) ||
        !read_number(row, "mean", seconds_max, &out->mean, err) ||
        !read_number(row, "usd", usd_max, &out->usd, err) ||
        !read_number(row, "requestsAMinute", 1e9, &limit, err)) {
        return false;
    }
    out->size = (struct size){ width >= 0 ? (int)width : 0, height >= 0 ? (int)height : 0 };
    out->count = count >= 0 ? (int64_t)count : 0;
    out->requests_a_minute = limit >= 0 ? (int64_t)limit : -1;
    return out->model[0] || error_set(err, ERROR_INPUT, "profile: a call names no model");
}

bool profile_read(const char *json, size_t size, struct profile *out, struct error *err)
{
    const cJSON *calls, *row;
    bool good = true;
    cJSON *top;

    out->count = 0;
    if (!json_parse(json, size, "the profile", &top, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    calls = cJSON_GetObjectItemCaseSensitive(top, "calls");
    if (json_peek_int(top, "schema", -1) != SCHEMA || !cJSON_IsArray(calls)) {
        good = error_set(err, ERROR_INPUT, "the file is not a profile of schema %d", SCHEMA);
        error_hint(err, "`darkroom bench --out DIR` and `darkroom profile --out FILE` write one.");
    }
    cJSON_ArrayForEach(row, calls)
    {
        if (good && out->count == PROFILE_CALLS) {
            good = error_set(err, ERROR_INPUT, "a profile holds at most %d kinds of calls",
                             PROFILE_CALLS);
        }
        good = good && read_call(row, &out->calls[out->count], err);
        out->count += good;
    }
    cJSON_Delete(top);
    return good;
}

static void add_number(cJSON *row, const char *key, double value)
{
    if (isfinite(value)) {
        cJSON_AddNumberToObject(row, key, value);
    }
}

static void add_call(cJSON *list, const struct profile_call *call)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "provider", call->provider);
    cJSON_AddStringToObject(row, "model", call->model);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (tasks[i].task == call->task) {
            cJSON_AddStringToObject(row, "task", tasks[i].name);
        }
    }
    if (call->size.width > 0) {
        cJSON_AddNumberToObject(row, "width", call->size.width);
        cJSON_AddNumberToObject(row, "height", call->size.height);
    }
    if (call->quality[0]) {
        cJSON_AddStringToObject(row, "quality", call->quality);
    }
    cJSON_AddNumberToObject(row, "count", (double)call->count);
    add_number(row, "p50", call->p50);
    add_number(row, "p90", call->p90);
    add_number(row, "p95", call->p95);
    add_number(row, "p99", call->p99);
    add_number(row, "mean", call->mean);
    add_number(row, "usd", call->usd);
    if (call->requests_a_minute > 0) {
        cJSON_AddNumberToObject(row, "requestsAMinute", (double)call->requests_a_minute);
    }
    cJSON_AddItemToArray(list, row);
}

void profile_print(const struct profile *profile, struct text *out)
{
    cJSON *top = cJSON_CreateObject(), *calls;
    char *text;

    cJSON_AddNumberToObject(top, "schema", SCHEMA);
    calls = cJSON_AddArrayToObject(top, "calls");
    for (int i = 0; i < profile->count; i++) {
        add_call(calls, &profile->calls[i]);
    }
    text = cJSON_Print(top);
    text_add(out, text ? text : "");
    text_add_char(out, '\n');
    free(text);
    cJSON_Delete(top);
}

/* Returns a distance for ranking: a different quality outweighs any difference in size. */
static double distance(const struct profile_call *call, struct size size, const char *quality)
{
    double a = (double)call->size.width * call->size.height, b = (double)size.width * size.height;
    double size_distance = a > 0 && b > 0 ? fabs(log(a / b)) : 0;

    return size_distance + (quality && strcmp(call->quality, quality) != 0 ? 100 : 0);
}

const struct profile_call *profile_find(const struct profile *profile, const char *model,
                                        enum task task, struct size size, const char *quality)
{
    const struct profile_call *best = NULL;

    for (int i = 0; profile && i < profile->count; i++) {
        const struct profile_call *call = &profile->calls[i];

        if (call->task == task && strcmp(call->model, model) == 0 &&
            (!best || distance(call, size, quality) < distance(best, size, quality))) {
            best = call;
        }
    }
    return best;
}

int64_t profile_rate_limit(const struct profile *profile, const char *provider, const char *model)
{
    int64_t lowest = -1;

    for (int i = 0; profile && i < profile->count; i++) {
        const struct profile_call *call = &profile->calls[i];

        if (call->requests_a_minute > 0 && strcmp(call->provider, provider) == 0 &&
            strcmp(call->model, model) == 0 && (lowest < 0 || call->requests_a_minute < lowest)) {
            lowest = call->requests_a_minute;
        }
    }
    return lowest;
}

uint32_t profile_timeout_ms(const struct profile_call *call, uint32_t max_ms)
{
    double wait;

    if (!call || call->count < MIN_CALLS || !isfinite(call->p99)) {
        return max_ms;
    }
    wait = fmax(call->p99 * 3000 + EXTRA_MS, MIN_MS);
    return wait < (double)max_ms ? (uint32_t)wait : max_ms;
}
