/* test_prompt.c - built-in templates and an operator's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "model/prompt.h"

static struct arena *arena;
static char folder[64];
static struct brief brief;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    strcpy(folder, "/tmp/darkroom-prompts-XXXXXX");
    brief = (struct brief){ .product_name = "Mug",
                            .description = "A mug",
                            .category = "",
                            .features = { { "Light", "It is light", 5, "feather" },
                                          { "Strong", "It is strong", 4, "shield" } },
                            .feature_count = 2,
                            .dimensions = { { .name = "height", .part = "", .text = "10 cm" } },
                            .dimension_count = 1 };
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    char path[100];

    (void)state;
    snprintf(path, sizeof path, "%s/main_image.txt", folder);
    unlink(path);
    rmdir(path);
    arena_free(arena);
    return rmdir(folder);
}

static void own(const char *text, size_t size)
{
    char path[100];
    FILE *file;

    snprintf(path, sizeof path, "%s/main_image.txt", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static const char *filled(const char *template)
{
    struct prompts *prompts;
    struct prompt prompt;
    struct error err;

    own(template, strlen(template));
    if (!prompts_load(folder, &prompts, &err) ||
        !prompt_make(prompts, "main_image", &brief, "too dark", 0, arena, &prompt, &err)) {
        fail_msg("%.200s: %s", template, err.text);
    }
    prompts_free(prompts);
    return prompt.text;
}

static void is_rejected(const char *template, size_t size, const char *expected)
{
    struct prompts *prompts;
    struct error err;

    own(template, size);
    if (prompts_load(folder, &prompts, &err)) {
        fail_msg("%.200s was taken", template);
    }
    assert_null(prompts);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, expected)) {
        fail_msg("%.200s: wanted '%s' in '%s'", template, expected, err.text);
    }
}

static void every_builtin_template_can_be_filled(void **state)
{
    static const char *const names[] = {
        "main_image",        "infographic",   "feature_highlight", "lifestyle", "comparison_chart",
        "dimension_diagram", "a_plus_module", "features",          "aplus",     "aplus_premium",
        "translation",
    };
    struct prompts *prompts;
    struct prompt prompt;
    struct error err;

    (void)state;
    assert_true(prompts_load(NULL, &prompts, &err));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(prompt_make(prompts, names[i], &brief, NULL, 32000, arena, &prompt, &err));
        assert_non_null(strstr(prompt.text, "Mug"));
        assert_null(strstr(prompt.text, "{{"));
        assert_int_equal(strlen(prompt.version), 12);
        assert_int_equal(strspn(prompt.version, "0123456789abcdef"), 12);
    }
    assert_false(prompt_make(prompts, "poster", &brief, NULL, 0, arena, &prompt, &err));
    for (int i = 0; i < IMAGE_KINDS; i++) { /* each image type has a template */
        assert_string_equal(prompt_name((enum image_kind)i), names[i]);
    }
    assert_true(
        prompt_make(prompts, "main_image", &brief, "no shadow please", 0, arena, &prompt, &err));
    assert_non_null(strstr(prompt.text, "no shadow please"));
    prompts_free(prompts);
}

static void a_scene_of_the_payload_is_asked_for_where_the_picture_has_one(void **state)
{
    struct prompts *prompts;
    struct error err;

    (void)state;
    assert_true(prompts_load(NULL, &prompts, &err));
    brief.subject.scene = "on a wooden table";
    for (int i = 0; i < IMAGE_KINDS; i++) {
        const char *name = prompt_name((enum image_kind)i);
        struct prompt prompt;
        bool shown;

        brief.plate = (struct plate_request){ .scene = "on a calm surface", .width = 1 };
        assert_true(prompt_make(prompts, name, &brief, NULL, 32000, arena, &prompt, &err));
        shown = strstr(prompt.text, "on a wooden table") != NULL;
        assert_int_equal(shown, i != MAIN_IMAGE);
        if (i != MAIN_IMAGE && i != LIFESTYLE) { /* nothing surrounds a product that is cut out */
            brief.plate = (struct plate_request){ .scene = "", .cut_out = true, .width = 1 };
            assert_true(prompt_make(prompts, name, &brief, NULL, 32000, arena, &prompt, &err));
            assert_null(strstr(prompt.text, "on a wooden table"));
        }
    }
    prompts_free(prompts);
}

