/* test_http_ca.c - which certificate authorities HTTPS servers are checked against. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/http/http_ca.h"
#include "lib/http_client.h"

static struct {
    int listener, port;
    SSL_CTX *context;
    pthread_t thread;
} server;

static char own_ca[] = "/tmp/darkroom-ca-XXXXXX", other_ca[] = "/tmp/darkroom-ca-XXXXXX";

/* Creates a certificate for 127.0.0.1, signed by itself, and writes it to a file. */
static X509 *make_certificate(EVP_PKEY *key, char *path)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_EXTENSION *address = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_EXTENSION *authority = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE");
    FILE *file = fdopen(mkstemp(path), "w");

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)path, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_add_ext(certificate, address, -1);
    X509_add_ext(certificate, authority, -1);
    X509_sign(certificate, key, EVP_sha256());
    PEM_write_X509(file, certificate);
    fclose(file);
    X509_EXTENSION_free(address);
    X509_EXTENSION_free(authority);
    return certificate;
}

static void answer(int peer)
{
    static const char text[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    SSL *ssl = SSL_new(server.context);
    char request[2000];

    SSL_set_fd(ssl, peer);
    if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof request) > 0) {
        SSL_write(ssl, text, sizeof text - 1);
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    close(peer);
}

static void *serve(void *unused)
{
    int peer;

    (void)unused;
    while ((peer = accept(server.listener, NULL, NULL)) >= 0) {
        answer(peer);
    }
    return NULL;
}

static int start_server(void **state)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, own_ca);

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    X509_free(make_certificate(other, other_ca));
    server.context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(server.context, certificate);
    SSL_CTX_use_PrivateKey(server.context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server.listener, (struct sockaddr *)&address, size) != 0 ||
        listen(server.listener, 8) != 0 ||
        getsockname(server.listener, (struct sockaddr *)&address, &size) != 0) {
        return -1;
    }
    server.port = ntohs(address.sin_port);
    return pthread_create(&server.thread, NULL, serve, NULL);
}

static int stop_server(void **state)
{
    (void)state;
    shutdown(server.listener, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.listener);
    SSL_CTX_free(server.context);
    unlink(own_ca);
    unlink(other_ca);
    return 0;
}

/* On a loaded machine, reading all authorities of the system and the handshake take seconds. */
static void fetch(const struct http_config *config)
{
    struct http_config patient = *config;
    char url[60];

    patient.connect_timeout_ms = 60000;
    assert_int_equal(client_set_up(&patient), 0);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server.port);
    client_prepare("GET", url);
    client_perform();
}

static void authority_that_is_not_trusted_is_refused_with_a_hint(void **state)
{
    (void)state;
    fetch(&(struct http_config){ 0 });
    assert_failed(ERROR_CONFIG, "certificate");
    assert_non_null(strstr(client.op.error.hint, "--ca-file"));
    client_tear_down(NULL);
    fetch(&(struct http_config){ .ca_file = other_ca });
    assert_failed(ERROR_CONFIG, "certificate");
    client_tear_down(NULL);
}

static void authorities_of_a_file_are_trusted(void **state)
{
    (void)state;
    fetch(&(struct http_config){ .ca_file = own_ca });
    assert_int_equal(client.op.error.kind, ERROR_NONE);
    assert_body("ok");
    client_tear_down(NULL);
    fetch(&(struct http_config){ .extra_ca_file = own_ca });
    assert_int_equal(client.op.error.kind, ERROR_NONE);
    client_tear_down(NULL);
    fetch(&(struct http_config){ .ca_file = other_ca, .extra_ca_file = own_ca });
    assert_int_equal(client.op.error.kind, ERROR_NONE);
    client_tear_down(NULL);
}

static void files_without_certificates_are_refused(void **state)
{
    char empty[] = "/tmp/darkroom-ca-XXXXXX";
    struct error err;
    int count;

    (void)state;
    assert_true(http_ca_count(own_ca, &count, &err));
    assert_int_equal(count, 1);
    assert_false(http_ca_count("/does/not/exist", &count, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "/does/not/exist"));
    close(mkstemp(empty));
    assert_false(http_ca_count(empty, &count, &err));
    assert_non_null(strstr(err.text, "no certificate"));
    unlink(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authority_that_is_not_trusted_is_refused_with_a_hint),
        cmocka_unit_test(authorities_of_a_file_are_trusted),
        cmocka_unit_test(files_without_certificates_are_refused),
    };

    return cmocka_run_group_tests(tests, start_server, stop_server);
}
