/* http_client.h - HTTP requests of tests to the server of loopback.h. */
#ifndef TESTS_LIB_HTTP_CLIENT_H
#define TESTS_LIB_HTTP_CLIENT_H
#include "io/http/http.h"
#include "lib/loopback.h"

struct http_client {
    struct loop *loop;
    struct http *http;
    struct op op; /* the request and its response */
    int ended;    /* number of requests that ended */
};
extern struct http_client client;

int client_set_up(const struct http_config *config); /* returns 0, as cmocka expects */
int client_tear_down(void **state);

const char *client_url(const char *path); /* valid until eight more are requested */
void client_prepare(const char *method, const char *url);
void client_perform(void);                    /* begins client.op, and waits for its end */
void client_get(const char *path);            /* from the loopback server */
void client_fetch_untrusted(const char *url); /* as an untrusted URL */
void client_begin(struct op *which);          /* fails the test if `done` is called within begin */
void client_wait(int count);                  /* until so many requests ended */

void assert_body(const char *want);
void assert_failed(enum error_kind kind, const char *said); /* the error's text contains `said` */
#endif
