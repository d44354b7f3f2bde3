/* thumbnail_service.c - the thread that makes thumbnails, and the requests that wait for it. */
#include "dashboard/thumbnail_service.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "dashboard/thumbnail_cache.h"
#include "io/loop.h"

enum { CONCURRENT = 4, WAIT_SECONDS = 60, CACHE_BYTES = 64 << 20, KEY_BYTES = 3000 };

struct thumbnail_request {
    struct thumbnail thumbnail;
    char *key, *url, *user; /* owned */
    bool done;
    bool abandoned; /* no thread waits for it: the service frees it */
    struct thumbnail_request *next;
};

struct making { /* one of the thumbnails that are made now */
    struct thumbnail_service *service;
    struct thumbnail_request *request; /* NULL: none */
    struct thumbnail_fetch *fetch;
};

struct thumbnail_service {
    struct thumbnail_maker maker;
    struct loop_socket *socket; /* of the event that wakes the thread */
    int event;
    pthread_t thread;
    struct making making[CONCURRENT]; /* of the thread */
    int running;                      /* of the thread */

    pthread_mutex_t lock; /* guards everything below, and the flags of requests */
    pthread_cond_t changed;
    struct thumbnail_request *first, **last; /* that wait */
    struct thumbnail_cache *cache;
    bool stopping;
};

static void free_request(struct thumbnail_request *request)
{
    blob_free(&request->thumbnail.jpeg);
    free(request->key);
    free(request->url);
    free(request->user);
    free(request);
}

/* -- the thread -------------------------------------------------------------------------------- */

/* Returns the next request, or NULL. Frees abandoned ones. */
static struct thumbnail_request *take_request(struct thumbnail_service *service)
{
    struct thumbnail_request *request;

    pthread_mutex_lock(&service->lock);
    while ((request = service->first)) {
        service->first = request->next;
        service->last = service->first ? service->last : &service->first;
        if (!request->abandoned) {
            break;
        }
        free_request(request);
    }
    pthread_mutex_unlock(&service->lock);
    return request;
}

static void on_made(struct thumbnail *thumbnail, void *context)
{
    struct making *making = context;
    struct thumbnail_service *service = making->service;
    struct thumbnail_request *request = making->request;
    struct blob copy = { 0 };
    struct error ignored;

    (void)thumbnail;
    making->request = NULL;
    making->fetch = NULL;
    service->running--;
    pthread_mutex_lock(&service->lock);
    if (request->thumbnail.width > 0 &&
        blob_copy(&copy, request->thumbnail.jpeg.data, request->thumbnail.jpeg.size, &ignored)) {
        thumbnail_cache_put(service->cache, request->key, copy);
    }
    request->done = true;
    if (request->abandoned) {
        free_request(request);
    }
    pthread_cond_broadcast(&service->changed);
    pthread_mutex_unlock(&service->lock);
}

static void begin_some(struct thumbnail_service *service)
{
    for (int i = 0; i < CONCURRENT; i++) {
        struct making *making = &service->making[i];

        while (!making->request && (making->request = take_request(service))) {
            struct thumbnail_fetch *fetch;

            service->running++;
            fetch = thumbnail_begin(&service->maker, &making->request->thumbnail, on_made, making);
            making->fetch = making->request ? fetch : NULL;
        }
    }
}

static bool is_stopping(struct thumbnail_service *service)
{
    bool stopping;

    pthread_mutex_lock(&service->lock);
    stopping = service->stopping;
    pthread_mutex_unlock(&service->lock);
    return stopping;
}

static void on_woken(void *context, bool readable, bool writable, bool broken)
{
    struct thumbnail_service *service = context;
    uint64_t count;

    (void)readable;
    (void)writable;
    (void)broken;
    if (read(service->event, &count, sizeof count) < 0) {
        return; /* it was read before */
    }
}

static void *run_service(void *context)
{
    struct thumbnail_service *service = context;

    while (!is_stopping(service)) {
        begin_some(service);
        loop_wait(service->maker.loop, 1000);
    }
    for (int i = 0; i < CONCURRENT; i++) {
        if (service->making[i].request) {
            thumbnail_cancel(service->making[i].fetch);
        }
    }
    while (service->running > 0) {
        loop_wait(service->maker.loop, 1000);
    }
    return NULL;
}

/* -- start and stop ---------------------------------------------------------------------------- */

