/* response_case.c - reads a file of tests/responses. */
#include "lib/response_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_task(const char *value, struct response_case *out)
{
    static const struct {
        const char *name;
        enum task task;
    } tasks[] = { { "image", TASK_IMAGE },
                  { "edit", TASK_EDIT },
                  { "text", TASK_TEXT },
                  { "record", TASK_EDIT } };

    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(value, tasks[i].name) == 0) {
            out->task = tasks[i].task;
            out->record = i == 3;
            return true;
        }
    }
    return false;
}

static bool read_usage(const char *value, struct usage *out)
{
    long counts[6];

    if (sscanf(value, "%ld,%ld,%ld,%ld,%ld,%ld", &counts[0], &counts[1], &counts[2], &counts[3],
               &counts[4], &counts[5]) != 6) {
        return false;
    }
    out->text_in = counts[0];
    out->text_cached = counts[1];
    out->image_in = counts[2];
    out->image_cached = counts[3];
    out->text_out = counts[4];
    out->image_out = counts[5];
    return true;
}

static bool read_member(const char *name, const char *value, struct response_case *out)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = { { "type", out->type, sizeof out->type },
                  { "reading", out->reading, sizeof out->reading },
                  { "content", out->content, sizeof out->content },
                  { "message", out->message, sizeof out->message } };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            snprintf(texts[i].to, texts[i].size, "%s", value);
            return true;
        }
    }
    if (strcmp(name, "status") == 0) {
        out->status = atoi(value);
        return true;
    }
    if (strcmp(name, "cost") == 0) {
        out->usage.cost_microusd = atol(value);
        return true;
    }
    return strcmp(name, "task") == 0 ? read_task(value, out)
                                     : strcmp(name, "usage") == 0 && read_usage(value, &out->usage);
}

bool response_case_read(const char *text, size_t size, struct response_case *out)
{
    const char *at = text, *end = text + size;

    *out = (struct response_case){
        .task = TASK_IMAGE, .status = 200, .type = "application/json", .usage = USAGE_UNKNOWN
    };
    while (at < end && *at != '\n') {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *colon = line_end ? memchr(at, ':', (size_t)(line_end - at)) : NULL;
        char name[20], value[CASE_VALUE];

        if (!colon || colon - at >= (long)sizeof name || line_end - colon >= CASE_VALUE) {
            return false;
        }
        snprintf(name, sizeof name, "%.*s", (int)(colon - at), at);
        colon += colon[1] == ' ' ? 2 : 1;
        snprintf(value, sizeof value, "%.*s", (int)(line_end - colon), colon);
        if (!read_member(name, value, out)) {
            return false;
        }
        at = line_end + 1;
    }
    if (at >= end) {
        return false;
    }
    out->body = at + 1;
    out->body_size = (size_t)(end - out->body);
    return true;
}
