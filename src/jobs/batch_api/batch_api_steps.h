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
    STATE_FETCH_LOGO,
    STATE_VALIDATE,
    STATE_UPLOAD,
    STATE_COMMIT_ITEM,
    STATE_FAIL_ITEM,
    STATE_DELETE_FILES,
    STATE_COMPLETE_CHUNK,
    BATCH_API_STATES
};

struct batch_api {
    struct image_job image_job; /* of the current item; must be the first field */
    struct chunk chunk;
    struct model_endpoint model_endpoint;
    const struct provider_batch *batch;
    struct batch_call call;
    struct remote_batch remote;
    bool *item_ended; /* for each of chunk.items: nothing is left to do for it in this attempt */
    int item_index;   /* of the current item, in chunk.items */
    struct chunk_item item;
    struct error item_error; /* why the current item failed; ERROR_NONE if it did not */
    int64_t total_microusd;  /* cost of the items that ended in this attempt */
    const char *rejection; /* why the application's tables reject items, which stay open; or NULL */

    /* while the input file is written */
    struct blob record;      /* of the current item */
    const char *records_url; /* path of the API that all records of the batch call */
    int64_t input_size;      /* bytes written to the input file */
    int record_count;
    int moved_from; /* the items from this index on are moved to another chunk */

    /* while the chunk waits for the provider */
    int pages;        /* of the list of batches, read so far */
    uint32_t wait_ms; /* until the next status check; 0: derived from the age of the batch */
    const char *wait_reason;
    bool cancelled_unsent; /* the chunk is cancelled, and its batch does not exist */

    /* while results are read */
    bool collecting;
    int result_file;     /* 0: results, 1: errors, 2: both files are read */
    int64_t offset;      /* of the current record, in the result file */
    int64_t next_offset; /* of the record after it */
    bool downloaded[2];  /* downloaded by this process, so not truncated by a crash */
    struct ledger {      /* of the lines in the result files */
        char (*ids)[40]; /* of the records read, each once */
        int count, capacity;
        int unreadable[2];   /* complete lines in each file that cannot be read */
        int unknown_form[2]; /* lines of open items whose result cannot be read */
        bool cut_off[2];     /* the last line of the file is incomplete */
        bool missing[2];     /* the provider does not have the file (yet) */
    } ledger;
    bool gave_up;               /* results are missing although the provider counted them */
    struct model_result result; /* of the current record */
    struct attempt attempt;     /* outcome of the call, to be stored with the item */
    int deleted_files;          /* how many files are deleted at the provider */
};

/* batch_api_transition.c: returns the path of a file of this chunk in the spool, in the arena. */
const char *batch_api_path(const struct job *job, const char *what);

/* Jumps to a state. */
enum transition batch_api_go_to(struct job *job, enum batch_api_state state);
/* Continues with the next item or record. */
enum transition batch_api_finish_item(struct job *job);
/* Fails the current item. The chunk continues. */
enum transition batch_api_go_to_fail_item(struct job *job, const struct error *why);
/* Fails the current item; or returns TRANSITION_FAIL, so that the whole chunk is tried again, if
 * the error is temporary and the attempts are not used up. `why` may be `err`. */
enum transition batch_api_handle_item_error(struct job *job, const struct error *why,
                                            struct error *err);
/* Reads the reply of commit_item or fail_item. A rejected item is left for a later attempt. */
enum transition batch_api_item_end(struct job *job, struct error *err);
/* For a `begin` without an operation. Sets item_error to *why unless it is NULL. Returns true. */
bool batch_api_skip(struct job *job, const struct error *why);

/* batch_api_send.c: returns the chunk to the queue for a minute. */
enum transition batch_api_wait_for_rule(struct job *job, const char *why);
/* batch_api_ledger.c: takes the counts of a finished batch over. */
void batch_api_note_counts(struct job *job);
/* Notes a record by its id, "" if unreadable. `complete`: its line ends with a line feed. */
void batch_api_note_record(struct job *job, const char *id, bool complete);
/* Call before the first line of a file is read. */
void batch_api_begin_file(struct job *job, int file);
/* Returns why the results are read again later, in the arena. NULL: all were read, or gave_up. */
const char *batch_api_missing_results(struct job *job);

/* The begin and end functions of the states. batch_api_prepare.c: */
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

#endif
