/* Parses targets: every parameter, defaults, cost estimates, and an error for each mistake. */
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

static void every_parameter_is_read(void **state)
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
    assert_true(target.max_microusd > 0);
}

static void missing_parameters_have_defaults(void **state)
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
    assert_int_equal(target.max_microusd, 0);
}

/* Without a quality, the model may use its most expensive one. */
static void maximum_cost_covers_every_quality(void **state)
{
    int64_t open;

    (void)state;
    assert_true(read("openai:gpt-image-2.5-flare"));
    open = target.max_microusd;
    assert_true(read("openai:gpt-image-2.5-flare,quality=high"));
    assert_true(open >= target.max_microusd);
    assert_true(read("openai:gpt-image-2.5-flare,quality=low"));
    assert_true(open > target.max_microusd);
    open = target.max_microusd;
    assert_true(read("openai:gpt-image-2.5-flare,quality=low,stream=2"));
    assert_int_equal(target.max_microusd, open + 2 * 100 * 30); /* 100 tokens each */
    assert_string_equal(target.name, "gpt-image-2.5-flare 1024x1024 low stream 2");
    assert_int_equal(target.partial_images, 2);
}

static void mistakes_are_explained(void **state)
{
    static const char *const wrong[][2] = {
        { "", "must begin with PROVIDER:MODEL" },
        { "gpt-image-2", "must begin with PROVIDER:MODEL" },
        { "openai:", "must begin with PROVIDER:MODEL" },
        { "acme:x", "unknown provider 'acme'" },
        { "openai:gpt-none", "no model 'gpt-none'" },
        { "offline:gpt-image-2", "no model 'gpt-image-2'" },
        { "openai:dall-e-3", "shut down on" },
        { "openai:gpt-image-2,size=big", "invalid size 'big'" },
        { "openai:gpt-image-2,size=1000x1000", "does not support 1000x1000" },
        { "openai:gpt-image-2,quality=superb", "no quality 'superb'" },
        { "openai:gpt-image-2,colour=red", "unknown target parameter 'colour'" },
        { "openai:gpt-image-2,size", "invalid target parameter 'size'" },
        { "openai:gpt-image-2,task=text", "cannot write text" },
        { "openai:gpt-image-2,stream=4", "expected a number from 0 to 3" },
        { "openai:gpt-image-2,stream=-1", "expected a number from 0 to 3" },
        { "openai:gpt-image-2,stream=1x", "expected a number from 0 to 3" },
        { "openai:gpt-6-luna,stream=1", "streams at most 0 partial images" },
        { "offline:offline-image,stream=1", "streams at most 0 partial images" },
        { "openai:gpt-image-2,name=\xff", "not UTF-8" },
        { "openai:gpt-6-luna,task=image", "cannot make images from a prompt alone" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(read(wrong[i][0]));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (!strstr(err.text, wrong[i][1])) {
            fail_msg("'%s' gave: %s", wrong[i][0], err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_parameter_is_read),
        cmocka_unit_test(missing_parameters_have_defaults),
        cmocka_unit_test(maximum_cost_covers_every_quality),
        cmocka_unit_test(mistakes_are_explained),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
