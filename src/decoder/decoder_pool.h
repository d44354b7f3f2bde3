/* decoder_pool.h - decodes all images of this process in decoder processes.
 *
 * Images are bytes of strangers: sellers' photos and the responses of providers. Their decoders are
 * C libraries, which have had flaws that an image can exploit. So they run where neither a key, a
 * file nor a socket can be reached (decoder_sandbox.h), and one image cannot see or change another
 * (decoder_server.h). */
#ifndef DECODER_DECODER_POOL_H
#define DECODER_DECODER_POOL_H
#include "base/error.h"

struct decoder_pool_config {
    int processes;           /* images decoded at once; 0 = one per processor, at most 8 */
    const char *const *argv; /* of the decoder processes; NULL = the command DECODER_COMMAND */
    unsigned cpu_seconds;    /* processor time per image; 0 = 30 */
    bool idle;               /* decode only when no other process needs the processor */
    int timeout_ms;          /* per image, with waiting for the processor; 0 = 120000 */
};

struct decoder_pool_state {
    int processes;       /* that may run */
    int seccomp_error;   /* 0 = system calls are restricted; else why not, an errno */
    int memory_error;    /* the same for the limit of the address space */
    long images, failed; /* decoded; failed because of the image */
    long lost;           /* processes and children that something else ended */
};

/* Starts the processes, waits for the first, and makes image_decode use them. Further calls of it
 * until the last decoder_pool_close only count. Fails with ERROR_INTERNAL if no process can be
 * started: images are then decoded in this process. */
bool decoder_pool_open(const struct decoder_pool_config *config, struct error *err) MUST_CHECK;
/* Call it when no image is decoded. Harmless if the pool is not open. */
void decoder_pool_close(void);

struct decoder_pool_state decoder_pool_state(void);
#endif
