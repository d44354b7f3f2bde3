/* spool_cleanup.c - answers of jobs that ended while nobody was there to drop them. */
#include <ctype.h>
#include <dirent.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "jobs/engine/spool.h"

enum { ID_LENGTH = 36, MOST = 4096 };

static bool is_id(const char *name)
{
    for (int i = 0; i < ID_LENGTH; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? name[i] != '-' : !isxdigit((unsigned char)name[i])) {
            return false;
        }
    }
    return name[ID_LENGTH] == '.';
}

/* The jobs that have answers here, as a Postgres array; false: there are none. */
static bool list_jobs(const char *folder, struct text *out)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int count = 0;

    text_add(out, "{");
    while (listing && count < MOST && (entry = readdir(listing)) != NULL) {
        if (is_id(entry->d_name)) {
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

    text_begin(&jobs, MOST * (ID_LENGTH + 1) + 3);
    if (list_jobs(folder, &jobs)) {
        const char *params[] = { jobs.data };

        good = sql_query(session, "spool_done", 1, params, &answer, err) &&
               (answer.size == 0 ||
                json_parse(answer.data, answer.size, "the list of ended jobs", &ended, err));
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
