/* batch_api_steps.h - the way of a chunk: items of a batch that go through one batch of the provider's.
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

enum economy_row { /* of the table in make_economy.c */
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
                   ECONOMY_ROWS
};

struct economy {
    struct picture picture; /* first: of the item under way */
    struct chunk chunk;
    struct caller caller;
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
    int file;               /* 0: results, 1: errors, 2: both are read */
    int64_t offset;         /* of the line under way */
    int64_t next;           /* behind it */
    bool fresh[2];          /* fetched in this life: whole for certain */
    bool junk;              /* a line of them was none */
    struct result got;      /* of the line */
    struct attempt attempt; /* what is to be recorded of it */
    int forgotten;          /* files of the provider's that are removed there */
};

const char *economy_path(const struct job *job, const char *what); /* in the spool */

enum next economy_jump(struct job *job, enum economy_row row);
enum next economy_next_item(struct job *job); /* this one needs nothing more */
/* This item fails, and the chunk goes on. */
enum next economy_fail_item(struct job *job, const struct error *why);
/* The same; NEXT_FAIL for the whole chunk where trying again may help (but not for ever). */
enum next economy_item_failed(struct job *job, const struct error *why, struct error *err);
/* For a `begin` that has nothing to ask: `end` is called all the same, and finds state->why. True.
 */
bool economy_skip(struct job *job, const struct error *why);

/* Halves of steps. economy_prepare.c: */
#define ECONOMY_STEP(name)                                                                         \
    bool economy_##name(struct job *job, struct error *err) MUST_CHECK;                            \
    enum next economy_##name##_end(struct job *job, struct error *err)
ECONOMY_STEP(item);
ECONOMY_STEP(learn);
ECONOMY_STEP(compose);
ECONOMY_STEP(record);
ECONOMY_STEP(line);
enum next economy_photo_end(struct job *job, struct error *err);
bool economy_share(struct job *job, struct error *err) MUST_CHECK;
/* economy_send.c: */
ECONOMY_STEP(find);
ECONOMY_STEP(leave);
ECONOMY_STEP(sending);
ECONOMY_STEP(upload);
ECONOMY_STEP(create);
ECONOMY_STEP(sent);
ECONOMY_STEP(tidy);
ECONOMY_STEP(status);
ECONOMY_STEP(cancel);
ECONOMY_STEP(wait);
ECONOMY_STEP(refused);
ECONOMY_STEP(over);
/* economy_collect.c: */
ECONOMY_STEP(pick);
ECONOMY_STEP(fetch);
ECONOMY_STEP(liken);
ECONOMY_STEP(put);
ECONOMY_STEP(settle);
ECONOMY_STEP(fail);
ECONOMY_STEP(forget);
ECONOMY_STEP(end);
enum next economy_inspect_end(struct job *job, struct error *err);

/* What economy_record wrote, read again: the order as it was given. */
bool economy_recall(struct job *job, struct error *err) MUST_CHECK;
#endif
