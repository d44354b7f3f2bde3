/* folder_sizes.c - sizes of objects, read from listings of the store, one folder at a time. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tidy/tidy_internal.h"

enum { FOLDER_MAX_OBJECTS = 100000 };

void folder_sizes_free(struct folder_sizes *sizes)
{
    free(sizes->folder);
    cJSON_Delete(sizes->sizes);
    *sizes = (struct folder_sizes){ 0 };
}

static bool load(struct folder_sizes *sizes, struct store_client *client, const char *folder,
                 struct error *err)
{
    struct object_entry rows[STORE_LISTS];
    struct arena *arena = arena_new();
    int count = STORE_LISTS;
    bool good = true;

    folder_sizes_free(sizes);
    sizes->folder = xstrdup(folder);
    sizes->sizes = cJSON_CreateObject();
    for (int offset = 0; good && count == STORE_LISTS && offset < FOLDER_MAX_OBJECTS;
         offset += count) {
        good = store_client_list(client, folder, offset, arena, rows, &count, err);
        for (int i = 0; good && i < count; i++) {
            cJSON_AddNumberToObject(sizes->sizes, rows[i].name, (double)rows[i].size);
        }
    }
    arena_free(arena);
    return good;
}

bool folder_sizes_find(struct folder_sizes *sizes, struct store_client *client, const char *path,
                       int64_t *bytes, struct error *err)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash ? (size_t)(slash - path) : 0;

    *bytes = -1;
    if (!slash) {
        return true;
    }
    if (!sizes->folder || strlen(sizes->folder) != size ||
        strncmp(sizes->folder, path, size) != 0) {
        struct arena *arena = arena_new();
        bool good = load(sizes, client, arena_bytes(arena, path, size), err);

        arena_free(arena);
        if (!good) {
            return false;
        }
    }
    *bytes = json_peek_int(sizes->sizes, slash + 1, -1);
    return true;
}
