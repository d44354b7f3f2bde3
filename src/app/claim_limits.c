/* claim_limits.c - reads the limits of jobs in flight. */
#include "app/claim_limits.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "providers/provider.h"

enum { MAX_LIMIT = 100000 };

static bool is_known(const char *name, const struct catalog *catalog)
{
    return strcmp(name, "user") == 0 || provider_find(name) || catalog_find(catalog, name);
}

static bool read_limit(char *text, const struct catalog *catalog, cJSON *limits, struct error *err)
{
    char *number = strchr(text, '='), *end;
    long value;

    if (!number) {
        error_set(err, ERROR_INPUT, "limit '%.60s' has no number", text);
        return error_hint(err, "Write it as user=4, openai=20 or gpt-image-2=8.");
    }
    *number++ = '\0';
    errno = 0;
    value = strtol(number, &end, 10);
    if (end == number || *end != '\0' || errno != 0 || value < 1 || value > MAX_LIMIT) {
        return error_set(err, ERROR_INPUT, "limit of %.60s: '%.20s' is not a number from 1 to %d",
                         text, number, MAX_LIMIT);
    }
    if (!is_known(text, catalog)) {
        error_set(err, ERROR_INPUT, "limit '%.60s' names no provider and no model", text);
        return error_hint(err, "It is `user`, a provider (`darkroom work --help`) or a model "
                               "(`darkroom models`).");
    }
    cJSON_DeleteItemFromObjectCaseSensitive(limits, text); /* the last one wins */
    cJSON_AddNumberToObject(limits, text, (double)value);
    return true;
}

bool claim_limits_read(const char *text, const struct catalog *catalog, char **json,
                       struct error *err)
{
    static const char separators[] = ", \t\r\n";
    char *copy = xstrdup(text ? text : ""), *saved = NULL;
    cJSON *limits = cJSON_CreateObject();
    bool good = true;

    *json = NULL;
    for (char *limit = strtok_r(copy, separators, &saved); good && limit;
         limit = strtok_r(NULL, separators, &saved)) {
        good = read_limit(limit, catalog, limits, err);
    }
    if (good && limits->child) {
        *json = cJSON_PrintUnformatted(limits);
    }
    cJSON_Delete(limits);
    free(copy);
    return good;
}
