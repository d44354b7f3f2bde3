/* test_faults.c - faulty answers and lost leases: the model is called again within a bound, the job
 * fails with the right reason, or it is dropped at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "image/image.h"
#include "jobs/seller_message.h"
#include "lib/world.h"

static const char image_job[] = "{\"projectId\":\"p\",\"imageType\":\"LIFESTYLE\"}";
static const char aplus_job[] = "{\"projectId\":\"p\"}";
static const char infographic_job[] = "{\"projectId\":\"p\",\"imageType\":\"INFOGRAPHIC\"}";

static void answer(int at, int status, const char *body)
{
    static int next;

    if (at == 1) {
        next = 0;
    }
    world->script[next].at = at;
    world->script[next].status = status;
    world->script[next++].body = body;
}

/* What sellers read must not show technical details. */
static void assert_message_is_for_sellers(void)
{
    static const char *const technical[] = { "HTTP",   "JSON",     "500",  "429",
                                             "blank:", "invalid_", "size", "req_" };

    for (size_t i = 0; i < sizeof technical / sizeof *technical; i++) {
        assert_null(strstr(world->message, technical[i]));
    }
    assert_true(world->failed + world->pending == 0 || world->message[0]);
}

static void live(const char *type, const char *payload)
{
    assert_int_equal(world_life(type, payload), 0);
    assert_int_equal(world->paid_before_attempt, 0);
    assert_true(world->attempts >= world->paid);
    assert_int_equal(world->committed + world->failed + world->pending, 1);
    assert_message_is_for_sellers();
}

static char *blank_answer(void)
{
    struct image image;
    struct blob file, letters;
    struct error err;
    char *out;

    assert_true(image_new(256, 256, 3, &image, &err));
    memset(image.pixels, 200, (size_t)256 * 256 * 3);
    assert_true(image_encode_png(&image, false, &file, &err));
    assert_true(base64_encode(file.data, file.size, &letters, &err));
    out = malloc(letters.size + 100);
    sprintf(out, "{\"data\":[{\"b64_json\":\"%.*s\"}]}", (int)letters.size,
            (const char *)letters.data);
    image_free(&image);
    blob_free(&file);
    blob_free(&letters);
    return out;
}

static void a_blank_image_causes_a_new_call(void **unused)
{
    char *blank = blank_answer();

    (void)unused;
    world_reset();
    answer(1, 200, blank);
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 2);

    world_reset(); /* after three calls the job fails with the check's message */
    answer(1, 200, blank);
    answer(2, 200, blank);
    answer(3, 200, blank);
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_FAILED);
    assert_int_equal(world->paid, 3);
    assert_non_null(strstr(world->detail, "blank"));
    assert_string_equal(world->message, seller_message(&(struct error){
                                            .kind = ERROR_OUTPUT, .cause = CAUSE_CHECK_blank }));
    assert_int_equal(world_files("store/generated-images"), 0);
    assert_int_equal(world_files("spool"), 0);
    free(blank);
}

/* A transmission error may pass: the next attempt makes a new call. */
static void a_damaged_answer_is_not_used_again(void **unused)
{
    static const char *const bodies[] = { "", "[1,2" };

    (void)unused;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        world_reset();
        answer(1, 200, bodies[i]);
        live("generate-image", image_job);
        assert_int_equal(world->end, JOB_WAITS);
        assert_int_equal(world_files("spool"), 0); /* a retried job must not read it again */
        world->pending = 0;
        live("generate-image", image_job);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_int_equal(world->paid, 2);
    }
}

/* A form that this program does not know may be known to a later one: the answer is read once more
 * before the same is bought again. */
static void an_answer_in_an_unknown_form_is_kept_for_one_attempt(void **unused)
{
    static const char *const bodies[] = { "<html>no</html>",
                                          "{\"data\":[]}",
                                          "{\"data\":[{}]}",
                                          "{\"data\":[{\"b64_json\":\"@@@@\"}]}",
                                          "{\"data\":[{\"b64_json\":7}]}",
                                          "null" };

    (void)unused;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        world_reset();
        answer(1, 200, bodies[i]);
        for (int attempt = 0; attempt < 2; attempt++) {
            live("generate-image", image_job);
            assert_int_equal(world->end, attempt == 0 ? JOB_WAITS : JOB_RETRY_LATER);
            assert_int_equal(world->paid, 1);
            assert_int_equal(world_files("spool"), attempt == 0);
            world->pending = 0;
        }
        live("generate-image", image_job);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_int_equal(world->paid, 2);
    }
}

