/* thumbnail_cache.h - thumbnails that were made, by a key. For one thread at a time. */
#ifndef DASHBOARD_THUMBNAIL_CACHE_H
#define DASHBOARD_THUMBNAIL_CACHE_H
#include <stdbool.h>

#include "base/blob.h"

struct thumbnail_cache;

/* Holds at most `most_bytes`, and 4,096 thumbnails. */
struct thumbnail_cache *thumbnail_cache_new(size_t most_bytes);
void thumbnail_cache_free(struct thumbnail_cache *cache); /* NULL is harmless */
/* Returns the bytes, which the cache owns until the next thumbnail_cache_put; NULL if it does not
 * have them. */
const struct blob *thumbnail_cache_get(const struct thumbnail_cache *cache, const char *key);
/* Takes the bytes over. Others are forgotten if there is no room. */
void thumbnail_cache_put(struct thumbnail_cache *cache, const char *key, struct blob bytes);
#endif
