/* spill.c - one file, in which released space is reused. It bypasses the page cache if the file
 * system supports that: data that is moved to disk to save memory must not occupy it there. */
#include "io/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

enum { BLOCK = 4096 }; /* alignment of direct I/O */

struct gap {
    int64_t at;
    size_t size;
};

struct spill {
    int fd;
    int64_t end;
    struct gap *gaps; /* unused ranges of the file */
    size_t gap_count, gap_capacity;
};

static int open_unnamed(const char *folder)
{
    int flags = O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, fd;

    if (!folder || !folder[0]) {
        return -1;
    }
    fd = open(folder, flags | O_DIRECT, 0600);
    return fd >= 0 ? fd : open(folder, flags, 0600);
}

struct spill *spill_new(struct error *err)
{
    const char *folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
    struct spill *spill = xcalloc(1, sizeof *spill);
    int fd = -1;

    for (int i = 0; i < 3 && fd < 0; i++) {
        fd = open_unnamed(folders[i]);
    }
    if (fd < 0) {
        error_set(err, ERROR_INTERNAL, "cannot create a temporary file: %s", strerror(errno));
        free(spill);
        return NULL;
    }
    spill->fd = fd;
    return spill;
}

void spill_free(struct spill *spill)
{
    if (spill) {
        close(spill->fd);
        free(spill->gaps);
        free(spill);
    }
}

static size_t blocks_of(size_t size)
{
    return (size + BLOCK - 1) / BLOCK * BLOCK;
}

struct spill_slot spill_reserve(struct spill *spill, size_t size)
{
    struct spill_slot slot = { .at = spill->end, .size = size };
    size_t blocks_size = blocks_of(size);

    for (size_t i = 0; i < spill->gap_count; i++) {
        struct gap *gap = &spill->gaps[i];

        if (gap->size >= blocks_size) { /* first fit: responses have similar sizes */
            slot.at = gap->at;
            gap->at += (int64_t)blocks_size;
            gap->size -= blocks_size;
            if (gap->size == 0) {
                *gap = spill->gaps[--spill->gap_count];
            }
            return slot;
        }
    }
    spill->end += (int64_t)blocks_size;
    return slot;
}

void spill_release(struct spill *spill, struct spill_slot slot)
{
    if (spill->gap_count == spill->gap_capacity) {
        size_t capacity = spill->gap_capacity ? spill->gap_capacity * 2 : 64;
        struct gap *gaps = realloc(spill->gaps, capacity * sizeof *gaps);

        if (!gaps) {
            return; /* the space is not reused */
        }
        spill->gaps = gaps;
        spill->gap_capacity = capacity;
    }
    spill->gaps[spill->gap_count++] = (struct gap){ .at = slot.at, .size = blocks_of(slot.size) };
}

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "no memory to move a response to disk");
}

static bool write_all(int fd, const uint8_t *data, size_t size, int64_t at, struct error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = pwrite(fd, data + done, size - done, at + (int64_t)done);

        if (wrote < 0 && errno != EINTR) {
            return error_set(err, ERROR_INTERNAL, "cannot write a temporary file: %s",
                             strerror(errno));
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

bool spill_write(struct spill *spill, struct blob *blob, struct spill_slot slot, struct error *err)
{
    size_t blocks_size = blocks_of(blob->size);
    uint8_t *aligned = aligned_alloc(BLOCK, blocks_size ? blocks_size : BLOCK);
    bool good;

    if (!aligned) {
        return no_memory(err);
    }
    memcpy(aligned, blob->data, blob->size);
    memset(aligned + blob->size, 0, blocks_size - blob->size);
    good = write_all(spill->fd, aligned, blocks_size, slot.at, err);
    free(aligned);
    if (good) {
        blob_free(blob);
    }
    return good;
}

bool spill_read(struct spill *spill, struct spill_slot slot, struct blob *out, struct error *err)
{
    size_t blocks_size = blocks_of(slot.size);
    uint8_t *data = aligned_alloc(BLOCK, blocks_size ? blocks_size : BLOCK);

    if (!data) {
        return no_memory(err);
    }
    for (size_t done = 0; done < blocks_size;) {
        ssize_t got = pread(spill->fd, data + done, blocks_size - done, slot.at + (int64_t)done);

        if (got == 0 || (got < 0 && errno != EINTR)) {
            free(data);
            return error_set(err, ERROR_INTERNAL, "cannot read a temporary file: %s",
                             got < 0 ? strerror(errno) : "it is too short");
        }
        done += got > 0 ? (size_t)got : 0;
    }
    *out = blob_from_malloc(data, slot.size);
    return true;
}
