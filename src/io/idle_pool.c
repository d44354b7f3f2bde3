/* idle_pool.c - each thread has a slot; finished work is reported to the loop by an eventfd. */
#include "io/idle_pool.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread.h"

enum { THREADS_MAX = 64 };

struct idle_slot { /* one thread, and its work */
    struct idle_pool *pool;
    pthread_t thread;
    sem_t wake;
    bool busy;                                 /* only accessed on the loop */
    bool (*run)(void *arg, struct error *err); /* NULL = the thread ends */
    void *arg;
    void (*done)(void *context, const struct error *err);
    void *context;
    struct error error;
    struct idle_slot *next; /* in the list of finished work */
};

struct idle_pool {
    struct loop_socket *socket;
    int fd, count;
    _Atomic(struct idle_slot *) done;
    struct idle_slot slots[THREADS_MAX];
};

static void *work(void *context)
{
    struct idle_slot *slot = context;
    struct idle_pool *pool = slot->pool;
    uint64_t one = 1;

    sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 }); /* of this thread alone */
    for (;;) {
        while (sem_wait(&slot->wake) != 0) {
        }
        if (!slot->run) {
            return NULL;
        }
        slot->error = (struct error){ .kind = ERROR_NONE };
        if (!slot->run(slot->arg, &slot->error) && slot->error.kind == ERROR_NONE) {
            error_set(&slot->error, ERROR_INTERNAL, "work failed without a reason");
        }
        slot->next = atomic_load(&pool->done);
        while (!atomic_compare_exchange_weak(&pool->done, &slot->next, slot)) {
        }
        (void)!write(pool->fd, &one, sizeof one);
    }
}

static void on_done(void *context, bool readable, bool writable, bool broken)
{
    struct idle_pool *pool = context;
    struct idle_slot *slot, *next;
    uint64_t count;

    (void)readable;
    (void)writable;
    (void)broken;
    (void)!read(pool->fd, &count, sizeof count);
    for (slot = atomic_exchange(&pool->done, NULL); slot; slot = next) {
        struct error error = slot->error;

        next = slot->next;
        slot->busy = false;
        slot->done(slot->context, &error); /* may give this thread its next work */
    }
}

static bool start(struct idle_pool *pool, int threads, struct error *err)
{
    for (int i = 0; i < threads; i++) {
        struct idle_slot *slot = &pool->slots[i];

        slot->pool = pool;
        sem_init(&slot->wake, 0, 0);
        if (!thread_start(&slot->thread, NULL, work, slot)) {
            sem_destroy(&slot->wake);
            return error_set(err, ERROR_INTERNAL, "cannot start a thread");
        }
        pool->count++;
    }
    return true;
}

struct idle_pool *idle_pool_new(struct loop *loop, int threads, struct error *err)
{
    struct idle_pool *pool = xcalloc(1, sizeof *pool);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    threads = threads > 0 ? threads : processors > 0 ? (int)processors : 1;
    pool->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pool->socket = pool->fd < 0 ? NULL : loop_socket_new(loop, pool->fd, on_done, pool, err);
    if (!pool->socket || !start(pool, threads < THREADS_MAX ? threads : THREADS_MAX, err)) {
        idle_pool_free(pool);
        return NULL;
    }
    loop_socket_set_events(pool->socket, true, false);
    return pool;
}

void idle_pool_free(struct idle_pool *pool)
{
    if (!pool) {
        return;
    }
    for (int i = 0; i < pool->count; i++) {
        pool->slots[i].run = NULL;
        sem_post(&pool->slots[i].wake);
        pthread_join(pool->slots[i].thread, NULL);
        sem_destroy(&pool->slots[i].wake);
    }
    loop_socket_free(pool->socket);
    if (pool->fd >= 0) {
        close(pool->fd);
    }
    free(pool);
}

int idle_pool_threads(const struct idle_pool *pool)
{
    return pool->count;
}

bool idle_pool_submit(struct idle_pool *pool, bool (*run)(void *arg, struct error *err), void *arg,
                      void (*done)(void *context, const struct error *err), void *context)
{
    for (int i = 0; i < pool->count; i++) {
        struct idle_slot *slot = &pool->slots[i];

        if (!slot->busy) {
            slot->busy = true;
            slot->run = run;
            slot->arg = arg;
            slot->done = done;
            slot->context = context;
            sem_post(&slot->wake);
            return true;
        }
    }
    return false;
}
