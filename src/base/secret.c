/* secret.c - secret strings, and removing them from text. */
#include "base/secret.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/memory.h"

enum { FORMS = 3, MIN_BYTES = 8 };

struct secret {
    struct secret *next; /* all secrets of the process, for scrubbing */
    char *value;
    char *forms[FORMS]; /* plain, percent-encoded, base64; NULL if too short to search for */
};

static struct secret *all; /* created at the start, on one thread; read by any thread */

static char *percent_encoded(const char *value)
{
    char *out = xcalloc(strlen(value) * 3 + 1, 1), *to = out;

    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '_' || c == '.' || c == '~';

        to += plain ? sprintf(to, "%c", c) : sprintf(to, "%%%02X", c);
    }
    return out;
}

static char *base64_form(const char *value)
{
    struct blob blob;
    struct error ignored;
    char *out = NULL;

    if (base64_encode(value, strlen(value), &blob, &ignored)) {
        /* without the last group, which depends on what follows the secret */
        size_t size = blob.size > 4 ? blob.size - 4 : 0;

        out = size >= MIN_BYTES ? xstrndup((const char *)blob.data, size) : NULL;
        blob_free(&blob);
    }
    return out;
}

struct secret *secret_new(const char *value)
{
    struct secret *secret = xcalloc(1, sizeof *secret);

    secret->value = xstrdup(value);
    if (strlen(value) >= MIN_BYTES) {
        secret->forms[0] = xstrdup(value);
        secret->forms[1] = percent_encoded(value);
        secret->forms[2] = base64_form(value);
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

void secret_scrub(char *text)
{
    for (const struct secret *secret = all; secret; secret = secret->next) {
        for (int i = 0; i < FORMS; i++) {
            const char *form = secret->forms[i];
            char *at = text;

            while (form && (at = strstr(at, form)) != NULL) {
                memset(at, '*', strlen(form));
            }
        }
    }
}
