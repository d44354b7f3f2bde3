/* rejected_answers.c - reads the rejected answers of a job and writes their pictures. */
#include "cli/jobs/rejected_answers.h"

#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "base/base64.h"
#include "io/file.h"
#include "term/table.h"

enum { PATH_BYTES = 1000 };

static const char most[] = "100"; /* the database keeps fewer of each job */

/* Reads the picture of an answer, a row of the query `rejections`. *out is empty if it has none. */
static bool read_picture(struct sql_session *session, const cJSON *row, struct blob *out,
                         struct error *err)
{
    char call[24];
    const char *params[] = { call };
    const char *letters;
    cJSON *answer;
    size_t size;
    bool good;

    *out = (struct blob){ 0 };
    snprintf(call, sizeof call, "%lld", (long long)json_peek_int(row, "call", 0));
    if (!database_query(session, "rejection_picture", 1, params, &answer, err)) {
        return false;
    }
    letters = cJSON_GetStringValue(answer);
    good = !letters || blob_new(out, base64_decoded_max(strlen(letters)), err);
    if (good && letters) {
        good = base64_decode(letters, strlen(letters), out->data, &size) ||
               error_set(err, ERROR_REMOTE, "the picture of call %s is not base64", call);
        out->size = good ? size : out->size;
    }
    cJSON_Delete(answer);
    if (!good) {
        blob_free(out);
    }
    return good;
}

/* Writes the picture of one answer and adds the file's name to its row. */
static bool write_picture(struct sql_session *session, const char *job_id, const char *folder,
                          cJSON *row, struct error *err)
{
    char path[PATH_BYTES];
    struct blob picture;
    bool good;

    if (!read_picture(session, row, &picture, err)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/%.8s-%lld.jpg", folder, job_id,
             (long long)json_peek_int(row, "call", 0));
    good = picture.size == 0 || file_write(path, picture.data, picture.size, err);
    if (good && picture.size > 0) {
        cJSON_AddStringToObject(row, "file", path);
    }
    blob_free(&picture);
    return good;
}

bool rejected_answers_add(struct sql_session *session, const char *job_id, const char *folder,
                          cJSON *job, struct error *err)
{
    const char *params[] = { job_id, most };
    cJSON *rows, *row;

    if (!database_query(session, "rejections", 2, params, &rows, err)) {
        return false;
    }
    cJSON_AddItemToObject(job, "rejections", rows);
    cJSON_ArrayForEach(row, rows)
    {
        if (folder && !write_picture(session, job_id, folder, row, err)) {
            return false;
        }
    }
    return true;
}

void rejected_answers_print(const cJSON *job)
{
    static const struct column columns[] = {
        { "at", "REJECTED", 0 },       { "number", "CALL", 0 }, { "check", "CHECK", 0 },
        { "measured", "MEASURED", 8 }, { "limit", "LIMIT", 8 }, { "file", "PICTURE", 0 },
        { "message", "WHY", 200 },
    };
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(job, "rejections"), *row;
    bool written = false;

    if (cJSON_GetArraySize(rows) == 0) {
        return;
    }
    printf("\n");
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    cJSON_ArrayForEach(row, rows)
    {
        written |= cJSON_HasObjectItem(row, "file");
    }
    if (!written) {
        printf("--pictures DIR writes what the checks saw.\n");
    }
}
