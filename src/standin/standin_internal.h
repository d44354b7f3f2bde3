/* standin_internal.h - the stand-in's inside: its state, one request, and the routes. */
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

struct standin {
    struct standin_config config; /* its texts are copies, owned */
    struct MHD_Daemon *daemon;
    int port;
    struct model_list *models;
    struct scheduler *scheduler;
    struct product_images *pictures; /* the scheduler's thread alone */

    pthread_mutex_t lock; /* guards all below */
    struct faults faults;
    struct latencies latencies;
    struct journal *journal;
    struct storage *storage;
    struct uploads *uploads;
    struct batches batches;
    uint64_t random;
    uint64_t seq;
    int in_flight;     /* of the model API */
    int64_t bucket_us; /* when the next request is within limit_rpm */
};

enum { GATES = 4 };
struct gate { /* before this byte of the body it waits until then */
    size_t at;
    int64_t due_us;
};

enum phase { PHASE_READING, PHASE_WAITING, PHASE_READY };

struct standin_request {
    struct standin *standin;
    struct MHD_Connection *connection;
    enum phase phase;
    char *path;
    struct blob body; /* owned; size grows as it comes */
    size_t room;
    bool too_large;
    const char *route; /* "images", "edits", "responses", "chat", "models", "storage" */
    struct answer answer;
    struct fault fault;
    struct journal_record record;
    struct image_request image_request;
    cJSON *tree; /* body of a text request */
    void (*handler)(
        struct standin_request *request); /* makes the answer, on the scheduler's thread */
    struct gate gates[GATES];             /* of a stream: one before each event */
    int gate_count, gate;                 /* gate: the one that comes next */
    bool drop;                            /* close without an answer */
    bool counted;                         /* in standin->in_flight */
    bool noted;                           /* it is in the journal */
    size_t dripped;                       /* bytes sent so far of a slow body */
    size_t handed;                        /* bytes of a stream that the connection took */
    int64_t arrived_us, due_us;
    int64_t wake_us; /* a body that sleeps may go on */
};

const char *request_header(const struct standin_request *request,
                           const char *name); /* NULL: none */
const char *request_query(const struct standin_request *request, const char *name);

/* Routes: each answers at once, or sets request->handler. */
void images_take(struct standin_request *request); /* images.c: generations and edits */
/* A line of a batch: its body as a tree, which is taken. */
void images_take_fields(struct standin_request *request, cJSON *fields);
void files_take(struct standin_request *request);   /* files.c */
void texts_take(struct standin_request *request);   /* texts.c: responses and chat completions */
void storage_take(struct standin_request *request); /* storage_routes.c */
void control_take(struct standin_request *request); /* control.c: /_standin/... */
void models_take(struct standin_request *request);  /* model_list.c: GET /v1/models */
void fault_answer(struct standin_request *request); /* misbehave.c: faults that are answers */
void apply_fault(struct standin_request *request);  /* faults that change a body that is there */
cJSON *
fault_error(const struct standin_request *request); /* misbehave.c: what an error event holds */

/* body.c: the response that sends request->answer. */
struct MHD_Response *body_response(struct standin_request *request);
void body_note(struct standin_request *request); /* into the journal, once: the answer may leave */

/* scheduler.c: one thread that cooks answers and lets them go when they are due. */
bool scheduler_start(struct standin *standin, struct scheduler **out, struct error *err) MUST_CHECK;
/* Takes a request whose connection is suspended; false: closed, resume it yourself. */
bool scheduler_add(struct scheduler *scheduler, struct standin_request *request) MUST_CHECK;
void scheduler_wake(struct scheduler *scheduler); /* there is something new for batches_step */
/* Lets everything go as dropped, ends the thread, and takes nothing more. NULL is harmless. */
void scheduler_close(struct scheduler *scheduler);
void scheduler_free(struct scheduler *scheduler); /* once nobody can call scheduler_add any more */
#endif
