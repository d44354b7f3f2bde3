/* test_output.c - contract of the tables of objects: complete, unambiguous, and the same as the
 * committed reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/documents/help.h"
#include "cli/documents/reference.h"
#include "cli/output/output_schema.h"
#include "io/file.h"

enum { OBJECTS = 200, REFERENCE_BYTES = 1 << 20 };

struct object_list {
    const struct output_object *objects[OBJECTS];
    int count;
};

/* Adds an object and those that it contains. */
static void collect(struct object_list *list, const struct output_object *object)
{
    for (int i = 0; i < list->count; i++) {
        if (list->objects[i] == object) {
            return;
        }
    }
    assert_true(list->count < OBJECTS);
    list->objects[list->count++] = object;
    for (const struct output_field *field = object->fields; field && field->name; field++) {
        if (field->object) {
            collect(list, field->object);
        }
    }
}

static void collect_all(struct object_list *list)
{
    *list = (struct object_list){ .count = 0 };
    collect(list, &output_error);
    collect(list, &output_version);
    for (int i = 0; commands[i]; i++) {
        for (int j = 0; commands[i]->output && commands[i]->output[j]; j++) {
            collect(list, commands[i]->output[j]);
        }
    }
}

static void every_command_with_json_has_objects_and_no_other(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        bool has_json = command_has_setting(commands[i], "json");

        if (has_json != (commands[i]->output != NULL)) {
            fail_msg("%s: --json and the table of its objects disagree", commands[i]->name);
        }
        assert_true(!has_json || commands[i]->output[0]);
    }
}

/* Objects of the files of `darkroom bench` have the format of these files. */
static void every_printed_object_names_its_kind(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        for (int j = 0; commands[i]->output && commands[i]->output[j]; j++) {
            const struct output_object *object = commands[i]->output[j];
            const struct output_field *field = object->fields;

            while (field && field->name && strcmp(field->name, "event") != 0) {
                field++;
            }
            if (!object->bench_definition && !field->name) {
                fail_msg("%s has no event", object->name);
            }
        }
    }
}

/* One meaning, one word: message is a sentence for people, reason says why something is in its
 * state, detail is for operators. */
static void other_words_for_message_and_reason_are_not_used(void **state)
{
    static const char *const words[] = { "why", "error", "fault", "text", "note", "says" };
    struct object_list list;

    (void)state;
    collect_all(&list);
    for (int i = 0; i < list.count; i++) {
        const struct output_field *field = list.objects[i]->fields;

        for (; field && field->name; field++) {
            for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
                if (strcmp(field->name, words[j]) == 0) {
                    fail_msg("%s.%s: use message or reason", list.objects[i]->name, field->name);
                }
            }
        }
    }
}

static void assert_sentence(const char *where, const char *name, const char *text, bool upper)
{
    if (!text || strlen(text) < 4 || text[strlen(text) - 1] == '.' ||
        (upper && !isupper((unsigned char)text[0]))) {
        fail_msg("%s.%s: the meaning is missing, or has the wrong form: '%s'", where, name,
                 text ? text : "");
    }
}

static void check_field(const struct output_object *object, const struct output_field *field)
{
    unsigned kinds = field->type & ~(unsigned)(OUTPUT_OPTIONAL | OUTPUT_NULL);
    bool contains = kinds & (OUTPUT_OBJECT | OUTPUT_LIST);

    assert_sentence(object->name, field->name, field->meaning, false);
    if (kinds == 0 || (kinds & (kinds - 1)) != 0) {
        fail_msg("%s.%s has no type, or several", object->name, field->name);
    }
    assert_true(!field->object || contains);
    assert_true(!field->values || kinds == OUTPUT_TEXT);
    for (const struct output_field *next = field + 1; next->name; next++) {
        assert_string_not_equal(field->name, next->name);
    }
}

static void every_object_and_field_is_described(void **state)
{
    struct object_list list;

    (void)state;
    collect_all(&list);
    assert_true(list.count > 50);
    for (int i = 0; i < list.count; i++) {
        const struct output_object *object = list.objects[i];

        assert_sentence(object->name, "", object->meaning, true);
        assert_true(!object->fields != !object->bench_definition);
        for (const struct output_field *field = object->fields; field && field->name; field++) {
            check_field(object, field);
        }
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(object->name, list.objects[j]->name);
        }
    }
}

