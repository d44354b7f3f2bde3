/* standin_internal.h - the stand-in's state, one request, and the functions that handle it. */
#ifndef STANDIN_STANDIN_INTERNAL_H
#define STANDIN_STANDIN_INTERNAL_H
#include <microhttpd.h>
#include <pthread.h>

#include "standin/faults/latency.h"
#include "standin/journal.h"
#include "standin/openai/batches.h"
#include "standin/openai/image_request.h"
#include "standin/openai/product_image.h"
#include "standin/standin.h"
#include "standin/storage/storage.h"

struct scheduler;

enum { GENERATED_FILES = 32 };
struct generated_file { /* an image that an answer refers to by its URL */
    uint64_t id;
    struct blob content; /* owned */
};

struct standin {
    struct standin_config config; /* its texts are owned copies */
    struct MHD_Daemon *daemon;
    int port;
    struct model_list *models;
    struct scheduler *scheduler;
    struct product_images *pictures; /* used by the scheduler's thread only */

    pthread_mutex_t lock; /* guards everything below */
    struct faults faults;
    struct latencies latencies;
    struct journal *journal;
    struct storage *storage;
    struct uploads *uploads;
    struct batches batches;
    uint64_t random;
    uint64_t seq;
    struct generated_file generated[GENERATED_FILES]; /* the last ones */
    int in_flight;                                    /* requests of the model API */
    int64_t bucket_us; /* leaky bucket of limit_rpm: when it is empty */
};

enum { GATES = 4 };
struct gate { /* the byte at this offset of the body is not sent before due_us */
    size_t at;
    int64_t due_us;
};

enum standin_phase { PHASE_READING, PHASE_WAITING, PHASE_READY };

struct standin_request {
    struct standin *standin;
    struct MHD_Connection *connection;
    enum standin_phase phase;
    char *path;
    struct blob body; /* owned; size grows while it is received */
    size_t capacity;  /* of body */
    bool too_large;
    const char *route; /* "images", "edits", "responses", "chat", "models", "storage" */
    struct answer answer;
    struct fault fault;
    struct journal_record record;
    struct image_request image_request;
    cJSON *tree;                                      /* JSON body of a text or storage request */
    void (*handler)(struct standin_request *request); /* generates the answer on the scheduler's
                                                         thread; NULL if the answer is ready */
    struct gate gates[GATES];                         /* of a stream: one before each event */
    int gate_count, gate;                             /* gate: index of the next one */
    bool drop;                                        /* close without an answer */
    bool in_flight_counted;                           /* included in standin->in_flight */
    bool journaled;                                   /* recorded in the journal */
    size_t drip_bytes;                                /* FAULT_DRIP: bytes allowed so far */
    size_t sent_bytes;                                /* bytes of a stream that were sent */
    int64_t arrived_us, due_us;
    int64_t wake_us; /* when a sleeping body continues */
};

/* -- request.c */

struct standin_request *request_new(struct standin *standin, struct MHD_Connection *connection,
                                    const char *path, const char *method);
void request_free(struct standin_request *request);
/* Appends received bytes to the body; sets too_large beyond 256 MB. */
void request_append(struct standin_request *request, const char *data, size_t size);
/* Both return NULL if the header or parameter is missing. */
const char *request_header(const struct standin_request *request, const char *name);
const char *request_query(const struct standin_request *request, const char *name);

/* -- routes: each sets the answer, or request->handler */

void images_handle(struct standin_request *request); /* images.c: generations and edits */
/* Handles one request of a batch; takes ownership of `fields`. */
void images_handle_fields(struct standin_request *request, cJSON *fields);
void files_handle(struct standin_request *request);   /* files.c */
void texts_handle(struct standin_request *request);   /* texts.c: responses and chat completions */
void storage_handle(struct standin_request *request); /* storage_routes.c */
void control_handle(struct standin_request *request); /* control.c: /_standin/... */
void models_handle(struct standin_request *request);  /* model_list.c: GET /v1/models */

/* -- apply_fault.c */

void fault_answer(struct standin_request *request); /* faults that replace the answer */
void apply_fault(struct standin_request *request);  /* faults that change the answer */
cJSON *
fault_error(const struct standin_request *request); /* the error object of FAULT_ERROR_EVENT */

/* -- change_form.c */

/* Changes a finished answer as request->fault demands: another form of image, text, error or token
 * counts. A stream of events stays as it is. */
void change_form(struct standin_request *request);
/* GET /generated/ID: a file that an answer of FORM_URL refers to. */
void generated_handle(struct standin_request *request);
void generated_files_free(struct generated_file *files);

/* -- body.c */

/* Returns the response that sends request->answer. */
struct MHD_Response *body_response(struct standin_request *request);
/* Writes the request to the journal, once. Call before the last byte can be sent. */
void body_note(struct standin_request *request);

/* -- scheduler.c: one thread that generates answers and sends them when they are due */

/* `step` does background work on the same thread and returns when to call it again. */
bool scheduler_start(struct standin *standin, int64_t (*step)(struct standin *standin),
                     struct scheduler **out, struct error *err) MUST_CHECK;
/* Takes a request whose connection is suspended. Returns false if the scheduler is closed; the
 * caller then resumes the connection. */
bool scheduler_add(struct scheduler *scheduler, struct standin_request *request) MUST_CHECK;
void scheduler_wake(struct scheduler *scheduler); /* calls step soon */
/* Resumes all requests as dropped, ends the thread, and accepts no more. Accepts NULL. */
void scheduler_close(struct scheduler *scheduler);
void scheduler_free(struct scheduler *scheduler); /* after the last call of scheduler_add */
#endif
