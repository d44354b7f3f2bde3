/* test_payload.c - payloads of jobs: every invalid key is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/payload.h"

typedef bool (*read_fn)(const char *, struct arena *, struct payload *, struct error *);

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void is_rejected(read_fn read, const char *json, const char *expected)
{
    struct payload payload;
    struct error err;

    if (read(json, arena, &payload, &err)) {
        fail_msg("%.200s was taken", json);
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    if (!strstr(err.text, expected)) {
        fail_msg("%.200s: wanted '%s' in '%s'", json, expected, err.text);
    }
}

static void image_payload_is_read(void **state)
{
    struct payload got;
    struct error err;

    (void)state;
    assert_true(payload_read_image("{\"projectId\":\"p1\",\"imageType\":\"LIFESTYLE\",\"style\":"
                                   "\"  warm\\nlight \",\"new key\":[1]}",
                                   arena, &got, &err));
    assert_string_equal(got.project_id, "p1");
    assert_int_equal(got.kind, LIFESTYLE);
    assert_string_equal(got.style, "warm light");
    assert_null(got.module_request.module_type);
    assert_true(payload_read_image("{\"projectId\":\"p1\",\"imageType\":\"MAIN_IMAGE\","
                                   "\"style\":null}",
                                   arena, &got, &err));
    assert_string_equal(got.style, "");
    assert_true(payload_read_image(
        "{\"projectId\":\"p1\",\"imageType\":\"A_PLUS_MODULE\",\"moduleType\":\"premium-video\","
        "\"description\":\"d\",\"headline\":\"h\",\"module\":2,\"slot\":3}",
        arena, &got, &err));
    assert_string_equal(got.module_request.module_type, "premium-video");
    assert_string_equal(got.module_request.description, "d");
    assert_string_equal(got.module_request.headline, "h");
    assert_int_equal(got.module_request.module, 2);
    assert_int_equal(got.module_request.slot, 3);
}

static void invalid_image_payloads_are_rejected(void **state)
{
    (void)state;
    is_rejected(payload_read_image, "", "payload");
    is_rejected(payload_read_image, "{", "payload is not JSON");
    is_rejected(payload_read_image, "[]", "not an object");
    is_rejected(payload_read_image, "null", "not an object");
    is_rejected(payload_read_image, "\"x\"", "not an object");
    is_rejected(payload_read_image, "{}", "'projectId'");
    is_rejected(payload_read_image, "{\"projectId\":1}",
                "'projectId': expected text, got a number");
    is_rejected(payload_read_image, "{\"projectId\":null}", "'projectId'");
    is_rejected(payload_read_image, "{\"projectId\":{}}", "'projectId'");
    is_rejected(payload_read_image, "{\"projectId\":\"\"}", "'projectId' must be an id");
    is_rejected(payload_read_image, "{\"projectId\":\"p\"}", "'imageType'");
    is_rejected(payload_read_image, "{\"projectId\":\"p\",\"imageType\":5}", "'imageType'");
    is_rejected(payload_read_image, "{\"projectId\":\"p\",\"imageType\":\"main\"}",
                "must be one of MAIN_IMAGE, INFOGRAPHIC");
    is_rejected(payload_read_image,
                "{\"projectId\":\"p\",\"imageType\":\"MAIN_IMAGE\",\"style\":1}", "'style'");
    is_rejected(payload_read_image,
                "{\"projectId\":\"p\",\"imageType\":\"MAIN_IMAGE\",\"style\":\"\xff\"}",
                "not UTF-8");
}

static void invalid_module_requests_are_rejected(void **state)
{
    static const char *const wrong[][2] = {
        { "\"moduleType\":1", "'moduleType'" }, { "\"description\":[]", "'description'" },
        { "\"headline\":true", "'headline'" },  { "\"module\":\"1\"", "'module'" },
        { "\"module\":1.5", "'module'" },       { "\"slot\":-1", "'slot'" },
        { "\"slot\":100", "'slot'" },           { "\"slot\":1e300", "'slot'" },
    };
    char json[300];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(json, sizeof json, "{\"projectId\":\"p\",\"imageType\":\"A_PLUS_MODULE\",%s}",
                 wrong[i][0]);
        is_rejected(payload_read_image, json, wrong[i][1]);
    }
}

static void limits_are_enforced(void **state)
{
    char *json = calloc(1, 400 * 1024);
    struct payload got;
    struct error err;

    (void)state;
    for (int size = 80; size < 60000; size += 19973) { /* a style may be of any length */
        sprintf(json, "{\"projectId\":\"p\",\"imageType\":\"MAIN_IMAGE\",\"style\":\"%0*d\"}", size,
                0);
        assert_true(payload_read_image(json, arena, &got, &err));
        assert_int_equal(strlen(got.style), size < 400 ? size : 400);
    }
    sprintf(json, "{\"projectId\":\"%0*d\",\"imageType\":\"MAIN_IMAGE\"}", 201, 0);
    is_rejected(payload_read_image, json, "'projectId'");
    sprintf(json, "{\"projectId\":\"p\",\"imageType\":\"A_PLUS_MODULE\",\"headline\":\"%0*d\"}",
            301, 0);
    is_rejected(payload_read_image, json, "too long");
    sprintf(json, "{\"projectId\":\"p\",\"x\":\"%0*d\"}", 300 * 1024, 0);
    is_rejected(payload_read_pack, json, "longer than");
    for (int i = 0; i < 1000; i++) {
        memcpy(json + i, "[", 2);
    }
    is_rejected(payload_read_pack, json, "nested");
    free(json);
}

