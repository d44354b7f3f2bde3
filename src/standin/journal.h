/* journal.h - records every request and its answer: in memory, and as JSON lines in a file. */
#ifndef STANDIN_JOURNAL_H
#define STANDIN_JOURNAL_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/error.h"

enum { JOURNAL_KEPT = 100000 };

struct journal_record {
    uint64_t seq;
    int64_t arrived_ms, took_us;
    double latency_ms; /* configured */
    int status;        /* 0: closed without an answer */
    int images;        /* generated, and therefore billed */
    bool left;         /* the client disconnected before the answer was sent */
    size_t bytes_in, bytes_out;
    double usd;
    char method[8], path[200], route[16], model[64], size[16], fault[16];
    char sha256[65], prompt[241], request_id[40];
};

struct journal;
bool journal_open(const char *path, struct journal **out, struct error *err) MUST_CHECK;
void journal_close(struct journal *journal);
void journal_add(struct journal *journal, const struct journal_record *record);
void journal_reset(struct journal *journal);                        /* does not change the file */
cJSON *journal_list(const struct journal *journal, uint64_t after); /* seq > after; an array */
cJSON *journal_stats(const struct journal *journal);
#endif
