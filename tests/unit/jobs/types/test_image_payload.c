/* test_image_payload.c - the layout that a payload chooses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "jobs/types/image_job.h"

/* Reads the payload of an image of this type, with these further members. Returns the name of its
 * layout, NULL if it has none. */
static const char *layout_of(const char *type, const char *members)
{
    struct job_context context = { .marketplace = "amazon" };
    struct image_job image_job = { .rules = NULL };
    struct job job = { .context = &context, .state = &image_job, .arena = arena_new() };
    const struct embedded *file = embed_find("assets/rules.json");
    struct rules *rules;
    const char *name;
    struct error err;

    assert_non_null(file);
    assert_true(rules_load((const char *)file->data, &rules, &err));
    context.rules = rules;
    if (!image_job_read_payload(
            &job,
            arena_printf(job.arena, "{\"projectId\":\"p\",\"imageType\":\"%s\"%s}", type, members),
            &err)) {
        fail_msg("%s", err.text);
    }
    name = image_job.layout ? image_job.layout->name : NULL; /* of the built-in layouts */
    rules_free(rules);
    arena_free(job.arena);
    return name;
}

static void template_comes_before_style(void **unused)
{
    (void)unused;
    assert_string_equal(layout_of("INFOGRAPHIC", ""), "editorial");
    assert_string_equal(layout_of("INFOGRAPHIC", ",\"style\":\"bold\""), "bold");
    assert_string_equal(layout_of("INFOGRAPHIC",
                                  ",\"style\":\"bold\",\"templateId\":\"infographic-2\""),
                        "card");
    assert_string_equal(layout_of("INFOGRAPHIC", ",\"style\":\"bold\",\"templateId\":\"unknown\""),
                        "bold");
    assert_string_equal(layout_of("INFOGRAPHIC", ",\"style\":\"bold\",\"templateId\":{\"id\":1}"),
                        "bold");
}

static void kind_of_comparison_chooses_the_layout_of_a_chart(void **unused)
{
    (void)unused;
    assert_string_equal(layout_of("COMPARISON_CHART", ""), "columns");
    assert_string_equal(layout_of("COMPARISON_CHART", ",\"comparisonType\":\"simple\""), "sheet");
    assert_string_equal(layout_of("COMPARISON_CHART",
                                  ",\"comparisonType\":\"simple\",\"style\":\"bold\""),
                        "bold");
    assert_string_equal(layout_of("INFOGRAPHIC", ",\"comparisonType\":\"bold\""), "editorial");
}

static void images_without_text_have_no_layout(void **unused)
{
    (void)unused;
    assert_null(layout_of("LIFESTYLE", ",\"templateId\":\"lifestyle-1\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template_comes_before_style),
        cmocka_unit_test(kind_of_comparison_chooses_the_layout_of_a_chart),
        cmocka_unit_test(images_without_text_have_no_layout),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
