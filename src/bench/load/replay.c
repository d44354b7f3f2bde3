/* replay.c - reads calls from rows of the database and applies them to requests. */
#include "bench/load/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "jobs/types/image_job.h"

enum { EDGE_LEAST = 16, EDGE_MOST = 8192, QUALITY_BYTES = 16, URL_BYTES = 2048 };
enum { PROMPT_TOKENS = 1000 };

/* -- reading ----------------------------------------------------------------------------------- */

static int photo_of(struct replay *replay, const char *url, const char *user_id,
                    struct arena *arena)
{
    for (int i = 0; i < replay->photo_count; i++) {
        if (strcmp(replay->photos[i].url, url) == 0) {
            return i;
        }
    }
    if (replay->photo_count == REPLAY_PHOTOS || url[0] == '\0' || strlen(url) > URL_BYTES) {
        return -1;
    }
    replay->photos[replay->photo_count].url = arena_text(arena, url);
    replay->photos[replay->photo_count].user_id = arena_text(arena, user_id);
    return replay->photo_count++;
}

static bool read_job(const cJSON *row, struct replay *replay, struct arena *arena,
                     struct workload *out, struct error *err)
{
    struct replay_job *job = &replay->jobs[out->prompt_count];
    const char *prompt, *quality, *photo, *user_id;
    int64_t width, height, photos;

    if (!json_text(row, "prompt", &prompt, err) ||
        !json_int(row, "width", EDGE_LEAST, EDGE_MOST, &width, err) ||
        !json_int(row, "height", EDGE_LEAST, EDGE_MOST, &height, err) ||
        !json_text_or(row, "quality", "", &quality, err) ||
        !json_text_or(row, "photo", "", &photo, err) ||
        !json_text_or(row, "user", "", &user_id, err) ||
        !json_int_or(row, "photos", 0, 64, 0, &photos, err) ||
        !json_bool_or(row, "transparent", false, &job->transparent, err) || prompt[0] == '\0' ||
        strlen(quality) >= QUALITY_BYTES || !workload_add(out, arena, prompt, err)) {
        return false;
    }
    job->size = (struct size){ (int)width, (int)height };
    job->quality = quality[0] ? arena_text(arena, quality) : NULL;
    job->edit = photos > 0;
    job->photo = job->edit ? photo_of(replay, photo, user_id, arena) : -1;
    return true;
}

static void read_texts(const cJSON *texts, struct replay *replay, struct arena *arena)
{
    const cJSON *text;

    replay->texts =
        arena_alloc(arena, ((size_t)cJSON_GetArraySize(texts) + 1) * sizeof *replay->texts);
    cJSON_ArrayForEach(text, texts)
    {
        if (cJSON_IsString(text) && text->valuestring[0] &&
            utf8_length(text->valuestring) != SIZE_MAX) {
            replay->texts[replay->text_count++] = arena_text(arena, text->valuestring);
        } else {
            replay->skipped++;
        }
    }
}

bool replay_read(const cJSON *result, struct arena *arena, struct workload *workload,
                 struct replay **out, struct error *err)
{
    struct replay *replay = arena_alloc(arena, sizeof *replay);
    const cJSON *images, *texts, *row;
    struct error why;

    *workload = (struct workload){ 0 };
    replay->workload = workload;
    *out = replay;
    if (!json_array(result, "images", &images, err) || !json_array(result, "texts", &texts, err)) {
        return false;
    }
    replay->jobs =
        arena_alloc(arena, ((size_t)cJSON_GetArraySize(images) + 1) * sizeof *replay->jobs);
    cJSON_ArrayForEach(row, images)
    {
        replay->skipped += !read_job(row, replay, arena, workload, &why);
    }
    read_texts(texts, replay, arena);
    if (workload->prompt_count + replay->text_count == 0) {
        error_set(err, ERROR_INPUT, "the database contains no calls to models yet");
        return error_hint(err, "Remove --replay, or give --prompt-file.");
    }
    return true;
}

/* -- targets and requests ------------------------------------------------------------------------
 */

bool replay_uses_photo(const struct target *target, const struct replay_job *job)
{
    unsigned tasks = target->model->tasks & target->provider->tasks;

    if (target->task == TASK_TEXT || target->task_set) {
        return target->task == TASK_EDIT;
    }
    return (tasks & TASK_EDIT) && (job->edit || !(tasks & TASK_IMAGE));
}

