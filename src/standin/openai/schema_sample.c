/* schema_sample.c - generates JSON that satisfies a schema. */
#include "standin/openai/schema_sample.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "base/text.h"

enum { DEPTH_MAX = 24, TEXT_MAX = 4000, ITEMS_MAX = 64 };

struct sample_writer {
    const cJSON *root;
    uint64_t random;
    int serial;  /* incremented for each text, so that texts of an answer differ */
    int choices; /* incremented for each value of a list of values */
};

static const char *const sentences[] = {
    "Shaped for steady hands and everyday use at home or on the way.",
    "The smooth surface wipes clean in moments and keeps its even tone.",
    "Each part is fitted with care so that nothing rattles or works loose.",
    "It stands firmly on any table and stores neatly on a narrow shelf.",
    "Rounded edges feel pleasant and make the piece easy to lift.",
    "A calm design suits kitchens, desks and quiet corners alike.",
    "Thoughtful details help from the first day and stay useful for years.",
};

static const char *const headings[] = {
    "Made for everyday use", "Clean lines, calm design",  "Easy to hold and carry",
    "Care in every detail",  "Simple to clean and store", "A steady place at home",
    "Comfort in your hands", "Sized for real kitchens",   "Ready when you are",
};

static const char *const icons[] = { "shield", "leaf", "star", "drop", "heart", "ruler", "clock" };

struct key_hint { /* length and content of the text of a key that contains `part` */
    const char *part;
    char kind; /* h heading, s sentences, i icon, w a few words, c colour */
    int min, max;
};

static const struct key_hint key_hints[] = {
    { "headline", 'h', 10, 50 },  { "heading", 'h', 10, 50 },  { "title", 'h', 10, 50 },
    { "name", 'h', 3, 40 },       { "icon", 'i', 1, 20 },      { "color", 'c', 7, 7 },
    { "label", 'h', 3, 30 },      { "value", 'w', 3, 60 },     { "alt", 's', 20, 100 },
    { "image", 's', 40, 250 },    { "body", 's', 120, 280 },   { "text", 's', 60, 200 },
    { "descri", 's', 60, 160 },   { "sidebar", 's', 60, 200 }, { "bullet", 's', 30, 100 },
    { "highlight", 's', 30, 90 }, { "", 's', 20, 90 },
};

static const struct key_hint *hint_for(const char *key)
{
    const struct key_hint *hint = key_hints;

    while (!strcasestr(key, hint->part)) {
        hint++;
    }
    return hint;
}

/* Writes sentences until `min` bytes are reached; cuts at a word if that exceeds `max`. */
static void write_sentences(struct sample_writer *writer, int min, int max, struct text *out)
{
    unsigned at = (unsigned)writer->serial++;
    size_t end;

    do {
        text_printf(out, "%s%s", out->size ? " " : "",
                    sentences[at++ % (sizeof sentences / sizeof *sentences)]);
    } while (out->size < (size_t)min && !out->overflow);
    if (out->size <= (size_t)max) {
        return;
    }
    end = (size_t)max;
    while (end > (size_t)min && out->data[end] != ' ') {
        end--;
    }
    out->data[end] = '\0';
    out->size = end;
}

static cJSON *write_text(struct sample_writer *writer, const cJSON *schema, const char *key)
{
    const struct key_hint *hint = hint_for(key);
    int64_t min = json_peek_int(schema, "minLength", -1);
    int64_t max = json_peek_int(schema, "maxLength", -1);
    unsigned at = (unsigned)(random_next(&writer->random) % 97);
    struct text text;
    cJSON *out;

    text_begin(&text, TEXT_MAX);
    min = min < 0 ? hint->min : min;
    max = max < 0 ? (min > hint->max ? min + 40 : hint->max) : max;
    min = min > max ? max : min > TEXT_MAX / 2 ? TEXT_MAX / 2 : min;
    if (hint->kind == 'c') {
        text_printf(&text, "#%06x", (unsigned)(random_next(&writer->random) & 0xffffff));
    } else if (hint->kind == 'i') {
        text_add(&text, icons[at % (sizeof icons / sizeof *icons)]);
    } else if (hint->kind == 'h') {
        text_add(&text,
                 headings[(unsigned)writer->serial++ % (sizeof headings / sizeof *headings)]);
    }
    if (text.size < (size_t)min || text.size > (size_t)max || text.size == 0) {
        text_clear(&text);
        write_sentences(writer, (int)min, (int)max, &text);
    }
    out = cJSON_CreateString(text.data);
    text_end(&text);
    return out;
}

static cJSON *write_value(struct sample_writer *writer, const cJSON *schema, const char *key,
                          int depth);

