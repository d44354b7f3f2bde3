/* machine.h - the machine that measures: properties that may matter for the figures, without its
 * name. */
#ifndef BENCH_REPORT_MACHINE_H
#define BENCH_REPORT_MACHINE_H
#include <stdint.h>

struct machine {
    char system[160];    /* "Linux 6.1.0 x86_64" */
    char processor[120]; /* empty if the system does not report it */
    long processors;
    int64_t memory_bytes;
    char http[200]; /* "libcurl/7.88.1 OpenSSL/3.0.15 ..." */
};

void machine_read(struct machine *out);
#endif
