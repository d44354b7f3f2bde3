/* test_thumbnail_cache.c - the cache returns what was put into it, and stays within its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "dashboard/thumbnail_cache.h"

enum { MANY = 20000, PIECE = 100 };

static void put(struct thumbnail_cache *cache, int number, size_t size)
{
    struct blob bytes;
    struct error err;
    char key[32];

    snprintf(key, sizeof key, "key %d", number);
    assert_true(blob_new(&bytes, size, &err));
    memset(bytes.data, number & 255, size);
    thumbnail_cache_put(cache, key, bytes);
}

static const struct blob *get(const struct thumbnail_cache *cache, int number)
{
    char key[32];

    snprintf(key, sizeof key, "key %d", number);
    return thumbnail_cache_get(cache, key);
}

static void what_was_put_last_is_returned(void **state)
{
    struct thumbnail_cache *cache = thumbnail_cache_new(1000);

    (void)state;
    assert_null(get(cache, 1));
    put(cache, 1, 10);
    put(cache, 1, 20);
    assert_int_equal(get(cache, 1)->size, 20);
    put(cache, 2, 1001);
    assert_null(get(cache, 2));
    thumbnail_cache_free(cache);
}

static void the_bytes_stay_within_the_limit(void **state)
{
    struct thumbnail_cache *cache = thumbnail_cache_new((size_t)50 * PIECE);
    int kept = 0;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        put(cache, i, PIECE);
        assert_non_null(get(cache, i));
        assert_int_equal(get(cache, i)->data[PIECE - 1], i & 255);
    }
    for (int i = 0; i < MANY; i++) {
        kept += get(cache, i) != NULL;
    }
    assert_in_range(kept, 1, 50);
    thumbnail_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_last_is_returned),
        cmocka_unit_test(the_bytes_stay_within_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
