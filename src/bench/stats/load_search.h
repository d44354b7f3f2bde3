/* load_search.h - plans a search for the largest load at which at most 5 % of requests exceed a
 * latency bound or fail. No I/O.
 *
 * The search doubles the load while a short sample stays within the bound, then bisects. Such a
 * sample proves little, so the load it ends at is confirmed by new requests: their number and how
 * many of them may exceed the bound are such that a load with a true share above 5 % passes with a
 * probability of at most alpha. The first confirmation has alpha 2.5 %; each that fails halves it
 * for the next lower load. So the load that is reported keeps the bound with a confidence of 95 %,
 * whatever was tried before. */
#ifndef BENCH_STATS_LOAD_SEARCH_H
#define BENCH_STATS_LOAD_SEARCH_H
#include <stdbool.h>

enum { LOAD_SEARCH_MIN = 20 }; /* requests of a short sample */

struct load_search {      /* begin with only `highest` set */
    int highest;          /* largest load that may be tried */
    int passed, exceeded; /* largest load that passed a sample, smallest that did not; 0: none */
    int confirmations;    /* that failed */
    int confirmed;        /* the result; 0 until there is one */
    bool over;            /* there is no further step */
};

enum load_step_kind { LOAD_STEP_SAMPLE, LOAD_STEP_CONFIRM, LOAD_STEP_OVER };

struct load_step {
    enum load_step_kind kind;
    int level;    /* requests in flight */
    int requests; /* to send */
    int allowed;  /* how many of them may exceed the bound or fail */
};

/* Returns what to do next. `affordable` is how many requests can still be paid: the search leaves
 * enough for a confirmation. */
struct load_step load_search_next(const struct load_search *search, int affordable);
/* Records how many requests of the step exceeded the bound or failed. */
void load_search_record(struct load_search *search, const struct load_step *step, int exceeded);

/* Returns the smallest number of requests of which `allowed` may exceed the bound, so that a load
 * with a true share of 5 % passes with a probability of at most alpha. */
int load_search_confirm_requests(int allowed, double alpha);
#endif
