/* zip_file.c - ZIP with minizip, under a temporary name until it is complete. */
#include "io/zip_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <minizip/zip.h>

#include "base/arena.h"
#include "base/memory.h"
#include "io/file.h"

enum {
    NAME_MAX_BYTES = 200,
    ENTRIES_MAX = 200,
    PATH_BYTES = 4096,
    CHUNK = 1 << 30, /* of zipWriteInFileInZip, whose size is 32 bits wide */
    MADE_BY_UNIX = 3 << 8 | 20,
    FIRST_DAY = (0 << 9 | 1 << 5 | 1) << 16, /* 1980-01-01 00:00:00, the first time of a ZIP */
    PLAIN_FILE = 0100644
};

struct zip_file {
    zipFile handle;
    struct arena *arena;
    const char *names[ENTRIES_MAX];
    int count;
    char path[PATH_BYTES], draft[PATH_BYTES];
};

static bool make_folder_of(const char *path, struct error *err)
{
    char copy[PATH_BYTES];
    char *slash;

    snprintf(copy, sizeof copy, "%s", path);
    slash = strrchr(copy, '/');
    if (!slash || slash == copy) {
        return true;
    }
    *slash = '\0';
    return folder_make(copy, err);
}

/* Reserves a name that no other process uses. */
static bool create_draft(struct zip_file *zip, struct error *err)
{
    int fd;

    if (snprintf(zip->draft, sizeof zip->draft, "%s.XXXXXX", zip->path) >= (int)sizeof zip->draft) {
        return error_set(err, ERROR_INPUT, "path '%.100s...' is too long", zip->path);
    }
    fd = mkstemp(zip->draft);
    if (fd < 0) {
        zip->draft[0] = '\0';
        return error_set(err, ERROR_INPUT, "cannot write '%.200s': %s", zip->path, strerror(errno));
    }
    close(fd);
    zip->handle = zipOpen64(zip->draft, APPEND_STATUS_CREATE);
    return zip->handle || error_set(err, ERROR_INTERNAL, "cannot write '%.200s'", zip->draft);
}

struct zip_file *zip_file_create(const char *path, struct error *err)
{
    struct zip_file *zip = xcalloc(1, sizeof *zip);

    zip->arena = arena_new();
    if (snprintf(zip->path, sizeof zip->path, "%s", path) >= (int)sizeof zip->path) {
        error_set(err, ERROR_INPUT, "path '%.100s...' is too long", path);
    } else if (make_folder_of(path, err) && create_draft(zip, err)) {
        return zip;
    }
    zip_file_abandon(zip);
    return NULL;
}

static bool is_safe(const struct zip_file *zip, const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
    size_t size = strlen(name);

    for (int i = 0; i < zip->count; i++) {
        if (strcmp(zip->names[i], name) == 0) {
            return false;
        }
    }
    return size > 0 && size <= NAME_MAX_BYTES && strspn(name, allowed) == size && name[0] != '/' &&
           name[0] != '.' && name[size - 1] != '/' && !strstr(name, "..") && !strstr(name, "/.") &&
           !strstr(name, "//");
}

static bool write_content(struct zip_file *zip, const struct blob *content)
{
    for (size_t at = 0; at < content->size;) {
        size_t size = content->size - at < CHUNK ? content->size - at : CHUNK;

        if (zipWriteInFileInZip(zip->handle, content->data + at, (unsigned)size) != ZIP_OK) {
            return false;
        }
        at += size;
    }
    return true;
}

bool zip_file_add(struct zip_file *zip, const char *name, const struct blob *content,
                  struct error *err)
{
    const zip_fileinfo facts = { .dosDate = FIRST_DAY,
                                 .external_fa = (unsigned long)PLAIN_FILE << 16 };
    bool good;

    if (zip->count == ENTRIES_MAX || !is_safe(zip, name)) {
        return error_set(err, ERROR_INTERNAL, "'%.100s' cannot be the name of a file in a ZIP",
                         name);
    }
    zip->names[zip->count++] = arena_text(zip->arena, name);
    good = zipOpenNewFileInZip4_64(zip->handle, name, &facts, NULL, 0, NULL, 0, NULL, 0, 0, 0,
                                   -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL, 0,
                                   MADE_BY_UNIX, 0, 0) == ZIP_OK &&
           write_content(zip, content);
    good = zipCloseFileInZip(zip->handle) == ZIP_OK && good;
    return good ||
           error_set(err, ERROR_INTERNAL, "cannot write '%.100s' to '%.150s'", name, zip->draft);
}

/* Gives the file the mode that the umask allows: mkstemp makes it private. If that fails, it stays
 * private. */
static void set_mode(const char *path)
{
    mode_t mask = umask(0);

    umask(mask);
    chmod(path, 0666 & ~mask);
}

static bool set_name(const struct zip_file *zip, bool replace, struct error *err)
{
    if (replace) {
        return rename(zip->draft, zip->path) == 0 ||
               error_set(err, ERROR_INPUT, "cannot write '%.200s': %s", zip->path, strerror(errno));
    }
    if (renameat2(AT_FDCWD, zip->draft, AT_FDCWD, zip->path, RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EEXIST && access(zip->path, F_OK) != 0) { /* not supported by this file system */
        return set_name(zip, true, err);
    }
    return error_set(err, ERROR_INPUT, "'%.200s' exists", zip->path);
}

bool zip_file_finish(struct zip_file *zip, bool replace, struct error *err)
{
    bool good = zipClose(zip->handle, NULL) == ZIP_OK ||
                error_set(err, ERROR_INTERNAL, "cannot write '%.200s'", zip->draft);

    zip->handle = NULL;
    if (good) {
        set_mode(zip->draft);
        good = set_name(zip, replace, err);
    }
    if (good) {
        zip->draft[0] = '\0';
    }
    zip_file_abandon(zip);
    return good;
}

void zip_file_abandon(struct zip_file *zip)
{
    if (!zip) {
        return;
    }
    if (zip->handle) {
        zipClose(zip->handle, NULL);
    }
    if (zip->draft[0]) {
        unlink(zip->draft);
    }
    arena_free(zip->arena);
    free(zip);
}
