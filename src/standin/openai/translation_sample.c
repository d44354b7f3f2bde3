/* translation_sample.c - translates nothing: marks each text with the language. */
#include "standin/openai/translation_sample.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 12, TEXT_MAX = 4000, CODE_MAX = 20 };

/* Returns the list at the end of the prompt; NULL if the text has none. */
static cJSON *list_in(const char *text)
{
    const char *last = NULL;

    for (const char *at = strstr(text, "\n["); at; at = strstr(at + 1, "\n[")) {
        last = at + 1;
    }
    return last ? cJSON_ParseWithOpts(last, NULL, 0) : NULL;
}

/* Finds the prompt among the texts of the request. */
static const char *find_prompt(const cJSON *at, int depth)
{
    const cJSON *child;

    if (cJSON_IsString(at)) {
        return strstr(at->valuestring, "\n[") ? at->valuestring : NULL;
    }
    cJSON_ArrayForEach(child, at)
    {
        const char *found = depth < DEPTH_MAX ? find_prompt(child, depth + 1) : NULL;

        if (found) {
            return found;
        }
    }
    return NULL;
}

/* Copies the code between the first quotes after "code". */
static void find_language(const char *prompt, char out[CODE_MAX])
{
    const char *code = strstr(prompt, "code \"");

    snprintf(out, CODE_MAX, "%.*s", code ? (int)strcspn(code + 6, "\"") : 0, code ? code + 6 : "");
}

cJSON *translation_sample_make(const cJSON *request)
{
    const char *prompt = find_prompt(request, 0);
    cJSON *out = cJSON_CreateObject(), *texts = cJSON_AddArrayToObject(out, "texts");
    cJSON *list = prompt ? list_in(prompt) : NULL;
    char language[CODE_MAX], text[TEXT_MAX];
    const cJSON *item;

    find_language(prompt ? prompt : "", language);
    cJSON_ArrayForEach(item, list)
    {
        snprintf(text, sizeof text, "%s (%s)", cJSON_IsString(item) ? item->valuestring : "",
                 language);
        cJSON_AddItemToArray(texts, cJSON_CreateString(text));
    }
    cJSON_Delete(list);
    return out;
}
