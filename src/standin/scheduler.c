/* scheduler.c - the thread that makes answers, and wakes connections when their time has come.
 *
 * A waiting request costs a place in a heap, not a thread. Answers that are due go before answers
 * that are to be made. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "standin/standin_internal.h"

enum {
    WATCH_US = 100 * 1000, /* how often a client that hangs is looked at */
    LOOK_US = 1000 * 1000, /* and one whose answer is on its way, event by event */
};

struct kitchen {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t bell;
    struct request **heap; /* by due_us */
    size_t count, room;
    struct request **orders; /* to be cooked, in order of arrival */
    size_t first, order_count, order_room;
    struct standin *standin;
    int64_t batches_us; /* when a line of a batch is due */
    bool closed;
};

static void sift_up(struct request **heap, size_t at)
{
    while (at > 0 && heap[(at - 1) / 2]->due_us > heap[at]->due_us) {
        struct request *swap = heap[at];

        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static void sift_down(struct request **heap, size_t count)
{
    size_t at = 0, child;

    while ((child = 2 * at + 1) < count) {
        struct request *swap = heap[at];

        child += child + 1 < count && heap[child + 1]->due_us < heap[child]->due_us;
        if (swap->due_us <= heap[child]->due_us) {
            return;
        }
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

static void grow(struct request ***list, size_t *room, size_t need)
{
    if (need > *room) {
        *room = *room ? *room * 2 : 64;
        *list = realloc(*list, *room * sizeof **list);
        if (!*list) {
            abort(); /* a test server without memory has nothing to say */
        }
    }
}

static void push(struct kitchen *kitchen, struct request *request)
{
    grow(&kitchen->heap, &kitchen->room, kitchen->count + 1);
    kitchen->heap[kitchen->count++] = request;
    sift_up(kitchen->heap, kitchen->count - 1);
}

static struct request *pop(struct kitchen *kitchen)
{
    struct request *top = kitchen->heap[0];

    kitchen->heap[0] = kitchen->heap[--kitchen->count];
    sift_down(kitchen->heap, kitchen->count);
    return top;
}

static bool client_left(const struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char byte;
    ssize_t got = info ? recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) : 0;

    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

/* A body in drops, or a stream, sleeps on until it may go on, unless its client left. */
static bool sleeps_on(struct kitchen *kitchen, struct request *request)
{
    int64_t now = clock_mono_us();

    request->record.left = client_left(request);
    request->drop = request->drop || request->record.left;
    if (request->drop || kitchen->closed || request->wake_us <= now) {
        return false;
    }
    request->due_us = request->wake_us < now + LOOK_US ? request->wake_us : now + LOOK_US;
    push(kitchen, request);
    return true;
}

/* Its time has come. */
static void release(struct kitchen *kitchen, struct request *request)
{
    if (request->phase == PHASE_WAITING) {
        request->record.left = client_left(request);
        if (request->fault.kind == FAULT_HANG && !request->record.left && !kitchen->closed) {
            request->due_us = clock_mono_us() + WATCH_US;
            push(kitchen, request);
            return;
        }
        request->drop = request->drop || request->record.left;
        request->phase = PHASE_READY;
    } else if (sleeps_on(kitchen, request)) {
        return;
    }
    MHD_resume_connection(request->connection);
}

static void wait_until(struct kitchen *kitchen, int64_t due_us)
{
    struct timespec at = { .tv_sec = due_us / 1000000, .tv_nsec = due_us % 1000000 * 1000 };

    pthread_cond_timedwait(&kitchen->bell, &kitchen->lock, &at);
}

static void cook_next(struct kitchen *kitchen)
{
    struct request *request = kitchen->orders[kitchen->first++];

    if (kitchen->first == kitchen->order_count) {
        kitchen->first = kitchen->order_count = 0;
    }
    pthread_mutex_unlock(&kitchen->lock);
    request->cook(request);
    pthread_mutex_lock(&kitchen->lock);
    push(kitchen, request);
}

/* Whoever calls kitchen_look meanwhile is heard too. */
static void step_batches(struct kitchen *kitchen)
{
    int64_t next;

    kitchen->batches_us = INT64_MAX;
    pthread_mutex_unlock(&kitchen->lock);
    next = batches_step(kitchen->standin);
    pthread_mutex_lock(&kitchen->lock);
    kitchen->batches_us = next < kitchen->batches_us ? next : kitchen->batches_us;
}

static void *work(void *context)
{
    struct kitchen *kitchen = context;

    pthread_mutex_lock(&kitchen->lock);
    while (!kitchen->closed) {
        int64_t due = kitchen->count ? kitchen->heap[0]->due_us : INT64_MAX;

        if (due <= clock_mono_us()) {
            release(kitchen, pop(kitchen));
        } else if (kitchen->first < kitchen->order_count) {
            cook_next(kitchen);
        } else if (kitchen->batches_us <= clock_mono_us()) {
            step_batches(kitchen);
        } else if (kitchen->batches_us < due) {
            wait_until(kitchen, kitchen->batches_us);
        } else if (due == INT64_MAX) {
            pthread_cond_wait(&kitchen->bell, &kitchen->lock);
        } else {
            wait_until(kitchen, due);
        }
    }
    for (; kitchen->first < kitchen->order_count; kitchen->first++) {
        push(kitchen, kitchen->orders[kitchen->first]);
    }
    while (kitchen->count) {
        struct request *request = pop(kitchen);

        request->drop = true;
        release(kitchen, request);
    }
    pthread_mutex_unlock(&kitchen->lock);
    return NULL;
}

bool kitchen_start(struct standin *standin, struct kitchen **out, struct error *err)
{
    struct kitchen *kitchen = calloc(1, sizeof *kitchen);
    pthread_condattr_t attributes;

    if (!kitchen) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    kitchen->standin = standin;
    kitchen->batches_us = INT64_MAX;
    pthread_mutex_init(&kitchen->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&kitchen->bell, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&kitchen->thread, NULL, work, kitchen) != 0) {
        free(kitchen);
        return error_set(err, ERROR_INTERNAL, "cannot start a thread");
    }
    *out = kitchen;
    return true;
}

bool kitchen_take(struct kitchen *kitchen, struct request *request)
{
    bool open;

    pthread_mutex_lock(&kitchen->lock);
    open = !kitchen->closed;
    if (open && request->cook && request->phase == PHASE_WAITING) {
        grow(&kitchen->orders, &kitchen->order_room, kitchen->order_count + 1);
        kitchen->orders[kitchen->order_count++] = request;
    } else if (open) {
        push(kitchen, request);
    }
    pthread_cond_signal(&kitchen->bell);
    pthread_mutex_unlock(&kitchen->lock);
    return open;
}

void kitchen_look(struct kitchen *kitchen)
{
    pthread_mutex_lock(&kitchen->lock);
    kitchen->batches_us = 0;
    pthread_cond_signal(&kitchen->bell);
    pthread_mutex_unlock(&kitchen->lock);
}

void kitchen_close(struct kitchen *kitchen)
{
    if (!kitchen) {
        return;
    }
    pthread_mutex_lock(&kitchen->lock);
    kitchen->closed = true;
    pthread_cond_signal(&kitchen->bell);
    pthread_mutex_unlock(&kitchen->lock);
    pthread_join(kitchen->thread, NULL);
}

void kitchen_free(struct kitchen *kitchen)
{
    if (!kitchen) {
        return;
    }
    pthread_cond_destroy(&kitchen->bell);
    pthread_mutex_destroy(&kitchen->lock);
    free(kitchen->heap);
    free(kitchen->orders);
    free(kitchen);
}
