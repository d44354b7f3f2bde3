/* test_target.c - targets are read whole, and what is wrong is known before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "bench/load/target.h"

static struct catalog *catalog;
static struct target target;
static struct error err;

static int set_up(void **state)
{
    (void)state;
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int tear_down(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

static bool read(const char *text)
{
    err = (struct error){ 0 };
    return target_read(text, catalog, clock_parse_date("2026-11-23"), &target, &err);
}

static void all_words_are_read(void **state)
{
    (void)state;
    assert_true(read("openai:gpt-image-2.5-flare,size=1024x1536,quality=low,task=edit,"
                     "name=A,base-url=http://127.0.0.1:1/v1"));
    assert_string_equal(target.name, "A");
    assert_string_equal(target.provider->name, "openai");
    assert_int_equal(target.size.width, 1024);
    assert_int_equal(target.size.height, 1536);
    assert_string_equal(target.quality, "low");
    assert_int_equal(target.task, TASK_EDIT);
    assert_string_equal(target.base_url, "http://127.0.0.1:1/v1");
    assert_true(target.worst_microusd > 0);
}

static void what_is_not_told_is_as_usual(void **state)
{
    (void)state;
    assert_true(read("openai:gpt-image-2.5-flare"));
    assert_string_equal(target.name, "gpt-image-2.5-flare 1024x1024");
    assert_int_equal(target.task, TASK_IMAGE);
    assert_null(target.quality);
    assert_int_equal(target.partial_images, 0);
    assert_true(read("openai:gpt-6-luna"));
    assert_int_equal(target.task, TASK_TEXT);
    assert_string_equal(target.name, "gpt-6-luna");
    assert_true(read("offline:offline-image"));
    assert_int_equal(target.worst_microusd, 0);
}

/* A quality that nobody chose may be the dearest: less than that must not be reserved. */
static void the_worst_price_is_no_less_than_any(void **state)
{
    int64_t open;

    (void)state;
    assert_true(read("openai:gpt-image-2.5-flare"));
    open = target.worst_microusd;
    assert_true(read("openai:gpt-image-2.5-flare,quality=high"));
    assert_true(open >= target.worst_microusd);
    assert_true(read("openai:gpt-image-2.5-flare,quality=low"));
    assert_true(open > target.worst_microusd);
    open = target.worst_microusd;
    assert_true(read("openai:gpt-image-2.5-flare,quality=low,stream=2"));
    assert_int_equal(target.worst_microusd, open + 2 * 100 * 30); /* 100 tokens each */
    assert_string_equal(target.name, "gpt-image-2.5-flare 1024x1024 low stream 2");
    assert_int_equal(target.partial_images, 2);
}

static void mistakes_are_explained(void **state)
{
    static const char *const wrong[][2] = {
        { "", "no provider and model" },
        { "gpt-image-2", "no provider and model" },
        { "openai:", "no provider and model" },
        { "acme:x", "no provider 'acme'" },
        { "openai:gpt-none", "no model 'gpt-none'" },
        { "offline:gpt-image-2", "no model 'gpt-image-2'" },
        { "openai:dall-e-3", "shut down on" },
        { "openai:gpt-image-2,size=big", "not like 1024x1024" },
        { "openai:gpt-image-2,size=1000x1000", "does not make 1000x1000" },
        { "openai:gpt-image-2,quality=superb", "no quality 'superb'" },
        { "openai:gpt-image-2,colour=red", "has no 'colour'" },
        { "openai:gpt-image-2,size", "not like size=1024x1024" },
        { "openai:gpt-image-2,task=text", "does not do task=text" },
        { "openai:gpt-image-2,stream=4", "not a number from 0 to 3" },
        { "openai:gpt-image-2,stream=-1", "not a number from 0 to 3" },
        { "openai:gpt-image-2,stream=1x", "not a number from 0 to 3" },
        { "openai:gpt-6-luna,stream=1", "streams at most 0 images" },
        { "offline:offline-image,stream=1", "streams at most 0 images" },
        { "openai:gpt-image-2,name=\xff", "not UTF-8" },
        { "openai:gpt-6-luna,task=image", "does not do task=image" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(read(wrong[i][0]));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (!strstr(err.text, wrong[i][1])) {
            fail_msg("'%s' said: %s", wrong[i][0], err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_words_are_read),
        cmocka_unit_test(what_is_not_told_is_as_usual),
        cmocka_unit_test(the_worst_price_is_no_less_than_any),
        cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
