/* spool_cleanup.c - removes the answers of jobs whose worker died before it could remove them. */
#include <dirent.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "jobs/engine/spool.h"

enum { ID_LENGTH = 36, MAX_FILES = 4096 };

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

bool spool_remove_ended(const char *folder, struct sql_session *session, struct error *err)
{
    struct text jobs;
    struct blob answer = { 0 };
    const cJSON *id;
    cJSON *ended = NULL;
    bool good = true;

    text_begin(&jobs, MAX_FILES * (ID_LENGTH + 1) + 3);
    if (list_job_ids(folder, &jobs)) {
        const char *params[] = { jobs.data };

        good = sql_query(session, "spool_done", 1, params, &answer, err) &&
               (answer.size == 0 ||
                json_parse_own(answer.data, answer.size, "the list of ended jobs", &ended, err));
        cJSON_ArrayForEach(id, ended)
        {
            if (cJSON_IsString(id)) {
                spool_remove_job(folder, id->valuestring);
            }
        }
    }
    cJSON_Delete(ended);
    blob_free(&answer);
    text_end(&jobs);
    return good;
}
