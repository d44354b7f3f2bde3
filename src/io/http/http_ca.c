/* http_ca.c - the certificate authorities that HTTPS servers and proxies are checked against. */
#include "io/http/http_ca.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "io/http/http_internal.h"

bool http_ca_count(const char *file, int *count, struct error *err)
{
    BIO *bio = BIO_new_file(file, "r");
    X509 *certificate;

    *count = 0;
    if (!bio) {
        return error_set(err, ERROR_CONFIG, "cannot read the certificates in '%.200s'", file);
    }
    while ((certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
        X509_free(certificate);
        ++*count;
    }
    BIO_free(bio);
    return *count > 0 ||
           error_set(err, ERROR_CONFIG, "'%.200s' contains no certificate in PEM format", file);
}

/* CURLOPT_SSL_CTX_FUNCTION: libcurl has loaded its authorities; adds further ones. A file that can
 * no longer be read makes the connection fail. */
static CURLcode add_extra(CURL *easy, void *context, void *file)
{
    (void)easy;
    return SSL_CTX_load_verify_locations(context, file, NULL) == 1 ? CURLE_OK
                                                                   : CURLE_SSL_CACERT_BADFILE;
}

/* A file replaces the system's folder too, which libcurl would read as well. */
void http_ca_set(struct transfer *transfer)
{
    const struct http *http = transfer->http;
    CURL *easy = transfer->easy;

    if (http->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, http->ca_file);
    }
    if (http->ca_file || http->ca_dir) {
        curl_easy_setopt(easy, CURLOPT_CAPATH, http->ca_dir);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, http->ca_dir);
    }
    if (http->extra_ca_file) {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, add_extra);
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http->extra_ca_file);
    }
}
