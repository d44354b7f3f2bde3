/* settings_value.c - parses values of settings. */
#include "settings/settings_value.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/edit_distance.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/http/http_address.h"
#include "io/postgres/database_url.h"
#include "settings/settings_key.h"

enum { LIST_BYTES = 200, MAX_DISTANCE = 2 };

static bool read_int(const struct setting *row, struct setting_value *out, struct error *err)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(out->text, &end, 10);
    if (errno || *end || value < row->min || value > row->max) {
        return error_set(err, ERROR_INPUT,
                         "Invalid --%s '%.40s': it takes a whole number from %lld to %lld",
                         row->name, out->text, (long long)row->min, (long long)row->max);
    }
    out->integer = value;
    out->number = (double)value;
    return true;
}

static bool read_number(const struct setting *row, struct setting_value *out, struct error *err)
{
    char *end;

    out->number = strtod(out->text, &end);
    if (*end || !isfinite(out->number) || out->number < (double)row->min ||
        out->number > (double)row->max) {
        return error_set(err, ERROR_INPUT,
                         "Invalid --%s '%.40s': it takes a number from %lld to %lld", row->name,
                         out->text, (long long)row->min, (long long)row->max);
    }
    return true;
}

static bool read_flag(const struct setting *row, struct setting_value *out, struct error *err)
{
    static const char *const words[] = { "0", "no", "false", "off", "1", "yes", "true", "on" };

    for (int i = 0; i < 8; i++) {
        if (strcasecmp(out->text, words[i]) == 0) {
            out->yes = i >= 4;
            return true;
        }
    }
    return error_set(err, ERROR_INPUT, "Invalid --%s '%.40s': it takes yes or no", row->name,
                     out->text);
}

/* Finds a word in a list of words separated by '|', in any case. */
static const char *find_choice(const char *choices, const char *word, size_t size)
{
    for (const char *at = choices; *at; at += *at == '|') {
        size_t length = strcspn(at, "|");

        if (length == size && strncasecmp(at, word, size) == 0) {
            return at;
        }
        at += length;
    }
    return NULL;
}

/* Replaces the value if it is an alias: "old=new|old=new". */
static void replace_alias(const char *aliases, char **value)
{
    for (const char *at = aliases; at && *at; at += *at == '|') {
        size_t size = strcspn(at, "="), length = strcspn(at, "|");

        if (strlen(*value) == size && strncasecmp(at, *value, size) == 0) {
            free(*value);
            *value = xstrndup(at + size + 1, length - size - 1);
            return;
        }
        at += length;
    }
}

/* Names the choices as "text, json or auto", and the one that was probably meant. */
static bool refuse_choice(const struct setting *row, const char *value, struct error *err)
{
    struct closest_match closest = { .to = value };
    char *copy = xstrdup(row->choices), *saved = NULL;
    struct text list;

    text_begin(&list, LIST_BYTES);
    for (char *word = strtok_r(copy, "|", &saved); word;) {
        char *next = strtok_r(NULL, "|", &saved);

        text_printf(&list, "%s%s", list.size == 0 ? "" : next ? ", " : " or ", word);
        closest_match_try(&closest, word);
        word = next;
    }
    error_set(err, ERROR_INPUT, "Invalid --%s '%.40s': it takes %s", row->name, value, list.data);
    if (closest.word && closest.distance <= MAX_DISTANCE) {
        error_hint(err, "Did you mean %s?", closest.word);
    }
    text_end(&list);
    free(copy);
    return false;
}

static bool read_choice(const struct setting *row, struct setting_value *out, struct error *err)
{
    const char *found;

    replace_alias(row->choice_aliases, &out->text);
    found = find_choice(row->choices, out->text, strlen(out->text));
    if (!found) {
        return refuse_choice(row, out->text, err);
    }
    memcpy(out->text, found, strlen(out->text)); /* in the case of the table */
    return true;
}

/* Registers the password as a secret, so that no output shows it. */
static bool read_url(const struct setting *row, struct setting_value *out, struct error *err)
{
    struct database_url url;
    struct error why;

    out->secret = NULL;
    if (!database_url_read(out->text, &url, &why)) {
        error_set(err, ERROR_INPUT, "'%s': %s", row->name, why.text);
        return error_hint(err, "%s", why.hint);
    }
    for (int i = 0; i < url.count; i++) {
        if (strcmp(url.keywords[i], "password") == 0) {
            out->secret = secret_new(url.values[i]);
        }
    }
    database_url_free(&url);
    return true;
}

/* Quotes around these values are not part of them; docker, for example, keeps them. In
 * a text they may be meant. */
