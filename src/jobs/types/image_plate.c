/* image_plate.c - the plate of a composed image: kept as the model sent it, and stored beside the
 * image. */
#include <string.h>

#include "jobs/types/image_typeset.h"

/* The size that the application allows in the bucket, for stores whose limit is unknown. */
enum { PLATE_MAX_BYTES = 20 << 20, PLATE_QUALITY = 92 };

static size_t max_bytes(const struct image_job *image_job)
{
    int64_t limit = image_job->object.file_limit;

    return limit > 0 ? (size_t)limit : PLATE_MAX_BYTES;
}

/* Encodes an answer in another format or of too many bytes again: as PNG if it is transparent. */
static bool encode_again(const struct image_job *image_job, struct blob *out, const char **type)
{
    const struct image_bounds bounds = { .max_bytes = 64u << 20,
                                         .max_pixels = 40 * 1000 * 1000,
                                         .work_bytes = 4 };
    struct image made = { 0 };
    struct error ignored;
    bool good = image_decode(&image_job->result.content, &bounds, &made, NULL, &ignored);
    bool clear = good && image_has_transparency(&made);

    good = good && (clear ? image_encode_png(&made, true, out, &ignored)
                          : image_encode_jpeg(&made, PLATE_QUALITY, true, out, &ignored));
    *type = clear ? "image/png" : "image/jpeg";
    image_free(&made);
    return good && out->size <= max_bytes(image_job);
}

void image_job_keep_plate(struct image_job *image_job, enum image_format format)
{
    struct stored_plate *plate = &image_job->plate;

    if ((format == FORMAT_PNG || format == FORMAT_JPEG) &&
        image_job->result.content.size <= max_bytes(image_job)) {
        plate->file = blob_move(&image_job->result.content);
        plate->object.content_type = format_content_type(format);
    } else if (!encode_again(image_job, &plate->file, &plate->object.content_type)) {
        blob_free(&plate->file);
        return;
    }
    digest_hex(plate->file.data, plate->file.size, plate->sha256);
}

bool image_job_has_plate_to_upload(const struct image_job *image_job)
{
    return image_job->plate.file.size > 0 && !image_job->plate.stored;
}

bool image_job_upload_plate(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    const struct brief *brief = &image_job->project.brief;
    struct object *object = &image_job->plate.object;
    bool jpeg = strcmp(object->content_type, "image/jpeg") == 0;

    object->bucket = job_context->bucket;
    object->content = blob_view(image_job->plate.file.data, image_job->plate.file.size);
    object->file_limit = image_job->object.file_limit;
    object->metadata = arena_printf(job->arena, "{\"job\":\"%s\",\"plate\":true,\"sha256\":\"%s\"}",
                                    brief->job_id, image_job->plate.sha256);
    return plate_path(brief->user_id, brief->project_id, kind_name(brief->kind), brief->style,
                      brief->created_ms, brief->job_id, jpeg ? "jpg" : "png", job->arena,
                      &object->path, err) &&
           job_context->store->put(&job_context->store_target, object, job->arena, &job->op, err);
}

enum transition image_job_upload_plate_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    struct stored_plate *plate = &image_job->plate;

    if (!job->context->store->put_done(&plate->object, &job->op, err)) {
        if (err->kind != ERROR_OUTPUT) {
            return TRANSITION_FAIL;
        }
        plate->object.path = NULL;
    }
    plate->stored = true;
    blob_free(&plate->file);
    job->jump_row = job->step;
    return TRANSITION_JUMP;
}
