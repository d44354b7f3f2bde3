/* uploads.c - files of the stand-in's /v1/files. */
#include "standin/openai/uploads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

struct uploads {
    struct upload *first;
    char folder[80]; /* "" before the first file */
    uint64_t serial;
};

struct uploads *uploads_open(void)
{
    return xcalloc(1, sizeof(struct uploads));
}

static bool ensure_folder(struct uploads *uploads, struct error *err)
{
    const char *parent = getenv("TMPDIR");

    if (uploads->folder[0]) {
        return true;
    }
    if ((size_t)snprintf(uploads->folder, sizeof uploads->folder, "%s/darkroom-files-XXXXXX",
                         parent && parent[0] ? parent : "/tmp") >= sizeof uploads->folder ||
        !mkdtemp(uploads->folder)) {
        uploads->folder[0] = '\0';
        return error_set(err, ERROR_CONFIG, "cannot make a folder for files: %s", strerror(errno));
    }
    return true;
}

bool uploads_new(struct uploads *uploads, const char *filename, const char *purpose,
                 struct upload **out, struct error *err)
{
    struct upload *upload;

    if (!ensure_folder(uploads, err)) {
        return false;
    }
    upload = xcalloc(1, sizeof *upload);
    snprintf(upload->id, sizeof upload->id, "file-%024llx",
             (unsigned long long)++uploads->serial * 0x9e3779b97f4a7c15u);
    snprintf(upload->filename, sizeof upload->filename, "%s", filename);
    snprintf(upload->purpose, sizeof upload->purpose, "%s", purpose);
    snprintf(upload->path, sizeof upload->path, "%.70s/%s", uploads->folder, upload->id);
    upload->created_ms = clock_wall_ms();
    upload->next = uploads->first;
    uploads->first = upload;
    *out = upload;
    return true;
}

struct upload *uploads_find(struct uploads *uploads, const char *id)
{
    struct upload *at = uploads->first;

    while (at && strcmp(at->id, id) != 0) {
        at = at->next;
    }
    return at;
}

struct upload *uploads_first(struct uploads *uploads)
{
    return uploads->first;
}

void uploads_remove(struct uploads *uploads, struct upload *upload)
{
    struct upload **at = &uploads->first;

    while (*at && *at != upload) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = upload->next;
        unlink(upload->path);
        free(upload);
    }
}

void uploads_reset(struct uploads *uploads)
{
    while (uploads->first) {
        uploads_remove(uploads, uploads->first);
    }
}

void uploads_close(struct uploads *uploads)
{
    if (!uploads) {
        return;
    }
    uploads_reset(uploads);
    if (uploads->folder[0]) {
        rmdir(uploads->folder);
    }
    free(uploads);
}