static struct size size_of(const struct target *target, const struct replay_job *job)
{
    struct size out = target->size;
    struct error ignored;

    if (!target->size_set && !catalog_size(target->model, job->size, &out, &ignored)) {
        out = target->size;
    }
    return out;
}

static const char *quality_of(const struct target *target, const struct replay_job *job)
{
    return target->quality ? target->quality : catalog_quality(target->model, job->quality);
}

void replay_fill(const struct replay *replay, const struct target *target, int prompt,
                 struct model_request *model_request)
{
    const struct replay_job *job;

    if (target->task == TASK_TEXT) {
        model_request->prompt = replay->texts[prompt % replay->text_count];
        return;
    }
    job = &replay->jobs[prompt];
    model_request->size = size_of(target, job);
    model_request->quality = quality_of(target, job);
    model_request->transparent = job->transparent && target->model->transparent;
    model_request->task = replay_uses_photo(target, job) ? TASK_EDIT : TASK_IMAGE;
    model_request->photo_count = model_request->task == TASK_EDIT;
    model_request->photos = &replay->workload->photo;
    if (job->photo >= 0 && replay->photos[job->photo].available) {
        model_request->photos = &replay->photos[job->photo].file;
    }
}

/* Sets the target's cost estimates: the most expensive job, and the mean of all jobs. */
static void set_costs(const struct replay *replay, struct target *target)
{
    const struct workload *workload = replay->workload;
    int64_t sum = 0;

    target->max_microusd = 0;
    for (int i = 0; i < workload->prompt_count; i++) {
        const struct replay_job *job = &replay->jobs[i];
        const char *quality = quality_of(target, job);
        struct size size = size_of(target, job);
        int64_t expected_cost = catalog_estimate(target->model, size, quality);
        int64_t max_cost =
            catalog_max_cost(target->model, &size, quality, PROMPT_TOKENS,
                             replay_uses_photo(target, job), target->partial_images, 0);

        sum += expected_cost > 0 ? expected_cost : 0;
        if (max_cost < 0 || target->max_microusd < 0) {
            target->max_microusd = -1;
        } else if (max_cost > target->max_microusd) {
            target->max_microusd = max_cost;
        }
    }
    target->expected_microusd = sum / workload->prompt_count;
}

bool replay_target(const struct replay *replay, struct target *target, struct error *err)
{
    bool text = target->task == TASK_TEXT;

    target->replayed = true;
    if ((text ? replay->text_count : replay->workload->prompt_count) == 0) {
        error_set(err, ERROR_INPUT, "no job in the database has requested %s",
                  text ? "features" : "an image");
        return error_hint(err, "Remove '%.60s' or --replay.", target->name);
    }
    if (text) {
        return true;
    }
    if (!target->name_set) {
        char size[28] = "";

        if (target->size_set) {
            snprintf(size, sizeof size, " %dx%d", target->size.width, target->size.height);
        }
        snprintf(target->name, sizeof target->name, "%.40s%.13s%s%.10s%s replayed",
                 target->model->id, size, target->quality ? " " : "",
                 target->quality ? target->quality : "",
                 target->task_set ? target->task == TASK_EDIT ? " edit" : " image" : "");
    }
    set_costs(replay, target);
    return true;
}

/* -- photos ------------------------------------------------------------------------------------ */

bool replay_photo(struct blob *download, struct replay_photo *out, struct error *err)
{
    static const struct image_rules none;
    struct image_job image_job = { .rules = &none };
    bool good;

    image_job.photo = blob_move(download);
    good = photo_prepare(&image_job, MAIN_MODEL, err);
    if (good) {
        out->file =
            (struct request_photo){ .content_type = image_job.model_photo_type,
                                    .filename = photo_filename(image_job.model_photo_type) };
        out->file.bytes = blob_move(&image_job.model_photo);
        out->available = true;
    }
    blob_free(&image_job.photo);
    return good;
}

void replay_free(struct replay *replay)
{
    for (int i = 0; replay && i < replay->photo_count; i++) {
        blob_free(&replay->photos[i].file.bytes);
    }
}
