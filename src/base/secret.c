/* secret.c - secret strings, and removing them from text. */
#include "base/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FORMS = 18, GRAM = 4, COPY_BYTES = 4096 };

/* How much of a secret must be found. Shorter secrets would mask common words. A part of a longer
 * one is enough, because the text may have been cut within the secret. */
struct sensitivity {
    size_t least_secret, least_part; /* bytes */
};

static const struct sensitivity for_display = { 8, 12 }, for_data = { 16, 20 };

struct secret {
    struct secret *next; /* all secrets of the process, for scrubbing */
    char *value;
    char *forms[FORMS]; /* how it may appear in a text; unused ones are NULL */
};

static struct secret *all; /* created at the start, on one thread; read by any thread */

/* One bit per hash of GRAM consecutive bytes of any form. It rules out nearly every position of a
 * text at once. */
static uint8_t grams[8192];

static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Writes each character that is neither alphanumeric nor one of `plain` as `before`, two
 * hexadecimal digits and `after`. */
static char *encoded(const char *value, const char *plain, const char *before, const char *digits,
                     const char *after)
{
    char *out = xcalloc(strlen(value) * (strlen(before) + 2 + strlen(after)) + 1, 1), *to = out;

    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;

        if (is_alphanumeric(*value) || strchr(plain, *value)) {
            *to++ = *value;
        } else {
            to = stpcpy(to, before);
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
            to = stpcpy(to, after);
        }
    }
    return out;
}

static char *hexadecimal(const char *value, const char *digits)
{
    char *out = xcalloc(strlen(value) * 2 + 1, 1), *to = out;

    for (; *value; value++) {
        *to++ = digits[(unsigned char)*value >> 4];
        *to++ = digits[(unsigned char)*value & 15];
    }
    return out;
}

/* The characters of base64 text that depend on the secret only, if `before` (0 to 2) bytes precede
 * it in a group of three. Other bytes may precede and follow it. Returns NULL if too short. */
static char *base64_form(const char *value, size_t before)
{
    size_t size = before + strlen(value), start = (before * 8 + 5) / 6, stop = size * 8 / 6;
    uint8_t *in = xcalloc(size, 1);
    uint8_t *out = xcalloc((size + 2) / 3 * 4 + 1, 1);
    char *form = NULL;

    memcpy(in + before, value, size - before);
    EVP_EncodeBlock(out, in, (int)size);
    if (stop - start >= for_display.least_secret) {
        form = xstrndup((const char *)out + start, stop - start);
    }
    explicit_bzero(in, size);
    explicit_bzero(out, stop);
    free(in);
    free(out);
    return form;
}

/* The same text in the alphabet for URLs. */
static char *base64_url(const char *form)
{
    char *out = form ? xstrdup(form) : NULL;

    for (char *c = out; c && *c; c++) {
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
    }
    return out;
}

/* Replaces each of two characters by an escape. Returns NULL if the value has neither. */
static char *escaped(const char *value, const char *characters, const char *const *escapes)
{
    char *out, *to;

    if (!strpbrk(value, characters)) {
        return NULL;
    }
    out = to = xcalloc(strlen(value) * 6 + 1, 1);
    for (; *value; value++) {
        const char *found = strchr(characters, *value);

        to = found ? stpcpy(to, escapes[found - characters]) : to;
        if (!found) {
            *to++ = *value;
        }
    }
    return out;
}

static uint16_t gram_at(const char *at)
{
    uint32_t bytes;

    memcpy(&bytes, at, GRAM);
    return (uint16_t)((bytes * 2654435761u) >> 16);
}

static void add_grams(const struct secret *secret)
{
    for (int i = 0; i < FORMS; i++) {
        size_t size = secret->forms[i] ? strlen(secret->forms[i]) : 0;

        for (size_t at = 0; at + GRAM <= size; at++) {
            uint16_t gram = gram_at(secret->forms[i] + at);

            grams[gram / 8] |= (uint8_t)(1 << gram % 8);
        }
    }
}

static void collect_grams(void)
{
    explicit_bzero(grams, sizeof grams);
    for (const struct secret *secret = all; secret; secret = secret->next) {
        add_grams(secret);
    }
}

struct secret *secret_new(const char *value)
{
    static const char *const json[] = { "\\/", "\\u0026" }, *const html[] = { "&#x2F;", "&amp;" };
    struct secret *secret = xcalloc(1, sizeof *secret);

