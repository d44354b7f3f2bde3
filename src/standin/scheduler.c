/* scheduler.c - one thread that generates answers and resumes connections when they are due.
 *
 * A waiting request is an entry in a heap, not a thread. Due answers are sent before new ones are
 * generated, so that generating does not delay them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "standin/standin_internal.h"

enum {
    HANG_CHECK_US = 100 * 1000,    /* how often a hanging request checks for a disconnect */
    CLIENT_CHECK_US = 1000 * 1000, /* the same for a body that is sent in parts */
};

struct scheduler {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wakeup;
    struct standin_request **heap; /* ordered by due_us */
    size_t count, capacity;
    struct standin_request **to_answer; /* requests whose handler must run, oldest first */
    size_t first, to_answer_count, to_answer_capacity;
    struct standin *standin;
    int64_t (*step)(struct standin *standin);
    int64_t step_us; /* when step must be called */
    bool closed;
};

static void sift_up(struct standin_request **heap, size_t at)
{
    while (at > 0 && heap[(at - 1) / 2]->due_us > heap[at]->due_us) {
        struct standin_request *swap = heap[at];

        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static void sift_down(struct standin_request **heap, size_t count)
{
    size_t at = 0, child;

    while ((child = 2 * at + 1) < count) {
        struct standin_request *swap = heap[at];

        child += child + 1 < count && heap[child + 1]->due_us < heap[child]->due_us;
        if (swap->due_us <= heap[child]->due_us) {
            return;
        }
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

static void grow(struct standin_request ***list, size_t *capacity, size_t need)
{
    if (need > *capacity) {
        *capacity = *capacity ? *capacity * 2 : 64;
        *list = xrealloc(*list, *capacity * sizeof **list);
    }
}

static void push(struct scheduler *scheduler, struct standin_request *request)
{
    grow(&scheduler->heap, &scheduler->capacity, scheduler->count + 1);
    scheduler->heap[scheduler->count++] = request;
    sift_up(scheduler->heap, scheduler->count - 1);
}

static struct standin_request *pop(struct scheduler *scheduler)
{
    struct standin_request *top = scheduler->heap[0];

    scheduler->heap[0] = scheduler->heap[--scheduler->count];
    sift_down(scheduler->heap, scheduler->count);
    return top;
}

static bool client_left(const struct standin_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char byte;
    ssize_t got = info ? recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) : 0;

    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

/* Puts a slow body or a stream back to sleep until wake_us, unless its client has disconnected. */
static bool keep_sleeping(struct scheduler *scheduler, struct standin_request *request)
{
    int64_t now = clock_mono_us();

    request->record.left = client_left(request);
    request->drop = request->drop || request->record.left;
    if (request->drop || scheduler->closed || request->wake_us <= now) {
        return false;
    }
    request->due_us =
        request->wake_us < now + CLIENT_CHECK_US ? request->wake_us : now + CLIENT_CHECK_US;
    push(scheduler, request);
    return true;
}

/* Handles a request that is due. */
static void release(struct scheduler *scheduler, struct standin_request *request)
{
    if (request->phase == PHASE_WAITING) {
        request->record.left = client_left(request);
        if (request->fault.kind == FAULT_HANG && !request->record.left && !scheduler->closed) {
            request->due_us = clock_mono_us() + HANG_CHECK_US;
            push(scheduler, request);
            return;
        }
        request->drop = request->drop || request->record.left;
        request->phase = PHASE_READY;
    } else if (keep_sleeping(scheduler, request)) {
        return;
    }
    MHD_resume_connection(request->connection);
}

static void wait_until(struct scheduler *scheduler, int64_t due_us)
{
    struct timespec at = { .tv_sec = due_us / 1000000, .tv_nsec = due_us % 1000000 * 1000 };

    pthread_cond_timedwait(&scheduler->wakeup, &scheduler->lock, &at);
}

static void run_next_handler(struct scheduler *scheduler)
{
    struct standin_request *request = scheduler->to_answer[scheduler->first++];

    if (scheduler->first == scheduler->to_answer_count) {
        scheduler->first = scheduler->to_answer_count = 0;
    }
    pthread_mutex_unlock(&scheduler->lock);
    request->handler(request);
    pthread_mutex_lock(&scheduler->lock);
    push(scheduler, request);
}

/* A scheduler_wake during the step is not lost, because step_us is reset before. */
static void run_step(struct scheduler *scheduler)
{
    int64_t next;

    scheduler->step_us = INT64_MAX;
    pthread_mutex_unlock(&scheduler->lock);
    next = scheduler->step(scheduler->standin);
    pthread_mutex_lock(&scheduler->lock);
    scheduler->step_us = next < scheduler->step_us ? next : scheduler->step_us;
}

static void *run(void *context)
{
    struct scheduler *scheduler = context;

    pthread_mutex_lock(&scheduler->lock);
    while (!scheduler->closed) {
        int64_t due = scheduler->count ? scheduler->heap[0]->due_us : INT64_MAX;

        if (due <= clock_mono_us()) {
            release(scheduler, pop(scheduler));
        } else if (scheduler->first < scheduler->to_answer_count) {
            run_next_handler(scheduler);
        } else if (scheduler->step_us <= clock_mono_us()) {
            run_step(scheduler);
        } else if (scheduler->step_us < due) {
            wait_until(scheduler, scheduler->step_us);
        } else if (due == INT64_MAX) {
            pthread_cond_wait(&scheduler->wakeup, &scheduler->lock);
        } else {
            wait_until(scheduler, due);
        }
    }
    for (; scheduler->first < scheduler->to_answer_count; scheduler->first++) {
        push(scheduler, scheduler->to_answer[scheduler->first]);
    }
    while (scheduler->count) {
        struct standin_request *request = pop(scheduler);

        request->drop = true;
        release(scheduler, request);
    }
    pthread_mutex_unlock(&scheduler->lock);
    return NULL;
}

bool scheduler_start(struct standin *standin, int64_t (*step)(struct standin *standin),
                     struct scheduler **out, struct error *err)
{
    struct scheduler *scheduler = xcalloc(1, sizeof *scheduler);
    pthread_condattr_t attributes;

    scheduler->standin = standin;
    scheduler->step = step;
    scheduler->step_us = INT64_MAX;
    pthread_mutex_init(&scheduler->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&scheduler->wakeup, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!thread_start(&scheduler->thread, NULL, run, scheduler)) {
        free(scheduler);
        return error_set(err, ERROR_INTERNAL, "cannot start a thread");
    }
    *out = scheduler;
    return true;
}

bool scheduler_add(struct scheduler *scheduler, struct standin_request *request)
{
    bool open;

    pthread_mutex_lock(&scheduler->lock);
    open = !scheduler->closed;
    if (open && request->handler && request->phase == PHASE_WAITING) {
        grow(&scheduler->to_answer, &scheduler->to_answer_capacity, scheduler->to_answer_count + 1);
        scheduler->to_answer[scheduler->to_answer_count++] = request;
    } else if (open) {
        push(scheduler, request);
    }
    pthread_cond_signal(&scheduler->wakeup);
    pthread_mutex_unlock(&scheduler->lock);
    return open;
}

void scheduler_wake(struct scheduler *scheduler)
{
    pthread_mutex_lock(&scheduler->lock);
    scheduler->step_us = 0;
    pthread_cond_signal(&scheduler->wakeup);
    pthread_mutex_unlock(&scheduler->lock);
}

void scheduler_close(struct scheduler *scheduler)
{
    if (!scheduler) {
        return;
    }
    pthread_mutex_lock(&scheduler->lock);
    scheduler->closed = true;
    pthread_cond_signal(&scheduler->wakeup);
    pthread_mutex_unlock(&scheduler->lock);
    pthread_join(scheduler->thread, NULL);
}

void scheduler_free(struct scheduler *scheduler)
{
    if (!scheduler) {
        return;
    }
    pthread_cond_destroy(&scheduler->wakeup);
    pthread_mutex_destroy(&scheduler->lock);
    free(scheduler->heap);
    free(scheduler->to_answer);
    free(scheduler);
}
