/* decoder_server.c - forks a child for each image. A child that an image has taken over or crashed
 * can harm no other image: it ends with its own, and never had a descriptor or a secret. */
#include "decoder/decoder_server.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoder/decoder_sandbox.h"

struct server {
    decoder_decode_fn decode;
    struct decoder_sandbox sandbox;
};

/* Closes all descriptors from `first` on. */
static void close_from(unsigned first)
{
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) {
        return;
    }
    for (int fd = (int)first; fd < 1024; fd++) { /* Linux before 5.9 */
        close(fd);
    }
}

/* Runs in the child, and does not return. */
static void decode_and_exit(const struct server *server, const struct decoder_request *request,
                            const int *fds)
{
    size_t size = DECODER_PIXELS_AT + request->plan.capacity;
    uint8_t *file =
        mmap(NULL, request->file_bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fds[0], 0);
    uint8_t *shared =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fds[1], 0);
    struct blob view = { 0 };
    struct image image = { 0 };
    struct error err = { .kind = ERROR_NONE };

    if (file == MAP_FAILED || shared == MAP_FAILED) {
        _exit(DECODER_NO_MEMORY);
    }
    close(STDIN_FILENO);
    close_from(STDERR_FILENO + 1);
    if (!decoder_sandbox_enter(&server->sandbox, request->plan.memory, request->cpu_seconds,
                               decode_needs_threads(request->plan.facts.format))) {
        _exit(DECODER_NO_SANDBOX);
    }
    view = blob_view(file, request->file_bytes);
    if (!server->decode(&view, &request->plan, shared + DECODER_PIXELS_AT, &image, &err)) {
        image = (struct image){ 0 };
    }
    decoder_result_write(&image, &err, (struct decoder_result *)(void *)shared);
    _exit(0);
}

static int64_t microseconds(const struct timeval *time)
{
    return (int64_t)time->tv_sec * 1000000 + time->tv_usec;
}

/* Returns when the child has ended. */
static struct decoder_reply serve_one(const struct server *server,
                                      const struct decoder_request *request, const int *fds)
{
    struct decoder_reply reply = { .magic = DECODER_MAGIC };
    pid_t self = getpid(), child = fork(), ended;
    struct rusage usage = { 0 };

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* the worker ends this process to end its child */
        if (getppid() != self) {
            _exit(0);
        }
        decode_and_exit(server, request, fds);
    }
    if (child < 0) {
        reply.fork_error = errno;
        return reply;
    }
    do {
        ended = wait4(child, &reply.wait_status, 0, &usage);
    } while (ended < 0 && errno == EINTR);
    reply.cpu_us = microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
    return reply;
}

static void close_descriptors(const int *fds)
{
    for (int i = 0; i < DECODER_DESCRIPTORS; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
}

static bool is_request(const struct decoder_request *request, const int *fds)
{
    return request->magic == DECODER_MAGIC && fds[0] >= 0 && fds[1] >= 0 &&
           request->file_bytes > 0 && request->file_bytes <= SIZE_MAX / 2 &&
           request->plan.capacity <= SIZE_MAX / 2;
}

/* Signals of a terminal and of a service manager are for the worker, which ends this process by
 * closing the socket when its last image is done. */
static void ignore_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

void decoder_server_begin(void)
{
    ignore_signals();
    close_from(STDERR_FILENO + 1);
    (void)!chdir("/");
    mallopt(M_ARENA_MAX, 1); /* each further one takes 64 MB of address space */
}

int decoder_serve(decoder_decode_fn decode)
{
    struct decoder_ready ready = { .magic = DECODER_MAGIC };

    decoder_server_begin();
    decode_prepare();
    return decoder_server_run(decode, &ready);
}

int decoder_server_run(decoder_decode_fn decode, struct decoder_ready *ready)
{
    struct server server = { .decode = decode };

    decoder_sandbox_prepare(&server.sandbox);
    ready->seccomp_error = server.sandbox.seccomp_error;
    ready->memory_error = server.sandbox.memory_error;
    if (decoder_send(STDIN_FILENO, ready, sizeof *ready, NULL) != 0 ||
        ready->failure.kind != ERROR_NONE) {
        decoder_sandbox_free(&server.sandbox);
        return 1;
    }
    for (;;) {
        struct decoder_request request;
        struct decoder_reply reply;
        int fds[DECODER_DESCRIPTORS];
        int failure = decoder_receive(STDIN_FILENO, &request, sizeof request, fds);

        if (failure != 0 || !is_request(&request, fds)) {
            decoder_sandbox_free(&server.sandbox);
            return failure == EPIPE ? 0 : 1;
        }
        reply = serve_one(&server, &request, fds);
        close_descriptors(fds);
        if (decoder_send(STDIN_FILENO, &reply, sizeof reply, NULL) != 0) {
            decoder_sandbox_free(&server.sandbox);
            return 1;
        }
    }
}
