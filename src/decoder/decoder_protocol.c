/* decoder_protocol.c - reads results that cannot be trusted; passes messages and descriptors. */
#include "decoder/decoder_protocol.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "image/codec/upright.h"

void decoder_result_write(const struct image *image, const struct error *err,
                          struct decoder_result *out)
{
    *out = (struct decoder_result){ .width = image->width,
                                    .height = image->height,
                                    .channels = image->channels,
                                    .colours = (int32_t)image->colours,
                                    .error_kind = (int32_t)err->kind };
    snprintf(out->error_text, sizeof out->error_text, "%.199s",
             err->kind == ERROR_NONE ? "" : err->text);
    __atomic_store_n(&out->magic, DECODER_MAGIC, __ATOMIC_RELEASE);
}

static bool has_planned_size(const struct decoder_result *result, const struct decode_plan *plan)
{
    bool swapped = swaps_sides(plan->facts.orientation);

    return result->width == (swapped ? plan->height : plan->width) &&
           result->height == (swapped ? plan->width : plan->height) &&
           result->channels == (plan->facts.alpha ? 4 : 3) &&
           (size_t)result->width * (size_t)result->height * (size_t)result->channels <=
               plan->capacity;
}

bool decoder_result_read(const struct decoder_result *result, const struct decode_plan *plan,
                         struct image *out, struct error *err)
{
    *out = (struct image){ 0 };
    if (result->magic != DECODER_MAGIC) {
        return error_set(err, ERROR_INPUT, "the decoder gave no result");
    }
    if (result->error_kind != ERROR_NONE) {
        size_t length = strnlen(result->error_text, sizeof result->error_text);

        /* Even a lack of memory is the image's fault: the child had what its header asked for. */
        return error_set(err, ERROR_INPUT, "%.*s", length > 0 ? (int)length : 60,
                         length > 0 ? result->error_text : "the decoder gave no reason");
    }
    if (!has_planned_size(result, plan)) {
        return error_set(err, ERROR_INPUT, "the decoder gave an image of another size");
    }
    out->width = result->width;
    out->height = result->height;
    out->channels = result->channels;
    out->colours = result->colours == COLOURS_SRGB || result->colours == COLOURS_CONVERTED
                       ? (enum image_colours)result->colours
                       : COLOURS_ASSUMED;
    return true;
}

bool decoder_child_failed(int wait_status, enum image_format format, struct error *err)
{
    const char *name = format_extension(format);
    int number = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
    int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0;

    if (number == SIGKILL) {
        return error_set(err, ERROR_INTERNAL,
                         "the decoder of the image was killed, perhaps because memory ran out");
    }
    if (status == DECODER_NO_MEMORY || status == DECODER_NO_SANDBOX) {
        return error_set(err, ERROR_INTERNAL, "the decoder of the image could not %s",
                         status == DECODER_NO_MEMORY ? "map its memory" : "restrict itself");
    }
    if (format == FORMAT_UNKNOWN) {
        return number == SIGXCPU
                   ? error_set(err, ERROR_OUTPUT, "it takes too much processor time")
                   : error_set(err, ERROR_OUTPUT, "it ended its process with %s %d",
                               number > 0 ? "signal" : "status", number > 0 ? number : status);
    }
    if (number == SIGXCPU) {
        return error_set(err, ERROR_INPUT, "decoding the %s file takes too long", name);
    }
    if (number > 0) {
        return error_set(err, ERROR_INPUT, "the %s file ended its decoder with signal %d (%s)",
                         name, number, strsignal(number));
    }
    return error_set(err, ERROR_INPUT, "the %s file ended its decoder with status %d", name,
                     status);
}

int decoder_send(int socket, const void *message, size_t size, const int *fds)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(DECODER_DESCRIPTORS * sizeof(int))];
    } control = { .bytes = { 0 } };
    struct iovec part = { .iov_base = (void *)(uintptr_t)message, .iov_len = size };
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t sent;

    if (fds) {
        struct cmsghdr *descriptors;

        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        descriptors = CMSG_FIRSTHDR(&header);
        descriptors->cmsg_level = SOL_SOCKET;
        descriptors->cmsg_type = SCM_RIGHTS;
        descriptors->cmsg_len = CMSG_LEN(DECODER_DESCRIPTORS * sizeof(int));
        memcpy(CMSG_DATA(descriptors), fds, DECODER_DESCRIPTORS * sizeof(int));
    }
    do {
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : sent < 0 ? errno : EPROTO;
}

/* Takes the descriptors of a message. Closes them if their number is not the expected one. */
static bool take_descriptors(struct msghdr *header, int *fds)
{
    struct cmsghdr *descriptors = CMSG_FIRSTHDR(header);
    int received[DECODER_DESCRIPTORS];

    for (int i = 0; i < DECODER_DESCRIPTORS; i++) {
        fds[i] = -1;
    }
    if (!descriptors) {
        return true;
    }
    if (descriptors->cmsg_level != SOL_SOCKET || descriptors->cmsg_type != SCM_RIGHTS ||
        descriptors->cmsg_len != CMSG_LEN(sizeof received)) {
        return false;
    }
    memcpy(fds, CMSG_DATA(descriptors), sizeof received);
    return true;
}

int decoder_receive(int socket, void *message, size_t size, int *fds)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(DECODER_DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec part = { .iov_base = message, .iov_len = size };
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t got;

    if (fds) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
    }
    do {
        got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (fds && got >= 0 && !take_descriptors(&header, fds)) {
        return EPROTO;
    }
    if (got < 0) {
        return errno == ECONNRESET ? EPIPE : errno;
    }
    return got == 0 ? EPIPE : got == (ssize_t)size ? 0 : EPROTO;
}
