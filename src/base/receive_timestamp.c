/* receive_timestamp.c - reads the kernel's timestamp of waiting data without reading the data:
 * MSG_PEEK leaves it in the socket, and MSG_TRUNC avoids copying it (tcp(7)). The timestamp is the
 * one of the newest byte. */
#include "base/receive_timestamp.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { CLOCK_READS = 5, CLOCK_READ_US = 20 }; /* reading a clock takes less than a microsecond */

static const size_t peek_bytes = (size_t)1 << 30; /* more than a socket's buffer holds */

bool receive_timestamp_enable(int fd)
{
    int yes = 1;

    return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) == 0;
}

int receive_timestamp_prepare(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && !receive_timestamp_enable(fd)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The wall clock time of a timestamp as clock_mono_us. Two clocks are read one after the other: if
 * the thread was interrupted in between, they are read again. */
static int64_t mono_us(const struct timespec *stamp)
{
    int64_t best_us = INT64_MAX, result = 0;

    for (int i = 0; i < CLOCK_READS && best_us > CLOCK_READ_US; i++) {
        int64_t before = clock_mono_us(), after;
        struct timespec now;

        clock_gettime(CLOCK_REALTIME, &now);
        after = clock_mono_us();
        if (after - before < best_us) {
            best_us = after - before;
            result = before - (now.tv_sec - stamp->tv_sec) * 1000000 -
                     (now.tv_nsec - stamp->tv_nsec) / 1000;
        }
    }
    return result;
}

bool receive_timestamp_peek(int fd, struct receive_timestamp *out)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec nowhere = { NULL, peek_bytes }; /* MSG_TRUNC writes nothing */
    struct msghdr message = { .msg_iov = &nowhere,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    /* a raw system call: sanitizers assume that recvmsg writes the data */
    long waiting = syscall(SYS_recvmsg, fd, &message, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    struct cmsghdr *note = waiting > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    struct timespec stamp;

    if (!note || note->cmsg_level != SOL_SOCKET || note->cmsg_type != SCM_TIMESTAMPNS) {
        return false;
    }
    memcpy(&stamp, CMSG_DATA(note), sizeof stamp);
    *out = (struct receive_timestamp){ mono_us(&stamp), (size_t)waiting };
    return true;
}
