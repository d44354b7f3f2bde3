/* provider_batch.h - the Batch API of a provider: many requests in one file, answered within a day
 * at a share of the price (model.batch_share).
 *
 *   write_record ... > upload > create > status ... > download > read_record ...
 *
 * As in provider.h, one function fills an op and another reads its result; none waits. The caller
 * saves the batch's id before it continues. If it cannot know whether create succeeded, it searches
 * for the batch by call->name with find. */
#ifndef PROVIDERS_PROVIDER_BATCH_H
#define PROVIDERS_PROVIDER_BATCH_H
#include "providers/provider.h"

enum { REMOTE_ID = 128 };

struct remote_batch { /* state of a batch; unknown texts are "" */
    char id[REMOTE_ID], input[REMOTE_ID], output[REMOTE_ID], errors[REMOTE_ID];
    char status[24]; /* the provider's name of its status, for the log */
    bool finished;   /* no more results will follow; output and errors name the files */
    bool rejected;   /* ended before any request ran; err of the read has the reason */
    int64_t total, completed, failed; /* records; 0 while unknown */
    int64_t expires_s;                /* when the provider gives up, Unix time; 0: unknown */
};

struct batch_call { /* borrowed while the op runs */
    const struct endpoint *at;
    const struct model *model; /* the same for every record */
    const char *name;          /* our unique name of the batch: at most 64 letters, digits, '-' */
    struct arena *arena;
};

struct provider_batch {
    int64_t input_max; /* bytes of an input */
    int records_max;

    /* Writes the request as one record of the input, with its line feed; the caller frees *out. All
     * records of a batch have the same *path (static text). May run on a pool thread. */
    bool (*write_record)(const struct model_request *request, const char *id, struct blob *out,
                         const char **path, struct error *err) MUST_CHECK;

    /* Uploads the file at `input`; read_upload sets out->input to its id. */
    void (*upload)(const struct batch_call *call, const char *input, struct op *op);
    bool (*read_upload)(const struct batch_call *call, const struct op *op,
                        struct remote_batch *out, struct error *err) MUST_CHECK;
    /* Starts the batch, which is billed from here on. */
    void (*create)(const struct batch_call *call, const char *input, const char *path,
                   struct op *op);
    /* Searches for the batch call->name, created after since_ms (wall clock). READ_DONE: out->id is
     * its id, or "" if it does not exist. READ_POLL_AGAIN: op requests the next page. */
    void (*find)(const struct batch_call *call, struct op *op);
    enum read_result (*read_find)(const struct batch_call *call, int64_t since_ms, struct op *op,
                                  struct remote_batch *out, struct error *err) MUST_CHECK;
    void (*status)(const struct batch_call *call, const char *id, struct op *op);
    void (*cancel)(const struct batch_call *call, const char *id, struct op *op);
    /* Reads the responses of create, status and cancel. */
    bool (*read_batch)(const struct batch_call *call, const struct op *op, struct remote_batch *out,
                       struct error *err) MUST_CHECK;

    /* Downloads a result file to the path `into`; the caller checks op->http_response.status. */
    void (*download)(const struct batch_call *call, const char *file, const char *into,
                     struct op *op);
    /* Reads one record of a result file: the image or the error of the request `id`. READ_FAILED
     * with id "" if the record has no id. Uses task, model, at and arena of `request`. May run on a
     * pool thread. */
    enum read_result (*read_record)(const struct model_request *request, const struct blob *record,
                                    char id[40], int *status, struct model_result *out,
                                    struct error *err) MUST_CHECK;
    /* Deletes a file at the provider. */
    void (*delete_file)(const struct batch_call *call, const char *file, struct op *op);
};
#endif
