/* image_texts.c - whether fonts exist for the texts of a composed image, before it is bought. */
#include "jobs/types/image_texts.h"

#include "compose/text_cover.h"
#include "jobs/seller_message.h"

static bool cannot_be_drawn(const struct missing_letters *missing, struct error *err)
{
    error_set(err, ERROR_INPUT, "no font has the letters %s (U+%04X) of \"%s\": %s%s%s",
              missing->letters, (unsigned)missing->first, missing->text,
              missing->package ? "install the package " : "add a font with --fonts DIR",
              missing->package ? missing->package : "",
              missing->package ? ", or add a font with --fonts DIR" : "");
    err->cause = CAUSE_LETTERS;
    return error_hint(
        err,
        "The image cannot show these letters of the product's text: %s. Change \"%s\" "
        "to other letters, then try again.",
        missing->letters, missing->text);
}

bool image_job_cover_texts(struct image_job *image_job, struct arena *arena, struct error *err)
{
    struct missing_letters missing;

    if (!image_job->layout || image_job->texts_covered) {
        return true;
    }
    image_job->texts_covered =
        text_cover(image_job->layout, image_job->target_size, image_job->logo.file.size > 0, arena,
                   &image_job->project.brief, &missing);
    return image_job->texts_covered || cannot_be_drawn(&missing, err);
}

static bool check_work(void *arg, struct error *err)
{
    struct job *job = arg;
    struct image_job *image_job = job->state;

    (void)err; /* the step's `end` reads the verdict */
    if (image_job_cover_texts(image_job, job->arena, &image_job->verdict)) {
        image_job->verdict.kind = ERROR_NONE;
    }
    return true;
}

bool image_job_check_texts(struct job *job, struct error *err)
{
    const struct image_job *image_job = job->state;

    (void)err;
    if (image_job->layout) {
        job->op.kind = OP_WORK;
        job->op.work = (struct work_request){ .run = check_work, .arg = job };
    }
    return true;
}

enum transition image_job_check_texts_end(struct job *job, struct error *err)
{
    const struct image_job *image_job = job->state;

    if (!image_job->layout || image_job->verdict.kind == ERROR_NONE) {
        return TRANSITION_NEXT;
    }
    *err = image_job->verdict;
    return TRANSITION_FAIL;
}
