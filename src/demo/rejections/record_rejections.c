/* record_rejections.c - writes the pictures of rejected answers into the results folder. */
#include "demo/rejections/record_rejections.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"

static bool export_picture(cJSON *row, struct results_folder *results_folder, struct error *err)
{
    const char *letters = json_peek_text(row, "picture");
    struct blob picture;
    char name[40];
    bool good;

    if (!letters || !blob_new(&picture, base64_decoded_max(strlen(letters)), err)) {
        return !letters;
    }
    snprintf(name, sizeof name, "rejected_%lld.jpg", (long long)json_peek_int(row, "call", 0));
    good = (base64_decode(letters, strlen(letters), picture.data, &picture.size) ||
            error_set(err, ERROR_REMOTE, "the picture of a rejected answer is not base64")) &&
           results_folder_put(results_folder, name, picture.data, picture.size, err);
    blob_free(&picture);
    if (good) {
        cJSON_AddStringToObject(row, "file", name);
    }
    return good;
}

bool record_rejections_export(cJSON *record, struct results_folder *results_folder,
                              struct error *err)
{
    const cJSON *job;
    cJSON *row;

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(job, "rejections"))
        {
            if (!export_picture(row, results_folder, err)) {
                return false;
            }
            cJSON_DeleteItemFromObjectCaseSensitive(row, "picture");
        }
    }
    return true;
}
