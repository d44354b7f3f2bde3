/* spool_cleanup.c - at the start of a worker: what happens to the answers that are in the spool. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "jobs/engine/spool.h"

enum { ID_LENGTH = 36, MAX_FILES = 65536 };

static const int64_t max_age_ms = (int64_t)7 * 24 * 3600 * 1000;

/* Writes the ids of the jobs that have answers in the folder, as a Postgres array. Returns false if
 * there are none. The rest of more than MAX_FILES is left for the next start. */
static bool list_job_ids(const char *folder, struct text *out)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int count = 0;

    text_add(out, "{");
    while (listing && count < MAX_FILES && (entry = readdir(listing)) != NULL) {
        if (spool_names_answer(entry->d_name)) {
            text_printf(out, "%s%.36s", count++ > 0 ? "," : "", entry->d_name);
        }
    }
    text_add(out, "}");
    if (listing) {
        closedir(listing);
    }
    return count > 0;
}

static bool is_open(const cJSON *open_jobs, const char *name)
{
    const cJSON *id;

    cJSON_ArrayForEach(id, open_jobs)
    {
        if (cJSON_IsString(id) && strncmp(id->valuestring, name, ID_LENGTH) == 0) {
            return true;
        }
    }
    return false;
}

/* Sets the time of the answers of open jobs to now, so that no cleanup by age removes them. */
static void renew_answers(const char *folder, const cJSON *open_jobs)
{
    DIR *listing = cJSON_GetArraySize(open_jobs) > 0 ? opendir(folder) : NULL;
    struct dirent *entry;

    while (listing && (entry = readdir(listing)) != NULL) {
        if (spool_names_answer(entry->d_name) && is_open(open_jobs, entry->d_name)) {
            (void)!utimensat(dirfd(listing), entry->d_name, NULL, AT_SYMLINK_NOFOLLOW);
        }
    }
    if (listing) {
        closedir(listing);
    }
}

static void remove_ended(const char *folder, const cJSON *ended)
{
    const cJSON *id;

    cJSON_ArrayForEach(id, ended)
    {
        if (cJSON_IsString(id)) {
            spool_remove_job(folder, id->valuestring);
        }
    }
}

bool spool_adopt(const struct spool_folder *folder, uint32_t takeover_ms,
                 struct sql_session *session, struct error *err)
{
    char takeover[16];
    struct text jobs;
    struct blob answer = { 0 };
    cJSON *reply = NULL;
    bool good = true;

    if (!folder->id[0]) {
        return true;
    }
    text_begin(&jobs, (size_t)MAX_FILES * (ID_LENGTH + 1) + 3);
    snprintf(takeover, sizeof takeover, "%u", takeover_ms);
    if (list_job_ids(folder->path, &jobs)) {
        const char *params[] = { folder->id, jobs.data, takeover };

        good =
            sql_query(session, "adopt_answers", 3, params, &answer, err) &&
            json_parse_own(answer.data, answer.size, "the list of jobs in the spool", &reply, err);
    }
    if (good) {
        remove_ended(folder->path, cJSON_GetObjectItemCaseSensitive(reply, "ended"));
        renew_answers(folder->path, cJSON_GetObjectItemCaseSensitive(reply, "open"));
        spool_remove_older(folder->path, clock_wall_ms(), max_age_ms);
    }
    cJSON_Delete(reply);
    blob_free(&answer);
    text_end(&jobs);
    return good;
}
