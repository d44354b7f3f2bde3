/* receive_timestamp.h - when the bytes that lie in a socket came, by the kernel's own stamp: a
 * reader that was busy elsewhere still knows how long they lay. */
#ifndef BASE_RECEIVE_TIMESTAMP_H
#define BASE_RECEIVE_TIMESTAMP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct receive_timestamp {
    int64_t at_us;  /* clock_mono_us of the newest byte that waits */
    size_t waiting; /* bytes */
};

/* The kernel begins to stamp some time after the first socket asked for it. This one asks, and does
 * nothing else; the caller closes it at the end. -1: there is none. */
int receive_timestamp_prepare(void);

/* Has the kernel stamp what comes from now on (SO_TIMESTAMPNS, socket(7)). False: it cannot. */
bool receive_timestamp_enable(int fd);

/* Looks, and takes nothing, of a TCP socket. False where nothing waits, or it is not stamped. */
bool receive_timestamp_peek(int fd, struct receive_timestamp *out);
#endif