/* camelCase, in letters and digits */
static void names_of_fields_are_written_alike(void **state)
{
    struct object_list list;

    (void)state;
    collect_all(&list);
    for (int i = 0; i < list.count; i++) {
        for (const struct output_field *field = list.objects[i]->fields; field && field->name;
             field++) {
            size_t size = strspn(field->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789");

            if (strcmp(field->name, "*") != 0 &&
                (field->name[size] || !islower((unsigned char)field->name[0]))) {
                fail_msg("%s.%s is not in camel case", list.objects[i]->name, field->name);
            }
        }
    }
}

static const struct output_field *find_field(const struct output_object *object, const char *name)
{
    for (const struct output_field *field = object->fields; field->name; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

/* True if an object of kind `a` is never valid for kind `b`: a field that it always has is unknown
 * there or has other values. */
static bool differs(const struct output_object *a, const struct output_object *b)
{
    for (const struct output_field *field = a->fields; field->name; field++) {
        const struct output_field *other = find_field(b, field->name);

        if (field->type & OUTPUT_OPTIONAL) {
            continue;
        }
        if ((!other && !b->open) || (other && (field->type & other->type) == 0) ||
            (other && field->values && other->values && !strchr(field->values, '|') &&
             !strstr(other->values, field->values))) {
            return true;
        }
    }
    return false;
}

static void objects_of_a_command_can_be_told_from_each_other(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        const struct output_object *const *objects = commands[i]->output;

        for (int a = 0; objects && objects[a]; a++) {
            for (int b = 0; objects[b]; b++) {
                if (a != b && objects[a]->fields && objects[b]->fields &&
                    !differs(objects[a], objects[b]) && !differs(objects[b], objects[a])) {
                    fail_msg("%s: %s and %s", commands[i]->name, objects[a]->name,
                             objects[b]->name);
                }
            }
        }
    }
}

/* Finds a reference without its definition. */
static void assert_references(const cJSON *schema, const cJSON *part)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, part)
    {
        if (member->string && strcmp(member->string, "$ref") == 0 &&
            !cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(schema, "$defs"),
                                              strrchr(member->valuestring, '/') + 1)) {
            fail_msg("no definition of %s", member->valuestring);
        }
        assert_references(schema, member);
    }
}

/* Finds a field without a description, also in the definitions of bench. */
static void assert_described(const cJSON *part, const char *command)
{
    const cJSON *member, *field;

    cJSON_ArrayForEach(member, part)
    {
        if (member->string && strcmp(member->string, "properties") == 0) {
            cJSON_ArrayForEach(field, member)
            {
                const cJSON *text = cJSON_GetObjectItemCaseSensitive(field, "description");

                if (!cJSON_IsString(text) || !text->valuestring[0]) {
                    fail_msg("%s: the field %s has no description", command, field->string);
                }
            }
        }
        assert_described(member, command);
    }
}

static void every_schema_has_definitions_and_descriptions(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        if (commands[i]->output) {
            cJSON *schema = output_schema("title", commands[i]->output);

            assert_references(schema, schema);
            assert_described(schema, commands[i]->name);
            assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(schema, "oneOf")) > 1);
            cJSON_Delete(schema);
        }
    }
}

static void committed_reference_is_the_generated_one(void **state)
{
    const char *source = getenv("DARKROOM_SOURCE");
    struct text text;
    struct blob file;
    struct error err;
    char path[4000];

    (void)state;
    if (!source) {
        skip();
    }
    snprintf(path, sizeof path, "%s/assets/docs/json.md", source);
    assert_true(file_read(path, REFERENCE_BYTES, &file, NULL, &err));
    text_begin(&text, HELP_BYTES);
    reference_json(&text);
    assert_false(text.overflow);
    if (file.size != text.size || memcmp(file.data, text.data, text.size) != 0) {
        fail_msg("%s differs: darkroom man --markdown > assets/docs/json.md", path);
    }
    text_end(&text);
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_with_json_has_objects_and_no_other),
        cmocka_unit_test(every_printed_object_names_its_kind),
        cmocka_unit_test(other_words_for_message_and_reason_are_not_used),
        cmocka_unit_test(every_object_and_field_is_described),
        cmocka_unit_test(names_of_fields_are_written_alike),
        cmocka_unit_test(objects_of_a_command_can_be_told_from_each_other),
        cmocka_unit_test(every_schema_has_definitions_and_descriptions),
        cmocka_unit_test(committed_reference_is_the_generated_one),
    };

    command_table_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
