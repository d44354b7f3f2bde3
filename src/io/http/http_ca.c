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

const char *http_ca_default(void)
{
    const char *file = curl_version_info(CURLVERSION_NOW)->cainfo;

    return file ? file : X509_get_default_cert_file();
}

bool http_ca_load_extra(struct http *http, const char *file, struct error *err)
{
    STACK_OF(X509) *extra = sk_X509_new_null();
    BIO *bio = BIO_new_file(file, "r");
    X509 *certificate;

    while (bio && (certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
        if (!sk_X509_push(extra, certificate)) {
            X509_free(certificate);
        }
    }
    BIO_free(bio);
    http->extra_authorities = extra;
    return sk_X509_num(extra) > 0 ||
           error_set(err, ERROR_CONFIG, "cannot read the certificates in '%.200s'", file);
}

void http_ca_free(struct http *http)
{
    sk_X509_pop_free(http->extra_authorities, X509_free);
}

/* CURLOPT_SSL_CTX_FUNCTION: libcurl has loaded its authorities; adds further ones. */
static CURLcode add_extra(CURL *easy, void *context, void *extra)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);

    (void)easy;
    for (int i = 0; i < sk_X509_num(extra); i++) {
        X509_STORE_add_cert(store,
                            sk_X509_value(extra, i)); /* one that it has already is skipped */
    }
    return CURLE_OK;
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
    if (http->extra_authorities) {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, add_extra);
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http->extra_authorities);
    }
}
