/* live_feed.h - the snapshot that all browsers share, and its last changes as server-sent events.
 *
 * One thread publishes snapshots; each stream waits for the events after the one it has. A stream
 * that has missed more than the last events, or none of this process, gets the whole snapshot. */
#ifndef DASHBOARD_LIVE_FEED_H
#define DASHBOARD_LIVE_FEED_H
#include "base/json.h"
#include "base/text.h"

struct live_feed;

struct live_feed *live_feed_new(void);
void live_feed_free(struct live_feed *feed); /* after the last stream was closed */
/* Ends all waits; streams end. */
void live_feed_stop(struct live_feed *feed);

/* -- the thread that publishes -- */

/* Waits until a stream is open, at most `ms`. Returns true if one is. */
bool live_feed_wait_for_stream(struct live_feed *feed, int64_t ms);
/* Waits `ms`, or until the feed is stopped or a stream needs a first snapshot. Returns false if it
 * is stopped. */
bool live_feed_pause(struct live_feed *feed, int64_t ms);
/* Takes ownership of the snapshot. `now_ms`: the time that it shows, part of each event. */
void live_feed_publish(struct live_feed *feed, cJSON *snapshot, int64_t now_ms);

/* -- streams -- */

/* Registers a stream; returns false if there are as many as allowed. `last_event`: the header
 * Last-Event-ID, or NULL. *position gets the number of the last event that the stream has. */
bool live_feed_open(struct live_feed *feed, const char *last_event, uint64_t *position) MUST_CHECK;
void live_feed_close(struct live_feed *feed);
/* Waits up to `ms` for events after *position, appends them as text/event-stream, or a comment if
 * there are none. Returns false if the feed is stopped. */
bool live_feed_next(struct live_feed *feed, uint64_t *position, int64_t ms, struct text *out);
#endif
