/* http_proxy.c - chooses the proxy of a request, and explains its failures.
 *
 * libcurl would choose alike, but ignores HTTP_PROXY in upper case and does not report which proxy
 * it used. NO_PROXY is left to libcurl. */
#include "io/http/http_proxy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "io/http/http_internal.h"

enum { PROBE_MS = 5000 };

static const char *const variables[HTTP_PROXY_VARIABLES] = {
    "https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY",
};

/* -- choosing ---------------------------------------------------------------------------------- */

static const char *value_of(const char *name)
{
    const char *value = getenv(name);

    /* HTTP_PROXY in a CGI program is the header "Proxy" of the request */
    if (!value || !*value || (strcmp(name, "HTTP_PROXY") == 0 && getenv("REQUEST_METHOD"))) {
        return NULL;
    }
    return value;
}

static bool is_this_machine(const char *url)
{
    CURLU *parsed = curl_url();
    struct in_addr v4;
    char *host = NULL;
    bool local = false;

    if (parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        local = strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
                (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127);
    }
    curl_free(host);
    curl_url_cleanup(parsed);
    return local;
}

const char *http_proxy_of(const char *url, const char **variable)
{
    int first = strncasecmp(url, "https:", 6) == 0 ? 0 : 2;

    *variable = NULL;
    for (int i = 0; i < 4 && !is_this_machine(url); i++) {
        const char *name = variables[i < 2 ? first + i : 2 + i], *value = value_of(name);

        if (value) {
            *variable = name;
            return value;
        }
    }
    return NULL;
}

static CURLU *parse(const char *proxy)
{
    CURLU *url = curl_url();

    if (url && curl_url_set(url, CURLUPART_URL, proxy,
                            CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        curl_url_cleanup(url);
        url = NULL;
    }
    return url;
}

void http_proxy_describe(const char *proxy, char *out, size_t size)
{
    CURLU *url = parse(proxy);
    char *host = NULL, *port = NULL;

    snprintf(out, size, "(not a valid URL)");
    if (url && curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        bool given = curl_url_get(url, CURLUPART_PORT, &port, 0) == CURLUE_OK;

        snprintf(out, size, "%s%s%s", host, given ? ":" : "", given ? port : "");
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
}

/* libcurl's default port of a proxy is 1080, with TLS 443. */
bool http_proxy_probe(const char *proxy, struct error *err)
{
    bool tls = strncasecmp(proxy, "https://", 8) == 0;
    char shown[160], url[200];
    CURL *easy = curl_easy_init();
    CURLcode code = CURLE_OUT_OF_MEMORY;

    http_proxy_describe(proxy, shown, sizeof shown);
    snprintf(url, sizeof url, "http://%s%s", shown,
             strchr(shown[0] == '[' ? strchr(shown, ']') : shown, ':') ? ""
             : tls ? ":443"
                   : ":1080");
    if (easy) {
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)PROBE_MS);
        code = curl_easy_perform(easy);
        curl_easy_cleanup(easy);
    }
    return code == CURLE_OK || error_set(err, ERROR_NETWORK, "cannot reach the proxy '%.100s': %s",
                                         shown, curl_easy_strerror(code));
}

void http_proxy_register_passwords(struct http *http)
{
    for (int i = 0; i < HTTP_PROXY_VARIABLES; i++) {
        const char *value = value_of(variables[i]);
        CURLU *url = value ? parse(value) : NULL;
        char *password = NULL;

        if (url && curl_url_get(url, CURLUPART_PASSWORD, &password, CURLU_URLDECODE) == CURLUE_OK) {
            http->proxy_passwords[i] = secret_new(password);
        }
        curl_free(password);
        curl_url_cleanup(url);
    }
}

void http_proxy_free_passwords(struct http *http)
{
    for (int i = 0; i < HTTP_PROXY_VARIABLES; i++) {
        secret_free(http->proxy_passwords[i]);
    }
}

void http_proxy_set(struct transfer *transfer)
{
    const char *proxy = http_proxy_of(transfer->op->http.url, &transfer->proxy_variable);

    transfer->proxy = proxy ? xstrdup(proxy) : NULL;
    curl_easy_setopt(transfer->easy, CURLOPT_PROXY, proxy ? proxy : "");
}

/* -- failures ---------------------------------------------------------------------------------- */

/* libcurl names the host to which it could not connect. */
static bool message_names(const struct transfer *transfer, const char *shown)
{
    char host[200];

    snprintf(host, sizeof host, "%.*s", (int)strcspn(shown, ":"), shown);
    return strstr(transfer->message, host) || strstr(transfer->message, "proxy");
}

static bool refused(struct transfer *transfer, const char *shown, long status)
{
    struct error *err = &transfer->op->error;
    const char *variable = transfer->proxy_variable;

    if (status == 407) {
        error_set(err, ERROR_CONFIG, "the proxy '%.100s' (%s) does not accept its user (HTTP 407)",
                  shown, variable);
        error_hint(err, "Set %s to http://USER:PASSWORD@%.100s.", variable, shown);
    } else {
        error_set(err, ERROR_NETWORK, "the proxy '%.100s' (%s) refuses this connection (HTTP %ld)",
                  shown, variable, status);
        error_hint(err, "Allow the server in the proxy, or list it in NO_PROXY.");
    }
    return true;
}

/* True if the proxy ended the connection before it had opened a tunnel, or forwards without one. */
static bool broke_at_proxy(const struct transfer *transfer, CURLcode code)
{
    bool tunnel = strncasecmp(transfer->op->http.url, "https:", 6) == 0;
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return !(tunnel && status >= 200) &&
           (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING);
}

bool http_proxy_failed(struct transfer *transfer, CURLcode code)
{
    struct error *err = &transfer->op->error;
    long status = 0;
    char shown[160];

    if (!transfer->proxy || transfer->cancelled) {
        return false;
    }
    http_proxy_describe(transfer->proxy, shown, sizeof shown);
    curl_easy_getinfo(transfer->easy,
                      code == CURLE_OK ? CURLINFO_RESPONSE_CODE : CURLINFO_HTTP_CONNECTCODE,
                      &status);
    if (code == CURLE_OK ? status == 407 : status >= 300) { /* 407 never comes from a server */
        return refused(transfer, shown, status);
    }
    if (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY ||
        (code == CURLE_COULDNT_CONNECT && message_names(transfer, shown))) {
        error_set(err, ERROR_NETWORK, "cannot reach the proxy '%.100s' (%s): %s", shown,
                  transfer->proxy_variable, curl_easy_strerror(code));
        error_hint(err, "Correct %s, or list the server in NO_PROXY.", transfer->proxy_variable);
        return true;
    }
    if (broke_at_proxy(transfer, code)) {
        error_set(err, ERROR_NETWORK, "the connection through the proxy '%.100s' (%s) broke: %s",
                  shown, transfer->proxy_variable, curl_easy_strerror(code));
        error_hint(err, "Check that the proxy reaches the server, or list the server in NO_PROXY.");
        return true;
    }
    return false;
}