static char *unwrapped(const struct setting *row, const char *text)
{
    bool quotes = row->type != SETTING_TEXT && row->type != SETTING_LIST;
    char *copy = xstrdup(text), *start = copy, *out;
    size_t size;

    if (quotes) {
        start = setting_unwrap(copy, row->type == SETTING_SECRET);
    } else {
        start += strncmp(start, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        start += strspn(start, " \t\r\n\v\f");
        for (size = strlen(start); size > 0 && isspace((unsigned char)start[size - 1]); size--) {
            start[size - 1] = '\0';
        }
    }
    out = xstrdup(start);
    explicit_bzero(copy, strlen(text));
    free(copy);
    return out;
}

/* Registers the password of a URL like https://user:password@proxy/v1, so that it is masked where
 * the URL is shown. */
static void register_password(const char *text, struct setting_value *out)
{
    const char *authority = strstr(text, "://"), *colon, *end;
    char *password;

    if (!authority) {
        return;
    }
    authority += 3;
    end = memrchr(authority, '@', strcspn(authority, "/?#"));
    colon = end ? memchr(authority, ':', (size_t)(end - authority)) : NULL;
    if (colon) {
        password = xstrndup(colon + 1, (size_t)(end - colon - 1));
        out->secret = secret_new(password);
        explicit_bzero(password, strlen(password));
        free(password);
    }
}

static bool has_user(const char *url)
{
    const char *authority = strstr(url, "://");

    return authority && memchr(authority + 3, '@', strcspn(authority + 3, "/?#"));
}

/* Removes the end of a URL that was copied from an example of a request. */
static void drop_suffix(char *url, const char *const *suffixes)
{
    size_t size = strcspn(url, "?");

    for (; *suffixes; suffixes++) {
        size_t length = strlen(*suffixes);

        if (size > length && strncmp(url + size - length, *suffixes, length) == 0) {
            memmove(url + size - length, url + size, strlen(url + size) + 1);
            return;
        }
    }
}

static bool read_address(const struct setting *row, struct setting_value *out, struct error *err)
{
    static const char *const endpoints[] = { "/images/generations", "/images/edits", "/responses",
                                             "/chat/completions",   "/models",       NULL };
    static const char *const services[] = { "/storage/v1", "/rest/v1", "/auth/v1", NULL };
    bool store = strcmp(row->name, "supabase-url") == 0;
    struct error why;
    char *url;

    if (!http_address_read(out->text, &url, &why)) {
        error_set(err, ERROR_INPUT, "'%s' %s", row->name, why.text);
        return error_hint(err, "%s", why.hint);
    }
    drop_suffix(url, store ? services : endpoints);
    free(out->text);
    out->text = url;
    register_password(url, out);
    if (strstr(row->name, "supabase-url") && has_user(url)) {
        error_set(err, ERROR_INPUT,
                  "'%s' contains a user name or password, which the addresses of images would "
                  "publish",
                  row->name);
        return error_hint(err, "Remove them: the key identifies this program.");
    }
    if (store && (strchr(url, '?') || strstr(url, "/dashboard"))) {
        error_set(err, ERROR_INPUT, "'supabase-url' is not the address of a project");
        return error_hint(err, "It looks like https://PROJECT.supabase.co.");
    }
    return true;
}

static bool read_typed(const struct setting *row, struct setting_value *out, struct error *err)
{
    switch (row->type) {
    case SETTING_INT:
        return read_int(row, out, err);
    case SETTING_NUMBER:
        return read_number(row, out, err);
    case SETTING_FLAG:
        return read_flag(row, out, err);
    case SETTING_CHOICE:
        return read_choice(row, out, err);
    case SETTING_URL:
        return read_url(row, out, err);
    case SETTING_SECRET:
        if (!setting_key_check(row, out->text, err)) {
            return false;
        }
        out->secret = secret_new(out->text);
        explicit_bzero(out->text, strlen(out->text));
        free(out->text);
        out->text = NULL;
        return true;
    case SETTING_ADDRESS:
        return read_address(row, out, err);
    case SETTING_TEXT:
        register_password(out->text, out);
        break;
    case SETTING_LIST:
        break;
    }
    return true;
}

bool setting_value_read(const struct setting *row, const char *text, struct setting_value *out,
                        struct error *err)
{
    *out = (struct setting_value){ .text = unwrapped(row, text) };
    if (out->text[0] == '\0') {
        setting_value_free(out);
        return true;
    }
    if (!read_typed(row, out, err)) {
        setting_value_free(out);
        return false;
    }
    return true;
}

void setting_value_free(struct setting_value *value)
{
    if (value->text) {
        explicit_bzero(value->text, strlen(value->text));
        free(value->text);
    }
    secret_free(value->secret);
    *value = (struct setting_value){ 0 };
}
