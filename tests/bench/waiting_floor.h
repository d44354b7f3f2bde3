/* waiting_floor.h - the lower bound of the machine: as many threads as calls in flight, each of
 * which connects, sends a request, reads the response, and repeats. No jobs and no images. */
#ifndef TESTS_WAITING_FLOOR_H
#define TESTS_WAITING_FLOOR_H
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

struct floor_run {
    int port;
    atomic_int left;
};

static void *floor_thread(void *context)
{
    static const char request[] =
        "POST /v1/images/edits HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    struct floor_run *run = context;
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)run->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    static _Thread_local char buffer[512 * 1024];

    while (atomic_fetch_sub(&run->left, 1) > 0) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);

        if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
            write(fd, request, sizeof request - 1) == (ssize_t)sizeof request - 1) {
            while (read(fd, buffer, sizeof buffer) > 0) {
            }
        }
        close(fd);
    }
    return NULL;
}

/* Returns the seconds for this many responses. */
static double floor_wall(int port, int answers, int in_flight)
{
    struct floor_run run = { .port = port, .left = answers };
    int64_t began = clock_mono_us();
    pthread_t threads[256];

    for (int i = 0; i < in_flight; i++) {
        if (pthread_create(&threads[i], NULL, floor_thread, &run) != 0) {
            return -1;
        }
    }
    for (int i = 0; i < in_flight; i++) {
        pthread_join(threads[i], NULL);
    }
    return (double)(clock_mono_us() - began) / 1e6;
}
#endif
