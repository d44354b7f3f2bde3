/* standin.h - a server on 127.0.0.1 that imitates the model API and Supabase Storage.
 *
 * It rejects the requests that the real services reject, generates real images, and adds configured
 * latencies (latency.h) and faults (fault.h). For tests, benchmarks, and `darkroom stand-in`. */
#ifndef STANDIN_STANDIN_H
#define STANDIN_STANDIN_H
#include <stdint.h>

#include "base/error.h"

enum { STANDIN_CONNECTIONS = 20000 }; /* concurrent */

struct standin_config {  /* every member may be zero */
    int port;            /* 0: a free one */
    const char *key;     /* the accepted key; NULL: any that starts with "sk-" */
    const char *latency; /* "constant:2000", or "images=lognormal:12000:36000,chat=constant:300" */
    int quantiles_per_set; /* quantiles per set of stratified sampling (latency.h); 0: random */
    const char *faults;    /* separated by newlines or ';': "rate=0.05,status=429,retry-after=1" */
    const char *faults_file; /* a file with one fault per line */
    uint64_t seed;           /* of random latencies and faults */
    int64_t body_bytes;      /* image files are padded to this size; 0: no padding */
    int limit_rpm;           /* requests per minute, more are answered 429; 0: no limit */
    int limit_concurrency;   /* concurrent requests, more are answered 429; 0: no limit */
    const char *journal;     /* file that receives one JSON line per request */
    const char
        *store; /* folder of uploaded objects; NULL: in memory; "none": contents are discarded */
    const char *save_requests; /* folder that receives the body of each request */
};

struct standin;

/* Listens on 127.0.0.1 and serves on its own threads. The config is copied. */
bool standin_start(const struct standin_config *config, struct standin **out,
                   struct error *err) MUST_CHECK;
int standin_port(const struct standin *standin);
/* Drops requests in flight, waits for the threads, and frees all. Accepts NULL. */
void standin_stop(struct standin *standin);
#endif
