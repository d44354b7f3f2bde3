/* provider_batch.h - a provider's batches: many orders in one file, answered within a day at a
 * share of the price (model.batch_share).
 *
 *   line, line, ... > upload > create > status ... > result > read_line, read_line, ...
 *
 * As in provider.h: each ask fills an op, each read takes its answer; nothing here waits. What a
 * batch is called with the provider must be written down before anything else happens, and a batch
 * of which nobody knows whether it was made is looked for by the name that we gave it. */
#ifndef PROVIDERS_PROVIDER_BATCH_H
#define PROVIDERS_PROVIDER_BATCH_H
#include "providers/provider.h"

enum { REMOTE_ID = 128 };

struct remote_batch { /* what is known of one; "" where it is not (yet) */
    char id[REMOTE_ID], input[REMOTE_ID], output[REMOTE_ID], errors[REMOTE_ID];
    char status[24]; /* the provider's own for how it stands, for the log */
    bool finished;   /* nothing more will come: what there is, is in output and errors */
    bool rejected;   /* over, and nothing of it was done: err of the read says why */
    int64_t total, completed, failed; /* lines; 0 while it is not known */
};

struct batch_call { /* borrowed while the op runs */
    const struct endpoint *at;
    const struct model *model; /* the same for every line */
    const char *name;          /* ours, of the one batch: at most 64 letters, digits, '-' */
    struct arena *arena;
};

struct provider_batch {
    int64_t input_max; /* bytes of an input */
    int records_max;

    /* The request as a line of the input, line feed and all; *out is the caller's. All lines of a
     * batch go to one place: *path (static) tells which. May run on the pool. */
    bool (*write_record)(const struct model_request *request, const char *id, struct blob *out,
                         const char **path, struct error *err) MUST_CHECK;

    /* The file at `input` goes up; its name there comes into out->input. */
    void (*upload)(const struct batch_call *call, const char *input, struct op *op);
    bool (*read_upload)(const struct batch_call *call, const struct op *op,
                        struct remote_batch *out, struct error *err) MUST_CHECK;
    /* Costs money from here on. */
    void (*create)(const struct batch_call *call, const char *input, const char *path,
                   struct op *op);
    /* Looks for the one called call->name, made after since_ms (wall clock): READ_DONE with
     * out->id, or "" where there is none; ASK_AGAIN: op asks for the next page. */
    void (*find)(const struct batch_call *call, struct op *op);
    enum read_result (*read_find)(const struct batch_call *call, int64_t since_ms, struct op *op,
                                  struct remote_batch *out, struct error *err) MUST_CHECK;
    void (*status)(const struct batch_call *call, const char *id, struct op *op);
    void (*cancel)(const struct batch_call *call, const char *id, struct op *op);
    /* Reads the answers of create, status and cancel. */
    bool (*read_batch)(const struct batch_call *call, const struct op *op, struct remote_batch *out,
                       struct error *err) MUST_CHECK;

    /* A file of results goes into a file here; the caller looks at op->http_response.status. */
    void (*download)(const struct batch_call *call, const char *file, const char *into,
                     struct op *op);
    /* One line of it: the answer to the request of that id, good or bad. *id is "" where the line
     * does not say (FAILED). request: task, model and arena are looked at. Pool. */
    enum read_result (*read_record)(const struct model_request *request, const struct blob *line,
                                    char id[40], int *status, struct model_result *out,
                                    struct error *err) MUST_CHECK;
    /* A file is not needed there any more. */
    void (*delete_file)(const struct batch_call *call, const char *file, struct op *op);
};
#endif
