/* record.c - reads the record of a demo from its database and copies the results out of its store.
 */
#include "demo/record.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "demo/rejections/record_rejections.h"
#include "model/kind.h"

enum { FILE_BYTES = 50 << 20 };

bool demo_record_read(struct sql_session *session, const char *project, cJSON **out,
                      struct error *err)
{
    struct blob value;
    bool good;

    *out = NULL;
    if (!sql_query(session, "pack_record", 1, &project, &value, err)) {
        return false;
    }
    good = json_parse(value.data, value.size, "the demo's record", out, err);
    blob_free(&value);
    return good;
}

/* Builds the file name of an image, such as main_image.png or a_plus_module_2_1.jpg (module,
 * image). */
static void make_file_name(const cJSON *image, const char *path, char *out, size_t size)
{
    const char *type = json_peek_text(image, "type"), *dot = strrchr(path, '.');
    size_t used;

    snprintf(out, size, "%s", type ? type : "image");
    for (char *c = out; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    used = strlen(out);
    if (json_peek_int(image, "module", -1) >= 0) {
        used += (size_t)snprintf(out + used, size - used, "_%d_%d",
                                 (int)json_peek_int(image, "module", 0) + 1,
                                 (int)json_peek_int(image, "slot", 0) + 1);
    }
    snprintf(out + used, size - used, "%s", dot && !strchr(dot, '/') ? dot : "");
}

static bool export_image(cJSON *image, const struct store_target *store,
                         struct results_folder *results_folder, struct error *err)
{
    struct arena *arena = arena_new();
    const char *url = json_peek_text(image, "url");
    char name[120], path[4096];
    struct object object;
    struct blob file;
    bool good;

    if (!url || !object_of_url(store, url, arena, &object)) {
        arena_free(arena);
        return error_set(err, ERROR_INTERNAL, "the URL of an image is not in the demo's store");
    }
    snprintf(path, sizeof path, "%s/%s/%s", store->folder, object.bucket, object.path);
    make_file_name(image, object.path, name, sizeof name);
    arena_free(arena);
    if (!file_read(path, FILE_BYTES, &file, NULL, err)) {
        return false;
    }
    good = results_folder_put(results_folder, name, file.data, file.size, err);
    blob_free(&file);
    cJSON_AddStringToObject(image, "file", name);
    return good;
}

static bool export_aplus(const cJSON *record, struct results_folder *results_folder,
                         struct error *err)
{
    const cJSON *aplus = cJSON_GetObjectItemCaseSensitive(record, "aplus");
    char *text;
    bool good;

    if (!cJSON_IsObject(aplus)) {
        return true;
    }
    text = cJSON_Print(aplus);
    good = text ? results_folder_put(results_folder, "a_plus.json", text, strlen(text), err)
                : error_set(err, ERROR_INTERNAL, "out of memory for the A+ content");
    free(text);
    return good;
}

bool demo_record_export(cJSON *record, const struct store_target *store, const struct order *order,
                        struct results_folder *results_folder, struct error *err)
{
    const struct order_photo *photo = &order->photos[0];
    cJSON *image;

    cJSON_ArrayForEach(image, cJSON_GetObjectItemCaseSensitive(record, "images"))
    {
        if (!export_image(image, store, results_folder, err)) {
            return false;
        }
    }
    cJSON_AddStringToObject(record, "photo", photo->name);
    return results_folder_put(results_folder, photo->name, photo->file.data, photo->file.size,
                              err) &&
           export_aplus(record, results_folder, err) &&
           record_rejections_export(record, results_folder, err);
}

bool demo_record_complete(const cJSON *record)
{
    const cJSON *project = cJSON_GetObjectItemCaseSensitive(record, "project"), *job;
    const char *status = json_peek_text(project, "status");

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *job_status = json_peek_text(job, "status");

        if (!job_status || strcmp(job_status, "completed") != 0) {
            return false;
        }
    }
    return status && strcmp(status, "COMPLETED") == 0;
}

/* Images and texts; a pack lacks what its parts lack. */
static int missing_parts(const cJSON *record)
{
    const cJSON *job;
    int missing = 0;

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *type = json_peek_text(job, "type"), *status = json_peek_text(job, "status");

        missing += !(type && strcmp(type, "generate-complete-pack") == 0) &&
                   !(status && strcmp(status, "completed") == 0);
    }
    return missing;
}

bool demo_record_serves(const cJSON *record, const char *inputs, const struct provider *provider)
{
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(record, "made");
    const char *seen = json_peek_text(record, "inputs");
    const char *name = made ? json_peek_text(made, "provider") : NULL;
    const struct provider *former = name ? provider_find(name) : NULL;
    bool placeholders = former && former->local && provider && !provider->local;

    return seen && strcmp(seen, inputs) == 0 && !placeholders &&
           cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "complete"));
}

void demo_record_status(const cJSON *record, char *out, size_t size)
{
    int missing = missing_parts(record);

    if (missing > 0) {
        snprintf(out, size, "%d part%s missing", missing, missing == 1 ? "" : "s");
    } else {
        snprintf(out, size, "%s", demo_record_complete(record) ? "complete" : "not complete");
    }
}

void demo_record_title(const cJSON *row, char *out, size_t size)
{
    const char *job = json_peek_text(row, "type"), *image = json_peek_text(row, "image");
    enum image_kind kind = kind_find(image ? image : job ? job : "");

    if (kind == A_PLUS_MODULE) {
        snprintf(out, size, "A+ module %d, image %d", (int)json_peek_int(row, "module", 0) + 1,
                 (int)json_peek_int(row, "slot", 0) + 1);
    } else if (kind != IMAGE_KINDS) {
        snprintf(out, size, "%s", kind_title(kind));
    } else if (job && strcmp(job, "generate-aplus") == 0) {
        snprintf(out, size, "A+ text");
    } else if (job && strcmp(job, "generate-complete-pack") == 0) {
        snprintf(out, size, "complete pack");
    } else {
        snprintf(out, size, "%s", job ? job : "job");
    }
}

/* Returns the entry of this name, added if it is missing, or NULL if the array is full. */
static struct step_time *find_step(struct step_time *steps, int *count, const char *name)
{
    for (int i = 0; i < *count; i++) {
        if (strcmp(steps[i].name, name) == 0) {
            return &steps[i];
        }
    }
    if (*count == DEMO_RECORD_STEPS) {
        return NULL;
    }
    steps[*count] = (struct step_time){ .name = name };
    return &steps[(*count)++];
}

int demo_record_steps(const cJSON *record, struct step_time out[DEMO_RECORD_STEPS])
{
    /* Fixed, so that it does not depend on which job comes first. Unknown steps follow. */
    static const char *const order[] = { "load_project",  "fetch_photo",   "extract_features",
                                         "save_features", "generate_text", "generate",
                                         "validate",      "upload",        "commit" };
    const cJSON *job, *step;
    int count = 0, used = 0;

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        find_step(out, &count, order[i]);
    }
    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        cJSON_ArrayForEach(step, cJSON_GetObjectItemCaseSensitive(job, "steps"))
        {
            struct step_time *time = step->string ? find_step(out, &count, step->string) : NULL;

            if (time && cJSON_IsNumber(step)) {
                time->count++;
                time->total_ms += step->valuedouble;
                time->longest_ms =
                    step->valuedouble > time->longest_ms ? step->valuedouble : time->longest_ms;
            }
        }
    }
    for (int i = 0; i < count; i++) {
        if (out[i].count > 0) {
            out[used++] = out[i];
        }
    }
    return used;
}