static void each_model_error_ends_the_attempt_as_documented(void **unused)
{
    static const struct {
        int status;
        const char *body;
        enum job_end ending;
        const char *says;
    } cases[] = {
        { 400, "{\"error\":{\"code\":\"moderation_blocked\",\"message\":\"no\",\"type\":\"x\"}}",
          JOB_FAILED, "safety" },
        { 400,
          "{\"error\":{\"code\":\"invalid_value\",\"message\":\"bad size\",\"type\":"
          "\"invalid_request_error\"}}",
          JOB_FAILED, "bad size" },
        { 429, "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\",\"type\":\"x\"}}",
          JOB_WAITS, "" },
        { 429, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"pay\",\"type\":\"x\"}}",
          JOB_WAITS, "" },
        { 401,
          "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"sk-secret\",\"type\":\"x\"}}",
          JOB_WAITS, "" },
        { 500, "oops", JOB_WAITS, "500" },
        { 503, "", JOB_WAITS, "" },
        { 0, NULL, JOB_WAITS, "broke" }, /* the connection broke after the request was sent */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_reset();
        answer(1, cases[i].status, cases[i].body);
        live("generate-image", image_job);
        assert_int_equal(world->end, cases[i].ending);
        assert_int_equal(world->paid, 1); /* no request is sent without a record */
        assert_non_null(strstr(world->detail, cases[i].says));
        assert_null(strstr(world->detail, "sk-secret"));
        assert_int_equal(world_files("spool"), 0);
    }
}

static void a_text_that_violates_the_rules_causes_a_new_call(void **unused)
{
    static const char without_modules[] =
        "{\"status\":\"completed\",\"output\":[{\"content\":[{\"type\":\"output_text\",\"text\":"
        "\"{\\\"modules\\\":[]}\"}]}]}";
    static const char cut_off[] = "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
                                  "\"max_output_tokens\"},\"output\":[]}";
    static const char refused[] = "{\"status\":\"completed\",\"output\":[{\"content\":[{\"type\":"
                                  "\"refusal\",\"refusal\":\"I will not\"}]}]}";

    (void)unused;
    world_reset();
    world->features_known = 1;
    answer(1, 200, without_modules);
    answer(2, 200, cut_off);
    live("generate-aplus", aplus_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 3);

    world_reset();
    world->features_known = 1;
    answer(1, 200, without_modules);
    answer(2, 200, without_modules);
    answer(3, 200, without_modules);
    live("generate-aplus", aplus_job);
    assert_int_equal(world->end, JOB_FAILED);
    assert_int_equal(world->paid, 3);
    assert_non_null(strstr(world->detail, "modules"));

    world_reset();
    world->features_known = 1;
    answer(1, 200, refused);
    live("generate-aplus", aplus_job);
    assert_int_equal(world->end, JOB_FAILED);
    assert_int_equal(world->paid, 1);
    assert_non_null(strstr(world->detail, "I will not"));
}

/* The job waits for a service: it spends no attempt, and its answer stays in the spool. */
static void expect_waits(const char *type, const char *payload, int paid, const char *why)
{
    world->pending = 0;
    assert_int_equal(world_life(type, payload), 0);
    assert_int_equal(world->end, JOB_WAITS);
    assert_int_equal(world->failed + world->committed, 0);
    assert_int_equal(world->paid, paid);
    assert_true(world->is_kept);
    assert_int_equal(world_files("spool"), 1);
    assert_non_null(strstr(world->detail, why));
    assert_message_is_for_sellers();
    world->pending = 0;
}

/* A column, constraint or trigger that the application has added. */
static void tables_that_reject_the_result_cost_no_attempt_and_no_second_call(void **unused)
{
    (void)unused;
    world_reset();
    world->table_rejects = -1;
    for (int life = 1; life <= 4; life++) {
        expect_waits("generate-image", image_job, 1, "rejects a row");
        assert_int_equal(world->waits, life);
    }
    world->table_rejects = 0;
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 1);
}