    secret->value = xstrdup(value);
    if (strlen(value) >= for_display.least_secret) {
        secret->forms[0] = xstrdup(value);
        secret->forms[1] = encoded(value, "-_.~", "%", upper, "");
        secret->forms[2] = encoded(value, "-_.~", "%", lower, "");
        for (size_t before = 0; before < 3; before++) {
            secret->forms[3 + before] = base64_form(value, before);
            secret->forms[6 + before] = base64_url(secret->forms[3 + before]);
        }
        secret->forms[9] = escaped(value, "/&", json);
        secret->forms[10] = escaped(value, "/&", html);
        /* encoders that leave nothing but letters and digits */
        secret->forms[11] = encoded(value, "", "%", upper, "");
        secret->forms[12] = encoded(value, "", "%", lower, "");
        secret->forms[13] = encoded(value, "", "\\u00", lower, "");
        secret->forms[14] = encoded(value, "", "&#x", lower, ";");
        secret->forms[15] = encoded(value, "-_.~", "%25", upper, ""); /* encoded twice */
        secret->forms[16] = hexadecimal(value, upper);
        secret->forms[17] = hexadecimal(value, lower);
    }
    secret->next = all;
    all = secret;
    add_grams(secret);
    return secret;
}

static void wipe(char *text)
{
    if (text) {
        explicit_bzero(text, strlen(text));
        free(text);
    }
}

void secret_free(struct secret *secret)
{
    if (!secret) {
        return;
    }
    for (struct secret **at = &all; *at; at = &(*at)->next) {
        if (*at == secret) {
            *at = secret->next;
            break;
        }
    }
    wipe(secret->value);
    for (int i = 0; i < FORMS; i++) {
        wipe(secret->forms[i]);
    }
    free(secret);
    collect_grams();
}

const char *secret_reveal(const struct secret *secret)
{
    return secret ? secret->value : "";
}

bool secret_starts_with(const struct secret *secret, const char *prefix)
{
    return secret && strncmp(secret->value, prefix, strlen(prefix)) == 0;
}

bool secret_is_set(const struct secret *secret)
{
    return secret && secret->value[0] != '\0';
}

bool secret_equal(const struct secret *one, const struct secret *other)
{
    size_t size = secret_is_set(one) ? strlen(one->value) : 0;

    return size > 0 && secret_is_set(other) && strlen(other->value) == size &&
           CRYPTO_memcmp(one->value, other->value, size) == 0;
}

/* All tokens begin with the same header, which is no secret: a part must reach beyond it. */
static size_t header_size(const char *form)
{
    size_t size = 0;

    while (strncmp(form, "eyJ", 3) == 0 &&
           (is_alphanumeric(form[size]) || form[size] == '_' || form[size] == '-')) {
        size++;
    }
    return size > 0 && form[size] ? size + 1 : 0; /* the dot may be encoded */
}

/* Size of the text that equals a part of the form, longest first; 0 if it is too short. */
static size_t matched_part(const char *text, size_t size, const char *form, size_t least_part)
{
    size_t longest = 0, header = least_part > for_display.least_part ? header_size(form) : 0;

    for (const char *at = form; *text && (at = strchr(at, *text)) != NULL; at++) {
        size_t same = 0, begin = (size_t)(at - form);

        while (same < size && at[same] && at[same] == text[same]) {
            same++;
        }
        if (same > longest && begin + same > header &&
            (same >= least_part || (begin == 0 && !at[same]))) {
            longest = same;
        }
    }
    return longest;
}

static size_t matched(const char *text, size_t size, const struct sensitivity *sensitivity)
{
    size_t longest = 0;

    for (const struct secret *secret = all; secret; secret = secret->next) {
        for (int i = 0; i < FORMS; i++) {
            const char *form = secret->forms[i];
            size_t same = form && strlen(secret->value) >= sensitivity->least_secret
                              ? matched_part(text, size, form, sensitivity->least_part)
                              : 0;

            longest = same > longest ? same : longest;
        }
    }
    return longest;
}

/* Returns the offset of the next secret from `at` on, and its size; `size` if there is none. */
static size_t next_secret(const char *text, size_t at, size_t size,
                          const struct sensitivity *sensitivity, size_t *found)
{
    for (; all && at + GRAM <= size; at++) {
        uint16_t gram = gram_at(text + at);

        if (!(grams[gram / 8] & 1 << gram % 8)) {
            continue;
        }
        *found = matched(text + at, size - at, sensitivity);
        if (*found > 0) {
            return at;
        }
    }
    return size;
}

static void scrub(char *text, size_t size, const struct sensitivity *sensitivity)
{
    size_t found = 0;

    for (size_t at = 0; (at = next_secret(text, at, size, sensitivity, &found)) < size;) {
        memset(text + at, '*', found);
        at += found;
    }
}

void secret_scrub(char *text)
{
    scrub(text, strlen(text), &for_display);
}

void secret_scrub_bytes(void *data, size_t size)
{
    scrub(data, size, &for_display);
}

void secret_copy(char *out, size_t size, const char *text)
{
    char *copy = xstrndup(text, strnlen(text, size + COPY_BYTES));

    secret_scrub(copy);
    snprintf(out, size, "%s", copy);
    free(copy);
}

char *secret_scrubbed_data(const char *text)
{
    size_t size = strlen(text), found = 0;
    char *copy;

    if (next_secret(text, 0, size, &for_data, &found) == size) {
        return NULL;
    }
    copy = xstrdup(text);
    scrub(copy, size, &for_data);
    return copy;
}
