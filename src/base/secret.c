/* secret.c - secret strings, and removing them from text. */
#include "base/secret.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Shorter secrets would mask common words. A part of PREFIX_BYTES at the start of a longer one is
 * enough to recognise it, because the text may have been cut within the secret. */
enum { FORMS = 9, MIN_BYTES = 8, PREFIX_BYTES = 12 };

struct secret {
    struct secret *next; /* all secrets of the process, for scrubbing */
    char *value;
    char *forms[FORMS]; /* how it may appear in a text; unused ones are NULL */
};

static struct secret *all; /* created at the start, on one thread; read by any thread */

static char *percent_encoded(const char *value, const char *digits)
{
    char *out = xcalloc(strlen(value) * 3 + 1, 1), *to = out;

    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '_' || c == '.' || c == '~';

        if (plain) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        }
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
    if (stop - start >= MIN_BYTES) {
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

struct secret *secret_new(const char *value)
{
    struct secret *secret = xcalloc(1, sizeof *secret);

    secret->value = xstrdup(value);
    if (strlen(value) >= MIN_BYTES) {
        secret->forms[0] = xstrdup(value);
        secret->forms[1] = percent_encoded(value, "0123456789ABCDEF");
        secret->forms[2] = percent_encoded(value, "0123456789abcdef");
        for (size_t before = 0; before < 3; before++) {
            secret->forms[3 + before] = base64_form(value, before);
            secret->forms[6 + before] = base64_url(secret->forms[3 + before]);
        }
    }
    secret->next = all;
    all = secret;
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

/* Size of the text at `at` that equals a form, or the start of one. Returns 0 if none does. */
static size_t matched(const char *at)
{
    size_t longest = 0;

    for (const struct secret *secret = all; secret; secret = secret->next) {
        for (int i = 0; i < FORMS; i++) {
            const char *form = secret->forms[i];
            size_t size = 0;

            while (form && form[size] && form[size] == at[size]) {
                size++;
            }
            if (size > longest && (size >= PREFIX_BYTES || !form[size])) {
                longest = size;
            }
        }
    }
    return longest;
}

void secret_scrub(char *text)
{
    while (all && *text) {
        size_t size = matched(text);

        memset(text, '*', size);
        text += size > 0 ? size : 1;
    }
}
