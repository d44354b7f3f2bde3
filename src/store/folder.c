/* folder.c - a store in a local folder: {folder}/{bucket}/{path}, each file written atomically.
 * Its URLs have the same form as those of Supabase, under store_target.base_url (file://...). */
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

static bool folder_url(const struct store_target *at, const struct object *o, struct arena *arena,
                       const char **out, struct error *err)
{
    (void)err;
    *out = arena_printf(arena, "%s/storage/v1/object/public/%s/%s",
                        at->base_url ? at->base_url : "file://", o->bucket, o->path);
    return true;
}

const struct store store_folder = {
    .name = "folder",
    .put = folder_put,
    .put_done = folder_put_done,
    .get = folder_get,
    .get_done = folder_get_done,
    .remove = folder_remove_objects,
    .remove_done = folder_remove_done,
    .url = folder_url,
};