static void wake(struct thumbnail_service *service)
{
    uint64_t one = 1;

    if (write(service->event, &one, sizeof one) < 0) {
        return; /* it is woken already */
    }
}

struct thumbnail_service *thumbnail_service_start(const struct thumbnail_maker *maker)
{
    struct thumbnail_service *service = xcalloc(1, sizeof *service);
    struct error ignored;

    service->maker = *maker;
    service->last = &service->first;
    pthread_mutex_init(&service->lock, NULL);
    pthread_cond_init(&service->changed, NULL);
    for (int i = 0; i < CONCURRENT; i++) {
        service->making[i].service = service;
    }
    service->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (service->event < 0 || !(service->socket = loop_socket_new(maker->loop, service->event,
                                                                  on_woken, service, &ignored))) {
        thumbnail_service_free(service);
        return NULL;
    }
    loop_socket_set_events(service->socket, true, false);
    service->cache = thumbnail_cache_new(CACHE_BYTES);
    if (!thread_start(&service->thread, NULL, run_service, service)) {
        thumbnail_service_free(service);
        return NULL;
    }
    return service;
}

void thumbnail_service_stop(struct thumbnail_service *service)
{
    if (!service) {
        return;
    }
    pthread_mutex_lock(&service->lock);
    service->stopping = true;
    pthread_cond_broadcast(&service->changed);
    pthread_mutex_unlock(&service->lock);
    wake(service);
    pthread_join(service->thread, NULL);
}

void thumbnail_service_free(struct thumbnail_service *service)
{
    if (!service) {
        return;
    }
    while (service->first) {
        struct thumbnail_request *request = service->first;

        service->first = request->next;
        free_request(request);
    }
    if (service->socket) {
        loop_socket_free(service->socket);
    }
    if (service->event >= 0) {
        close(service->event);
    }
    thumbnail_cache_free(service->cache);
    pthread_cond_destroy(&service->changed);
    pthread_mutex_destroy(&service->lock);
    free(service);
}

/* -- requests ---------------------------------------------------------------------------------- */

static struct thumbnail_request *new_request(const char *key, const char *url,
                                             const struct fetch_scope *scope, int edge)
{
    struct thumbnail_request *request = xcalloc(1, sizeof *request);

    request->key = xstrdup(key);
    request->url = xstrdup(url);
    request->user = scope->user_id ? xstrdup(scope->user_id) : NULL;
    request->thumbnail = (struct thumbnail){ .url = request->url,
                                             .scope = { scope->kind, request->user },
                                             .edge = edge };
    return request;
}

/* Waits for the request, which is queued; the lock is held. */
static bool wait_for(struct thumbnail_service *service, struct thumbnail_request *request,
                     struct blob *out, struct error *err)
{
    struct timespec end;
    bool good;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_SECONDS;
    while (!request->done && !service->stopping &&
           pthread_cond_timedwait(&service->changed, &service->lock, &end) == 0) {
    }
    if (!request->done) {
        request->abandoned = true;
        return error_set(err, ERROR_BUSY, "the image was not loaded in time");
    }
    good = request->thumbnail.width > 0;
    if (good) {
        *out = blob_move(&request->thumbnail.jpeg);
    } else {
        error_set(err, ERROR_INPUT, "%s", request->thumbnail.missing);
    }
    free_request(request);
    return good;
}

bool thumbnail_service_get(struct thumbnail_service *service, const char *url,
                           const struct fetch_scope *scope, int edge, struct blob *out,
                           struct error *err)
{
    const struct blob *kept;
    struct text key;
    bool good;

    *out = (struct blob){ 0 };
    text_begin(&key, KEY_BYTES);
    text_printf(&key, "%d %d %s %s", edge, (int)scope->kind, scope->user_id ? scope->user_id : "",
                url);
    if (key.overflow || url[0] == '\0') {
        text_end(&key);
        return error_set(err, ERROR_INPUT, "the image has no usable address");
    }
    pthread_mutex_lock(&service->lock);
    kept = thumbnail_cache_get(service->cache, key.data);
    if (kept) {
        good = blob_copy(out, kept->data, kept->size, err);
    } else if (service->stopping) {
        good = error_set(err, ERROR_STOPPED, "the dashboard is stopping");
    } else {
        struct thumbnail_request *request = new_request(key.data, url, scope, edge);

        *service->last = request;
        service->last = &request->next;
        wake(service);
        good = wait_for(service, request, out, err);
    }
    pthread_mutex_unlock(&service->lock);
    text_end(&key);
    return good;
}
