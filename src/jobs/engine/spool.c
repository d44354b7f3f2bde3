/* spool.c - paid answers on disk. */
#include "jobs/engine/spool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"

enum { HEAD_MAX = 1024, ID_LENGTH = 36 };

char *spool_path(const char *folder, const char *job_id, const char *step, int round,
                 struct arena *arena)
{
    return arena_printf(arena, "%s/%s.%s.%d", folder, job_id, step, round);
}

const char *spool_head(const struct http_response *got, int64_t attempt_id, struct arena *arena)
{
    cJSON *head = cJSON_CreateObject();
    const char *line;

    cJSON_AddNumberToObject(head, "status", got->status);
    cJSON_AddStringToObject(head, "request_id", got->request_id);
    cJSON_AddStringToObject(head, "content_type", got->content_type);
    cJSON_AddNumberToObject(head, "attempt", (double)attempt_id);
    cJSON_AddNumberToObject(head, "ms", (double)(got->times.total_us / 1000));
    cJSON_AddNumberToObject(head, "size", (double)got->body.size);
    line = json_print(head, arena);
    cJSON_Delete(head);
    return line ? arena_printf(arena, "%s\n", line) : NULL;
}

bool spool_read(const struct blob *file, struct http_response *got, int64_t *attempt_id)
{
    const uint8_t *end = memchr(file->data, '\n', file->size < HEAD_MAX ? file->size : HEAD_MAX);
    struct error ignored;
    const char *text;
    cJSON *head;
    size_t body;

    if (!end ||
        !json_parse(file->data, (size_t)(end - file->data), "spooled answer", &head, &ignored)) {
        return false;
    }
    body = file->size - (size_t)(end + 1 - file->data);
    got->status = (int)json_peek_int(head, "status", 0);
    *attempt_id = json_peek_int(head, "attempt", 0);
    got->times.total_us = json_peek_int(head, "ms", 0) * 1000;
    text = json_peek_text(head, "request_id");
    snprintf(got->request_id, sizeof got->request_id, "%s", text ? text : "");
    text = json_peek_text(head, "content_type");
    snprintf(got->content_type, sizeof got->content_type, "%s", text ? text : "");
    if (json_peek_int(head, "size", -1) != (int64_t)body) {
        cJSON_Delete(head);
        return false;
    }
    cJSON_Delete(head);
    got->sent = true;
    return blob_copy(&got->body, end + 1, body, &ignored);
}

/* Calls `keep` for each file; removes those for which it says false. */
static int spool_clean(const char *folder,
                       bool (*keep)(const char *path, const char *name, const void *context),
                       const void *context)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int removed = 0;

    if (!listing) {
        return 0;
    }
    while ((entry = readdir(listing)) != NULL) {
        char path[1024];

        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path) {
            continue;
        }
        if (!keep(path, entry->d_name, context) && unlink(path) == 0) {
            removed++;
        }
    }
    closedir(listing);
    return removed;
}

static bool of_another_job(const char *path, const char *name, const void *context)
{
    (void)path;
    return strncmp(name, context, ID_LENGTH) != 0;
}

void spool_remove_job(const char *folder, const char *job_id)
{
    if (strlen(job_id) == ID_LENGTH) {
        spool_clean(folder, of_another_job, job_id);
    }
}

static bool younger_than(const char *path, const char *name, const void *context)
{
    struct stat facts;

    (void)name;
    return stat(path, &facts) != 0 || !S_ISREG(facts.st_mode) ||
           (int64_t)facts.st_mtime * 1000 > *(const int64_t *)context;
}

int spool_remove_older(const char *folder, int64_t now_ms, int64_t max_age_ms)
{
    int64_t oldest = now_ms - max_age_ms;

    return spool_clean(folder, younger_than, &oldest);
}
