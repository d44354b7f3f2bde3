/* thumbnail.h - fetches images and scales them down, several at a time. */
#ifndef STORE_THUMBNAIL_H
#define STORE_THUMBNAIL_H
#include "base/blob.h"
#include "io/perform.h"
#include "store/store.h"

struct thumbnail {
    const char *url;          /* "" if there is no image */
    struct fetch_scope scope; /* of the URL */
    int edge;                 /* maximum length of the longer side, pixels */
    struct blob jpeg;         /* owned */
    int width, height;        /* pixels of the JPEG; 0 if it could not be made */
    char missing[120];        /* why it could not be made; "" if url is "" */
};

struct thumbnail_maker { /* all members are borrowed, and used on the thread of the loop */
    struct loop *loop;
    struct performer *performer;
    const struct store *store;
    const struct store_target *target;
};

/* Fetches an image, tries again a few times if the store does not answer, and scales it on the
 * pool. `done` is called when the thumbnail is made, or `missing` is set. The thumbnail and the
 * maker must stay valid until then. Returns NULL if `done` was called already. */
struct thumbnail_fetch;
typedef void (*thumbnail_done_fn)(struct thumbnail *thumbnail, void *context);
struct thumbnail_fetch *thumbnail_begin(const struct thumbnail_maker *maker,
                                        struct thumbnail *thumbnail, thumbnail_done_fn done,
                                        void *context);
/* `done` is called soon. An image that is being scaled is made completely. */
void thumbnail_cancel(struct thumbnail_fetch *fetch);

struct thumbnail_fetcher {
    struct thumbnail_maker maker;
    int concurrency; /* files being fetched or scaled at a time: limits memory */
    void (*on_progress)(int done, int total, void *context); /* may be NULL */
    void *context;
};

/* Fetches and scales all thumbnails, and returns when all are done. One that fails sets `missing`
 * and does not affect the others. */
void thumbnails_fetch(const struct thumbnail_fetcher *fetcher, struct thumbnail *const *thumbnails,
                      int count);
#endif
