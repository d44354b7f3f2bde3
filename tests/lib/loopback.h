/* loopback.h - an HTTP server for tests on the loopback interface, with correct and faulty
 * behaviour.
 *
 * /plain /chunked /slow (60 s) /truncated /half-chunked /large /stalls (60 s) /endless
 * /many-headers /endless-headers /limits /drop /dies-when-reused /garbage /redirect?URL /circle
 * /echo /events /events-silent (60 s) /events-endless /events-truncated /raw (what the test sets)
 */
#ifndef TESTS_LIB_LOOPBACK_H
#define TESTS_LIB_LOOPBACK_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { LOOPBACK_LARGE = 8 << 20 }; /* bytes of /large */

struct loopback {
    int port;
    atomic_int connections, requests, open;
    atomic_long sent; /* bytes */
    const void *raw;  /* the whole answer of /raw, after which the connection ends */
    size_t raw_size;
};
extern struct loopback loopback;

bool loopback_start(void);
void loopback_stop(void); /* call it when the clients are closed */
#endif
