/* thumbnail.h - small copies of images, fit for a page: fetched many at once, and made on the pool.
 */
#ifndef BATCH_REVIEW_THUMBNAIL_H
#define BATCH_REVIEW_THUMBNAIL_H
#include "base/blob.h"
#include "io/perform.h"
#include "store/store.h"

struct thumbnail {
    const char *url; /* "": there is none */
    int edge;        /* pixels, of its longer side, at most */
    struct blob jpeg;
    int width, height; /* pixels of the jpeg; 0: it could not be had */
    char missing[120]; /* why not, in words; empty where there is nothing to be had */
};

/* From a file to its small copy. ERROR_INPUT where it is no image. */
bool thumbnail_make(struct thumbnail *thumb, const struct blob *file, struct error *err) MUST_CHECK;

struct thumbnail_fetcher { /* borrowed */
    struct loop *loop;
    struct performer *performer;
    const struct store *store;
    const struct store_target *place;
    int at_once; /* files in flight or on the pool: bounds the memory */
    void (*watch)(int done, int all, void *context); /* may be NULL */
    void *context;
};

/* Fetches and makes all of them; what cannot be had says why in `missing`, and holds up no other.
 */
void thumbnails_fetch(const struct thumbnail_fetcher *thumbnail_fetcher,
                      struct thumbnail *const *thumbs, int count);
#endif
