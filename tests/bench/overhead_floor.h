/* overhead_floor.h - a minimal client: sends the same requests at the same times and only reads the
 * responses. It shows the cost of the machine and its network. */
#ifndef TESTS_OVERHEAD_FLOOR_H
#define TESTS_OVERHEAD_FLOOR_H
#include <errno.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/timerfd.h>

#include "base/clock.h"
#include "bench/load/schedule.h"
#include "bench/server.h"

enum { FLOOR_BUFFER = 512 * 1024, FLOOR_EVENTS = 64 };

struct floor_row { /* one request, in shared memory */
    int64_t due_us, ended_us;
    char id[40];
    int fd;
    size_t came, length; /* of the whole response; 0 until its header is received */
};

struct floor_run {
    int port, epoll, timer;
    double rate, seconds;
    struct floor_row *rows;
    int count, open;
    double cpu; /* seconds */
};

static inline void floor_send(struct floor_run *run, int64_t due_us)
{
    static const char body[] = "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a steel bottle\","
                               "\"size\":\"1024x1024\",\"quality\":\"low\",\"n\":1}";
    struct floor_row *row = &run->rows[run->count];
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = (uint32_t)run->count };
    char request[600];
    int size = snprintf(request, sizeof request,
                        "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\n"
                        "Authorization: Bearer sk-bench\r\nContent-Type: application/json\r\n"
                        "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
                        sizeof body - 1, body);

    *row = (struct floor_row){ .due_us = due_us, .fd = server_connect(run->port) };
    if (write(row->fd, request, (size_t)size) != size) {
        exit(1);
    }
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, row->fd, &event);
    run->count++;
    run->open++;
}

static inline void floor_head(struct floor_row *row, const char *text)
{
    const char *length = strcasestr(text, "content-length:"), *end = strstr(text, "\r\n\r\n");
    const char *id = strcasestr(text, "x-request-id:");

    if (length && end && id) {
        sscanf(id + 13, " %39[^\r]", row->id);
        row->length = (size_t)(end + 4 - text) + strtoull(length + 15, NULL, 10);
    }
}

static inline void floor_read(struct floor_run *run, struct floor_row *row)
{
    static char buffer[FLOOR_BUFFER + 1];
    ssize_t got = recv(row->fd, buffer, FLOOR_BUFFER, MSG_DONTWAIT);

    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got > 0 && row->length == 0) {
        buffer[got] = '\0';
        floor_head(row, buffer);
    }
    row->came += got > 0 ? (size_t)got : 0;
    if (got <= 0 || row->came >= row->length) {
        row->ended_us = clock_mono_us();
        close(row->fd);
        run->open--;
    }
}

static inline void floor_go(struct floor_run *run)
{
    struct epoll_event events[FLOOR_EVENTS], tick = { .events = EPOLLIN, .data.u32 = UINT32_MAX };
    int64_t began = clock_mono_us(), due;
    struct schedule schedule;

    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    run->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, run->timer, &tick);
    schedule_begin(&schedule, 1, 1, 1);
    schedule_arrivals(&schedule, run->rate, ARRIVALS_POISSON);
    due = schedule_due(&schedule);
    while (due < run->seconds * 1e6 || run->open > 0) {
        struct itimerspec at = { .it_value = { .tv_sec = (began + due) / 1000000,
                                               .tv_nsec = (began + due) % 1000000 * 1000 } };
        int count;

        while (due < run->seconds * 1e6 && began + due <= clock_mono_us()) {
            floor_send(run, began + due);
            due = schedule_due(&schedule);
        }
        timerfd_settime(run->timer, TFD_TIMER_ABSTIME, &at, NULL);
        count = epoll_wait(run->epoll, events, FLOOR_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.u32 != UINT32_MAX) {
                floor_read(run, &run->rows[events[i].data.u32]);
            }
        }
    }
}

/* Runs in a process of its own on that processor; the rows are in shared memory. */
static inline struct floor_run floor_measure(int port, int processor, double rate, double seconds)
{
    struct floor_run run = { .port = port, .rate = rate, .seconds = seconds };
    size_t rows = (size_t)(rate * seconds * 1.5 + 1000);
    struct floor_run *end = mmap(NULL, rows * sizeof *run.rows + sizeof run, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child;

    if (end == MAP_FAILED || (child = fork()) < 0) {
        perror("cannot start the minimal client");
        exit(1);
    }
    run.rows = (void *)(end + 1);
    if (child == 0) {
        child_pin(processor);
        floor_go(&run);
        run.cpu = (double)clock_process_cpu_us() / 1e6;
        *end = run;
        _exit(0);
    }
    waitpid(child, NULL, 0);
    return *end;
}
#endif
