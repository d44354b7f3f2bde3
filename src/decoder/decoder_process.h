/* decoder_process.h - one decoder process, seen from the worker: starts it, sends it images. */
#ifndef DECODER_DECODER_PROCESS_H
#define DECODER_DECODER_PROCESS_H
#include <sys/types.h>

#include "decoder/decoder_protocol.h"

struct decoder_process {
    pid_t pid;  /* 0 = not running */
    int socket; /* -1 if it is not running */
    int input;  /* shared memory for files, reused; -1 = none yet */
    size_t input_bytes;
    struct decoder_ready state;
    bool is_ready; /* `state` was received */
};

struct decoder_program {
    const char *const *argv; /* of this program, /proc/self/exe; it then calls decoder_serve */
    bool idle;               /* runs only when no other process needs the processor */
};

/* Starts a process without environment and descriptors. Fails with ERROR_INTERNAL. */
bool decoder_process_start(struct decoder_process *process, const struct decoder_program *program,
                           struct error *err) MUST_CHECK;

/* Waits until a started process can decode. Fails with ERROR_INTERNAL, or with the failure that the
 * process reports, and ends it. */
bool decoder_process_wait(struct decoder_process *process, int timeout_ms,
                          struct error *err) MUST_CHECK;

enum decode_outcome {
    DECODE_DONE,    /* *out has the pixels */
    DECODE_REFUSED, /* the image is at fault, or its decode would fail again */
    DECODE_LOST,    /* something else ended the process or its child: worth another attempt */
};

/* Decodes one image. Ends the process if it does not answer in time. */
enum decode_outcome decoder_process_decode(struct decoder_process *process, const struct blob *file,
                                           const struct decode_plan *plan, unsigned cpu_seconds,
                                           int timeout_ms, struct image *out, struct error *err);

/* Ends the process and its child, if it is running. */
void decoder_process_end(struct decoder_process *process);
#endif
