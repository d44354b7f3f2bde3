/* file_piece.c - parts of large files: writing at an offset, reading a line at an offset. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"

static bool failed(struct error *err, const char *what, const char *path)
{
    int number = errno;

    return error_set(err, ERROR_INTERNAL, "cannot %s '%.160s': %s", what, path, strerror(number));
}

bool file_write_at(const char *path, int64_t offset, const struct blob *content, struct error *err)
{
    const uint8_t *at = content->data;
    size_t left = content->size;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    bool good;

    if (fd < 0) {
        return failed(err, "write", path);
    }
    good = ftruncate(fd, (off_t)offset) == 0;
    while (good && left > 0) {
        ssize_t wrote = pwrite(fd, at, left, (off_t)offset);

        good = wrote > 0 || (wrote < 0 && errno == EINTR);
        if (wrote > 0) {
            at += wrote;
            left -= (size_t)wrote;
            offset += wrote;
        }
    }
    good = good || failed(err, "write", path);
    return (close(fd) == 0 || failed(err, "write", path)) && good;
}

enum { BLOCK = 64 * 1024 };

struct growing {
    char *data;
    size_t size, capacity, limit;
    bool too_long, no_memory;
};

static void grow(struct growing *to, const char *data, size_t size)
{
    size_t need = to->size + size, capacity = to->capacity ? to->capacity : BLOCK;
    char *more;

    to->too_long = to->too_long || need > to->limit;
    if (to->too_long || to->no_memory) {
        return;
    }
    while (capacity < need) {
        capacity *= 2;
    }
    more = capacity > to->capacity ? realloc(to->data, capacity) : to->data;
    if (!more) {
        to->no_memory = true;
        return;
    }
    to->data = more;
    to->capacity = capacity;
    memcpy(to->data + to->size, data, size);
    to->size = need;
}

/* Reads to the end of the line, and skips what exceeds the limit. */
static void read_line(FILE *file, struct growing *to, struct file_line *line)
{
    char block[BLOCK];
    size_t got;

    while (!line->whole && (got = fread(block, 1, sizeof block, file)) > 0) {
        const char *end = memchr(block, '\n', got);
        size_t size = end ? (size_t)(end - block) : got;

        grow(to, block, size);
        line->next += (int64_t)size + (end != NULL);
        line->whole = end != NULL;
    }
}

bool file_read_line(const char *path, int64_t offset, size_t limit, struct blob *out,
                    struct file_line *line, struct error *err)
{
    FILE *file = fopen(path, "re");
    struct growing to = { .limit = limit };
    bool good;

    *out = (struct blob){ 0 };
    *line = (struct file_line){ .next = offset };
    if (!file) {
        line->missing = errno == ENOENT;
        return line->missing || failed(err, "read", path);
    }
    if (fseeko(file, (off_t)offset, SEEK_SET) == 0) {
        read_line(file, &to, line);
    }
    good = !ferror(file) || failed(err, "read", path);
    good = good && (!to.no_memory || error_set(err, ERROR_INTERNAL, "no memory for a line"));
    fclose(file);
    line->too_long = to.too_long;
    if (!good || to.too_long) {
        free(to.data);
        return good;
    }
    *out = blob_from_malloc(to.data, to.size);
    return true;
}
