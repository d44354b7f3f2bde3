/* decoder_buffer.c - shared memory (memfd), mapped once and reused. */
#include "decoder/decoder_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

enum {
    KEPT_BYTES_MAX = 16 << 20, /* larger buffers are not kept: few images need them */
    ROUND_BYTES = 1 << 20      /* sizes are multiples of this, so that buffers fit other images */
};

static struct {
    pthread_mutex_t mutex;
    struct decoder_buffer *first;
    int count, max;
} kept = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* Removes the smallest kept buffer of at least `bytes` from the list. */
static struct decoder_buffer *take_kept(size_t bytes)
{
    struct decoder_buffer **best = NULL, *buffer;

    pthread_mutex_lock(&kept.mutex);
    for (struct decoder_buffer **at = &kept.first; *at; at = &(*at)->next) {
        if ((*at)->size >= bytes && (!best || (*at)->size < (*best)->size)) {
            best = at;
        }
    }
    buffer = best ? *best : NULL;
    if (buffer) {
        *best = buffer->next;
        kept.count--;
    }
    pthread_mutex_unlock(&kept.mutex);
    return buffer;
}

/* The size is sealed: reading the pixels must not fail because a child made it smaller. */
static struct decoder_buffer *create(size_t size, struct error *err)
{
    struct decoder_buffer *buffer = xcalloc(1, sizeof *buffer);

    buffer->memory = MAP_FAILED;
    buffer->size = size;
    buffer->fd = memfd_create("darkroom-pixels", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (buffer->fd >= 0 && ftruncate(buffer->fd, (off_t)size) == 0 &&
        fcntl(buffer->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
        buffer->memory =
            mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, buffer->fd, 0);
    }
    if (buffer->memory == MAP_FAILED) {
        error_set(err, ERROR_INTERNAL, "cannot share memory with a decoder process: %s",
                  strerror(errno));
        decoder_buffer_free(buffer);
        return NULL;
    }
    return buffer;
}

struct decoder_buffer *decoder_buffer_take(size_t bytes, struct error *err)
{
    size_t rounded = (bytes + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES;
    struct decoder_buffer *buffer = take_kept(bytes);

    buffer = buffer ? buffer : create(rounded, err);
    if (buffer) {
        buffer->used = bytes;
    }
    return buffer;
}

void decoder_buffer_return(struct decoder_buffer *buffer)
{
    bool is_kept = buffer->size <= KEPT_BYTES_MAX;

    if (is_kept) {
        memset(buffer->memory, 0, buffer->used);
        pthread_mutex_lock(&kept.mutex);
        is_kept = kept.count < kept.max;
        if (is_kept) {
            buffer->next = kept.first;
            kept.first = buffer;
            kept.count++;
        }
        pthread_mutex_unlock(&kept.mutex);
    }
    if (!is_kept) {
        decoder_buffer_free(buffer);
    }
}

void decoder_buffer_free(struct decoder_buffer *buffer)
{
    if (buffer->memory != MAP_FAILED) {
        munmap(buffer->memory, buffer->size);
    }
    if (buffer->fd >= 0) {
        close(buffer->fd);
    }
    free(buffer);
}

void decoder_buffers_keep(int count)
{
    struct decoder_buffer *all = NULL;

    pthread_mutex_lock(&kept.mutex);
    kept.max = count;
    if (count == 0) {
        all = kept.first;
        kept.first = NULL;
        kept.count = 0;
    }
    pthread_mutex_unlock(&kept.mutex);
    while (all) {
        struct decoder_buffer *next = all->next;

        decoder_buffer_free(all);
        all = next;
    }
}
