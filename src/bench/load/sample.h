/* sample.h - one request, and all that was seen of it. Every sample of a run is kept. */
#ifndef BENCH_LOAD_SAMPLE_H
#define BENCH_LOAD_SAMPLE_H
#include "bench/load/schedule.h"

enum outcome { /* classes that never mix; latencies are told of OUTCOME_OK alone */
               OUTCOME_OK,
               OUTCOME_WRONG,   /* an answer came, and is not what was asked for: unreadable, wrong
                                   size */
               OUTCOME_REFUSED, /* the model declined the content */
               OUTCOME_RATE,    /* 429: too many requests */
               OUTCOME_QUOTA,   /* the account is empty */
               OUTCOME_AUTH,    /* the key is refused */
               OUTCOME_BAD_REQUEST, /* the request is refused */
               OUTCOME_SERVER,      /* 5xx, overload */
               OUTCOME_TIMEOUT,
               OUTCOME_NETWORK,
               OUTCOME_ABORTED, /* we stopped it */
               OUTCOME_SHED,    /* due, and never sent: too many were in flight */
               OUTCOMES
};

extern const char *const outcome_names[OUTCOMES];

struct sample { /* times in microseconds from the beginning of the run; -1: did not happen */
    int sequence;
    struct schedule_entry entry;
    bool warm_up;
    enum outcome outcome;
    int64_t due_us;            /* closed loop: when it was begun */
    int64_t slot_idle_us;      /* closed loop: how long its place had stood empty then */
    int64_t started_us;        /* handed to the network; begun - due is queueing in the harness */
    int64_t ended_us;          /* its last byte, or its failure */
    struct http_times times;   /* from begun_us on */
    int64_t read_us, check_us; /* our own work on it, in processor time: reading the answer;
                                  decoding, checking */
    int64_t store_us;          /* putting the image where it stays, by the clock */
    int64_t processing_ms;     /* the server's own word (openai-processing-ms) */
    int status;                /* of HTTP; 0: none */
    int http_version;          /* 10, 11, 20, 30; 0: none */
    size_t bytes;              /* of the answer's body, as it came */
    int partials_received;     /* images in their making that came on the way */
    int width, height;         /* of the image that came */
    bool checked;              /* an image came, and was checked */
    unsigned checks_failed;    /* bit i: looks[i] */
    struct usage usage;
    int64_t cost_microusd; /* -1: not known */
    char request_id[96];
    char error[200];       /* what went wrong; empty where nothing did */
    char image[80];        /* where it is kept, in the run's folder; empty: nowhere */
    char sha256[17];       /* the first 8 bytes of the image's digest, in hexadecimal */
    int duplicate_of;      /* an earlier sample with the very same image; -1: none */
    struct blob thumbnail; /* JPEG, of the first few of each target; owned by the list */
};

/* One of which nothing is known yet. */
struct sample sample_of(int sequence, struct schedule_entry entry, bool warm_up);

/* From when the request was due until the image is decoded and checked: what a user waits for. */
int64_t sample_usable_us(const struct sample *sample);
/* What the harness added, as far as it can know: how late the request was begun; how long, at the
 * most, it then waited for the loop until all of it was sent; how long bytes of its answer lay
 * there with none behind them, since its server may have waited for us. What is in it: all of our
 * own work on the loop, libcurl's set-up of the request, the time for which the loop's thread
 * waited for a processor. What is not: how long its last byte lay there, for the kernel says when
 * it came, and no figure contains it (where the kernel says nothing, it is in both); and judging,
 * which is told as read and check. */
int64_t sample_overhead_us(const struct sample *sample);

enum outcome outcome_of(const struct error *err, int status, bool timed_out);

struct samples {
    struct sample *rows;
    size_t count, capacity;
};
/* Adds a copy; ends the process where there is no memory for so small a thing. */
void samples_add(struct samples *samples, const struct sample *sample);
/* Fills in same_as: the same image twice is a cache at work, and measures no model. */
void samples_find_duplicates(struct samples *samples);
void samples_free(struct samples *samples);
#endif