static void names_and_sections_are_filled(void **state)
{
    (void)state;
    assert_string_equal(filled("[{{product_name}}]"), "[Mug]");
    assert_string_equal(filled("{{#category}}in {{category}}{{/category}}."), ".");
    assert_string_equal(filled("{{^category}}none{{/category}}."), "none.");
    assert_string_equal(filled("{{#description}}{{description}}!{{/description}}"), "A mug!");
    assert_string_equal(filled("{{again}}"), "too dark");
    assert_string_equal(filled("{{#features}}{{feature_title}}: {{feature_icon}}\n{{/features}}"),
                        "Light: feather\nStrong: shield\n");
    assert_string_equal(filled(
                            "{{#dimensions}}{{dimension_label}} {{dimension_text}}{{/dimensions}}"),
                        "height 10 cm");
    assert_string_equal(filled("{{#features}}{{#category}}x{{/category}}-{{/features}}"), "--");
    assert_string_equal(filled("a\n{{#style}}\nb\n{{/style}}\nc"), "a\nc");
    assert_string_equal(filled("a } {b} {c"), "a } {b} {c");
    assert_string_equal(filled("{{{{a}} {{{{{ {{{{{{product_name}}"), "{{a}} {{{ {{Mug");
    assert_string_equal(filled("{{#style}}x{{/style}}{{^style}}{{{{/style}}.{{/style}}"),
                        "{{/style}}.");
}

static void braces_in_product_text_have_no_effect(void **state)
{
    (void)state;
    brief.product_name = "{{again}} {{#features}} {{/x}} {{ }} %s %n";
    assert_string_equal(filled("<{{product_name}}>"),
                        "<{{again}} {{#features}} {{/x}} {{ }} %s %n>");
    brief.features[0].title = "{{product_name}}";
    brief.feature_count = 1;
    assert_string_equal(filled("{{#features}}{{feature_title}}{{/features}}"), "{{product_name}}");
}

