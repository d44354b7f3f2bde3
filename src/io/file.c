/* file.c - reading, atomic writing and removing of files. */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, READ_DEFAULT = 64 << 20, TRIES = 0x1000000 };

static bool failed(struct error *err, const char *what, const char *path)
{
    int number = errno;

    return error_set(err, ERROR_INTERNAL, "cannot %s '%.160s': %s", what, path, strerror(number));
}

static bool is_folder(const char *path)
{
    struct stat facts;
    bool is = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);

    errno = ENOTDIR; /* for the error message if it is not a folder */
    return is;
}

bool folder_make(const char *path, struct error *err)
{
    char copy[PATH_BYTES];

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
    char copy[PATH_BYTES];
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

    return file_write_two(path, &none, &content, false, err);
}

/* A file that is being written. It has no name if the file system supports that, so that a process
 * that dies leaves nothing. */
struct draft {
    int fd;
    char name[PATH_BYTES]; /* "" = no name */
};

static int open_unnamed(const char *path)
{
    char folder[PATH_BYTES];
    char *slash;

    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    if (access("/proc/self/fd", X_OK) != 0) { /* needed to give it a name later */
        return -1;
    }
    if (slash) {
        slash[slash == folder] = '\0';
    }
    return open(slash ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

/* The umask decides the mode, as for open_unnamed. The mkstemp functions would make every file
 * private. */
static int open_named(struct draft *draft, const char *path)
{
    int fd = -1;

    errno = EEXIST;
    for (unsigned i = 0; fd < 0 && errno == EEXIST && i < TRIES; i++) {
        snprintf(draft->name, sizeof draft->name, "%s.%06x", path,
                 (unsigned)(getpid() + i) & 0xffffff);
        fd = open(draft->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        draft->name[0] = '\0'; /* no file to remove */
    }
    return fd;
}

static bool draft_open(struct draft *draft, const char *path)
{
    draft->name[0] = '\0';
    draft->fd = open_unnamed(path);
    if (draft->fd < 0 && errno != ENOENT) { /* not supported by this file system */
        draft->fd = open_named(draft, path);
    }
    return draft->fd >= 0;
}

/* linkat does not replace a file, so over an existing one the draft gets a temporary name first. */
static bool draft_name(struct draft *draft, const char *path)
{
    char handle[40];

    snprintf(handle, sizeof handle, "/proc/self/fd/%d", draft->fd);
    if (linkat(AT_FDCWD, handle, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0) {
        return true;
    }
    for (unsigned i = 0; errno == EEXIST && i < TRIES; i++) {
        snprintf(draft->name, sizeof draft->name, "%s.%06x", path,
                 (unsigned)(getpid() + i) & 0xffffff);
        if (linkat(AT_FDCWD, handle, AT_FDCWD, draft->name, AT_SYMLINK_FOLLOW) == 0) {
            return rename(draft->name, path) == 0;
        }
    }
    draft->name[0] = '\0'; /* no temporary file is left */
    return false;
}

static bool draft_finish(struct draft *draft, const char *path, bool owner_only, struct error *err)
{
    bool good = (!owner_only || fchmod(draft->fd, 0600) == 0) && fdatasync(draft->fd) == 0 &&
                (draft->name[0] ? rename(draft->name, path) == 0 : draft_name(draft, path));

    if (!good) {
        failed(err, "write", path);
    }
    return good;
}

bool file_write_two(const char *path, const struct blob *head, const struct blob *content,
                    bool owner_only, struct error *err)
{
    struct draft draft;
    bool good;

    if (strlen(path) + sizeof ".123456" > PATH_BYTES) {
        return error_set(err, ERROR_INPUT, "path '%.100s...' is too long", path);
    }
    if (!draft_open(&draft, path)) {
        if (errno != ENOENT) {
            return failed(err, "write", path);
        }
        if (!parent_make(path, err)) {
            return false;
        }
        if (!draft_open(&draft, path)) {
            return failed(err, "write", path);
        }
    }
    good = write_all(draft.fd, (const char *)head->data, head->size) &&
           write_all(draft.fd, (const char *)content->data, content->size);
    if (!good) {
        failed(err, "write", path);
    }
    good = good && draft_finish(&draft, path, owner_only, err);
    if (!good && draft.name[0]) {
        unlink(draft.name);
    }
    if (close(draft.fd) != 0 && good) {
        return failed(err, "write", path); /* the file exists, but its data may be lost */
    }
    return good;
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
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* else a pipe waits for a writer */
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
        char inner[PATH_BYTES];
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
