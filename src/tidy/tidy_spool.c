/* tidy_spool.c - removes old answers from the spool folder. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "jobs/engine/spool.h"
#include "tidy/tidy_internal.h"

enum { ID_LENGTH = 36, STEP_FILES = 1000, ARRAY_BYTES = STEP_FILES * (ID_LENGTH + 1) + 3 };

static const int64_t day_ms = 24LL * 3600 * 1000;

/* Writes the path of an old answer to `path`. Returns false for any other file. */
static bool is_old_answer(const char *folder, const char *name, int64_t before_s, char *path,
                          size_t size, int64_t *bytes)
{
    struct stat status;

    if (!spool_names_answer(name) || snprintf(path, size, "%s/%s", folder, name) >= (int)size ||
        lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_mtime > before_s ||
        !spool_holds_answer(path)) {
        return false;
    }
    *bytes = (int64_t)status.st_size;
    return true;
}

/* Removes or counts the given answers, except those of jobs that have not ended. */
static bool handle_answers(struct tidy *tidy, const cJSON *answers, bool remove,
                           struct tidy_result *out, struct error *err)
{
    struct text ids;
    cJSON *unfinished = NULL;
    const cJSON *answer, *id;
    const char *params[1];
    bool good;

    text_begin(&ids, ARRAY_BYTES);
    text_add_char(&ids, '{');
    cJSON_ArrayForEach(answer, answers)
    {
        const char *name = strrchr(answer->string, '/') + 1;

        text_printf(&ids, "%s%.36s", ids.size > 1 ? "," : "", name);
    }
    text_add_char(&ids, '}');
    params[0] = ids.data;
    good = database_query(tidy->session, "tidy_unfinished", 1, params, &unfinished, err);
    cJSON_ArrayForEach(answer, answers)
    {
        bool kept = !good;

        cJSON_ArrayForEach(id, unfinished)
        {
            kept = kept ||
                   strncasecmp(strrchr(answer->string, '/') + 1, id->valuestring, ID_LENGTH) == 0;
        }
        if (!kept && (!remove || unlink(answer->string) == 0)) {
            out->count++;
            out->bytes += (int64_t)answer->valuedouble;
        }
    }
    cJSON_Delete(unfinished);
    text_end(&ids);
    return good;
}

bool tidy_spool(struct tidy *tidy, int64_t days, bool remove, struct tidy_result *out,
                struct error *err)
{
    const char *folder = setting_text(tidy->settings, "spool");
    int64_t before_s = (clock_wall_ms() - days * day_ms) / 1000, bytes;
    /* NULL: there is no spool on this machine */
    DIR *listing = spool_is_marked(folder) ? opendir(folder) : NULL;
    struct dirent *entry;
    cJSON *answers = cJSON_CreateObject(); /* path to bytes */
    int count = 0;
    char path[1024];
    bool good = true;

    while (good && listing && !*tidy->stop && (entry = readdir(listing)) != NULL) {
        if (is_old_answer(folder, entry->d_name, before_s, path, sizeof path, &bytes)) {
            cJSON_AddNumberToObject(answers, path, (double)bytes);
            count++;
        }
        if (count == STEP_FILES) {
            good = handle_answers(tidy, answers, remove, out, err);
            cJSON_Delete(answers);
            answers = cJSON_CreateObject();
            count = 0;
        }
    }
    good = good && (count == 0 || handle_answers(tidy, answers, remove, out, err));
    cJSON_Delete(answers);
    if (listing) {
        closedir(listing);
    }
    return good;
}
