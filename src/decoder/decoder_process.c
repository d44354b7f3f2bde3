/* decoder_process.c - starts a decoder process, shares memory with it, and reads what its children
 * leave there. */
#include "decoder/decoder_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "decoder/decoder_buffer.h"

/* A larger input is given back to the system after its image. */
enum { INPUT_KEPT_BYTES = 8 << 20 };

static bool failed(struct error *err, const char *what, int number)
{
    return error_set(err, ERROR_INTERNAL, "%s: %s", what, strerror(number));
}

/* -- start and end --------------------------------------------------------------------------- */

/* The sanitizers read their options from the environment. */
static char **environment(void)
{
#if defined(__SANITIZE_ADDRESS__)
    static char options[] = "ASAN_OPTIONS=detect_leaks=0";
    static char *sanitizer[] = { options, NULL };

    return sanitizer;
#else
    static char *empty[] = { NULL };

    return empty;
#endif
}

/* A session of its own keeps the signals of the worker's terminal away. */
static int spawn(int socket, const struct decoder_program *program, pid_t *pid)
{
    struct sched_param priority = { 0 };
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int failure;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_RDWR, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setschedpolicy(&attributes, SCHED_IDLE);
    posix_spawnattr_setschedparam(&attributes, &priority);
    posix_spawnattr_setflags(&attributes, program->idle ? flags | POSIX_SPAWN_SETSCHEDULER : flags);
    failure = posix_spawn(pid, "/proc/self/exe", &files, &attributes,
                          (char *const *)(uintptr_t)program->argv, environment());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

bool decoder_process_start(struct decoder_process *process, const struct decoder_program *program,
                           struct error *err)
{
    int sockets[2], failure;

    *process = (struct decoder_process){ .socket = -1, .input = -1 };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
        return failed(err, "cannot create a socket for a decoder process", errno);
    }
    failure = spawn(sockets[1], program, &process->pid);
    close(sockets[1]);
    if (failure != 0) {
        close(sockets[0]);
        process->pid = 0;
        return failed(err, "cannot start a decoder process", failure);
    }
    process->socket = sockets[0];
    return true;
}

void decoder_process_end(struct decoder_process *process)
{
    if (process->input >= 0) {
        close(process->input);
    }
    if (process->pid > 0) {
        kill(process->pid, SIGKILL); /* it may be stopped, and would not read that it shall end */
        close(process->socket);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    *process = (struct decoder_process){ .socket = -1, .input = -1 };
}

/* -- waiting --------------------------------------------------------------------------------- */

/* Returns 0 if a message can be read, else an errno; ETIMEDOUT after timeout_ms. */
static int wait_readable(int socket, int timeout_ms)
{
    int64_t deadline_us = clock_mono_us() + (int64_t)timeout_ms * 1000;
    struct pollfd poll_fd = { .fd = socket, .events = POLLIN };

    for (;;) {
        int64_t left_ms = (deadline_us - clock_mono_us()) / 1000;
        int ready = poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0);

        if (ready > 0) {
            return 0;
        }
        if (ready < 0 && errno != EINTR) {
            return errno;
        }
        if (left_ms <= 0) {
            return ETIMEDOUT;
        }
    }
}

bool decoder_process_wait(struct decoder_process *process, int timeout_ms, struct error *err)
{
    int failure;

    if (process->is_ready) {
        return true;
    }
    failure = wait_readable(process->socket, timeout_ms);
    failure = failure
                  ? failure
                  : decoder_receive(process->socket, &process->state, sizeof process->state, NULL);
    if (failure == 0 && process->state.magic == DECODER_MAGIC) {
        process->is_ready = process->state.failure.kind == ERROR_NONE;
        if (process->is_ready) {
            return true;
        }
        *err = process->state.failure;
        decoder_process_end(process);
        return false;
    }
    decoder_process_end(process);
    return failed(err, "a decoder process did not start", failure ? failure : EPROTO);
}

/* -- shared memory --------------------------------------------------------------------------- */