static void broken_template_is_rejected_with_its_line(void **state)
{
    static const char *const wrong[][2] = {
        { "", "is empty" },
        { " \n \n", "is empty" },
        { "{{colour}}", "line 1: unknown name" },
        { "a\nb\n{{Product_name}}", "prompt 'main_image', line 3: unknown name" },
        { "{{ product_name }}", "unknown name" },
        { "{{}}", "unknown name" },
        { "{{#}}", "unknown name" },
        { "{{", "without '}}'" },
        { "a\n{{product_name", "line 2: '{{' without '}}'" },
        { "{{#style}}x", "line 1: a section is not closed" },
        { "{{#style}}x{{/style}", "not closed" },
        { "{{#style}}x{{/category}}", "not closed" },
        { "x{{/style}}", "a section is closed that was not opened" },
        { "{{#style}}{{/category}}{{/style}}", "not opened" },
        /* also in sections that are rarely used */
        { "{{#style}}\n{{colour}}{{/style}}", "line 2: unknown name" },
        { "{{^product_name}}{{colour}}{{/product_name}}", "unknown name" },
        { "{{#features}}{{^category}}{{colour}}{{/category}}{{/features}}", "unknown name" },
        { "{{#style}}{{#style}}{{#style}}{{#style}}{{#style}}x{{/style}}{{/style}}{{/style}}{{/"
          "style}}"
          "{{/style}}",
          "nested too deep" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        is_rejected(wrong[i][0], strlen(wrong[i][0]), wrong[i][1]);
    }
    is_rejected("a\0b", 3, "not UTF-8");
    is_rejected("\xff", 1, "not UTF-8");
}

static void operator_folder_replaces_single_templates(void **state)
{
    struct prompts *mine, *builtin;
    struct prompt one, other;
    struct error err;

    (void)state;
    own("MINE", 4);
    assert_true(prompts_load(folder, &mine, &err));
    assert_true(prompts_load(NULL, &builtin, &err));
    assert_true(prompt_make(mine, "main_image", &brief, NULL, 0, arena, &one, &err));
    assert_true(prompt_make(builtin, "main_image", &brief, NULL, 0, arena, &other, &err));
    assert_string_equal(one.text, "MINE");
    one.version = arena_text(arena, one.version);
    assert_string_not_equal(one.version, other.version);
    assert_true(prompt_make(mine, "lifestyle", &brief, NULL, 0, arena, &one, &err));
    assert_true(prompt_make(builtin, "lifestyle", &brief, NULL, 0, arena, &other, &err));
    assert_string_equal(one.text, other.text);
    assert_string_equal(one.version, other.version);
    prompts_free(mine);
    prompts_free(builtin);
}

static void unreadable_folder_or_file_is_reported(void **state)
{
    struct prompts *prompts;
    struct error err;
    char path[3000], *large;

    (void)state;
    assert_false(prompts_load("/nonexistent/prompts", &prompts, &err));
    assert_non_null(strstr(err.text, "'/nonexistent/prompts' does not exist"));
    large = malloc(70000);
    assert_non_null(large);
    memset(large, 'x', 70000);
    is_rejected(large, 70000, "longer than 64 KiB");
    free(large);
    snprintf(path, sizeof path, "%s/main_image.txt", folder);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0); /* a folder with the name of the file */
    assert_false(prompts_load(folder, &prompts, &err));
    assert_non_null(strstr(err.text, "main_image.txt"));
    for (size_t used = strlen(folder); used < 2100;
         used += 2) { /* a longer path to the same folder */
        strcpy(path + used, "/.");
        memcpy(path, folder, strlen(folder));
    }
    assert_false(prompts_load(path, &prompts, &err));
    assert_non_null(strstr(err.text, "too long"));
}

static void prompt_longer_than_the_model_accepts_is_rejected(void **state)
{
    struct prompts *prompts;
    struct prompt prompt;
    struct error err;

    (void)state;
    own("{{product_name}}", 16);
    assert_true(prompts_load(folder, &prompts, &err));
    brief.product_name = "\xc3\xa9\xc3\xa9\xc3\xa9"; /* characters, not bytes */
    assert_true(prompt_make(prompts, "main_image", &brief, NULL, 3, arena, &prompt, &err));
    assert_false(prompt_make(prompts, "main_image", &brief, NULL, 2, arena, &prompt, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_true(err.hint[0] != '\0');
    prompts_free(prompts);
}

static void template_of_a_batch_is_filled(void **state)
{
    struct prompt prompt, other;
    struct error err;

    (void)state;
    assert_true(prompt_check("A {{product_name}}, {{again}}", &err));
    assert_true(prompt_fill("A {{product_name}}.", &brief, NULL, 0, arena, &prompt, &err));
    assert_string_equal(prompt.text, "A Mug.");
    assert_int_equal(strlen(prompt.version), 12);
    assert_true(prompt_fill("The {{product_name}}.", &brief, NULL, 0, arena, &other, &err));
    assert_string_not_equal(prompt.version, other.version);
    assert_false(prompt_fill("A {{product_name}}.", &brief, NULL, 3, arena, &prompt, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_false(prompt_check("A {{produkt}}", &err));
    assert_non_null(strstr(err.text, "line 1"));
    assert_false(prompt_check(" \n", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_builtin_template_can_be_filled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_scene_of_the_payload_is_asked_for_where_the_picture_has_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_and_sections_are_filled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(braces_in_product_text_have_no_effect, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_template_is_rejected_with_its_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(operator_folder_replaces_single_templates, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(unreadable_folder_or_file_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prompt_longer_than_the_model_accepts_is_rejected, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(template_of_a_batch_is_filled, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
