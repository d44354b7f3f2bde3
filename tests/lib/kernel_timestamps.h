/* kernel_timestamps.h - tells whether this kernel records receive timestamps, without the code
 * under test (base/receive_timestamp). If it does not, tests of timestamps are skipped. */
#ifndef TESTS_LIB_KERNEL_TIMESTAMPS_H
#define TESTS_LIB_KERNEL_TIMESTAMPS_H
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline bool sends_with_timestamp(int to, const struct sockaddr_in *at, int from)
{
    char control[CMSG_SPACE(sizeof(struct timespec))], byte;
    struct iovec into = { &byte, 1 };
    struct msghdr message = {
        .msg_iov = &into, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };

    return sendto(from, "x", 1, 0, (const struct sockaddr *)at, sizeof *at) == 1 &&
           recvmsg(to, &message, 0) == 1 && CMSG_FIRSTHDR(&message) != NULL;
}

/* The kernel begins some time after timestamps are enabled. */
static inline bool kernel_timestamps_packets(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int to = socket(AF_INET, SOCK_DGRAM, 0), from = socket(AF_INET, SOCK_DGRAM, 0), yes = 1;
    bool stamps = false;

    if (bind(to, (struct sockaddr *)&at, size) == 0 &&
        getsockname(to, (struct sockaddr *)&at, &size) == 0 &&
        setsockopt(to, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) == 0) {
        for (int i = 0; i < 1000 && !stamps; i++) {
            stamps = sends_with_timestamp(to, &at, from);
            usleep(1000);
        }
    }
    close(to);
    close(from);
    return stamps;
}
#endif
