/* decoder_protocol.h - what a worker and a decoder process say to each other.
 *
 * A decoder process waits for requests and forks a child for each, which decodes one image and
 * ends. The messages between worker and decoder process are trusted, what the child writes is not:
 * it has handled bytes of a stranger. Both sides run the same program, so the layout is the same.
 *
 *   decoder process: decoder_ready                         once
 *   worker:          decoder_request, with two descriptors: the file, and shared memory
 *   child:           decoder_result and pixels             in the shared memory
 *   decoder process: decoder_reply, when the child has ended */
#ifndef DECODER_DECODER_PROTOCOL_H
#define DECODER_DECODER_PROTOCOL_H
#include "image/decode_plan.h"

enum {
    DECODER_MAGIC = 0x64726b31,
    DECODER_PIXELS_AT = 4096, /* offset of the pixels in the shared memory */
    DECODER_DESCRIPTORS = 2,
    /* Statuses of a child that could not begin. */
    DECODER_NO_MEMORY = 70,
    DECODER_NO_SANDBOX = 71
};

struct decoder_model { /* what a process that holds a model needs for one image */
    int32_t width, height;
    uint32_t cpu_seconds;
    uint64_t memory; /* bytes */
};

struct decoder_ready {
    uint32_t magic;
    int32_t seccomp_error;      /* 0 = system calls are restricted; else why not, an errno */
    int32_t memory_error;       /* the same for the limit of the address space */
    struct decoder_model model; /* zeroed in a process that decodes */
    struct error failure;       /* why the process cannot serve; ERROR_NONE: it can */
};

struct decoder_request {
    uint32_t magic;
    uint32_t cpu_seconds; /* the child may use */
    uint64_t file_bytes;
    struct decode_plan plan;
};

struct decoder_reply {
    uint32_t magic;
    int32_t wait_status; /* of the child, as waitpid gives it */
    int32_t fork_error;  /* 0, or why no child was created, an errno */
    int64_t cpu_us;      /* processor time of the child */
};

struct decoder_result {
    uint32_t magic; /* set last: the result is complete */
    int32_t error_kind;
    int32_t width, height, channels;
    int32_t colours;      /* of enum image_colours */
    char error_text[200]; /* terminated by a zero */
};

void decoder_result_write(const struct image *image, const struct error *err,
                          struct decoder_result *out);

/* Reads a result that may have any content. Sets the size of *out, and returns true, only if the
 * pixels fit plan->capacity and have the planned size. */
bool decoder_result_read(const struct decoder_result *result, const struct decode_plan *plan,
                         struct image *out, struct error *err) MUST_CHECK;

/* Sets the error for a child that ended without a result, and returns false: ERROR_INPUT if its
 * image must be the cause; ERROR_INTERNAL if something outside was, such as a lack of memory. With
 * FORMAT_UNKNOWN, the child ran a model on pixels, and the error is ERROR_OUTPUT. */
bool decoder_child_failed(int wait_status, enum image_format format, struct error *err);

/* One message with descriptors over a socket of type SOCK_SEQPACKET. Both return 0 or an errno;
 * EPIPE if the other side has closed, EPROTO for a message of another form. `fds` of a receiver are
 * -1 if the message has none. */
int decoder_send(int socket, const void *message, size_t size, const int *fds);
int decoder_receive(int socket, void *message, size_t size, int *fds);
#endif
