/* storage_folder.c - names of objects, and the objects that an earlier stand-in left in its folder.
 */
#include "standin/storage/storage_folder.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool storage_key_valid(const char *key)
{
    const char *at = key;

    if (!key[0] || strlen(key) >= KEY_MAX ||
        strspn(key, "abcdefghijklmnopqrstuvwxyz"
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789/!-.*'()&$@=;:+,?_ ") != strlen(key)) {
        return false;
    }
    while (at) { /* no part may be empty, "." or ".." */
        size_t size = strcspn(at, "/");

        if (size == 0 || (size <= 2 && strspn(at, ".") >= size)) {
            return false;
        }
        at = at[size] ? at + size + 1 : NULL;
    }
    return true;
}

/* The folder has no place for the type that the client sent, so the first bytes tell it. */
static const char *type_of(const struct blob *content)
{
    static const struct {
        const char *start, *type;
        size_t size;
    } types[] = { { "\x89PNG\r\n\x1a\n", "image/png", 8 },
                  { "\xff\xd8\xff", "image/jpeg", 3 },
                  { "RIFF", "image/webp", 4 },
                  { "PK\3\4", "application/zip", 4 } };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (content->size > types[i].size &&
            memcmp(content->data, types[i].start, types[i].size) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

static bool read_entry(const FTSENT *entry, struct blob *out, struct error *err)
{
    FILE *file = fopen(entry->fts_accpath, "re");
    bool good = file && blob_new(out, (size_t)entry->fts_statp->st_size, err);

    if (good && fread(out->data, 1, out->size, file) != out->size) {
        blob_free(out);
        good = false;
    }
    if (file) {
        fclose(file);
    }
    return good || error_set(err, ERROR_CONFIG, "cannot read '%s'", entry->fts_path);
}

bool storage_folder_load(const char *folder, struct bucket *bucket, storage_found *found,
                         void *context, struct error *err)
{
    char path[4096];
    char *roots[] = { path, NULL };
    size_t root = (size_t)snprintf(path, sizeof path, "%s/%s", folder, bucket->name);
    FTS *walk = root < sizeof path ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
    bool good = true;

    if (!walk) {
        return error_set(err, ERROR_CONFIG, "cannot list '%s': %s", path, strerror(errno));
    }
    for (FTSENT *entry; good && (entry = fts_read(walk));) {
        const char *key = entry->fts_path + root + 1;
        struct blob content = { 0 };

        if (entry->fts_info == FTS_F && storage_key_valid(key)) {
            good = read_entry(entry, &content, err);
            if (good) {
                found(context, bucket, key, type_of(&content), &content);
            }
            blob_free(&content);
        }
    }
    fts_close(walk);
    return good;
}
