/* header_list.c - reads headers from a secret, and keeps each value as a secret. */
#include "io/http/header_list.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static char *trimmed(char *text)
{
    size_t size;

    text += strspn(text, " \t");
    for (size = strlen(text); size > 0 && strchr(" \t", text[size - 1]); size--) {
        text[size - 1] = '\0';
    }
    return text;
}

/* The characters of a token (RFC 9110, 5.6.2). */
static bool is_name(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~0123456789"
                                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return text[0] && strspn(text, others) == strlen(text);
}

static bool add_header(struct header_list *list, char *pair, struct error *err)
{
    char *value = strchr(pair, '='), *name;
    int size = 0;

    if (list->count == LIST_HEADERS) {
        return error_set(err, ERROR_CONFIG, "more than %d headers", LIST_HEADERS);
    }
    if (!value) {
        return error_set(err, ERROR_CONFIG, "header %d has no '='", list->count + 1);
    }
    *value++ = '\0';
    name = trimmed(pair);
    value = curl_easy_unescape(NULL, trimmed(value), 0, &size);
    if (!is_name(name) || !value || strlen(value) != (size_t)size || strpbrk(value, "\r\n")) {
        curl_free(value);
        return error_set(err, ERROR_CONFIG, "header %d cannot be sent", list->count + 1);
    }
    list->names[list->count] = xstrdup(name);
    list->values[list->count++] = secret_new(value);
    explicit_bzero(value, (size_t)size);
    curl_free(value);
    return true;
}

bool header_list_read(const struct secret *text, struct header_list *out, struct error *err)
{
    char *copy = xstrdup(secret_is_set(text) ? secret_reveal(text) : ""), *saved = NULL;
    size_t size = strlen(copy);
    bool good = true;

    *out = (struct header_list){ .count = 0 };
    for (char *pair = strtok_r(copy, ",", &saved); good && pair;
         pair = strtok_r(NULL, ",", &saved)) {
        good = trimmed(pair)[0] == '\0' || add_header(out, pair, err);
    }
    explicit_bzero(copy, size);
    free(copy);
    if (!good) {
        header_list_free(out);
    }
    return good;
}

void header_list_free(struct header_list *list)
{
    for (int i = 0; i < list->count; i++) {
        free(list->names[i]);
        secret_free(list->values[i]);
    }
    *list = (struct header_list){ .count = 0 };
}

void header_list_add(const struct header_list *list, struct op *op)
{
    for (int i = 0; i < list->count; i++) {
        op_secret_header(op, list->names[i], "", list->values[i]);
    }
}
