/* folder.c - a store in a local folder: {folder}/{bucket}/{path}, each file written atomically.
 * Its URLs have the same form as those of Supabase, under store_target.base_url (file://...). */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "store/store.h"

static bool folder_op(const struct store_target *at, const struct object *o, struct arena *arena,
                      struct op *op, struct error *err)
{
    if (!at->folder || at->folder[0] == '\0') {
        return error_set(err, ERROR_CONFIG, "the folder store has no folder");
    }
    op->kind = OP_FILE;
    op->file.path = arena_printf(arena, "%s/%s/%s", at->folder, o->bucket, o->path);
    return true;
}

static bool folder_put(const struct store_target *at, const struct object *o, struct arena *arena,
                       struct op *op, struct error *err)
{
    op->file.write = true;
    op->file.content = blob_view(o->content.data, o->content.size);
    return folder_op(at, o, arena, op, err);
}

static bool folder_put_done(const struct object *o, struct op *op, struct error *err)
{
    (void)o;
    *err = op->error;
    if (err->kind == ERROR_INTERNAL) { /* a full disk, or a folder without write permission */
        err->kind = ERROR_CONFIG;
        error_hint(err, "Check free space and permissions of the folder.");
    }
    return err->kind == ERROR_NONE;
}

static bool folder_get(const struct store_target *at, const struct object *o, struct arena *arena,
                       struct op *op, struct error *err)
{
    op->file.read_limit = 50u << 20;
    return folder_op(at, o, arena, op, err);
}

static bool folder_get_done(const struct object *o, struct op *op, struct blob *out,
                            struct error *err)
{
    (void)o;
    if (op->file_result.missing) {
        return error_set(err, ERROR_INPUT, "the file is not in the store");
    }
    *out = blob_move(&op->file_result.content);
    return true;
}

struct removal {
    const char *paths[STORE_REMOVES];
    int count;
};

static bool run_removal(void *arg, struct error *err)
{
    const struct removal *removal = arg;

    for (int i = 0; i < removal->count; i++) {
        if (!file_remove(removal->paths[i], err)) {
            return false;
        }
    }
    return true;
}

static bool folder_remove_objects(const struct store_target *at, const struct object *objects,
                                  int count, struct arena *arena, struct op *op, struct error *err)
{
    struct removal *removal = arena_alloc(arena, sizeof *removal);
    struct op one = { 0 };

    for (int i = 0; i < count && i < STORE_REMOVES; i++) {
        if (!folder_op(at, &objects[i], arena, &one, err)) {
            return false;
        }
        removal->paths[removal->count++] = one.file.path;
    }
    op->kind = OP_WORK;
    op->work = (struct work_request){ .run = run_removal, .arg = removal };
    return true;
}

static bool folder_remove_done(struct op *op, struct error *err)
{
    *err = op->error;
    return err->kind == ERROR_NONE;
}

struct listing {
    const char *folder;
    int offset;
    struct arena *arena; /* used by the pool thread only until the op is done */
    struct object_entry rows[STORE_LISTS];
    int count;
};

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool run_listing(void *arg, struct error *err)
{
    struct listing *listing = arg;
    struct dirent **names;
    int count = scandir(listing->folder, &names, is_visible, alphasort);

    if (count < 0) {
        return errno == ENOENT || error_set(err, ERROR_INTERNAL, "cannot list '%.160s': %s",
                                            listing->folder, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(listing->arena, "%s/%s", listing->folder, names[i]->d_name);
        struct stat status;

        if (i >= listing->offset && listing->count < STORE_LISTS && lstat(path, &status) == 0) {
            listing->rows[listing->count++] =
                (struct object_entry){ .name = arena_text(listing->arena, names[i]->d_name),
                                       .size = (int64_t)status.st_size,
                                       .folder = S_ISDIR(status.st_mode) };
        }
        free(names[i]);
    }
    free(names);
    return true;
}

static bool folder_list(const struct store_target *at, const char *bucket, const char *folder,
                        int offset, struct arena *arena, struct op *op, struct error *err)
{
    struct object o = { .bucket = bucket, .path = folder };
    struct listing *listing = arena_alloc(arena, sizeof *listing);
    struct op one = { 0 };

    if (!folder_op(at, &o, arena, &one, err)) {
        return false;
    }
    *listing = (struct listing){ .folder = one.file.path, .offset = offset, .arena = arena };
    op->kind = OP_WORK;
    op->work = (struct work_request){ .run = run_listing, .arg = listing };
    return true;
}

static bool folder_list_done(const struct op *op, struct arena *arena, struct object_entry *out,
                             int *count, struct error *err)
{
    const struct listing *listing = op->work.arg;

    (void)arena;
    *err = op->error;
    *count = listing->count;
    memcpy(out, listing->rows, sizeof *out * (size_t)listing->count);
    return err->kind == ERROR_NONE;
}

static bool folder_url(const struct store_target *at, const struct object *o, struct arena *arena,
                       const char **out, struct error *err)
{
    (void)err;
    *out = arena_printf(arena, "%s/storage/v1/object/public/%s/%s",
                        at->base_url ? at->base_url : "file://", o->bucket, o->path);
    return true;
}

struct folder_check {
    const char *path;
};

static bool run_check(void *arg, struct error *err)
{
    const struct folder_check *check = arg;

    if (!folder_make(check->path, err)) {
        err->kind = ERROR_CONFIG;
        return false;
    }
    if (access(check->path, W_OK | X_OK) != 0) {
        error_set(err, ERROR_CONFIG, "the folder '%.200s' is not writable: %s", check->path,
                  strerror(errno));
        return error_hint(err, "Give the worker's user the right to write to it.");
    }
    return true;
}

static bool folder_check(const struct store_target *at, const char *bucket, struct arena *arena,
                         struct op *op, struct error *err)
{
    struct folder_check *check = arena_alloc(arena, sizeof *check);

    if (!at->folder || at->folder[0] == '\0') {
        return error_set(err, ERROR_CONFIG, "the folder store has no folder");
    }
    check->path = arena_printf(arena, "%s/%s", at->folder, bucket);
    op->kind = OP_WORK;
    op->work = (struct work_request){ .run = run_check, .arg = check };
    return true;
}

static bool folder_check_done(const struct store_target *at, const char *bucket,
                              const struct op *op, const char **note, struct error *err)
{
    (void)at;
    (void)bucket;
    *note = NULL;
    *err = op->error;
    return err->kind == ERROR_NONE;
}

const struct store store_folder = {
    .name = "folder",
    .put = folder_put,
    .put_done = folder_put_done,
    .get = folder_get,
    .get_done = folder_get_done,
    .remove = folder_remove_objects,
    .remove_done = folder_remove_done,
    .list = folder_list,
    .list_done = folder_list_done,
    .check = folder_check,
    .check_done = folder_check_done,
    .url = folder_url,
};