static const cJSON *resolve_reference(const struct sample_writer *writer, const cJSON *schema)
{
    const char *reference = json_peek_text(schema, "$ref");
    const cJSON *at = writer->root;
    char copy[300], *save = NULL, *word;

    if (!reference || reference[0] != '#') {
        return schema;
    }
    snprintf(copy, sizeof copy, "%s", reference + 1);
    for (word = strtok_r(copy, "/", &save); word; word = strtok_r(NULL, "/", &save)) {
        at = cJSON_GetObjectItemCaseSensitive(at, word);
    }
    return at;
}

static cJSON *write_object(struct sample_writer *writer, const cJSON *schema, int depth)
{
    cJSON *object = cJSON_CreateObject(), *value;
    const cJSON *property;

    cJSON_ArrayForEach(property, cJSON_GetObjectItemCaseSensitive(schema, "properties"))
    {
        value = write_value(writer, property, property->string, depth + 1);
        if (!value) {
            cJSON_Delete(object);
            return NULL;
        }
        cJSON_AddItemToObject(object, property->string, value);
    }
    return object;
}

static cJSON *write_array(struct sample_writer *writer, const cJSON *schema, const char *key,
                          int depth)
{
    int64_t min = json_peek_int(schema, "minItems", -1);
    int64_t max = json_peek_int(schema, "maxItems", ITEMS_MAX);
    /* Without minItems a list gets a usual number of items. */
    int64_t wanted = depth <= 1 ? 5 : 4, count = min > wanted ? min : wanted;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(schema, "items");
    cJSON *array = cJSON_CreateArray(), *value;

    count = count > max ? max : count;
    count = count > ITEMS_MAX ? ITEMS_MAX : count;
    for (int64_t i = 0; i < count; i++) {
        value = write_value(writer, item, key, depth + 1);
        if (!value) {
            cJSON_Delete(array);
            return NULL;
        }
        cJSON_AddItemToArray(array, value);
    }
    return array;
}

static cJSON *write_number(struct sample_writer *writer, const cJSON *schema)
{
    int64_t min = json_peek_int(schema, "minimum", 1);
    int64_t max = json_peek_int(schema, "maximum", min + 9);
    uint64_t range = max > min ? (uint64_t)(max - min) + 1 : 1;

    return cJSON_CreateNumber((double)(min + (int64_t)(random_next(&writer->random) % range)));
}

/* Returns the type; of a list of types, the first that is not "null". */
static const char *type_of(const cJSON *schema)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(schema, "type"), *item;

    if (cJSON_IsString(type)) {
        return type->valuestring;
    }
    cJSON_ArrayForEach(item, type)
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, "null") != 0) {
            return item->valuestring;
        }
    }
    return cJSON_GetObjectItemCaseSensitive(schema, "properties") ? "object" : "string";
}

static cJSON *write_choice(struct sample_writer *writer, const cJSON *schema, const char *key,
                           int depth)
{
    const cJSON *any = cJSON_GetObjectItemCaseSensitive(schema, "anyOf"), *item;
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(schema, "enum");
    const cJSON *fixed = cJSON_GetObjectItemCaseSensitive(schema, "const");

    if (fixed) {
        return cJSON_Duplicate(fixed, true);
    }
    if (cJSON_GetArraySize(words) > 0) { /* in turn, so that a list contains all of them */
        item = cJSON_GetArrayItem(words, writer->choices++ % cJSON_GetArraySize(words));
        return cJSON_Duplicate(cJSON_IsNull(item) ? words->child : item, true);
    }
    if (cJSON_GetArraySize(any) > 0) {
        int count = cJSON_GetArraySize(any), at = writer->serial++ % count;

        item = cJSON_GetArrayItem(any, at);
        if (strcmp(type_of(resolve_reference(writer, item)), "null") == 0) {
            item = cJSON_GetArrayItem(any, (at + 1) % count);
        }
        return write_value(writer, item, key, depth + 1);
    }
    return NULL;
}

static cJSON *write_value(struct sample_writer *writer, const cJSON *schema, const char *key,
                          int depth)
{
    const char *type;
    cJSON *chosen;

    schema = resolve_reference(writer, schema);
    if (!schema || depth > DEPTH_MAX) {
        return NULL;
    }
    chosen = write_choice(writer, schema, key, depth);
    if (chosen) {
        return chosen;
    }
    type = type_of(schema);
    if (strcmp(type, "object") == 0) {
        return write_object(writer, schema, depth);
    }
    if (strcmp(type, "array") == 0) {
        return write_array(writer, schema, key, depth);
    }
    if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) {
        return write_number(writer, schema);
    }
    if (strcmp(type, "boolean") == 0) {
        return cJSON_CreateBool(random_next(&writer->random) & 1);
    }
    return strcmp(type, "null") == 0 ? cJSON_CreateNull() : write_text(writer, schema, key);
}

cJSON *schema_sample_make(const cJSON *schema, uint64_t seed)
{
    struct sample_writer writer = { .root = schema, .random = seed };

    return write_value(&writer, schema, "", 0);
}
