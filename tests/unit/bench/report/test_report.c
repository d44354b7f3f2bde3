/* The JSON of a run matches assets/bench/schema.json: no key is missing, and none is added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "base/random.h"
#include "bench/report/report.h"
#include "lib/schema.h"

enum { TARGETS = 2, REQUESTS = 40 };

static const struct model model = { .id = "m" };
static const struct provider provider = { .name = "p" };
static const struct workload workload = { .prompt_count = 3 };
static struct target targets[TARGETS] = {
    { .name = "image",
      .model = &model,
      .provider = &provider,
      .task = TASK_IMAGE,
      .size = { 1024, 1024 },
      .quality = "low" },
    { .name = "text", .model = &model, .provider = &provider, .task = TASK_TEXT },
};
static struct load_plan plan = {
    .targets = targets, .target_count = TARGETS, .workload = &workload, .concurrency = 4
};
static struct run_progress progress = { .stopped_us = 40000000, .ended_us = 41000000 };
static struct samples samples;
static struct target_summary summaries[TARGETS];
static struct report report = { .plan = &plan,
                                .progress = &progress,
                                .samples = &samples,
                                .summaries = summaries,
                                .command = "darkroom bench" };
static cJSON *schema;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/bench/schema.json");
    uint64_t random = 2;
    struct error err;

    (void)state;
    assert_non_null(file);
    assert_true(json_parse(file->data, file->size, "schema", &schema, &err));
    for (int i = 0; i < TARGETS * REQUESTS; i++) {
        struct sample sample = { .sequence = i,
                                 .entry = { .target = i % TARGETS, .block = i / TARGETS },
                                 .outcome = (enum outcome)(i % 3 ? OUTCOME_OK : i % OUTCOMES),
                                 .due_us = i * 500000,
                                 .started_us = i * 500000 + 100,
                                 .ended_us = i * 500000 + (int64_t)(random_uniform(&random) * 1e6),
                                 .times = { .dns_us = 1,
                                            .connect_us = 2,
                                            .tls_us = -1,
                                            .pretransfer_us = 3,
                                            .first_byte_us = 4,
                                            .total_us = 5 },
                                 .processing_ms = i % 2 ? 12 : -1,
                                 .status = i % 3 ? 200 : 0,
                                 .http_version = 11,
                                 .checked = i % TARGETS == 0 && i % 3,
                                 .checks_failed = i % 7 == 0 ? 5 : 0,
                                 .usage = { -1, -1, -1, -1, -1, 4, 0 },
                                 .cost_microusd = i % 3 ? 12 : -1,
                                 .duplicate_of = -1 };

        samples_add(&samples, &sample);
    }
    target_summaries_make(&plan, &progress, &samples, summaries);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    cJSON_Delete(schema);
    target_summaries_free(summaries, TARGETS);
    samples_free(&samples);
    return 0;
}

/* The value matches the schema; without any one of its keys, or with another, it does not. */
static void assert_exact_keys(const char *name, cJSON *value)
{
    int keys = cJSON_GetArraySize(value), optional = 0;
    struct error err;

    if (!schema_holds(schema, name, value, &err)) {
        fail_msg("%s", err.text);
    }
    for (int i = 0; i < keys; i++) {
        cJSON *less = cJSON_Duplicate(value, true);

        cJSON_DeleteItemFromArray(less, i);
        optional += schema_holds(schema, name, less, &err);
        cJSON_Delete(less);
    }
    assert_int_equal(optional, 0);
    cJSON_AddNullToObject(value, "oneMore");
    assert_false(schema_holds(schema, name, value, &err));
    assert_non_null(strstr(err.text, "oneMore"));
    cJSON_Delete(value);
}

static void every_sample_matches_the_schema(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples.count; i++) {
        assert_exact_keys("sample", report_sample(&report, &samples.rows[i]));
    }
}

static void run_and_summary_match_the_schema(void **state)
{
    cJSON *summary = report_summary(&report), *image, *text;

    (void)state;
    image = cJSON_GetArrayItem(cJSON_GetObjectItem(summary, "results"), 0);
    text = cJSON_GetArrayItem(cJSON_GetObjectItem(summary, "results"), 1);
    assert_exact_keys("result", cJSON_Duplicate(image, true));
    assert_exact_keys("result", cJSON_Duplicate(text, true));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(text, "pack")));
    assert_exact_keys("pack", cJSON_Duplicate(cJSON_GetObjectItem(image, "pack"), true));
    assert_exact_keys("window",
                      cJSON_Duplicate(cJSON_GetObjectItem(image, "windows")->child, true));
    assert_exact_keys("drift", cJSON_Duplicate(cJSON_GetObjectItem(image, "drift"), true));
    assert_exact_keys("summary", summary);
    assert_exact_keys("run", report_run(&report));
}

/* The checker itself finds values of a wrong type. */
static void wrong_values_are_found(void **state)
{
    static const char *const wrong[] = {
        "{\"name\":1}",
        "{\"name\":\"a\",\"provider\":\"b\",\"model\":\"c\",\"task\":\"song\"}",
        "[]",
        "null",
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cJSON *value;

        assert_true(json_parse(wrong[i], strlen(wrong[i]), "", &value, &err));
        assert_false(schema_holds(schema, "target", value, &err));
        cJSON_Delete(value);
    }
    assert_false(schema_holds(schema, "nothing", schema, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_matches_the_schema),
        cmocka_unit_test(run_and_summary_match_the_schema),
        cmocka_unit_test(wrong_values_are_found),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
