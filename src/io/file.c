/* file.c - small files, whole or not at all. */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, READ_DEFAULT = 64 << 20 };

static bool failed(struct error *err, const char *what, const char *path)
{
    int number = errno;

    return error_set(err, ERROR_INTERNAL, "cannot %s '%.160s': %s", what, path, strerror(number));
}

static bool is_folder(const char *path)
{
    struct stat facts;
    bool is = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);

    errno = ENOTDIR; /* what to say where it is none */
    return is;
}

bool folder_make(const char *path, struct error *err)
{
    char copy[PATH_ROOM];

    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        return error_set(err, ERROR_INPUT, "path '%.100s...' is too long", path);
    }
    for (char *at = copy + 1;; at++) {
        char was = *at;

        if (was != '/' && was != '\0') {
            continue;
        }
        *at = '\0';
        if (mkdir(copy, 0777) != 0 && (errno != EEXIST || !is_folder(copy))) {
            return failed(err, "make folder", copy);
        }
        *at = was;
        if (was == '\0') {
            return true;
        }
    }
}

static bool parent_make(const char *path, struct error *err)
{
    char copy[PATH_ROOM];
    char *slash;

    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        return error_set(err, ERROR_INPUT, "path '%.100s...' is too long", path);
    }
    slash = strrchr(copy, '/');
    if (!slash || slash == copy) {
        return true;
    }
    *slash = '\0';
    return folder_make(copy, err);
}

static bool write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, data, size);

        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return false;
        }
        data += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

bool file_write(const char *path, const void *data, size_t size, struct error *err)
{
    struct blob none = { 0 }, content = blob_view(data, size);

    return file_write_two(path, &none, &content, err);
}

bool file_write_two(const char *path, const struct blob *head, const struct blob *content,
                    struct error *err)
{
    char temporary[PATH_ROOM];
    bool good;
    int fd;

    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary) {
        return error_set(err, ERROR_INPUT, "path '%.100s...' is too long", path);
    }
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        if (!parent_make(path, err)) {
            return false;
        }
        snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
        fd = mkostemp(temporary, O_CLOEXEC);
    }
    if (fd < 0) {
        return failed(err, "write", path);
    }
    good = write_all(fd, (const char *)head->data, head->size) &&
           write_all(fd, (const char *)content->data, content->size) && fchmod(fd, 0644) == 0 &&
           fdatasync(fd) == 0;
    if (close(fd) != 0) {
        good = false;
    }
    if (!good || rename(temporary, path) != 0) {
        failed(err, "write", path);
        unlink(temporary);
        return false;
    }
    return true;
}

static bool read_all(int fd, size_t size, struct blob *out, struct error *err)
{
    size_t at = 0;

    if (!blob_new(out, size, err)) {
        return false;
    }
    while (at < size) {
        ssize_t got = read(fd, out->data + at, size - at);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        at += (size_t)got;
    }
    out->size = at;
    return true;
}

bool file_read(const char *path, size_t limit, struct blob *out, bool *missing, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for a writer */
    struct stat facts;
    bool good;

    *out = (struct blob){ 0 };
    if (missing) {
        *missing = false;
    }
    if (fd < 0 && errno == ENOENT && missing) {
        *missing = true;
        return true;
    }
    if (fd < 0) {
        bool absent = errno == ENOENT;

        failed(err, "read", path);
        err->kind = absent ? ERROR_INPUT : err->kind;
        return false;
    }
    limit = limit ? limit : READ_DEFAULT;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        close(fd);
        return error_set(err, ERROR_INPUT, "'%.160s' is not a file", path);
    }
    if ((uint64_t)facts.st_size > limit) {
        close(fd);
        return error_set(err, ERROR_INPUT, "'%.160s' is larger than %zu bytes", path, limit);
    }
    good = read_all(fd, (size_t)facts.st_size, out, err);
    close(fd);
    return good;
}

bool file_remove(const char *path, struct error *err)
{
    return unlink(path) == 0 || errno == ENOENT ? true : failed(err, "remove", path);
}

bool folder_remove(const char *path, struct error *err)
{
    DIR *listing = opendir(path);
    struct dirent *entry;
    bool good = true;

    if (!listing) {
        return errno == ENOENT ? true : failed(err, "remove", path);
    }
    while (good && (entry = readdir(listing)) != NULL) {
        char inner[PATH_ROOM];
        struct stat facts;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) >= (int)sizeof inner ||
            lstat(inner, &facts) != 0) {
            continue;
        }
        good = S_ISDIR(facts.st_mode) ? folder_remove(inner, err) : file_remove(inner, err);
    }
    closedir(listing);
    return good && (rmdir(path) == 0 || failed(err, "remove", path));
}