static bool write_input(struct decoder_process *process, const struct blob *file, struct error *err)
{
    if (process->input < 0) {
        process->input = memfd_create("darkroom-file", MFD_CLOEXEC);
    }
    if (process->input < 0) {
        return failed(err, "cannot share memory with a decoder process", errno);
    }
    for (size_t done = 0; done < file->size;) {
        ssize_t wrote = pwrite(process->input, file->data + done, file->size - done, (off_t)done);

        if (wrote < 0 && errno != EINTR) {
            return failed(err, "cannot share memory with a decoder process", errno);
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    process->input_bytes = file->size > process->input_bytes ? file->size : process->input_bytes;
    return true;
}

static void shrink_input(struct decoder_process *process)
{
    if (process->input_bytes > INPUT_KEPT_BYTES) {
        close(process->input);
        process->input = -1;
        process->input_bytes = 0;
    }
}

static void return_buffer(void *base, size_t size)
{
    (void)size;
    decoder_buffer_return(base);
}

/* The child has ended: its result cannot change any more. */
static enum decode_outcome take_pixels(struct decoder_buffer *buffer,
                                       const struct decode_plan *plan, struct image *out,
                                       struct error *err)
{
    struct decoder_result result;

    memcpy(&result, buffer->memory, sizeof result);
    if (!decoder_result_read(&result, plan, out, err)) {
        return DECODE_REFUSED;
    }
    out->pixels = buffer->memory + DECODER_PIXELS_AT;
    out->storage = (struct image_storage){ .release = return_buffer, .base = buffer };
    return DECODE_DONE;
}

/* -- one image ------------------------------------------------------------------------------- */

static enum decode_outcome lost(struct decoder_process *process, int failure, struct error *err)
{
    decoder_process_end(process);
    if (failure == ETIMEDOUT) {
        error_set(err, ERROR_INTERNAL, "the decoder of the image did not answer in time");
    } else {
        error_set(err, ERROR_INTERNAL, "the decoder process of the image ended");
    }
    return failure == ETIMEDOUT ? DECODE_REFUSED : DECODE_LOST;
}

static enum decode_outcome exchange(struct decoder_process *process,
                                    const struct decoder_request *request,
                                    struct decoder_buffer *buffer, int timeout_ms,
                                    struct image *out, struct error *err)
{
    int fds[DECODER_DESCRIPTORS] = { process->input, buffer->fd };
    struct decoder_reply reply;
    enum decode_outcome outcome;
    int failure = decoder_send(process->socket, request, sizeof *request, fds);

    failure = failure ? failure : wait_readable(process->socket, timeout_ms);
    failure = failure ? failure : decoder_receive(process->socket, &reply, sizeof reply, NULL);
    if (failure != 0 || reply.magic != DECODER_MAGIC) {
        return lost(process, failure, err);
    }
    if (reply.fork_error != 0) {
        failed(err, "a decoder process cannot create a child", reply.fork_error);
        return DECODE_REFUSED;
    }
    if (reply.wait_status != 0) {
        decoder_child_failed(reply.wait_status, request->plan.facts.format, err);
        return WIFSIGNALED(reply.wait_status) && WTERMSIG(reply.wait_status) == SIGKILL
                   ? DECODE_LOST
                   : DECODE_REFUSED;
    }
    outcome = take_pixels(buffer, &request->plan, out, err);
    out->storage.decoder_cpu_us = reply.cpu_us;
    return outcome;
}

enum decode_outcome decoder_process_decode(struct decoder_process *process, const struct blob *file,
                                           const struct decode_plan *plan, unsigned cpu_seconds,
                                           int timeout_ms, struct image *out, struct error *err)
{
    struct decoder_request request = {
        .magic = DECODER_MAGIC, .cpu_seconds = cpu_seconds, .file_bytes = file->size, .plan = *plan
    };
    struct decoder_buffer *buffer;
    enum decode_outcome outcome;

    if (!write_input(process, file, err)) {
        return DECODE_REFUSED;
    }
    buffer = decoder_buffer_take(DECODER_PIXELS_AT + plan->capacity, err);
    if (!buffer) {
        return DECODE_REFUSED;
    }
    outcome = exchange(process, &request, buffer, timeout_ms, out, err);
    if (process->pid == 0) { /* its child may still be ending, and have the buffer mapped */
        decoder_buffer_free(buffer);
    } else if (outcome != DECODE_DONE) {
        decoder_buffer_return(buffer);
    }
    shrink_input(process);
    return outcome;
}
