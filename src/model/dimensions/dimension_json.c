/* dimension_json.c - dimensions that a payload gives. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/brief.h"
#include "model/dimensions/dimension_number.h"
#include "model/dimensions/dimension_words.h"

enum { TEXT_MAX = 2000, PART_MAX = 40 };

static enum dimension_axis axis_of_key(const char *key)
{
    struct word word = { key, strlen(key) };
    bool noun;

    return word.size == 1 ? letter_axis(key[0]) : word_axis(&word, &noun);
}

/* Reads 12, "12", "12 cm" or "4 3/4 in". `unit` is used for a value without one; "" for none. */
static bool read_value(const cJSON *value, const char *unit, struct arena *arena,
                       struct dimension *out)
{
    const char *text = cJSON_IsString(value)   ? value->valuestring
                       : cJSON_IsNumber(value) ? arena_printf(arena, "%.10g", value->valuedouble)
                                               : "";
    const char *end, *own, *given_end, *given;

    if (!number_at(text, &out->value, &end)) {
        return false;
    }
    own = unit_at(text, end, &end);
    given = unit_at(unit, unit, &given_end);
    out->unit = own ? own : given;
    if (!out->unit || end[strspn(end, " .")] != '\0') {
        return false;
    }
    out->text = arena_printf(arena, "%g %s", out->value, out->unit);
    return true;
}

static bool add(const char *part, enum dimension_axis axis, const cJSON *value, const char *unit,
                struct arena *arena, struct dimension *out)
{
    part = brief_text(part, PART_MAX, arena);
    *out = (struct dimension){ .name = dimension_name(part, axis, arena),
                               .part = part,
                               .axis = axis,
                               .label = axis_name(axis) };
    return read_value(value, unit, arena, out);
}

static const char *unit_of(const cJSON *object, const char *outer)
{
    const char *unit = json_peek_text(object, "unit");

    unit = unit ? unit : json_peek_text(object, "units");
    return unit ? unit : outer;
}

/* {"height": 12, "unit": "cm"}; a member that is an object describes a part. */
static int read_members(const cJSON *object, const char *part, const char *outer,
                        struct arena *arena, struct dimension *out, int capacity)
{
    const char *unit = unit_of(object, outer);
    const cJSON *member;
    int count = 0;

    cJSON_ArrayForEach(member, object)
    {
        enum dimension_axis axis = axis_of_key(member->string);

        if (count == capacity) {
            break;
        }
        if (cJSON_IsObject(member) && !part[0]) {
            count +=
                read_members(member, member->string, unit, arena, out + count, capacity - count);
        } else if (axis != AXIS_UNKNOWN) {
            count += add(part, axis, member, unit, arena, &out[count]);
        }
    }
    return count;
}

/* {"label": "height", "part": "handle", "value": 12, "unit": "cm"} */
static int read_entry(const cJSON *entry, struct arena *arena, struct dimension *out)
{
    static const char *const keys[] = { "label", "name", "axis", "dimension" };
    const char *label = NULL, *part = json_peek_text(entry, "part");
    enum dimension_axis axis;

    for (size_t i = 0; i < sizeof keys / sizeof *keys && !label; i++) {
        label = json_peek_text(entry, keys[i]);
    }
    axis = label ? axis_of_key(label) : AXIS_UNKNOWN;
    if (!part) { /* "Handle": what is no axis is a part */
        part = label && axis == AXIS_UNKNOWN ? label : "";
    }
    return add(part, axis, cJSON_GetObjectItem(entry, "value"), unit_of(entry, ""), arena, out);
}

int dimensions_read(const cJSON *value, const char *names, struct arena *arena,
                    struct dimension *out, int capacity)
{
    const cJSON *entry;
    int count = 0;

    if (cJSON_IsString(value)) {
        return dimensions_find(brief_text(value->valuestring, TEXT_MAX, arena), names, arena, out,
                               capacity);
    }
    if (cJSON_IsObject(value)) {
        return cJSON_HasObjectItem(value, "value")
                   ? read_entry(value, arena, out)
                   : read_members(value, "", "", arena, out, capacity);
    }
    cJSON_ArrayForEach(entry, value)
    {
        if (count < capacity && cJSON_IsString(entry)) {
            count += dimensions_read(entry, names, arena, out + count, capacity - count);
        } else if (count < capacity && cJSON_IsObject(entry)) {
            count += cJSON_HasObjectItem(entry, "value")
                         ? read_entry(entry, arena, out + count)
                         : read_members(entry, "", "", arena, out + count, capacity - count);
        }
    }
    return count;
}
