/* http_client.h - HTTP requests of tests to the server of loopback.h: begun, waited for, compared. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H
#include "io/http/http.h"
#include "lib/loopback.h"

struct http_client {
    struct loop *loop;
    struct http *http;
    struct op op; /* the request, and what came of it */
    int ended;    /* how many ended so far */
};
extern struct http_client client;

int client_set_up(const struct http_config *config); /* 0, as cmocka wants it */
int client_tear_down(void **state);

const char *client_url(const char *path); /* one of eight in turn */
void client_prepare(const char *method, const char *url);
void client_perform(void);                    /* begins client.op, and waits for its end */
void client_get(const char *path);            /* from the server of ours */
void client_fetch_untrusted(const char *url); /* as a user's URL */
void client_begin(struct op *which);          /* done within begin fails the test */
void client_wait(int count);                  /* until so many ended */

void assert_body(const char *want);
void assert_failed(enum error_kind kind, const char *said); /* `said` is in the error's text */
#endif
