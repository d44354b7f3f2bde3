/* cut_proxy.h - a TCP proxy on 127.0.0.1 that interrupts a connection after an exact number of
 * bytes, so that a test decides at which byte a transfer ends. It serves one connection at a time.
 */
#ifndef TESTS_CUT_PROXY_H
#define TESTS_CUT_PROXY_H
#include <stdbool.h>

enum cut_mode {
    CUT_NOTHING,  /* forward everything */
    CUT_UPLOAD,   /* reset both sides after the client has sent `bytes` */
    CUT_DOWNLOAD, /* reset both sides after the server has sent `bytes` */
    CUT_HOLD      /* forward `bytes` of the client; discard the rest until it closes */
};

bool cut_proxy_start(int server_port); /* on a thread of its own */
int cut_proxy_port(void);
/* Applies to connections that are accepted later, and resets the two functions below. */
void cut_proxy_set(enum cut_mode mode, long bytes);
/* Bytes that the client, or the server, has sent through the last connection. */
long cut_proxy_uploaded(void);
long cut_proxy_downloaded(void);
/* Returns true when CUT_HOLD has forwarded its bytes. Waits at most a minute. */
bool cut_proxy_wait_held(void);
/* Waits until the connection was closed on both sides. At most a minute. */
bool cut_proxy_wait_idle(void);
void cut_proxy_stop(void);
#endif
