/* export_name.c - identifiers and file names: nothing of a seller's text can leave the ZIP. */
#include "export/export_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ASIN_LENGTH = 10, SLUG_MAX = 48 };

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* ISO 2108: the sum of the digits, weighted by 10 to 1, is a multiple of 11. X stands for 10. */
static bool is_isbn(const char *text)
{
    int sum = 0;

    for (int i = 0; i < ASIN_LENGTH; i++) {
        bool ten = text[i] == 'X' && i == ASIN_LENGTH - 1;

        if (!ten && !isdigit((unsigned char)text[i])) {
            return false;
        }
        sum += (ten ? 10 : text[i] - '0') * (ASIN_LENGTH - i);
    }
    return sum % 11 == 0;
}

bool export_asin(const char *text, char out[11], struct error *err)
{
    size_t size = strlen(text);
    bool good = size == ASIN_LENGTH;

    for (size_t i = 0; good && i < size; i++) {
        good = is_alphanumeric(text[i]);
        out[i] = (char)toupper((unsigned char)text[i]);
    }
    out[good ? size : 0] = '\0';
    if (good && (strncmp(out, "B0", 2) == 0 || is_isbn(out))) {
        return true;
    }
    error_set(err, ERROR_INPUT, "'%.40s' is not an ASIN", text);
    return error_hint(err, "An ASIN has ten characters and begins with B0; a book has its ISBN-10. "
                           "It is in the address of the product's page, after /dp/.");
}

/* Copies letters and digits, lower-case or not; a run of other characters becomes one '-'. */
static void copy_safe(const char *text, bool lower, const char *also, size_t most, char *out)
{
    size_t size = 0;

    for (; *text && size < most; text++) {
        if (is_alphanumeric(*text) || (*text && strchr(also, *text))) {
            out[size++] = lower ? (char)tolower((unsigned char)*text) : *text;
        } else if (size > 0 && out[size - 1] != '-') {
            out[size++] = '-';
        }
    }
    while (size > 0 && out[size - 1] == '-') {
        size--;
    }
    out[size] = '\0';
}

bool export_sku(const char *text, char out[EXPORT_ID], struct error *err)
{
    copy_safe(text, false, "_", SLUG_MAX, out);
    for (const char *at = out; *at; at++) {
        if (is_alphanumeric(*at)) {
            return true;
        }
    }
    return error_set(err, ERROR_INPUT, "the SKU '%.60s' has no letter and no digit of ASCII", text);
}

void export_slug(const char *text, char out[EXPORT_ID])
{
    copy_safe(text, true, "", SLUG_MAX, out);
}

bool export_locale(const char *text, struct error *err)
{
    size_t language = strspn(text, "abcdefghijklmnopqrstuvwxyz");

    if ((language == 2 || language == 3) && text[language] == '-' &&
        strspn(text + language + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 &&
        text[language + 3] == '\0') {
        return true;
    }
    error_set(err, ERROR_INPUT, "'%.40s' is not a locale", text);
    return error_hint(err, "Write language and country: en-US, de-DE, fr-FR.");
}

void export_file_name(const char *pattern, const char *id, int i, char out[EXPORT_NAME])
{
    size_t used = 0;

    for (const char *at = pattern; *at && used < EXPORT_NAME - 1;) {
        size_t space = EXPORT_NAME - used;
        int wrote = -1;

        if (strncmp(at, "{id}", 4) == 0) {
            wrote = snprintf(out + used, space, "%s", id);
            at += 4;
        } else if (strncmp(at, "{nn}", 4) == 0) {
            wrote = snprintf(out + used, space, "%02d", i);
            at += 4;
        } else if (strncmp(at, "{n}", 3) == 0) {
            wrote = snprintf(out + used, space, "%d", i + 1);
            at += 3;
        } else {
            wrote = snprintf(out + used, space, "%c", *at++);
        }
        used += (size_t)wrote < space ? (size_t)wrote : space - 1;
    }
    snprintf(out + used, EXPORT_NAME - used, ".jpg");
}

bool export_name_is_safe(const char *name, int most)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < size; i++) {
        if (!is_alphanumeric(name[i]) && !strchr("-_.", name[i])) {
            return false;
        }
    }
    return size > 0 && size <= (size_t)most && name[0] != '.' && !strstr(name, "..");
}
