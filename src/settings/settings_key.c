/* settings_key.c - unwraps keys and refuses texts that cannot be keys. */
#include "settings/settings_key.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/unicode/character.h"

/* -- what surrounds a value -------------------------------------------------------------------- */

/* Pages, chats and word processors put these around a value. */
static const char *const curly_quotes[] = { "\xe2\x80\x98", "\xe2\x80\x99",
                                            "\xe2\x80\x9c", "\xe2\x80\x9d",
                                            "\xe2\x80\x9e", "\xc2\xab",
                                            "\xc2\xbb",     NULL };

/* Size of the white or invisible character that the text begins with; 0 if it begins with another.
 */
static size_t blank_at(const char *text)
{
    enum character_class class;
    uint32_t code;
    size_t size = *text ? character_read(text, &class, &code) : 0;

    if (size == 0 || class == CHARACTER_INVALID) {
        return 0;
    }
    return class == CHARACTER_INVISIBLE || (code < 0x80 && isspace((int)code)) || code == 0xa0 ||
                   (code >= 0x2000 && code <= 0x200a) || code == 0x202f || code == 0x205f ||
                   code == 0x3000
               ? size
               : 0;
}

/* Size of the one of `list` that the text begins with; 0 if there is none. */
static size_t begins_with(const char *text, const char *const *list)
{
    while (*list && strncmp(text, *list, strlen(*list)) != 0) {
        list++;
    }
    return *list ? strlen(*list) : 0;
}

/* The same at its end. */
static size_t ends_with(const char *text, const char *const *list)
{
    size_t size = strlen(text);

    while (*list && (size < strlen(*list) || strcmp(text + size - strlen(*list), *list) != 0)) {
        list++;
    }
    return *list ? strlen(*list) : 0;
}

static char *skip_front(char *text, bool bearer)
{
    static const char scheme[] = "Bearer";
    size_t size = sizeof scheme - 1, blank = blank_at(text);

    if (blank > 0) {
        return text + blank;
    }
    return bearer && strncasecmp(text, scheme, size) == 0 && isspace((unsigned char)text[size])
               ? text + size
               : text;
}

/* Removes a white or invisible character from the end. Returns false if there is none. */
static bool cut_end(char *text)
{
    char *at = text + strlen(text);

    while (at > text && (*--at & 0xc0) == 0x80) { /* to the first byte of the last character */
    }
    if (blank_at(at) == 0) {
        return false;
    }
    *at = '\0';
    return true;
}

/* Removes curly quotes at both ends, or, `bearer`, at one: no key has a quote. Returns false if
 * there are none. */
static bool cut_curly_quotes(char **text, bool bearer)
{
    size_t front = begins_with(*text, curly_quotes), size = strlen(*text);
    size_t end = size > front ? ends_with(*text + front, curly_quotes) : 0;

    if (front + end == 0 || (!bearer && (front == 0 || end == 0))) {
        return false;
    }
    (*text)[size - end] = '\0';
    *text += front;
    return true;
}

char *setting_unwrap(char *text, bool bearer)
{
    static const char quotes[] = "\"'`";

    for (;;) {
        size_t size = strlen(text);
        char *front = skip_front(text, bearer);

        if (front != text) {
            text = front;
        } else if (cut_end(text) || cut_curly_quotes(&text, bearer)) {
            continue;
        } else if (size > 1 && strchr(quotes, text[0]) && text[size - 1] == text[0]) {
            text[size - 1] = '\0';
            text++;
        } else if (bearer && size > 1 && strchr(quotes, text[0])) { /* no key has a quote */
            text++;
        } else if (bearer && size > 1 && strchr(quotes, text[size - 1])) {
            text[size - 1] = '\0';
        } else {
            return text;
        }
    }
}

/* -- keys -------------------------------------------------------------------------------------- */

