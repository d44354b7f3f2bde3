/* batch_api_steps.h - the steps of a chunk: up to fifty items of a batch that go through one batch
 * of the provider's Batch API.
 *
 * batch_api_job.c lists the states with their purpose and successors; `darkroom dev-graph
 * batch-api` prints them. The chunk is safe to kill at any point: each item ends by one statement,
 * everything that the provider holds is recorded, and a batch that may exist is looked up by its
 * name before another one is created. */
#ifndef JOBS_BATCH_API_BATCH_API_STEPS_H
#define JOBS_BATCH_API_BATCH_API_STEPS_H
#include "jobs/types/image_job.h"
#include "providers/provider_batch.h"
#include "queue/queue_batch_api.h"

/* The states of a chunk: the rows of the table in batch_api_job.c. */
enum batch_api_state {
    STATE_LOAD_CHUNK,
    STATE_FIND_BATCH,
    STATE_LOAD_ITEM,
    STATE_FETCH_PHOTO,
    STATE_EXTRACT_FEATURES,
    STATE_SAVE_FEATURES,
    STATE_BUILD_RECORD,
    STATE_RECORD_CALL,
    STATE_APPEND_RECORD,
    STATE_MOVE_ITEMS,
    STATE_MARK_SENDING,
    STATE_UPLOAD_INPUT,
    STATE_CREATE_BATCH,
    STATE_MARK_SENT,
    STATE_REMOVE_INPUT,
    STATE_CHECK_STATUS,
    STATE_CANCEL_BATCH,
    STATE_RESCHEDULE,
    STATE_RESET_CHUNK,
    STATE_MARK_FINISHED,
    STATE_READ_RECORD,
    STATE_DOWNLOAD_RESULTS,
    STATE_FETCH_SIMILARITY_PHOTO,
    STATE_VALIDATE,
    STATE_UPLOAD,
    STATE_COMMIT_ITEM,
    STATE_FAIL_ITEM,
    STATE_DELETE_FILES,
    STATE_COMPLETE_CHUNK,
    BATCH_API_STATES
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
    int lines, moved_from; /* items from here on go with another chunk */

    /* waiting */
    int pages;
    uint32_t wait_ms;
    const char *wait_reason;
    bool cancelled_unsent; /* a batch that is cancelled, and was not sent after all */

    /* coming down */
    bool collecting;
    int file;                    /* 0: results, 1: errors, 2: both are read */
    int64_t offset;              /* of the line under way */
    int64_t next;                /* behind it */
    bool downloaded[2];          /* fetched in this life: whole for certain */
    bool has_unreadable_records; /* a line of them was none */
    struct model_result got;     /* of the line */
    struct attempt attempt;      /* what is to be recorded of it */
    int deleted_files;           /* files of the provider's that are removed there */
};

const char *batch_api_path(const struct job *job, const char *what); /* in the spool */

enum transition batch_api_go_to(struct job *job, enum batch_api_state row);
enum transition batch_api_finish_item(struct job *job); /* this one needs nothing more */
/* This item fails, and the chunk goes on. */
enum transition batch_api_go_to_fail_item(struct job *job, const struct error *why);
/* The same; TRANSITION_FAIL for the whole chunk where trying again may help (but not for ever). */
enum transition batch_api_handle_item_error(struct job *job, const struct error *why,
                                            struct error *err);
/* For a `begin` that has nothing to ask: `end` is called all the same, and finds state->why. True.
 */
bool batch_api_skip(struct job *job, const struct error *why);

/* Halves of steps. batch_api_prepare.c: */
#define BATCH_API_STEP(name)                                                                       \
    bool batch_api_##name(struct job *job, struct error *err) MUST_CHECK;                          \
    enum transition batch_api_##name##_end(struct job *job, struct error *err)
BATCH_API_STEP(load_item);
BATCH_API_STEP(extract_features);
BATCH_API_STEP(build_record);
BATCH_API_STEP(record_call);
BATCH_API_STEP(append_record);
enum transition batch_api_fetch_photo_end(struct job *job, struct error *err);
bool batch_api_save_features(struct job *job, struct error *err) MUST_CHECK;
/* batch_api_send.c: */
BATCH_API_STEP(find_batch);
BATCH_API_STEP(move_items);
BATCH_API_STEP(mark_sending);
BATCH_API_STEP(upload_input);
BATCH_API_STEP(create_batch);
BATCH_API_STEP(mark_sent);
BATCH_API_STEP(remove_input);
BATCH_API_STEP(check_status);
BATCH_API_STEP(cancel_batch);
BATCH_API_STEP(reschedule);
BATCH_API_STEP(reset_chunk);
BATCH_API_STEP(mark_finished);
/* batch_api_collect.c: */
BATCH_API_STEP(read_record);
BATCH_API_STEP(download_results);
BATCH_API_STEP(fetch_similarity_photo);
BATCH_API_STEP(upload);
BATCH_API_STEP(commit_item);
BATCH_API_STEP(fail_item);
BATCH_API_STEP(delete_files);
BATCH_API_STEP(complete_chunk);
enum transition batch_api_validate_end(struct job *job, struct error *err);

/* What batch_api_record_call wrote, read again: the order as it was given. */
bool batch_api_restore_request(struct job *job, struct error *err) MUST_CHECK;
#endif
