/* asking.h - HTTP requests of tests to the server of loopback.h: begun, waited for, compared. */
#ifndef TESTS_ASKING_H
#define TESTS_ASKING_H
#include "io/http/http.h"
#include "lib/loopback.h"

struct asking {
    struct loop *loop;
    struct http *http;
    struct op op; /* the request, and what came of it */
    int ended;    /* how many ended so far */
};
extern struct asking asking;

int asking_set_up(const struct http_config *config); /* 0, as cmocka wants it */
int asking_tear_down(void **state);

const char *asking_url(const char *path); /* one of eight in turn */
void asking_prepare(const char *method, const char *url);
void asking_perform(void);           /* begins asking.op, and waits for its end */
void asking_get(const char *path);   /* from the server of ours */
void asking_fetch(const char *url);  /* as a user's URL */
void asking_begin(struct op *which); /* done within begin fails the test */
void asking_wait(int count);         /* until so many ended */

void assert_body(const char *want);
void assert_failed(enum error_kind kind, const char *said); /* `said` is in the error's text */
#endif
