/* journal.h - what was asked and answered: in memory, and one JSON line each in a file. */
#ifndef STANDIN_JOURNAL_H
#define STANDIN_JOURNAL_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/error.h"

enum { JOURNAL_KEPT = 100000 };

struct journal_record {
    uint64_t seq;
    int64_t arrived_ms, took_us;
    double latency_ms; /* asked for */
    int status;        /* 0: closed without an answer */
    int images;        /* made, so billed */
    bool left;         /* the client was gone when the answer was ready */
    size_t bytes_in, bytes_out;
    double usd;
    char method[8], path[200], route[16], model[64], size[16], fault[16];
    char sha256[65], prompt[121], request_id[40];
};

struct journal;
bool journal_open(const char *path, struct journal **out, struct error *err) MUST_CHECK;
void journal_close(struct journal *journal);
void journal_add(struct journal *journal, const struct journal_record *record);
void journal_reset(struct journal *journal);                        /* the file stays as it is */
cJSON *journal_list(const struct journal *journal, uint64_t after); /* array */
cJSON *journal_stats(const struct journal *journal);
#endif