static void keys_of_the_applications_generators_are_read(void **state)
{
    struct brief brief = { .features = { { .title = "Light", .priority = 10 },
                                         { .title = "Closes tight", .priority = 3 } },
                           .feature_count = 2 };
    struct payload got;
    struct error err;

    (void)state;
    assert_true(payload_read_image("{\"projectId\":\"p\",\"imageType\":\"LIFESTYLE\","
                                   "\"sceneDescription\":\"On a <b>desk</b>\\u202e\","
                                   "\"featureTitle\":\"closes tight\",\"comparisonType\":7,"
                                   "\"templateId\":\"infographic-2\"}",
                                   arena, &got, &err));
    assert_string_equal(got.subject.scene, "On a desk");
    assert_string_equal(got.subject.feature, "closes tight");
    assert_string_equal(got.subject.comparison, "");
    assert_string_equal(got.subject.template_id, "infographic-2");
    brief.subject = got.subject;
    brief_prefer_feature(&brief);
    assert_int_equal(brief.feature_count, 2);
    assert_string_equal(brief.features[0].title, "Closes tight");
    assert_true(brief.features[0].priority > brief.features[1].priority);
    brief.subject.feature = "Fits a bag";
    brief_prefer_feature(&brief);
    assert_int_equal(brief.feature_count, 3);
    assert_string_equal(brief.features[0].title, "Fits a bag");
    for (int i = 0; i < 20; i++) { /* a full list stays full */
        brief.subject.feature = i % 2 ? "Odd" : "Even";
        brief_prefer_feature(&brief);
    }
    assert_true(brief.feature_count <= BRIEF_FEATURES);
    assert_true(
        payload_read_image("{\"projectId\":\"p\",\"imageType\":\"LIFESTYLE\"}", arena, &got, &err));
    assert_string_equal(got.subject.scene, "");
}

static void pack_and_aplus_payloads_are_read(void **state)
{
    struct payload got;
    struct error err;

    (void)state;
    assert_true(payload_read_pack("{\"projectId\":\"p\"}", arena, &got, &err));
    assert_false(got.include_aplus);
    assert_true(
        payload_read_pack("{\"projectId\":\"p\",\"includeAPlus\":true}", arena, &got, &err));
    assert_true(got.include_aplus);
    assert_true(
        payload_read_aplus("{\"projectId\":\"p\",\"isPremium\":true,\"generateImages\":null}",
                           arena, &got, &err));
    assert_true(got.is_premium);
    assert_false(got.generate_images);
    is_rejected(payload_read_pack, "{\"projectId\":\"p\",\"includeAPlus\":\"true\"}",
                "'includeAPlus'");
    is_rejected(payload_read_pack, "{\"projectId\":\"p\",\"includeAPlus\":1}", "'includeAPlus'");
    is_rejected(payload_read_aplus, "{\"projectId\":\"p\",\"isPremium\":\"no\"}", "'isPremium'");
    is_rejected(payload_read_aplus, "{\"projectId\":\"p\",\"generateImages\":0}",
                "'generateImages'");
    is_rejected(payload_read_aplus, "{\"isPremium\":true}", "'projectId'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_payload_is_read),
        cmocka_unit_test(invalid_image_payloads_are_rejected),
        cmocka_unit_test(invalid_module_requests_are_rejected),
        cmocka_unit_test(limits_are_enforced),
        cmocka_unit_test(keys_of_the_applications_generators_are_read),
        cmocka_unit_test(pack_and_aplus_payloads_are_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
