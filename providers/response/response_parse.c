/* response_parse.c - from the body of a response to a tree, and what to report if that fails. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "providers/response/response.h"

bool response_succeeded(int status)
{
    return status >= 200 && status <= 203; /* 203: changed by a proxy on the way */
}

static const char *first_character(const struct blob *body)
{
    const char *at = (const char *)body->data, *end = at + body->size;

    if (body->size > 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        at += 3;
    }
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) {
        at++;
    }
    return at < end ? at : NULL;
}

bool response_parse(const struct endpoint *at, const struct blob *body,
                    struct json_long_strings *longs, cJSON **top, struct error *err)
{
    const char *title = at->provider->title;
    const char *first = body->size ? first_character(body) : NULL;
    size_t size = first ? body->size - (size_t)(first - (const char *)body->data) : 0;

    *top = NULL;
    if (!first) {
        return error_set(err, ERROR_REMOTE, "%s sent an empty response", title);
    }
    if (*first != '{' && *first != '[') {
        error_set(err, ERROR_FORMAT, "%s sent %s instead of JSON", title,
                  *first == '<' ? "a web page" : "text");
        return error_hint(err, "Check the base URL of the provider.");
    }
    if (!json_check_limits(first, size, "the response", err)) {
        err->kind = ERROR_FORMAT; /* another request would give the same */
        return false;
    }
    return longs ? json_parse_long(first, size, "the response", longs, top, err)
                 : json_parse(first, size, "the response", top, err);
}

bool response_unreadable(const struct endpoint *at, const cJSON *top, const char *what,
                         struct error *err)
{
    char names[120] = "";
    const cJSON *member;
    size_t size = 0;

    cJSON_ArrayForEach(member, top)
    {
        int wrote = snprintf(names + size, sizeof names - size, "%s%.30s", size ? ", " : "",
                             member->string ? member->string : "a list");

        if (wrote < 0 || (size_t)wrote >= sizeof names - size) {
            names[size] = '\0';
            break;
        }
        size += (size_t)wrote;
    }
    error_set(err, ERROR_FORMAT, "%s sent no %s that darkroom can read (the response has: %s)",
              at->provider->title, what, names[0] ? names : "nothing");
    return error_hint(err, "Check the base URL and the preset, or update darkroom.");
}
