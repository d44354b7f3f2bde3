/* seller_message.h - the sentence that a seller reads in job_queue.error_message.
 *
 * It speaks of the product and the photo and says what to do. The technical text of an error goes
 * to the log and to `darkroom jobs show`. */
#ifndef JOBS_SELLER_MESSAGE_H
#define JOBS_SELLER_MESSAGE_H
#include "base/error.h"

enum seller_cause { /* error.cause: what a seller can be told beyond the kind of the error */
                    CAUSE_UNKNOWN,
                    CAUSE_PROJECT_UNAVAILABLE,
                    CAUSE_UNPAID,
                    CAUSE_NO_PHOTO,
                    CAUSE_PHOTO_UNAVAILABLE,
                    CAUSE_PHOTO_UNREADABLE,
                    CAUSE_PHOTO_TOO_LARGE,
                    CAUSE_PHOTO_BLANK,
/* The photo is a file of another kind, in the order of enum foreign_format. */
#define FOREIGN(id, what, advice) CAUSE_PHOTO_IS_##id,
#include "image/inspect/foreign_formats.inc"
#undef FOREIGN
                    CAUSE_NO_MEASUREMENTS,
                    CAUSE_UNCLEAR_MEASUREMENTS,
                    CAUSE_LETTERS, /* the hint of the error is the sentence: it names them */
                    CAUSE_NO_CUT_OUT,
                    CAUSE_NO_SCENES,
                    CAUSE_PRODUCT_TOO_SMALL,
/* A check that the generated image failed. */
#define CHECK(name) CAUSE_CHECK_##name,
#include "image/checks/checks.inc"
#undef CHECK
                    CAUSE_COUNT
};

/* Returns the cause for a photo that image_decode rejected with ERROR_INPUT and this error.cause.
 */
enum seller_cause seller_cause_of_photo(int image_cause);
/* Returns the cause for a failed check; CAUSE_UNKNOWN if no check has that name. */
enum seller_cause seller_cause_of_check(const char *check);

/* Returns the sentence for an error: static, or a part of the error. It fits a job that is retried
 * as well as one that has failed finally. */
const char *seller_message(const struct error *error);
#endif
