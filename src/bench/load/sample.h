/* sample.h - one request and everything measured about it. Every sample of a run is kept. */
#ifndef BENCH_LOAD_SAMPLE_H
#define BENCH_LOAD_SAMPLE_H
#include "bench/load/schedule.h"

enum outcome { /* each request has exactly one; latencies are those of OUTCOME_OK */
               OUTCOME_OK,
               OUTCOME_INVALID, /* a response that is not what was asked for: unreadable, wrong size
                                 */
               OUTCOME_REFUSED, /* the model declined the content */
               OUTCOME_RATE_LIMITED, /* 429 */
               OUTCOME_QUOTA,        /* the account's quota is used up */
               OUTCOME_AUTH,         /* the key is refused */
               OUTCOME_BAD_REQUEST,
               OUTCOME_SERVER_ERROR, /* 5xx, overload */
               OUTCOME_TIMEOUT,
               OUTCOME_NETWORK_ERROR,
               OUTCOME_ABORTED, /* cancelled by the user */
               OUTCOME_SHED,    /* was due and never sent: too many requests in flight */
               OUTCOMES
};

extern const char *const outcome_names[OUTCOMES];  /* in files: "rate_limited" */
extern const char *const outcome_labels[OUTCOMES]; /* in texts: "rate limited" */

struct sample { /* times in microseconds from the start of the run; -1 if it did not happen */
    int sequence;
    struct schedule_entry entry;
    bool warm_up;
    enum outcome outcome;
    int64_t due_us;            /* closed loop: equal to started_us */
    int64_t slot_idle_us;      /* closed loop: how long its slot had been free */
    int64_t started_us;        /* when it was handed to libcurl; started - due is queueing here */
    int64_t ended_us;          /* its last byte, or its failure */
    struct http_times times;   /* relative to started_us */
    int64_t read_us, check_us; /* processor time of parsing, and of decoding and checking */
    int64_t store_us;          /* wall time of keeping or uploading the image */
    int64_t processing_ms;     /* server time as the server reported it (openai-processing-ms) */
    int status;                /* HTTP status; 0 if there was no response */
    int http_version;          /* 10, 11, 20, 30; 0 if unknown */
    size_t bytes;              /* of the response's body as received */
    int partials_received;     /* partial images that were streamed */
    int width, height;         /* of the received image */
    bool checked;              /* an image was received and checked */
    unsigned checks_failed;    /* bit i stands for image_checks[i] */
    bool accepted;             /* usable, and in a workload of packs, what the worker would store:
                                  it passed its marketplace's checks, its text and its label */
    char rejection[120];       /* why a usable image is not accepted; empty if it is */
    struct usage usage;
    int64_t cost_microusd; /* -1 if unknown */
    char request_id[96];
    char error[200];       /* empty if nothing went wrong */
    char image[80];        /* file in the run's folder; empty if the image is not kept */
    char sha256[17];       /* first 8 bytes of the image's digest, in hexadecimal */
    int duplicate_of;      /* sequence of an earlier sample with the same image; -1 if none */
    struct blob thumbnail; /* JPEG, in the first blocks of each target; owned by the list */
};

/* Returns a sample whose optional fields are unknown. */
struct sample sample_of(int sequence, struct schedule_entry entry, bool warm_up);

/* Returns the time from when the request was due until the image is decoded and checked, which is
 * what a user waits for. */
int64_t sample_usable_us(const struct sample *sample);
/* Returns how long the request took, usable or not; 0 if it was not sent. */
int64_t sample_took_us(const struct sample *sample);
/* Returns an upper bound of the delay that this client added:
 * - how late the request was started;
 * - how long the request waited for the loop until it was sent completely;
 * - how long received bytes waited to be read while no further bytes followed, because the server
 *   may have been waiting for us.
 * It contains all work on the loop, libcurl's setup of the request, and the time during which the
 * loop's thread waited for a processor. It does not contain the delay of the last byte: the kernel
 * reports when that byte arrived, so no latency contains the delay. If the kernel reports no time,
 * both contain it. Evaluation is not part of it either; it is reported as read_us and check_us. */
int64_t sample_overhead_us(const struct sample *sample);

enum outcome outcome_of(const struct error *err, int status, bool timed_out);

struct samples {
    struct sample *rows;
    size_t count, capacity;
};
/* Adds a copy; aborts the process if there is no memory. */
void samples_add(struct samples *samples, const struct sample *sample);
/* Sets duplicate_of. An image that was received before comes from a cache and measures no model. */
void samples_find_duplicates(struct samples *samples);
void samples_free(struct samples *samples);
#endif