/* Compares the role in a legacy Supabase key, which is a JWT: header.claims.signature. */
static bool jwt_role_is(const char *key, const char *role)
{
    const char *start = strchr(key, '.'), *end = start ? strchr(start + 1, '.') : NULL;
    char in[2048], *fill;
    uint8_t out[2048];
    size_t size;
    struct error ignored;
    cJSON *claims;
    const char *found;
    bool same;

    if (!end || (size_t)(end - start) > sizeof in - 4) {
        return false;
    }
    fill = stpncpy(in, start + 1, (size_t)(end - start - 1));
    for (char *c = in; c < fill; c++) { /* base64url, without padding */
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    }
    while ((fill - in) % 4) {
        *fill++ = '=';
    }
    if (!base64_decode(in, (size_t)(fill - in), out, &size) ||
        !json_parse(out, size, "key", &claims, &ignored)) {
        return false;
    }
    found = json_peek_text(claims, "role");
    same = found && strcmp(found, role) == 0;
    cJSON_Delete(claims);
    return same;
}

static bool has_text(const char *key, const char *part)
{
    return strcasestr(key, part) != NULL;
}

/* A template that was not filled in, or a key that a page has masked. */
static bool is_placeholder(const char *key)
{
    static const char *const words[] = { "changeme", "change-me", "change_me", "placeholder",
                                         "null",     "undefined", "replace-me" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(key, words[i]) == 0) {
            return true;
        }
    }
    return strchr("<[{$", key[0]) != NULL || has_text(key, "...") || has_text(key, "***") ||
           has_text(key, "xxxxxx") || has_text(key, "your-api-key") ||
           has_text(key, "your_api_key") || has_text(key, "your-key") ||
           has_text(key, "your_key") || has_text(key, "your-service") ||
           has_text(key, "your-super-secret") || has_text(key, "-key-here") ||
           has_text(key, "_key_here");
}

static bool is_assignment(const struct setting *row, const char *key)
{
    char variable[64];

    for (int i = 0; setting_variable(row, NULL, i, variable, sizeof variable); i++) {
        size_t size = strlen(variable);

        if (strncmp(key, variable, size) == 0 && key[size] == '=') {
            return true;
        }
    }
    return false;
}

/* What the text is instead of a key, or NULL. */
static const char *other_meaning(const struct setting *row, const char *key)
{
    size_t size = strlen(key);
    bool separator = size > 0 && strchr(",;\\", key[size - 1]);

    return strstr(key, "://")                ? "is a URL, not a key"
           : separator || strstr(key, "\\n") ? "ends with a separator, which no key does"
           : is_assignment(row, key)         ? "contains the name of its variable"
           : is_placeholder(key)             ? "is a placeholder, not a key"
                                             : NULL;
}

static bool check_characters(const struct setting *row, const char *key, struct error *err)
{
    for (const char *c = key; *c; c++) {
        bool space = *c == ' ' || *c == '\t' || *c == '\n' || *c == '\r';

        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f) {
            error_set(err, ERROR_INPUT, "'%s' contains %s", row->name,
                      space                       ? "a space or a line break"
                      : (unsigned char)*c >= 0x80 ? "a character outside ASCII"
                                                  : "a control character");
            return error_hint(err, "It must be one word. Copy it again from the provider's page.");
        }
    }
    return true;
}

bool setting_key_check(const struct setting *row, const char *key, struct error *err)
{
    const char *meaning = other_meaning(row, key);

    if (strcmp(row->name, "otlp-headers") == 0) { /* a list, which header_list_read checks */
        return true;
    }
    if (meaning) {
        error_set(err, ERROR_INPUT, "'%s' %s", row->name, meaning);
        return error_hint(err, "Copy the key from the provider's page.");
    }
    if (!check_characters(row, key, err)) {
        return false;
    }
    if (strcmp(row->name, "supabase-key") == 0 &&
        (strncmp(key, "sb_publishable_", 15) == 0 || jwt_role_is(key, "anon") ||
         jwt_role_is(key, "authenticated"))) {
        error_set(err, ERROR_INPUT, "'supabase-key' is a public key, which cannot store images");
        return error_hint(err, "Use the secret key (sb_secret_...) or the service_role key of the "
                               "project, under Settings, API keys.");
    }
    return true;
}
