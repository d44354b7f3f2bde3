/* request.h - one request of a run: its order, its op, its sample. */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H
#include "bench/judge.h"
#include "bench/runner.h"

struct request {
    struct runner *runner;
    struct request *previous, *next; /* those that are in flight or being judged */
    const struct target *target;
    struct arena *arena;
    struct brief brief;
    struct order order;
    struct op op, side; /* asked of the provider; judged on the pool */
    struct judging judging;
    struct sample sample;
    bool flying; /* the op is under way */
};

/* Puts the order together and asks the provider's adapter for its request; what fails here fails
 * for all like it. The caller frees with request_free, also after failure. */
struct request *request_new(const struct plan *plan, struct turn turn, int sequence,
                            struct error *err);
void request_free(struct request *request);
#endif
