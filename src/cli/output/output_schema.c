/* output_schema.c - writes the tables of objects as JSON Schema. */
#include "cli/output/output_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"

#define REFERENCE "#/$defs/"

static cJSON *text_list(const char *values)
{
    cJSON *list = cJSON_CreateArray();

    while (*values) {
        size_t size = strcspn(values, "|");
        char value[80];

        snprintf(value, sizeof value, "%.*s", (int)size, values);
        cJSON_AddItemToArray(list, cJSON_CreateString(value));
        values += size + (values[size] == '|');
    }
    return list;
}

static void add_reference(cJSON *schema, const char *definition)
{
    char reference[120];

    snprintf(reference, sizeof reference, REFERENCE "%s", definition);
    cJSON_AddStringToObject(schema, "$ref", reference);
}

static const char *definition_of(const struct output_object *object)
{
    return object->bench_definition ? object->bench_definition : object->name;
}

/* Adds "type": a name, or a list of names. */
static void add_type(cJSON *schema, unsigned type)
{
    static const struct {
        enum output_type type;
        const char *name;
    } names[] = { { OUTPUT_TEXT, "string" },   { OUTPUT_INTEGER, "integer" },
                  { OUTPUT_NUMBER, "number" }, { OUTPUT_BOOLEAN, "boolean" },
                  { OUTPUT_OBJECT, "object" }, { OUTPUT_LIST, "array" },
                  { OUTPUT_NULL, "null" } };
    cJSON *list;

    if (type & OUTPUT_ANY) {
        return;
    }
    list = cJSON_CreateArray();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (type & names[i].type) {
            cJSON_AddItemToArray(list, cJSON_CreateString(names[i].name));
        }
    }
    if (cJSON_GetArraySize(list) == 1) {
        cJSON_AddItemToObject(schema, "type", cJSON_DetachItemFromArray(list, 0));
        cJSON_Delete(list);
    } else {
        cJSON_AddItemToObject(schema, "type", list);
    }
}

/* The value of a field that is an object of a described kind, or null. */
static void add_object_or_null(cJSON *schema, const struct output_field *field)
{
    cJSON *list, *option;

    if (!(field->type & OUTPUT_NULL)) {
        add_reference(schema, definition_of(field->object));
        return;
    }
    list = cJSON_AddArrayToObject(schema, "anyOf");
    option = cJSON_CreateObject();
    add_reference(option, definition_of(field->object));
    cJSON_AddItemToArray(list, option);
    option = cJSON_CreateObject();
    cJSON_AddStringToObject(option, "type", "null");
    cJSON_AddItemToArray(list, option);
}

static void add_items(cJSON *schema, const struct output_field *field)
{
    cJSON *items = cJSON_AddObjectToObject(schema, "items");

    if (field->object) {
        add_reference(items, definition_of(field->object));
    } else {
        cJSON_AddStringToObject(items, "type", "string");
    }
}

static cJSON *field_schema(const struct output_field *field)
{
    cJSON *schema = cJSON_CreateObject(), *values;

    cJSON_AddStringToObject(schema, "description", field->meaning);
    if (field->object && field->type & OUTPUT_OBJECT) {
        add_object_or_null(schema, field);
        return schema;
    }
    add_type(schema, field->type);
    if (field->type & OUTPUT_LIST) {
        add_items(schema, field);
    }
    if (field->values) {
        values = text_list(field->values);
        if (field->type & OUTPUT_NULL) {
            cJSON_AddItemToArray(values, cJSON_CreateNull());
        }
        cJSON_AddItemToObject(schema, "enum", values);
    }
    return schema;
}

static cJSON *object_schema(const struct output_object *object)
{
    cJSON *schema = cJSON_CreateObject(), *properties, *required, *others = NULL;

    cJSON_AddStringToObject(schema, "description", object->meaning);
    cJSON_AddStringToObject(schema, "type", "object");
    properties = cJSON_AddObjectToObject(schema, "properties");
    required = cJSON_CreateArray();
    for (const struct output_field *field = object->fields; field->name; field++) {
        if (strcmp(field->name, "*") == 0) {
            others = field_schema(field);
            continue;
        }
        cJSON_AddItemToObject(properties, field->name, field_schema(field));
        if (!(field->type & OUTPUT_OPTIONAL)) {
            cJSON_AddItemToArray(required, cJSON_CreateString(field->name));
        }
    }
    cJSON_AddItemToObject(schema, "required", required);
    if (others) {
        cJSON_AddItemToObject(schema, "additionalProperties", others);
    } else if (!object->open) {
        cJSON_AddFalseToObject(schema, "additionalProperties");
    }
    return schema;
}

/* -- definitions ----------------------------------------------------------------------------- */

static cJSON *read_bench_definitions(void)
{
    const struct embedded *file = embed_find("assets/bench/schema.json");
    struct error ignored; /* bench/report/test_report reads the same file */
    cJSON *schema = NULL, *definitions = NULL;

    if (file && json_parse(file->data, file->size, "the schema", &schema, &ignored)) {
        definitions = cJSON_DetachItemFromObjectCaseSensitive(schema, "$defs");
    }
    cJSON_Delete(schema);
    return definitions;
}

/* Copies the definitions that a part of a schema refers to, and those that they refer to. */
static void copy_referenced(cJSON *definitions, const cJSON *bench, const cJSON *part)
{
    const cJSON *member, *found;

    cJSON_ArrayForEach(member, part)
    {
        if (!member->string || strcmp(member->string, "$ref") != 0) {
            copy_referenced(definitions, bench, member);
            continue;
        }
        found = cJSON_GetObjectItemCaseSensitive(bench, member->valuestring + strlen(REFERENCE));
        if (found && !cJSON_GetObjectItemCaseSensitive(definitions, found->string)) {
            cJSON_AddItemToObject(definitions, found->string, cJSON_Duplicate(found, true));
            copy_referenced(definitions, bench, found);
        }
    }
}

/* Adds an object, and all that its fields contain. */
static void define(cJSON *definitions, const struct output_object *object)
{
    if (object->bench_definition || cJSON_GetObjectItemCaseSensitive(definitions, object->name)) {
        return;
    }
    cJSON_AddItemToObject(definitions, object->name, object_schema(object));
    for (const struct output_field *field = object->fields; field->name; field++) {
        if (field->object) {
            define(definitions, field->object);
        }
    }
}

static void add_alternative(cJSON *alternatives, const struct output_object *object)
{
    cJSON *alternative = cJSON_CreateObject();

    add_reference(alternative, definition_of(object));
    cJSON_AddItemToArray(alternatives, alternative);
}

cJSON *output_schema(const char *title, const struct output_object *const *objects)
{
    cJSON *schema = cJSON_CreateObject(), *bench = read_bench_definitions();
    cJSON *alternatives, *definitions;

    cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(schema, "title", title);
    cJSON_AddStringToObject(schema, "description",
                            "Each object on standard output, one per line. Times are in UTC.");
    alternatives = cJSON_AddArrayToObject(schema, "oneOf");
    definitions = cJSON_AddObjectToObject(schema, "$defs");
    for (; *objects; objects++) {
        add_alternative(alternatives, *objects);
        define(definitions, *objects);
    }
    add_alternative(alternatives, &output_error);
    define(definitions, &output_error);
    copy_referenced(definitions, bench, alternatives);
    cJSON_Delete(bench);
    return schema;
}
