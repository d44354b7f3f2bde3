/* receive_timestamp.h - when the data waiting in a socket arrived, by the kernel's timestamp. A
 * reader that was busy can so tell how long the data has waited. */
#ifndef BASE_RECEIVE_TIMESTAMP_H
#define BASE_RECEIVE_TIMESTAMP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct receive_timestamp {
    int64_t at_us;  /* clock_mono_us of the newest waiting byte */
    size_t waiting; /* bytes waiting */
};

/* The kernel begins to record timestamps some time after the first socket enables them. Returns a
 * socket that only enables them; the caller closes it at the end. Returns -1 on failure. */
int receive_timestamp_prepare(void);

/* Enables timestamps for data received from now on (SO_TIMESTAMPNS, socket(7)). Returns false if
 * the kernel does not support them. */
bool receive_timestamp_enable(int fd);

/* Does not read the data of the TCP socket. Returns false if none waits, or it has no timestamp. */
bool receive_timestamp_peek(int fd, struct receive_timestamp *out);
#endif
