/* batch_api_steps.h - the way of a chunk: items of a batch that go through one batch of the
 * provider's.
 *
 *   load > [item > photo > learn > share > compose > record > line]... > leave > sending > upload >
 *   create > sent > tidy > status > wait | over > [pick > item > liken > inspect > put > settle]...
 * > forget > end
 *
 * What makes it safe to kill: an item ends by one statement; what is with the provider is written
 * down; and what may be there, unknown, is looked for before it is made a second time. */
#ifndef JOBS_BATCH_API_BATCH_API_STEPS_H
#define JOBS_BATCH_API_BATCH_API_STEPS_H
#include "jobs/types/image_job.h"
#include "providers/provider_batch.h"
#include "queue/queue_batch_api.h"

enum batch_api_row { /* of the table in make_batch_api.c */
                     ROW_LOAD,
                     ROW_FIND,
                     ROW_ITEM,
                     ROW_PHOTO,
                     ROW_LEARN,
                     ROW_SHARE,
                     ROW_COMPOSE,
                     ROW_RECORD,
                     ROW_LINE,
                     ROW_LEAVE,
                     ROW_SENDING,
                     ROW_UPLOAD,
                     ROW_CREATE,
                     ROW_SENT,
                     ROW_TIDY,
                     ROW_STATUS,
                     ROW_CANCEL,
                     ROW_WAIT,
                     ROW_REFUSED,
                     ROW_OVER,
                     ROW_PICK,
                     ROW_FETCH,
                     ROW_LIKEN,
                     ROW_INSPECT,
                     ROW_PUT,
                     ROW_SETTLE,
                     ROW_FAIL,
                     ROW_FORGET,
                     ROW_END,
                     BATCH_API_ROWS
};

struct batch_api {
    struct image_job image_job; /* first: of the item under way */
    struct chunk chunk;
    struct model_endpoint caller;
    const struct provider_batch *batch;
    struct batch_call call;
    struct remote_batch remote;
    bool *ended; /* which of chunk.items need nothing more here */
    int at;      /* the item under way */
    struct chunk_item item;
    struct error why;       /* why it has failed; ERROR_NONE: it has not */
    int64_t total_microusd; /* of all items so far */

    /* going up */
    struct blob line;
    const char *path; /* where all lines go */
    int64_t input_size;
    int lines, leave_from; /* items from here on go with another chunk */

    /* waiting */
    int pages;
    uint32_t wait_ms;
    const char *wait_why;
    bool given_up; /* a batch that is cancelled, and was not sent after all */

    /* coming down */
    bool collecting;
    int file;                /* 0: results, 1: errors, 2: both are read */
    int64_t offset;          /* of the line under way */
    int64_t next;            /* behind it */
    bool fresh[2];           /* fetched in this life: whole for certain */
    bool junk;               /* a line of them was none */
    struct model_result got; /* of the line */
    struct attempt attempt;  /* what is to be recorded of it */
    int forgotten;           /* files of the provider's that are removed there */
};

const char *batch_api_path(const struct job *job, const char *what); /* in the spool */

enum transition batch_api_jump(struct job *job, enum batch_api_row row);
enum transition batch_api_next_item(struct job *job); /* this one needs nothing more */
/* This item fails, and the chunk goes on. */
enum transition batch_api_fail_item(struct job *job, const struct error *why);
/* The same; TRANSITION_FAIL for the whole chunk where trying again may help (but not for ever). */
enum transition batch_api_item_failed(struct job *job, const struct error *why, struct error *err);
/* For a `begin` that has nothing to ask: `end` is called all the same, and finds state->why. True.
 */
bool batch_api_skip(struct job *job, const struct error *why);

/* Halves of steps. batch_api_prepare.c: */
#define BATCH_API_STEP(name)                                                                       \
    bool batch_api_##name(struct job *job, struct error *err) MUST_CHECK;                          \
    enum transition batch_api_##name##_end(struct job *job, struct error *err)
BATCH_API_STEP(item);
BATCH_API_STEP(learn);
BATCH_API_STEP(compose);
BATCH_API_STEP(record);
BATCH_API_STEP(line);
enum transition batch_api_photo_end(struct job *job, struct error *err);
bool batch_api_share(struct job *job, struct error *err) MUST_CHECK;
/* batch_api_send.c: */
BATCH_API_STEP(find);
BATCH_API_STEP(leave);
BATCH_API_STEP(sending);
BATCH_API_STEP(upload);
BATCH_API_STEP(create);
BATCH_API_STEP(sent);
BATCH_API_STEP(tidy);
BATCH_API_STEP(status);
BATCH_API_STEP(cancel);
BATCH_API_STEP(wait);
BATCH_API_STEP(refused);
BATCH_API_STEP(over);
/* batch_api_collect.c: */
BATCH_API_STEP(pick);
BATCH_API_STEP(fetch);
BATCH_API_STEP(liken);
BATCH_API_STEP(put);
BATCH_API_STEP(settle);
BATCH_API_STEP(fail);
BATCH_API_STEP(forget);
BATCH_API_STEP(end);
enum transition batch_api_inspect_end(struct job *job, struct error *err);

/* What batch_api_record wrote, read again: the order as it was given. */
bool batch_api_recall(struct job *job, struct error *err) MUST_CHECK;
#endif
