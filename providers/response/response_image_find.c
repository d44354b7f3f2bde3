/* response_image_find.c - where a response holds its image: in a list of images, in the parts of a
 * message, or within the text of one. */
#include <string.h>
#include <strings.h>

#include "providers/response/response.h"

enum { NESTING_MAX = 3 };

/* Members of an entry that may hold its image, the best first. */
static const char *const value_names[] = {
    "b64_json",    "base64", "b64",       "image_base64", "bytesBase64Encoded",
    "result",      "image",  "image_url", "url",          "inlineData",
    "inline_data", "data",   "src"
};
/* Members of a response that may hold its entries. */
static const char *const list_names[] = { "data",  "images",    "output",     "result",
                                          "image", "artifacts", "predictions" };
/* Members of a response whose entries are messages, with images among their parts. */
static const char *const message_names[] = { "choices", "output", "candidates" };

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Returns the string that is or describes the image of an entry: a string, or a member of an
 * object, such as {"b64_json": "..."} or {"image_url": {"url": "..."}}. NULL if there is none. */
static const cJSON *value_of(const cJSON *entry, int nesting)
{
    const cJSON *value = NULL;

    if (cJSON_IsString(entry) && entry->valuestring[0]) {
        return entry;
    }
    if (!cJSON_IsObject(entry) || nesting == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof value_names / sizeof *value_names && !value; i++) {
        value = value_of(member(entry, value_names[i]), nesting - 1);
    }
    return value;
}

/* Returns the first image of a list; entries without one, such as reasoning items, are skipped. */
static const cJSON *first_in(const cJSON *list)
{
    const cJSON *entry, *value = NULL;

    cJSON_ArrayForEach(entry, list)
    {
        value = value ? value : value_of(entry, NESTING_MAX);
    }
    return value;
}

/* -- messages ---------------------------------------------------------------------------------- */

/* True if a text contains an image, such as ![](data:image/png;base64,...). */
static bool shows_image(struct json_span text)
{
    static const char *const marks[] = { "data:image/", "](http" };

    for (int i = 0; i < 2; i++) {
        if (memmem(text.text, text.size, marks[i], strlen(marks[i]))) {
            return true;
        }
    }
    return false;
}

/* Returns the first text among the parts that shows an image. */
static const cJSON *text_with_image(const cJSON *content, const struct json_long_strings *longs)
{
    const cJSON *part;

    if (cJSON_IsString(content)) {
        return shows_image(json_span_of(longs, content)) ? content : NULL;
    }
    cJSON_ArrayForEach(part, content)
    {
        const cJSON *text = cJSON_IsString(part) ? part : member(part, "text");

        if (cJSON_IsString(text) && shows_image(json_span_of(longs, text))) {
            return text;
        }
    }
    return NULL;
}

static const cJSON *parts_of(const cJSON *message)
{
    const cJSON *content = member(message, "content"), *parts = member(content, "parts");

    return parts ? parts : content;
}

/* The message of an entry: itself, or its member. */
static const cJSON *message_of(const cJSON *entry)
{
    const cJSON *message = member(entry, "message");

    return cJSON_IsObject(message) ? message : entry;
}

static const cJSON *in_message(const cJSON *message, const struct json_long_strings *longs)
{
    const cJSON *parts = parts_of(message), *value = first_in(member(message, "images"));

    if (!value && cJSON_IsArray(parts)) {
        value = cJSON_IsString(cJSON_GetArrayItem(parts, 0)) ? NULL : first_in(parts);
    }
    return value ? value : text_with_image(parts, longs);
}

static const cJSON *in_messages(const cJSON *top, const struct json_long_strings *longs)
{
    const cJSON *value = NULL, *entry;

    for (size_t i = 0; i < sizeof message_names / sizeof *message_names; i++) {
        cJSON_ArrayForEach(entry, member(top, message_names[i]))
        {
            value = value ? value : in_message(message_of(entry), longs);
        }
    }
    return value;
}

static const char *refusal_in(const cJSON *message)
{
    const char *refusal = json_peek_text(message, "refusal");
    const cJSON *part;

    cJSON_ArrayForEach(part, parts_of(message))
    {
        const char *text = json_peek_text(part, "refusal");

        refusal = text ? text : refusal;
    }
    return refusal && refusal[0] ? refusal : NULL;
}

const char *response_image_refusal(const cJSON *top)
{
    const char *refusal = NULL;
    const cJSON *entry;

    for (size_t i = 0; i < sizeof message_names / sizeof *message_names; i++) {
        cJSON_ArrayForEach(entry, member(top, message_names[i]))
        {
            refusal = refusal ? refusal : refusal_in(message_of(entry));
        }
    }
    return refusal;
}

/* -- responses --------------------------------------------------------------------------------- */

const cJSON *response_image_find(const cJSON *top, const struct json_long_strings *longs)
{
    const cJSON *value = NULL;

    if (cJSON_IsArray(top)) {
        return first_in(top);
    }
    for (size_t i = 0; i < sizeof list_names / sizeof *list_names && !value; i++) {
        const cJSON *list = member(top, list_names[i]);

        value = cJSON_IsArray(list) ? first_in(list) : NULL;
    }
    value = value ? value : in_messages(top, longs);
    return value ? value : value_of(top, NESTING_MAX);
}

bool response_image_is_empty(const cJSON *top)
{
    for (size_t i = 0; i < sizeof list_names / sizeof *list_names; i++) {
        const cJSON *list = member(top, list_names[i]), *first = cJSON_GetArrayItem(list, 0);

        if (cJSON_IsArray(list) && !first) {
            return true;
        }
        for (size_t j = 0; j < sizeof value_names / sizeof *value_names && first; j++) {
            const cJSON *value = member(first, value_names[j]);

            if (cJSON_IsNull(value) || (cJSON_IsString(value) && !value->valuestring[0])) {
                return true;
            }
        }
    }
    return false;
}