static void a_store_that_takes_no_files_costs_no_attempt_and_no_second_call(void **unused)
{
    (void)unused;
    world_reset();
    world->store_rejects = -1;
    for (int life = 1; life <= 4; life++) {
        expect_waits("generate-image", image_job, 1, "No space left");
        assert_int_equal(world->waits, life);
    }
    world->store_rejects = 0;
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 1);
    assert_int_equal(world_files("store/generated-images"), 1);
    assert_int_equal(world_files("spool"), 0);
}

/* Answers before it were rejected and removed, so the spool holds one with a higher index. */
static void the_answer_of_a_later_call_is_found_again(void **unused)
{
    char *blank = blank_answer();

    (void)unused;
    world_reset();
    answer(1, 200, blank);
    answer(2, 200, blank);
    world->store_rejects = -1;
    expect_waits("generate-image", image_job, 3, "No space left");
    expect_waits("generate-image", image_job, 3, "No space left");
    world->store_rejects = 0;
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 3);
    free(blank);
}

static void an_answer_that_is_not_in_the_spool_is_uploaded_until_it_is_stored(void **unused)
{
    (void)unused;
    world_reset();
    world->spool_full = true;
    world->store_rejects = 40;
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, 1);
    assert_int_equal(world->waits, 0);
}

static void features_are_extracted_once_per_project(void **unused)
{
    (void)unused;
    world_reset();
    live("generate-image", infographic_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->features_saved, 1);
    assert_int_equal(world->paid, 2);
    world->committed = 0;
    live("generate-image", infographic_job); /* another job of the same project */
    assert_int_equal(world->features_saved, 1);
    assert_int_equal(world->paid, 3);
}

/* The lease is lost after any one op: nothing is written after that. */
static void nothing_is_written_after_the_lease_is_lost(void **unused)
{
    int ops;

    (void)unused;
    world_reset();
    live("generate-image", image_job);
    ops = world->ops;
    for (int at = 1; at < ops; at++) {
        world_reset();
        world->die_at = at;
        world->die_after = 1;
        assert_int_equal(world_life("generate-image", image_job), DIED);
        world->die_at = 0;
        world->lost = true;
        assert_int_equal(world_life("generate-image", image_job), 0);
        assert_int_equal(world->end, JOB_LEASE_LOST);
        assert_int_equal(world->written_after_loss, 0);
        assert_int_equal(world->committed + world->failed, 0);
    }
}

/* A lease renewal that overtakes the answer to the commit does not find the job, because the job
 * has ended. */
static void a_completed_job_is_not_reported_as_lost(void **unused)
{
    (void)unused;
    world_reset();
    world->late_renewal = true;
    live("generate-image", image_job);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world_files("spool"), 0); /* no other worker would remove its answer */
}

static void trouble_of_the_database_costs_no_attempt(void **unused)
{
    (void)unused;
    for (int lost = 0; lost < 2; lost++) {
        world_reset();
        world->trouble = 7; /* more than the retries in place of other steps */
        world->answer_lost = lost;
        live("generate-image", image_job);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_int_equal(world->paid, 1);

        world_reset(); /* also while a failure is reported */
        world->trouble = 7;
        world->answer_lost = lost;
        answer(1, 400,
               "{\"error\":{\"code\":\"moderation_blocked\",\"message\":\"no\",\"type\":\"x\"}}");
        assert_int_equal(world_life("generate-image", image_job), 0);
        assert_int_equal(world->end, JOB_FAILED);
        assert_int_equal(world->paid, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trouble_of_the_database_costs_no_attempt),
        cmocka_unit_test(a_blank_image_causes_a_new_call),
        cmocka_unit_test(a_damaged_answer_is_not_used_again),
        cmocka_unit_test(an_answer_in_an_unknown_form_is_kept_for_one_attempt),
        cmocka_unit_test(each_model_error_ends_the_attempt_as_documented),
        cmocka_unit_test(a_text_that_violates_the_rules_causes_a_new_call),
        cmocka_unit_test(tables_that_reject_the_result_cost_no_attempt_and_no_second_call),
        cmocka_unit_test(a_store_that_takes_no_files_costs_no_attempt_and_no_second_call),
        cmocka_unit_test(the_answer_of_a_later_call_is_found_again),
        cmocka_unit_test(an_answer_that_is_not_in_the_spool_is_uploaded_until_it_is_stored),
        cmocka_unit_test(features_are_extracted_once_per_project),
        cmocka_unit_test(nothing_is_written_after_the_lease_is_lost),
        cmocka_unit_test(a_completed_job_is_not_reported_as_lost),
    };

    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
