/* live_feed.c - a ring of the last events, and the snapshot that they lead to. */
#include "dashboard/live_feed.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/memory.h"
#include "dashboard/snapshot_change.h"

enum { EVENTS = 32, STREAMS = 24 };

struct live_feed {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t process; /* random: ids of events of another process are not continued */
    uint64_t last;    /* number of the last event; 0: none */
    cJSON *snapshot;  /* owned */
    int64_t now_ms;
    char *events[EVENTS]; /* event n at n % EVENTS; owned, NULL: none */
    int streams;
    bool current; /* the snapshot was published since the first stream was opened */
    bool stopped;
};

struct live_feed *live_feed_new(void)
{
    struct live_feed *feed = xcalloc(1, sizeof *feed);
    pthread_condattr_t attributes;

    pthread_mutex_init(&feed->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&feed->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (getrandom(&feed->process, sizeof feed->process, 0) != sizeof feed->process) {
        feed->process = (uint32_t)time(NULL);
    }
    return feed;
}

void live_feed_free(struct live_feed *feed)
{
    for (int i = 0; i < EVENTS; i++) {
        free(feed->events[i]);
    }
    cJSON_Delete(feed->snapshot);
    pthread_cond_destroy(&feed->changed);
    pthread_mutex_destroy(&feed->lock);
    free(feed);
}

void live_feed_stop(struct live_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    feed->stopped = true;
    pthread_cond_broadcast(&feed->changed);
    pthread_mutex_unlock(&feed->lock);
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += ms / 1000;
    end.tv_nsec += ms % 1000 * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    return end;
}

/* -- the thread that publishes ----------------------------------------------------------------- */

bool live_feed_wait_for_stream(struct live_feed *feed, int64_t ms)
{
    struct timespec end = after_ms(ms);
    bool open;

    pthread_mutex_lock(&feed->lock);
    while (!feed->stopped && feed->streams == 0 &&
           pthread_cond_timedwait(&feed->changed, &feed->lock, &end) == 0) {
    }
    open = feed->streams > 0;
    pthread_mutex_unlock(&feed->lock);
    return open;
}

bool live_feed_pause(struct live_feed *feed, int64_t ms)
{
    struct timespec end = after_ms(ms);
    bool goes_on;

    pthread_mutex_lock(&feed->lock);
    while (!feed->stopped && (feed->streams == 0 || feed->current) &&
           pthread_cond_timedwait(&feed->changed, &feed->lock, &end) == 0) {
    }
    goes_on = !feed->stopped;
    pthread_mutex_unlock(&feed->lock);
    return goes_on;
}

/* Appends one event. JSON text has no line breaks. */
static void add_event(const struct live_feed *feed, const char *name, const cJSON *data,
                      struct text *out)
{
    char *json = cJSON_PrintUnformatted(data);

    text_printf(out, "id: %08" PRIx32 "-%" PRIu64 "\nevent: %s\ndata: {\"now\":%" PRId64 ",\"%s\":",
                feed->process, feed->last, name, feed->now_ms, name);
    text_add(out, json);
    text_add(out, "}\n\n");
    cJSON_free(json);
}

void live_feed_publish(struct live_feed *feed, cJSON *snapshot, int64_t now_ms)
{
    cJSON *change;

    pthread_mutex_lock(&feed->lock);
    change = snapshot_change(feed->snapshot, snapshot);
    if (change) {
        struct text event;

        feed->last++;
        feed->now_ms = now_ms;
        text_begin(&event, 4 << 20);
        add_event(feed, "change", change, &event);
        free(feed->events[feed->last % EVENTS]);
        feed->events[feed->last % EVENTS] = event.overflow ? NULL : text_detach(&event);
        text_end(&event);
        cJSON_Delete(change);
    }
    cJSON_Delete(feed->snapshot);
    feed->snapshot = snapshot;
    feed->now_ms = now_ms;
    feed->current = true;
    pthread_cond_broadcast(&feed->changed);
    pthread_mutex_unlock(&feed->lock);
}

/* -- streams ----------------------------------------------------------------------------------- */

bool live_feed_open(struct live_feed *feed, const char *last_event, uint64_t *position)
{
    uint32_t process;
    uint64_t number;
    bool open;

    pthread_mutex_lock(&feed->lock);
    *position = 0;
    if (last_event && sscanf(last_event, "%8" SCNx32 "-%" SCNu64, &process, &number) == 2 &&
        process == feed->process && number <= feed->last) {
        *position = number;
    }
    open = !feed->stopped && feed->streams < STREAMS;
    if (open && feed->streams++ == 0) {
        feed->current = false;
        pthread_cond_broadcast(&feed->changed);
    }
    pthread_mutex_unlock(&feed->lock);
    return open;
}

void live_feed_close(struct live_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    feed->streams--;
    pthread_mutex_unlock(&feed->lock);
}

/* Returns false if the stream needs the whole snapshot. */
static bool add_changes(const struct live_feed *feed, uint64_t position, struct text *out)
{
    if (position == 0 || feed->last - position >= EVENTS) {
        return false;
    }
    for (uint64_t n = position + 1; n <= feed->last; n++) {
        if (!feed->events[n % EVENTS]) {
            return false;
        }
    }
    for (uint64_t n = position + 1; n <= feed->last; n++) {
        text_add(out, feed->events[n % EVENTS]);
    }
    return true;
}

bool live_feed_next(struct live_feed *feed, uint64_t *position, int64_t ms, struct text *out)
{
    struct timespec end = after_ms(ms);
    bool goes_on;

    pthread_mutex_lock(&feed->lock);
    while (!feed->stopped && (!feed->current || *position == feed->last) &&
           pthread_cond_timedwait(&feed->changed, &feed->lock, &end) == 0) {
    }
    goes_on = !feed->stopped;
    if (!feed->current || *position == feed->last) {
        text_add(out, ": still here\n\n");
    } else {
        if (!add_changes(feed, *position, out)) {
            add_event(feed, "snapshot", feed->snapshot, out);
        }
        *position = feed->last;
    }
    pthread_mutex_unlock(&feed->lock);
    return goes_on;
}
