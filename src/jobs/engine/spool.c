/* spool.c - reads, writes and removes the files of the spool. */
#include "jobs/engine/spool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"

enum { HEAD_MAX = 1024, ID_LENGTH = 36, CALLS_MAX = 10 };

char *spool_path(const char *folder, const char *job_id, const char *step, int call_index,
                 struct arena *arena)
{
    return arena_printf(arena, "%s/%s.%s.%d", folder, job_id, step, call_index);
}

int spool_find(const char *folder, const char *job_id, const char *step, int call_index,
               struct arena *arena)
{
    for (int i = call_index; i < call_index + CALLS_MAX; i++) {
        if (access(spool_path(folder, job_id, step, i, arena), F_OK) == 0) {
            return i;
        }
    }
    return call_index;
}

const char *spool_head(const struct http_response *response, const struct spooled_call *call,
                       struct arena *arena)
{
    cJSON *head = cJSON_CreateObject();
    const char *line;

    cJSON_AddNumberToObject(head, "status", response->status);
    cJSON_AddStringToObject(head, "request_id", response->request_id);
    cJSON_AddStringToObject(head, "content_type", response->content_type);
    cJSON_AddNumberToObject(head, "attempt", (double)call->attempt_id);
    cJSON_AddStringToObject(head, "request", call->digest);
    cJSON_AddNumberToObject(head, "ms", (double)(response->times.total_us / 1000));
    cJSON_AddNumberToObject(head, "size", (double)response->body.size);
    line = json_print(head, arena);
    cJSON_Delete(head);
    return line ? arena_printf(arena, "%s\n", line) : NULL;
}

bool spool_read(const struct blob *file, struct http_response *response, struct spooled_call *call)
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
    response->status = (int)json_peek_int(head, "status", 0);
    call->attempt_id = json_peek_int(head, "attempt", 0);
    text = json_peek_text(head, "request");
    snprintf(call->digest, sizeof call->digest, "%s", text ? text : "");
    response->times.total_us = json_peek_int(head, "ms", 0) * 1000;
    text = json_peek_text(head, "request_id");
    snprintf(response->request_id, sizeof response->request_id, "%s", text ? text : "");
    text = json_peek_text(head, "content_type");
    snprintf(response->content_type, sizeof response->content_type, "%s", text ? text : "");
    if (json_peek_int(head, "size", -1) != (int64_t)body) {
        cJSON_Delete(head);
        return false;
    }
    cJSON_Delete(head);
    response->request_sent = true;
    return blob_copy(&response->body, end + 1, body, &ignored);
}

/* Removes each file for which `keep` returns false. Returns how many. */
static int remove_unless(const char *folder,
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

static bool belongs_to_other_job(const char *path, const char *name, const void *context)
{
    (void)path;
    return !spool_names_answer(name) || strncmp(name, context, ID_LENGTH) != 0;
}

void spool_rename(const char *from, const char *to)
{
    if (access(to, F_OK) != 0) {
        (void)!rename(from, to);
    }
}

void spool_remove_job(const char *folder, const char *job_id)
{
    if (strlen(job_id) == ID_LENGTH) {
        remove_unless(folder, belongs_to_other_job, job_id);
    }
}

bool spool_holds_answer(const char *path)
{
    char line[HEAD_MAX];
    FILE *file = fopen(path, "r");
    struct stat status;
    struct error ignored;
    const char *end;
    cJSON *head = NULL;
    bool good = false;

    if (!file) {
        return false;
    }
    end = memchr(line, '\n', fread(line, 1, sizeof line, file));
    if (end && fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) &&
        json_parse(line, (size_t)(end - line), "spooled answer", &head, &ignored)) {
        good = json_peek_int(head, "attempt", -1) >= 0 && json_peek_int(head, "status", -1) >= 0 &&
               json_peek_int(head, "size", -1) == (int64_t)status.st_size - (end + 1 - line);
    }
    cJSON_Delete(head);
    fclose(file);
    return good;
}

static bool is_younger_or_foreign(const char *path, const char *name, const void *context)
{
    struct stat status;

    return !spool_names_answer(name) || lstat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
           (int64_t)status.st_mtime * 1000 > *(const int64_t *)context;
}

int spool_remove_older(const char *folder, int64_t now_ms, int64_t max_age_ms)
{
    int64_t oldest = now_ms - max_age_ms;

    return spool_is_marked(folder) ? remove_unless(folder, is_younger_or_foreign, &oldest) : 0;
}
