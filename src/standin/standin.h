/* standin.h - a server on loopback that stands in for the model API and for Supabase Storage.
 *
 * It refuses what the real ones refuse, makes real pictures, waits as long as told, and misbehaves
 * as told (fault.h). For tests, the demo, benchmarks, and `darkroom stand-in`. */
#ifndef STANDIN_STANDIN_H
#define STANDIN_STANDIN_H
#include <stdint.h>

#include "base/error.h"

enum { STANDIN_CONNECTIONS = 20000 }; /* at once */

struct standin_config {  /* all may be left zero */
    int port;            /* 0: a free one */
    const char *key;     /* the one accepted; NULL: any that starts with "sk-" */
    const char *latency; /* "constant:2000", or "images=lognormal:12000:36000,chat=constant:300" */
    int strata;          /* latencies are dealt from decks of so many; 0: drawn (latency.h) */
    const char *faults;  /* one a line, or split by ';': "rate=0.05,status=429,retry-after=1" */
    const char *faults_file;   /* the same, one a line */
    uint64_t seed;             /* of latencies and of faults by rate */
    int64_t body_bytes;        /* image files are padded to this size; 0: as they are */
    int limit_rpm;             /* more requests a minute are answered 429; 0: no limit */
    int limit_concurrency;     /* more at once are answered 429; 0: no limit */
    const char *journal;       /* file that gets one JSON line a request */
    const char *store;         /* folder of uploaded objects; NULL: in memory; "none": not kept */
    const char *save_requests; /* folder that gets the body of each request */
};

struct standin;

/* Listens on 127.0.0.1 and serves on threads of its own. The config is copied. */
bool standin_start(const struct standin_config *config, struct standin **out,
                   struct error *err) MUST_CHECK;
int standin_port(const struct standin *standin);
/* Drops what is under way, waits for the threads, frees. NULL is harmless. */
void standin_stop(struct standin *standin);
#endif
