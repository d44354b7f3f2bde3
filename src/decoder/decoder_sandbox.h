/* decoder_sandbox.h - takes from a process what decoding an image does not need: files, network,
 * other processes, and more memory and time than planned. */
#ifndef DECODER_DECODER_SANDBOX_H
#define DECODER_DECODER_SANDBOX_H
#include "decoder/decoder_protocol.h"

struct decoder_filter {    /* BPF program of system calls */
    void *program;         /* NULL = not possible here */
    unsigned short length; /* instructions */
};

struct decoder_sandbox {
    struct decoder_filter filter;           /* for most formats */
    struct decoder_filter threading_filter; /* the same, and threads may be started */
    size_t address_space; /* bytes in use before an image is mapped; 0 = unknown: no limit */
    int seccomp_error, memory_error; /* as in decoder_ready */
};

/* Prepares what children then enter: compiles the filter, forbids new privileges, core dumps, and
 * that other processes of this user read the memory. Makes the kernel end this process first if
 * memory runs out. */
void decoder_sandbox_prepare(struct decoder_sandbox *sandbox);

/* Restricts this process for good. `memory` bytes may be allocated, `cpu_seconds` of processor time
 * used; no descriptor can be opened, no system call made besides those that manage memory and end
 * the process. With `threads`, threads of this process can be started too, but no process. Returns
 * false if that is not possible although prepare said so. */
bool decoder_sandbox_enter(const struct decoder_sandbox *sandbox, size_t memory,
                           unsigned cpu_seconds, bool threads) MUST_CHECK;
void decoder_sandbox_free(struct decoder_sandbox *sandbox);
#endif
