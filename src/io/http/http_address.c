/* http_address.c - checks and normalizes the address of a server. */
#include "io/http/http_address.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { ADDRESS_BYTES = 2000 };

static bool has_characters_of_a_url(const char *text, struct error *err)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f) {
            return error_set(err, ERROR_INPUT, "contains a %s",
                             *c == ' ' ? "space" : "character that a URL cannot have");
        }
    }
    return strlen(text) <= ADDRESS_BYTES || error_set(err, ERROR_INPUT, "is too long");
}

static bool check_scheme(const char *text, struct error *err)
{
    const char *slashes = strstr(text, "://");

    if (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0) {
        return slashes[3] != '/' || error_set(err, ERROR_INPUT, "has no host");
    }
    if (slashes) {
        error_set(err, ERROR_INPUT, "is not an http or https address");
    } else {
        error_set(err, ERROR_INPUT, "has no scheme");
    }
    return error_hint(err, "Write it as https://HOST.");
}

static char *part_of(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;

    return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static void make_lower(char *text)
{
    for (; text && *text; text++) {
        *text = (char)tolower((unsigned char)*text);
    }
}

/* Removes slashes that follow another or end the path: servers find nothing under them. */
static void drop_slashes(char *path)
{
    char *to = path;

    for (const char *at = path; at && *at; at++) {
        if (*at != '/' || (at[1] != '/' && at[1] != '\0')) {
            *to++ = *at;
        }
    }
    if (to) {
        *to = '\0';
    }
}

static bool has_port_zero(CURLU *url)
{
    char *port = part_of(url, CURLUPART_PORT, 0);
    bool zero = port && strtol(port, NULL, 10) == 0;

    curl_free(port);
    return zero;
}

static char *join(CURLU *url)
{
    char *scheme = part_of(url, CURLUPART_SCHEME, 0), *user = part_of(url, CURLUPART_USER, 0);
    char *password = part_of(url, CURLUPART_PASSWORD, 0), *host = part_of(url, CURLUPART_HOST, 0);
    char *port = part_of(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    char *path = part_of(url, CURLUPART_PATH, 0), *query = part_of(url, CURLUPART_QUERY, 0);
    char *out = NULL;

    make_lower(host);
    drop_slashes(path);
    if (asprintf(&out, "%s://%s%s%s%s%s%s%s%s%s%s", scheme, user ? user : "", password ? ":" : "",
                 password ? password : "", user || password ? "@" : "", host, port ? ":" : "",
                 port ? port : "", path ? path : "", query ? "?" : "", query ? query : "") < 0) {
        FATAL("out of memory");
    }
    curl_free(scheme);
    curl_free(user);
    curl_free(password);
    curl_free(host);
    curl_free(port);
    curl_free(path);
    curl_free(query);
    return out;
}

bool http_address_read(const char *text, char **out, struct error *err)
{
    CURLU *url;
    CURLUcode code;

    *out = NULL;
    if (!has_characters_of_a_url(text, err) || !check_scheme(text, err)) {
        return false;
    }
    if (strchr(text, '#')) {
        return error_set(err, ERROR_INPUT, "contains a '#'");
    }
    url = curl_url();
    code = url ? curl_url_set(url, CURLUPART_URL, text, 0) : CURLUE_OUT_OF_MEMORY;
    if (code == CURLUE_OK && has_port_zero(url)) {
        curl_url_cleanup(url);
        return error_set(err, ERROR_INPUT, "names port 0, where no server listens");
    }
    if (code == CURLUE_OK) {
        *out = join(url);
    }
    curl_url_cleanup(url);
    return code == CURLUE_OK ||
           error_set(err, ERROR_INPUT, "is not a valid URL (%s)", curl_url_strerror(code));
}
