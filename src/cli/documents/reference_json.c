/* reference_json.c - the reference of --json: which objects a command prints, and their fields. It
 * is written from the schemas that --json-schema prints. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/documents/reference.h"
#include "cli/output/output_schema.h"

static const char introduction[] =
    "# Objects of --json\n"
    "\n"
    "With `--json` a command prints one object per line on standard output, and nothing else\n"
    "there. An error is an object too, besides the text on standard error; the exit status stays\n"
    "the same. Times are in UTC (`2026-01-31T09:30:00Z`), ids are complete, and a value that is\n"
    "not known is null. Characters that a terminal would interpret are escaped. New fields may be\n"
    "added in any version; a field that is renamed or removed is named in the changelog.\n"
    "\n"
    "Each object names its kind in `event`. Objects of `darkroom bench` that are also in its\n"
    "files have the form of the files, without it. `message` is a sentence for people, `reason`\n"
    "says why something is in its state, and `detail` is for operators.\n"
    "\n"
    "`--json-schema` prints a JSON Schema (draft 2020-12) of the objects of a command:\n"
    "\n"
    "```sh\n"
    "darkroom jobs --json-schema | jq '.\"$defs\".job.properties | keys'\n"
    "darkroom jobs --status failed --json | jq -r '[.id, .message] | @tsv'\n"
    "```\n"
    "\n"
    "This page is generated from the same table as the schemas: `darkroom man --markdown` prints\n"
    "it.\n"
    "\n";

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* The name of the definition that a part of a schema refers to, or NULL. */
static const char *reference_of(const cJSON *schema)
{
    const char *reference = json_peek_text(schema, "$ref");

    return reference ? strrchr(reference, '/') + 1 : NULL;
}

static void add_link(struct text *out, const char *definition)
{
    text_printf(out, "[%s](#%s)", definition, definition);
}

/* -- commands -------------------------------------------------------------------------------- */

static void add_command(struct text *out, const char *name, const cJSON *schema)
{
    const cJSON *object;
    const char *separator = "";

    text_printf(out, "| `%s` | ", name);
    cJSON_ArrayForEach(object, member(schema, "oneOf"))
    {
        if (strcmp(reference_of(object), output_error.name) != 0) {
            text_add(out, separator);
            add_link(out, reference_of(object));
            separator = ", ";
        }
    }
    text_add(out, " |\n");
}

/* -- objects --------------------------------------------------------------------------------- */

/* Appends text with '|' escaped, which would end a table cell. */
static void add_cell(struct text *out, const char *text)
{
    for (; *text; text++) {
        text_add(out, *text == '|' ? "\\" : "");
        text_add_char(out, *text);
    }
}

static void add_simple_type(struct text *out, const cJSON *schema, const char *type)
{
    const cJSON *items = member(schema, "items");

    if (strcmp(type, "array") == 0 && reference_of(items)) {
        text_add(out, "array of ");
        add_link(out, reference_of(items));
    } else if (strcmp(type, "array") == 0 && json_peek_text(items, "type")) {
        text_printf(out, "array of %s", json_peek_text(items, "type"));
    } else {
        text_add(out, type);
    }
}

/* Appends "string or null", or a link to the object. */
static void add_type(struct text *out, const cJSON *schema)
{
    const cJSON *type = member(schema, "type"), *each;
    const char *separator = "";

    if (reference_of(schema)) {
        add_link(out, reference_of(schema));
    } else if (member(schema, "anyOf")) {
        add_link(out, reference_of(member(schema, "anyOf")->child));
        text_add(out, " or null");
    } else if (cJSON_IsString(type)) {
        add_simple_type(out, schema, type->valuestring);
    } else if (cJSON_IsArray(type)) {
        cJSON_ArrayForEach(each, type)
        {
            text_add(out, separator);
            add_simple_type(out, schema, each->valuestring);
            separator = " or ";
        }
    } else {
        text_add(out, member(schema, "enum") || member(schema, "const") ? "constant" : "any");
    }
}

static void add_values(struct text *out, const cJSON *schema)
{
    const cJSON *value, *constant = member(schema, "const");
    char *text = constant ? cJSON_PrintUnformatted(constant) : NULL;
    const char *separator = ": ";

    cJSON_ArrayForEach(value, member(schema, "enum"))
    {
        if (cJSON_IsString(value)) {
            text_printf(out, "%s`%s`", separator, value->valuestring);
            separator = ", ";
        }
    }
    if (text) {
        text_printf(out, ": `%s`", text);
    }
    cJSON_free(text);
}

static bool is_required(const cJSON *object, const char *name)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, member(object, "required"))
    {
        if (strcmp(each->valuestring, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_field(struct text *out, const char *name, const cJSON *schema, bool required)
{
    const char *meaning = json_peek_text(schema, "description");

    text_printf(out, "| `%s` | ", name);
    add_type(out, schema);
    text_printf(out, " | %s | ", required ? "always" : "sometimes");
    add_cell(out, meaning ? meaning : "");
    add_values(out, schema);
    text_add(out, " |\n");
}

/* Writes a row per field, and below it those of an object that has no name of its own. */
static void add_fields(struct text *out, const char *prefix, const cJSON *object)
{
    const cJSON *field, *others = member(object, "additionalProperties");
    char name[160];

    cJSON_ArrayForEach(field, member(object, "properties"))
    {
        snprintf(name, sizeof name, "%s%s", prefix, field->string);
        add_field(out, name, field, is_required(object, field->string));
        snprintf(name, sizeof name, "%s%s.", prefix, field->string);
        add_fields(out, name, field);
    }
    if (cJSON_IsObject(others)) {
        snprintf(name, sizeof name, "%sNAME", prefix);
        add_field(out, name, others, false);
    }
}

static void add_object(struct text *out, const cJSON *object)
{
    const char *meaning = json_peek_text(object, "description");
    size_t size = meaning ? strlen(meaning) : 0;

    text_printf(out, "\n### %s\n\n", object->string);
    if (size > 0) {
        text_printf(out, "%s%s", meaning, meaning[size - 1] == '.' ? "" : ".");
    }
    text_add(out, member(object, "additionalProperties") ? "" : " It may have other fields too.");
    text_add(out, "\n\n| field | type | present | meaning |\n|---|---|---|---|\n");
    add_fields(out, "", object);
}

static void add_objects(struct text *out, const cJSON *schema, cJSON *written)
{
    const cJSON *object;

    cJSON_ArrayForEach(object, member(schema, "$defs"))
    {
        if (!member(written, object->string)) {
            cJSON_AddTrueToObject(written, object->string);
            add_object(out, object);
        }
    }
}

void reference_json(struct text *out)
{
    static const struct output_object *const version[] = { &output_version, NULL };
    cJSON *written = cJSON_CreateObject(), *schema = output_schema("", version);
    struct text objects;

    text_begin(&objects, out->ceiling);
    text_add(out, introduction);
    text_add(out, "## Commands\n\nEach of them may also print an [error](#error).\n\n"
                  "| command | objects |\n|---|---|\n");
    add_command(out, "--version", schema);
    add_objects(&objects, schema, written);
    cJSON_Delete(schema);
    for (int i = 0; commands[i]; i++) {
        if (commands[i]->output) {
            schema = output_schema("", commands[i]->output);
            add_command(out, commands[i]->name, schema);
            add_objects(&objects, schema, written);
            cJSON_Delete(schema);
        }
    }
    text_add(out, "\n## Objects\n");
    text_add(out, objects.data);
    text_end(&objects);
    cJSON_Delete(written);
}
