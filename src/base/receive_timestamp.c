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

/* Timestamps are of the wall clock. */
static int64_t age_us(const struct timespec *stamp)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec - stamp->tv_sec) * 1000000 + (now.tv_nsec - stamp->tv_nsec) / 1000;
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
    *out = (struct receive_timestamp){ clock_mono_us() - age_us(&stamp), (size_t)waiting };
    return true;
}
