/* thumbnail.h - fetches images and scales them down, several at a time. */
#ifndef BATCH_REVIEW_THUMBNAIL_H
#define BATCH_REVIEW_THUMBNAIL_H
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

struct thumbnail_fetcher { /* all members are borrowed */
    struct loop *loop;
    struct performer *performer;
    const struct store *store;
    const struct store_target *target;
    int concurrency; /* files being fetched or scaled at a time: limits memory */
    void (*on_progress)(int done, int total, void *context); /* may be NULL */
    void *context;
};

/* Fetches and scales all thumbnails, and returns when all are done. One that fails sets `missing`
 * and does not affect the others. */
void thumbnails_fetch(const struct thumbnail_fetcher *fetcher, struct thumbnail *const *thumbnails,
                      int count);
#endif
