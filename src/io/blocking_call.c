/* blocking_call.c - one detached thread for each call, which wakes the loop at its end. */
#include "io/blocking_call.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "base/memory.h"
#include "base/thread.h"

struct blocking_call {
    void (*run)(void *arg);
    void (*done)(void *arg);
    void (*discard)(void *arg);
    void *arg;
    uv_async_t *wakes; /* a separate block: libuv frees it after the call */
    pthread_mutex_t mutex;
    bool ended;     /* `run` has returned */
    bool abandoned; /* by the loop's thread, which does not use `call` any more */
};

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void free_call(struct blocking_call *call)
{
    pthread_mutex_destroy(&call->mutex);
    free(call);
}

static void *thread_main(void *context)
{
    struct blocking_call *call = context;
    bool abandoned;

    call->run(call->arg);
    pthread_mutex_lock(&call->mutex);
    call->ended = true;
    abandoned = call->abandoned;
    if (!abandoned) {
        uv_async_send(call->wakes);
    }
    pthread_mutex_unlock(&call->mutex);
    if (abandoned) {
        call->discard(call->arg);
        free_call(call);
    }
    return NULL;
}

static void on_wake(uv_async_t *handle)
{
    struct blocking_call *call = handle->data;
    void (*done)(void *arg) = call->done;
    void *arg = call->arg;

    pthread_mutex_lock(&call->mutex); /* until the thread has left its critical section */
    pthread_mutex_unlock(&call->mutex);
    uv_close((uv_handle_t *)handle, free_handle);
    free_call(call);
    done(arg);
}

static bool start_thread(struct blocking_call *call)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool started;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    started = thread_start(&thread, &attributes, thread_main, call);
    pthread_attr_destroy(&attributes);
    return started;
}

struct blocking_call *blocking_call_start(struct loop *loop, void (*run)(void *arg),
                                          void (*done)(void *arg), void (*discard)(void *arg),
                                          void *arg)
{
    struct blocking_call *call = xcalloc(1, sizeof *call);

    *call = (struct blocking_call){ .run = run, .done = done, .discard = discard, .arg = arg };
    call->wakes = xcalloc(1, sizeof *call->wakes);
    call->wakes->data = call;
    pthread_mutex_init(&call->mutex, NULL);
    if (uv_async_init(loop_uv(loop), call->wakes, on_wake) != 0) {
        free(call->wakes);
        free_call(call);
        return NULL;
    }
    if (!start_thread(call)) {
        uv_close((uv_handle_t *)call->wakes, free_handle);
        free_call(call);
        return NULL;
    }
    return call;
}

void blocking_call_abandon(struct blocking_call *call)
{
    bool ended;

    pthread_mutex_lock(&call->mutex);
    call->abandoned = true;
    ended = call->ended;
    uv_close((uv_handle_t *)call->wakes, free_handle);
    pthread_mutex_unlock(&call->mutex);
    if (ended) {
        call->discard(call->arg);
        free_call(call);
    }
}
