/* http_error.c - why a transfer failed: the kind of the error and its text. */
#include <stdio.h>

#include "io/http/http_internal.h"

/* CURLE_TOO_LARGE of libcurl 8.6: a header of more than 100 KB. Earlier releases report that no
 * memory is left. */
enum { TOO_LARGE = 100 };

static const char *host_of(const struct transfer *transfer, char *out, size_t size)
{
    CURLU *url = curl_url();
    char *host = NULL;

    snprintf(out, size, "the server");
    if (url && curl_url_set(url, CURLUPART_URL, transfer->op->http.url, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        snprintf(out, size, "%s", host);
    }
    curl_free(host);
    curl_url_cleanup(url);
    return out;
}

static bool is_connected(const struct transfer *transfer)
{
    curl_off_t us = 0;

    return curl_easy_getinfo(transfer->easy, CURLINFO_CONNECT_TIME_T, &us) == CURLE_OK && us > 0;
}

/* The address is wrong, or what listens there is not a web server. */
static void set_address_error(struct transfer *transfer, CURLcode code, const char *host)
{
    struct error *err = &transfer->op->error;
    bool untrusted = transfer->op->http.untrusted_url; /* a seller's address, or a setting */

    if (code == CURLE_UNSUPPORTED_PROTOCOL && is_connected(transfer) && !untrusted) {
        error_set(err, ERROR_REMOTE, "'%s' did not answer with HTTP", host);
    } else {
        error_set(err, untrusted ? ERROR_INPUT : ERROR_CONFIG, "cannot fetch from '%s': %s", host,
                  curl_easy_strerror(code));
    }
}

/* An untrusted URL is that of a server which no operator has chosen. */
static void set_certificate_error(struct transfer *transfer, const char *host)
{
    struct error *err = &transfer->op->error;
    bool untrusted = transfer->op->http.untrusted_url;

    error_set(err, untrusted ? ERROR_NETWORK : ERROR_CONFIG,
              "the certificate of '%s' cannot be trusted: %.120s", host, transfer->message);
    if (!untrusted) {
        error_hint(err, "If a proxy or an authority of your own signs it, name its certificate "
                        "with --ca-file or --extra-ca-file.");
    }
}

static void set_broken(struct error *err, CURLcode code, const char *host)
{
    if (code == CURLE_OUT_OF_MEMORY || (int)code == TOO_LARGE) {
        error_set(err, ERROR_REMOTE, "'%s' sent a header that is too large", host);
    } else {
        error_set(err, ERROR_NETWORK, "the connection to '%s' broke: %s", host,
                  curl_easy_strerror(code));
    }
}

void http_error_set(struct transfer *transfer, CURLcode code)
{
    struct error *err = &transfer->op->error;
    char host[120];

    host_of(transfer, host, sizeof host);
    if (http_proxy_failed(transfer, code)) {
        return;
    }
    if (transfer->cancelled) {
        error_set(err, ERROR_STOPPED, "the request was stopped");
    } else if (transfer->not_allowed) {
        error_set(err, ERROR_INPUT,
                  "the address of the image ('%s') belongs to an internal network", host);
        error_hint(err, "Only public addresses are fetched.");
    } else if (transfer->port_not_allowed) {
        error_set(err, ERROR_INPUT,
                  "the address of the image ('%s') uses a port that is not allowed", host);
        error_hint(err, "Only https addresses on port 443 are fetched.");
    } else if (transfer->too_long) {
        error_set(err, transfer->op->http.untrusted_url ? ERROR_INPUT : ERROR_REMOTE,
                  "'%s' sent more than %zu bytes", host, transfer->limit);
    } else if (transfer->no_memory) {
        error_set(err, ERROR_INTERNAL, "no memory for the answer of '%s'", host);
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        error_set(err, ERROR_NETWORK, "'%s' did not answer in time", host);
        if (transfer->proxy) {
            error_hint(err, "%s names a proxy: check that it reaches this server.",
                       transfer->proxy_variable);
        }
    } else if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
        error_set(err, ERROR_NETWORK, "cannot reach '%s': %s", host, curl_easy_strerror(code));
    } else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_TOO_MANY_REDIRECTS ||
               code == CURLE_URL_MALFORMAT) {
        set_address_error(transfer, code, host);
    } else if (code == CURLE_PEER_FAILED_VERIFICATION) {
        set_certificate_error(transfer, host);
    } else if (code == CURLE_BAD_CONTENT_ENCODING) {
        error_set(err, transfer->op->http.untrusted_url ? ERROR_INPUT : ERROR_FORMAT,
                  "the response of '%s' is compressed in a way that cannot be read", host);
    } else if (code == CURLE_SSL_CACERT_BADFILE) {
        error_set(err, ERROR_CONFIG, "cannot read the certificate authorities: %.160s",
                  transfer->message);
        error_hint(err, "Check --ca-file, SSL_CERT_FILE and similar variables.");
    } else {
        set_broken(err, code, host);
    }
}
