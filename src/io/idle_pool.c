/* idle_pool.c - a slot for each thread; what is done comes back over an eventfd. */
#include "io/idle_pool.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

struct hand { /* one thread, and what it was given */
    struct idle_pool *background;
    pthread_t thread;
    sem_t bell;
    bool busy;                                 /* the loop's own view */
    bool (*run)(void *arg, struct error *err); /* NULL: go home */
    void *arg;
    void (*done)(void *context, const struct error *err);
    void *context;
    struct error error;
    struct hand *next; /* of those that are done */
};

struct idle_pool {
    struct loop_socket *socket;
    int fd, count;
    _Atomic(struct hand *) done;
    struct hand hands[THREADS_MAX];
};

static void *work(void *context)
{
    struct hand *hand = context;
    struct idle_pool *background = hand->background;
    uint64_t one = 1;

    sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 }); /* of this thread alone */
    for (;;) {
        while (sem_wait(&hand->bell) != 0) {
        }
        if (!hand->run) {
            return NULL;
        }
        hand->error = (struct error){ .kind = ERROR_NONE };
        if (!hand->run(hand->arg, &hand->error) && hand->error.kind == ERROR_NONE) {
            error_set(&hand->error, ERROR_INTERNAL, "work failed without a reason");
        }
        hand->next = atomic_load(&background->done);
        while (!atomic_compare_exchange_weak(&background->done, &hand->next, hand)) {
        }
        (void)!write(background->fd, &one, sizeof one);
    }
}

static void on_done(void *context, bool readable, bool writable, bool broken)
{
    struct idle_pool *background = context;
    struct hand *hand, *next;
    uint64_t count;

    (void)readable;
    (void)writable;
    (void)broken;
    (void)!read(background->fd, &count, sizeof count);
    for (hand = atomic_exchange(&background->done, NULL); hand; hand = next) {
        struct error error = hand->error;

        next = hand->next;
        hand->busy = false;
        hand->done(hand->context, &error); /* may give this thread its next work */
    }
}

static bool start(struct idle_pool *background, int threads, struct error *err)
{
    for (int i = 0; i < threads; i++) {
        struct hand *hand = &background->hands[i];

        hand->background = background;
        sem_init(&hand->bell, 0, 0);
        if (pthread_create(&hand->thread, NULL, work, hand) != 0) {
            sem_destroy(&hand->bell);
            return error_set(err, ERROR_INTERNAL, "cannot start a thread");
        }
        background->count++;
    }
    return true;
}

struct idle_pool *idle_pool_new(struct loop *loop, int threads, struct error *err)
{
    struct idle_pool *background = calloc(1, sizeof *background);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (!background) {
        error_set(err, ERROR_INTERNAL, "no memory for threads");
        return NULL;
    }
    threads = threads > 0 ? threads : processors > 0 ? (int)processors : 1;
    background->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    background->socket =
        background->fd < 0 ? NULL : loop_socket_new(loop, background->fd, on_done, background, err);
    if (!background->socket ||
        !start(background, threads < THREADS_MAX ? threads : THREADS_MAX, err)) {
        idle_pool_free(background);
        return NULL;
    }
    loop_socket_set_events(background->socket, true, false);
    return background;
}

void idle_pool_free(struct idle_pool *background)
{
    if (!background) {
        return;
    }
    for (int i = 0; i < background->count; i++) {
        background->hands[i].run = NULL;
        sem_post(&background->hands[i].bell);
        pthread_join(background->hands[i].thread, NULL);
        sem_destroy(&background->hands[i].bell);
    }
    loop_socket_free(background->socket);
    if (background->fd >= 0) {
        close(background->fd);
    }
    free(background);
}

int idle_pool_threads(const struct idle_pool *background)
{
    return background->count;
}

bool idle_pool_submit(struct idle_pool *background, bool (*run)(void *arg, struct error *err),
                      void *arg, void (*done)(void *context, const struct error *err),
                      void *context)
{
    for (int i = 0; i < background->count; i++) {
        struct hand *hand = &background->hands[i];

        if (!hand->busy) {
            hand->busy = true;
            hand->run = run;
            hand->arg = arg;
            hand->done = done;
            hand->context = context;
            sem_post(&hand->bell);
            return true;
        }
    }
    return false;
}
