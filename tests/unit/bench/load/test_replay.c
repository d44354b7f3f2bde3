/* Replays real jobs with their own size, quality and photo unless the target sets them; rows of the
 * database are untrusted input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/json.h"
#include "bench/load/replay.h"
#include "image/compose.h"

#define JOB                                                                                        \
    "{\"prompt\":\"A mug\",\"width\":1536,\"height\":1024,\"quality\":\"high\",\"photos\":1,"      \
    "\"photo\":\"http://x/1.jpg\"}"

static struct catalog *catalog;
static struct arena *arena;
static struct workload workload;
static struct replay *replay;
static struct target target;
static struct error err;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    catalog_free(catalog);
    return 0;
}

static bool reads(const char *text)
{
    cJSON *answer;
    bool good;

    err = (struct error){ 0 };
    assert_true(json_parse(text, strlen(text), "it", &answer, &err));
    good = replay_read(answer, arena, &workload, &replay, &err);
    cJSON_Delete(answer);
    return good;
}

static struct model_request request_of(const char *spec, int prompt)
{
    struct model_request model_request = { .brief = NULL };

    assert_true(target_read(spec, catalog, clock_parse_date("2026-11-23"), &target, &err));
    model_request = (struct model_request){ .task = target.task,
                                            .size = target.size,
                                            .quality = target.quality };
    assert_true(replay_target(replay, &target, &err));
    assert_true(target.max_microusd > 0);
    replay_fill(replay, &target, prompt, &model_request);
    return model_request;
}

static void jobs_keep_their_own_parameters(void **unused)
{
    struct model_request model_request;
    int64_t worst;

    (void)unused;
    assert_true(reads("{\"images\":[" JOB ",{\"prompt\":\"A hat\",\"width\":1024,\"height\":1024,"
                      "\"quality\":null,\"photos\":0}," JOB "],\"texts\":[\"one\",\"two\"]}"));
    assert_int_equal(workload.prompt_count, 3);
    assert_int_equal(replay->photo_count, 1); /* jobs share a photo */
    assert_int_equal(replay->skipped, 0);
    model_request = request_of("openai:gpt-image-2.5-flare", 0);
    assert_string_equal(target.name, "gpt-image-2.5-flare replayed");
    assert_true(model_request.task == TASK_EDIT && model_request.photo_count == 1);
    assert_true(model_request.size.width == 1536 && model_request.size.height == 1024);
    assert_string_equal(model_request.quality, "high");
    assert_ptr_equal(model_request.photos, &workload.photo); /* not available: the sample photo */
    replay->photos[0].available = true;
    model_request = request_of("openai:gpt-image-2.5-flare", 2);
    assert_ptr_equal(model_request.photos, &replay->photos[0].file);
    model_request = request_of("openai:gpt-image-2.5-flare", 1);
    assert_true(model_request.task == TASK_IMAGE && model_request.photo_count == 0 &&
                !model_request.quality);
    worst = target.max_microusd;
    model_request = request_of("openai:gpt-image-2.5-flare,quality=low", 0);
    assert_true(target.max_microusd < worst); /* the target's quality lowers the maximum cost */
    assert_true(target.expected_microusd > 0 && target.expected_microusd < target.max_microusd);
    workload_free(&workload);
}

static void parameters_of_the_target_apply_to_all(void **unused)
{
    struct model_request model_request;

    (void)unused;
    assert_true(reads("{\"images\":[" JOB "],\"texts\":[\"one\",\"two\"]}"));
    model_request =
        request_of("openai:gpt-image-2.5-flare,size=1024x1024,quality=low,task=image", 0);
    assert_string_equal(target.name, "gpt-image-2.5-flare 1024x1024 low image replayed");
    assert_true(model_request.task == TASK_IMAGE && model_request.size.width == 1024 &&
                model_request.photo_count == 0);
    assert_string_equal(model_request.quality, "low");
    request_of("openai:gpt-image-2.5-flare,name=mine", 0);
    assert_string_equal(target.name, "mine");
    model_request = request_of("openai:gpt-6-luna", 3);
    assert_string_equal(model_request.prompt, "two");
    assert_true(target.replayed);
    workload_free(&workload);
}

static void targets_without_matching_jobs_are_refused(void **unused)
{
    (void)unused;
    assert_true(reads("{\"images\":[" JOB "],\"texts\":[]}"));
    assert_true(
        target_read("openai:gpt-6-luna", catalog, clock_parse_date("2026-11-23"), &target, &err));
    assert_false(replay_target(replay, &target, &err));
    assert_non_null(strstr(err.text, "requested features"));
    assert_true(reads("{\"images\":[],\"texts\":[\"one\"]}"));
    assert_true(
        target_read("openai:gpt-image-2", catalog, clock_parse_date("2026-11-23"), &target, &err));
    assert_false(replay_target(replay, &target, &err));
    assert_non_null(strstr(err.text, "requested an image"));
    assert_false(reads("{\"images\":[],\"texts\":[]}"));
    assert_non_null(strstr(err.text, "no calls to models"));
}

static void rows_out_of_bounds_are_skipped(void **unused)
{
    (void)unused;
    assert_true(reads("{\"images\":[" JOB ",7,{},"
                      "{\"prompt\":\"\",\"width\":1024,\"height\":1024},"
                      "{\"prompt\":\"x\",\"width\":1e9,\"height\":1024},"
                      "{\"prompt\":\"x\",\"width\":1024,\"height\":-1},"
                      "{\"prompt\":\"x\",\"width\":\"1024\",\"height\":1024},"
                      "{\"prompt\":\"x\",\"width\":1024,\"height\":1024,\"photos\":1000},"
                      "{\"prompt\":\"x\",\"width\":1024,\"height\":1024,\"quality\":"
                      "\"a quality of no model\"}"
                      "],\"texts\":[\"one\",null,\"\"]}"));
    assert_int_equal(workload.prompt_count, 1);
    assert_int_equal(replay->text_count, 1);
    assert_int_equal(replay->skipped, 10);
    assert_false(reads("{}") || reads("[]") || reads("{\"images\":{},\"texts\":[]}"));
}

static void photos_are_prepared_as_by_the_worker(void **unused)
{
    struct replay_photo photo = { .available = false };
    struct image large = { 0 };
    struct image_facts facts;
    struct blob file, nonsense = blob_text("no photo");

    (void)unused;
    assert_true(image_new(3000, 1500, 3, &large, &err));
    memset(large.pixels, 200, (size_t)large.width * (size_t)large.height * 3);
    memset(large.pixels, 40, (size_t)large.width * 3 * 500); /* a photo of one colour is refused */
    assert_true(image_encode_jpeg(&large, 80, false, &file, &err));
    image_free(&large);
    assert_true(replay_photo(&file, &photo, &err));
    assert_true(photo.available && photo.file.bytes.size > 0);
    assert_string_equal(photo.file.filename, "product.jpg");
    assert_true(image_inspect(&photo.file.bytes, NULL, &facts, &err));
    assert_int_equal(facts.width, 2048);
    blob_free(&photo.file.bytes);
    photo = (struct replay_photo){ .available = false };
    assert_false(replay_photo(&nonsense, &photo, &err));
    assert_false(photo.available);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_keep_their_own_parameters),
        cmocka_unit_test(parameters_of_the_target_apply_to_all),
        cmocka_unit_test(targets_without_matching_jobs_are_refused),
        cmocka_unit_test(rows_out_of_bounds_are_skipped),
        cmocka_unit_test(photos_are_prepared_as_by_the_worker),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
