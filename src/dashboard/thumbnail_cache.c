/* thumbnail_cache.c - a table in which each key has one place. Another key at the same place
 * replaces it, and if the bytes are too many, places are emptied in turn. */
#include "dashboard/thumbnail_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { PLACES = 4096 };

struct cached_thumbnail {
    char *key; /* owned; NULL: the place is empty */
    struct blob bytes;
};

struct thumbnail_cache {
    size_t bytes, most_bytes;
    int next_emptied;
    struct cached_thumbnail places[PLACES];
};

struct thumbnail_cache *thumbnail_cache_new(size_t most_bytes)
{
    struct thumbnail_cache *cache = xcalloc(1, sizeof *cache);

    cache->most_bytes = most_bytes;
    return cache;
}

static void empty(struct thumbnail_cache *cache, struct cached_thumbnail *place)
{
    cache->bytes -= place->bytes.size;
    blob_free(&place->bytes);
    free(place->key);
    place->key = NULL;
}

void thumbnail_cache_free(struct thumbnail_cache *cache)
{
    if (cache) {
        for (int i = 0; i < PLACES; i++) {
            empty(cache, &cache->places[i]);
        }
        free(cache);
    }
}

/* FNV-1a. */
static size_t place_of(const char *key)
{
    uint64_t hash = 14695981039346656037u;

    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * 1099511628211u;
    }
    return (size_t)((hash ^ (hash >> 32)) % PLACES);
}

const struct blob *thumbnail_cache_get(const struct thumbnail_cache *cache, const char *key)
{
    const struct cached_thumbnail *place = &cache->places[place_of(key)];

    return place->key && strcmp(place->key, key) == 0 ? &place->bytes : NULL;
}

void thumbnail_cache_put(struct thumbnail_cache *cache, const char *key, struct blob bytes)
{
    struct cached_thumbnail *place = &cache->places[place_of(key)];

    empty(cache, place);
    if (bytes.size > cache->most_bytes) {
        blob_free(&bytes);
        return;
    }
    while (cache->bytes + bytes.size > cache->most_bytes) {
        empty(cache, &cache->places[cache->next_emptied]);
        cache->next_emptied = (cache->next_emptied + 1) % PLACES;
    }
    place->key = xstrdup(key);
    place->bytes = bytes;
    cache->bytes += bytes.size;
}
