/* memory_budget.c - a counter and a queue of threads that wait, in order of arrival. */
#include "image/memory_budget.h"

#include <pthread.h>
#include <stdint.h>

struct waiter { /* on the stack of a thread that waits */
    struct waiter *next;
    pthread_cond_t wake; /* it is the first, or memory was returned */
};

static struct {
    pthread_mutex_t mutex;
    size_t limit, used, highest;
    struct waiter *first, **last; /* in order of arrival */
    int waiting;
    long waited;
} budget = { .mutex = PTHREAD_MUTEX_INITIALIZER, .limit = SIZE_MAX, .last = &budget.first };

static _Thread_local size_t held; /* bytes that this thread has reserved and not returned */

void memory_budget_set(size_t limit)
{
    pthread_mutex_lock(&budget.mutex);
    budget.limit = limit > 0 ? limit : SIZE_MAX;
    budget.highest = budget.used;
    budget.waited = 0;
    pthread_mutex_unlock(&budget.mutex);
}

static bool fits(size_t bytes)
{
    return budget.used <= budget.limit && bytes <= budget.limit - budget.used;
}

static void add(size_t bytes)
{
    budget.used += bytes;
    budget.highest = budget.used > budget.highest ? budget.used : budget.highest;
}

static void wake_first(void)
{
    if (budget.first) {
        pthread_cond_signal(&budget.first->wake);
    }
}

/* Reserves in order of arrival: a reservation that does not fit also delays the smaller ones behind
 * it, which could otherwise delay it for ever. */
static void reserve_in_turn(size_t bytes)
{
    struct waiter waiter = { .next = NULL };

    pthread_cond_init(&waiter.wake, NULL);
    *budget.last = &waiter;
    budget.last = &waiter.next;
    budget.waiting++;
    budget.waited++;
    while (budget.first != &waiter || !fits(bytes)) {
        pthread_cond_wait(&waiter.wake, &budget.mutex);
    }
    budget.waiting--;
    budget.first = waiter.next;
    if (budget.last == &waiter.next) {
        budget.last = &budget.first;
    }
    add(bytes);
    wake_first();
    pthread_cond_destroy(&waiter.wake);
}

bool memory_budget_reserve(size_t bytes)
{
    bool possible;

    pthread_mutex_lock(&budget.mutex);
    possible = bytes <= budget.limit;
    if (possible && (held > 0 || (!budget.first && fits(bytes)))) {
        add(bytes);
    } else if (possible) {
        reserve_in_turn(bytes);
    }
    pthread_mutex_unlock(&budget.mutex);
    held += possible ? bytes : 0;
    return possible;
}

void memory_budget_return(size_t bytes)
{
    if (bytes == 0) {
        return;
    }
    pthread_mutex_lock(&budget.mutex);
    budget.used -= bytes < budget.used ? bytes : budget.used;
    wake_first();
    pthread_mutex_unlock(&budget.mutex);
    held -= bytes < held ? bytes : held;
}

struct memory_budget_state memory_budget_state(void)
{
    struct memory_budget_state state;

    pthread_mutex_lock(&budget.mutex);
    state = (struct memory_budget_state){ .limit = budget.limit,
                                          .used = budget.used,
                                          .highest = budget.highest,
                                          .waiting = budget.waiting,
                                          .waited = budget.waited };
    pthread_mutex_unlock(&budget.mutex);
    return state;
}
